"""The text of an instance file, and what to say when it cannot be read."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from faults import Fault, InputError

GZIP = b"\x1f\x8b"
ENDINGS = (".gz", ".txt", ".vrp", ".dat", ".geojson", ".json", ".tsv", ".csv")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file's text and where it lies; ``path`` is ``None`` for text that has no file."""

    name: str
    text: str
    path: Path | None = None

    @property
    def lines(self) -> list[str]:
        """The lines without blanks at their ends."""
        return [line.strip() for line in self.text.splitlines()]


def read_source(path: Path) -> Source:
    """Return what a file holds, unpacked if it is a gzip file, whatever its name.

    Raises
    ------
    InputError
        ``instance-unreadable`` if there is no such file, it is no text or a broken archive.
    """
    try:
        raw = path.read_bytes()
        if raw[:2] == GZIP:
            raw = gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path.name, f"it cannot be opened: {error}") from error
    if b"\x00" in raw[:4096]:
        raise unreadable(path.name, "it is no text file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return Source(name=stem(path.name), text=text, path=path)


def stem(name: str) -> str:
    """Return a file's name without the endings of instance files (``X-n101-k25.vrp.gz`` is ``X-n101-k25``)."""
    for end in (*ENDINGS, *ENDINGS):
        if name.lower().endswith(end) and len(name) > len(end):
            name = name[: -len(end)]
    return name


def unreadable(place: str, cause: str) -> InputError:
    """Return the error for a file that is not what its format promises."""
    return InputError(
        Fault(
            code="instance-unreadable",
            place=place,
            cause=cause,
            action="Compare the file with the format's description in docs/benchmarks.md, or name another --format.",
        )
    )


def numbers(line: str, place: str, *, least: int = 0) -> list[float]:
    """Return the numbers of a line, separated by blanks, tabs, commas or semicolons.

    Raises
    ------
    InputError
        If something else stands there, or there are fewer than ``least``.
    """
    words = re.split(r"[\s,;]+", line.strip())
    if not all(NUMBER.fullmatch(word) for word in words if word):
        raise unreadable(place, f"{line[:80]!r} should be numbers")
    found = [float(word) for word in words if word]
    if len(found) < least:
        raise unreadable(place, f"{line[:80]!r} has {len(found)} numbers, not {least}")
    return found


def whole(values: Sequence[float]) -> bool:
    """Return whether all values are whole."""
    return all(float(value).is_integer() for value in values)
