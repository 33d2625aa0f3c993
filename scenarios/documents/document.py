"""What a document is, and how files are named and written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scenarios.outcome import Outcome

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file made from an outcome.

    Parameters
    ----------
    name
        File name inside the folder; safe on every file system and in a URL.
    media_type
        As in ``Content-Type``.
    title
        For people, in the scenario's language.
    size
        Bytes.
    """

    name: str
    media_type: str
    title: str
    size: int


class Writer(Protocol):
    """A module that makes one kind of document."""

    def write(self, outcome: Outcome, folder: Path) -> tuple[Document, ...]:
        """Write the documents of this kind into a folder that exists."""
        ...


def save(folder: Path, name: str, media_type: str, title: str, content: str | bytes) -> Document:
    """Write a file and say what it is."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    return Document(name=name, media_type=media_type, title=title, size=len(data))


def slug(text: str) -> str:
    """Return a name that is safe in a file name and a URL: lower-case ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]


def slugs(ids: Iterable[str]) -> dict[str, str]:
    """Return id -> slug, all different, in the order given; an id without any ASCII letter is numbered."""
    taken: dict[str, str] = {}
    for position, name in enumerate(dict.fromkeys(ids), start=1):
        base = wanted = slug(name) or str(position)
        copy = 2
        while wanted in taken.values():
            wanted, copy = f"{base}-{copy}", copy + 1
        taken[name] = wanted
    return taken


def clean(text: str) -> str:
    """Return text without the control characters that XML and workbooks forbid."""
    return CONTROL.sub("", text)
