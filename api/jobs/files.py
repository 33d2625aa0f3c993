"""Content-addressed files: the name is the SHA-256 of the content, so a file is complete or not there at all.

Order of every write: temporary name, fsync, rename, fsync of the folder; the database row comes after that.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from api.jobs.port import TooLarge

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What was stored; ``size`` in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Files:
    """A folder of artefacts."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where the content with this hash lies, if it is there."""
        return self.folder / sha256[:2] / sha256

    def put(self, stream: BinaryIO, *, limit: int | None = None) -> Stored:
        """Keep what the stream holds.

        Raises
        ------
        TooLarge
            After ``limit`` bytes; nothing is kept.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".new-", dir=self.folder)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                stored = _copy(stream, target, limit)
                target.flush()
                os.fsync(target.fileno())
            self._settle(temporary, stored)
        finally:
            temporary.unlink(missing_ok=True)
        return stored

    def keep(self, path: Path) -> Stored:
        """Keep a copy of a file."""
        with path.open("rb") as stream:
            return self.put(stream)

    def _settle(self, temporary: Path, stored: Stored) -> None:
        final = self.path(stored.sha256)
        if not final.parent.exists():
            final.parent.mkdir(exist_ok=True)
            sync_folder(self.folder)
        if final.exists() and final.stat().st_size == stored.size:
            return
        temporary.chmod(0o444)
        temporary.replace(final)
        sync_folder(final.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut; Windows has no such call and does it by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy(stream: BinaryIO, target: BinaryIO, limit: int | None) -> Stored:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if limit is not None and size > limit:
            raise TooLarge(limit)
        digest.update(chunk)
        target.write(chunk)
    return Stored(sha256=digest.hexdigest(), size=size)
