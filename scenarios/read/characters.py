"""Characters: from the bytes of a text file, in whatever encoding it was saved."""

from __future__ import annotations

import codecs
import re
import unicodedata
from contextlib import suppress

from charset_normalizer import from_bytes

from faults import Fault, InputError

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = ("cp1252", "cp1250", "cp1254", "cp1251", "cp1253", "cp1256", "mac_roman", "cp850", "gb18030", "cp949", "cp932")
JUDGED = 100_000  # characters

# Shapes of letters that no language writes: four accented ones in a row, a sign or another script inside a word, a
# capital after a small letter. a, A: plain letters; x, X: accented ones; o: of another script; #: signs.
AMISS = re.compile("[xX]{4}|[aAxX]#[aAxX]|[ax]X|A[X]a|[aAxX]o|o[aAxX]")


def decode(raw: bytes, file: str) -> tuple[str, tuple[Fault, ...]]:
    """Return the text of a file, and a doubt if its encoding had to be guessed.

    Raises
    ------
    InputError
        ``encoding`` if it is in none.
    """
    encoding = next((name for bom, name in BOMS if raw.startswith(bom)), "") or _utf16_without_bom(raw) or "utf-8"
    try:
        return raw.decode(encoding), ()
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            cause = f"it begins like {encoding} but is not, from byte {error.start + 1} on"
            raise _error(file, cause) from None
    encoding = _guess(raw)
    if not encoding:
        raise _error(file, "its characters are in no known encoding")
    guess = Fault(
        code="encoding-guessed",
        place=file,
        cause=f"it is not UTF-8; it was read as {encoding}",
        action="look at names with accents; if they are wrong, save it as CSV UTF-8",
    )
    return raw.decode(encoding), (guess,)


def _guess(raw: bytes) -> str:
    """Return the old encoding in which the words have the best shape; among equals Windows-1252, else statistics.

    Statistics alone say little about a table of a few names.
    """
    amiss: dict[str, int] = {}
    for name in LEGACY:
        with suppress(UnicodeDecodeError):
            amiss[name] = len(AMISS.findall(_shape(raw.decode(name)[:JUDGED])))
    best = [name for name in amiss if amiss[name] == min(amiss.values())]
    if "cp1252" in best or len(best) < 2:
        return best[0] if best else ""
    judged = from_bytes(raw, cp_isolation=best).best()
    return judged.encoding if judged is not None else best[0]


def _shape(text: str) -> str:
    kinds = {c: _kind(c) for c in set(text)}
    return "".join(kinds[c] for c in text)


def _kind(c: str) -> str:
    if c.isascii():
        return ("A" if c.isupper() else "a") if c.isalpha() else " "
    if not c.isalpha():
        return " " if c in "\u2019\u00b7\u00a0" else "#"
    if not unicodedata.name(c, "").startswith("LATIN"):
        return "o"
    return "X" if c.isupper() else "x"


def _utf16_without_bom(raw: bytes) -> str:
    """Half of all bytes zero, always the same half: nothing but UTF-16 looks so."""
    head = raw[:2000]
    if len(head) < 4 or b"\x00" not in head:
        return ""
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    return "utf-16-le" if odd > 0.7 and even < 0.1 else "utf-16-be" if even > 0.7 and odd < 0.1 else ""


def _error(file: str, cause: str) -> InputError:
    return InputError(Fault(code="encoding", place=file, cause=cause, action="save it as CSV UTF-8"))
