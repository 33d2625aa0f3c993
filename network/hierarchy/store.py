"""Hierarchies in files: numpy's own ``.npz``, with a version and a hash of what is inside."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from numpy.typing import NDArray

from faults import Fault, SourceError
from network.hierarchy.topology import Topology, from_slots

VERSION = 1
PARTS = {
    "rank": np.dtype(np.int32),
    "start": np.dtype(np.int64),
    "head": np.dtype(np.int32),
    "slot": np.dtype(np.int64),
}
Part = NDArray[np.int32] | NDArray[np.int64]
AGAIN = "delete the file; it is made again from the streets"


def save(topology: Topology, path: Path | str) -> None:
    """Write a hierarchy: at once or not at all, whoever reads it at the same time.

    Size: 4 bytes a slot, 8 an arc, 12 a node.
    """
    path = Path(path)
    parts: dict[str, Part] = {
        "rank": topology.rank,
        "start": topology.shape.start,
        "head": topology.shape.head,
        "slot": topology.shape.slot,
    }
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        try:
            np.savez(file, allow_pickle=False, version=np.int64(VERSION), sha256=np.array(_digest(parts)), **parts)
            file.close()
            os.replace(file.name, path)  # noqa: PTH105 - the one call that replaces on every system
        except BaseException:
            file.close()
            Path(file.name).unlink(missing_ok=True)
            raise


def load(path: Path | str) -> Topology:
    """Read a hierarchy.

    Raises
    ------
    SourceError
        ``hierarchy-broken``: the file is missing, cut short or changed. ``hierarchy-version``: it was written by
        another version.
    """
    try:
        with Path(path).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            version, digest = int(file["version"]), str(file["sha256"])
            parts = {name: file[name] for name in PARTS} if version == VERSION else {}
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise _broken(path, f"cannot be read: {error}") from error
    if version != VERSION:
        raise SourceError(
            Fault(
                code="hierarchy-version",
                place=str(path),
                cause=f"the hierarchy was written in version {version} of its format, this program reads {VERSION}",
                action=AGAIN,
            )
        )
    if any(parts[name].dtype != kind or parts[name].ndim != 1 for name, kind in PARTS.items()):
        raise _broken(path, "does not hold the arrays of a hierarchy")
    if _digest(parts) != digest:
        raise _broken(path, "is not what was written: its hash differs")
    return from_slots(parts["rank"], parts["start"], parts["head"], parts["slot"])


def _digest(parts: dict[str, Part]) -> str:
    """Return a hash of all parts."""
    digest = hashlib.sha256()
    for name in PARTS:
        digest.update(f"{name} {parts[name].dtype} {len(parts[name])}".encode())
        digest.update(np.ascontiguousarray(parts[name]).data)
    return digest.hexdigest()


def _broken(path: Path | str, what: str) -> SourceError:
    """Return the error for a file that cannot be used."""
    return SourceError(
        Fault(code="hierarchy-broken", place=str(path), cause=f"the stored hierarchy {what}", action=AGAIN)
    )
