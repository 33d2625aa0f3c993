"""Words as planners write them: headers, names, yes and no, lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

LIKELY = 70.0  # out of 100; below this a suggestion confuses more than it helps (ours)
YES = frozenset(
    [
        "yes",
        "y",
        "true",
        "t",
        "1",
        "x",
        "ja",
        "j",
        "oui",
        "o",
        "si",
        "s",
        "sim",
        "verdadero",
        "verdadeiro",
        "wahr",
        "vrai",
        "ndiyo",
        "ndio",
        "kweli",
    ]
)
NO = frozenset(["no", "n", "false", "f", "0", "nein", "non", "nao", "falso", "falsch", "faux", "hapana", "siyo"])
EVERYTHING = frozenset(
    [
        "all",
        "*",
        "any",
        "every",
        "alle",
        "alles",
        "todos",
        "todas",
        "tudo",
        "todo",
        "tout",
        "tous",
        "toutes",
        "yote",
        "zote",
    ]
)
SEPARATORS = re.compile(r"[,;|/+\n]")
ORDER_SEPARATORS = re.compile(r"[,;|\n]|->|→")


def bare(text: str) -> str:
    """Return text without case, accents and surrounding or doubled space: for comparing words."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def letters(text: str) -> str:
    """Return only the letters and digits of :func:`bare` text: for comparing headers."""
    return "".join(c for c in bare(text) if c.isalnum())


def slug(text: str) -> str:
    """Return text as a stable name: ``"Transfer station"`` -> ``"transfer-station"``."""
    return re.sub(r"[^a-z0-9]+", "-", bare(text)).strip("-")


def closest(word: str, options: Iterable[str]) -> str:
    """Return the option most like a word, ``""`` if none is near."""
    found = nearest_few(word, options, 1)
    return found[0] if found else ""


def nearest_few(word: str, options: Iterable[str], count: int) -> list[str]:
    """Return up to ``count`` options like a word, best first; equal ones in the order given."""
    found = process.extract(word, list(options), scorer=fuzz.WRatio, processor=bare, limit=count, score_cutoff=LIKELY)
    return [option for option, _, _ in found]


def flag(text: str) -> bool | None:
    """Read yes or no in English, Swahili, Spanish, Portuguese, German or French; ``None`` if it is neither."""
    word = bare(text)
    return True if word in YES else False if word in NO else None


def why_excluded(written: str | None) -> str:
    """Return why a site may not open, as a planner wrote it: a reason, or yes or no; empty: it may."""
    said = flag(written) if written else False
    return written or "" if said is None else "left out in the table" if said else ""


def split(text: str) -> list[str]:
    """Return the items of a list written in one cell."""
    return [item.strip() for item in SEPARATORS.split(text) if item.strip()]


def in_order(text: str) -> list[str]:
    """Return the ids of visits written in one cell; ids may hold slashes and plus signs."""
    return [item.strip() for item in ORDER_SEPARATORS.split(text) if item.strip()]


def listed(names: Sequence[str], most: int = 12) -> str:
    """Return names for a message, cut short when there are many."""
    few = [name if len(name) <= 40 else f"{name[:37]}..." for name in names[:most]]
    return ", ".join(few) + (f" and {len(names) - most} more" if len(names) > most else "")
