"""Ways by way of text: the quickest way from an OpenStreetMap file into arrays.

The C++ reader writes the ways wanted into a temporary file in the line format OPL, and the places of all nodes into
another one, without once calling Python for a way; then a few megabytes of text at a time become arrays. Calling
Python for every way and every node of it takes four times as long.

The files take 16 bytes for each node of the extract and about 150 for each way that is wanted: two to four times the
size of a ``.osm.pbf``. They are read through the page cache, so an extract may be larger than memory.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

from faults import SourceError
from network import extract
from network.assemble import Ways
from network.tagging import Vocabulary

CHUNK_BYTES = 4_000_000
ROOM = 5  # times the size of the file that must be free for the temporary ones
LEAST_ROOM = 20_000_000
_STEP = 1024  # places from one sample to the next
_ENTRY = np.dtype([("id", "<u8"), ("x", "<i4"), ("y", "<i4")])  # of libosmium's index of places
_NODES = bytes.maketrans(b"nN,", b"   ")
_ESCAPED = re.compile(r"%([0-9a-fA-F]{1,6})%")

Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Places of nodes by id, in 1e-7 degrees, in ascending order of the ids."""

    entries: NDArray[np.void]
    sample: NDArray[np.uint64]

    def of(self, ref: Ints) -> tuple[Ints32, Ints32]:
        """Return x and y of nodes, :data:`network.extract.UNDEFINED` for those that are not there."""
        absent = np.full(len(ref), extract.UNDEFINED, np.int32)
        if not len(self.entries):
            return absent, absent.copy()
        wanted = ref.astype(np.uint64)  # negative ids become larger than any
        low = (np.searchsorted(self.sample, wanted, "right").clip(min=1) - 1) * _STEP
        ids = self.entries["id"]
        step = _STEP // 2
        while step:  # `low` is the last place known to hold no larger id
            probe = np.minimum(low + step, len(ids) - 1)
            low = np.where(ids[probe] <= wanted, probe, low)
            step //= 2
        found = self.entries[low]
        there = found["id"] == wanted
        return np.where(there, found["x"], absent), np.where(there, found["y"], absent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Ways as text, and the places of their nodes."""

    file: Path
    places: Places
    date: str  # of the file; without one, each line tells the time of its way


@contextmanager
def written(path: Path, beside: extract.Beside, *keys: str) -> Iterator[Text]:
    """Give the ways that carry one of the keys as text; tagged nodes and relations are handed over before.

    Raises
    ------
    SourceError
        What :func:`network.extract.faults` raises, and ``disk-full``: too little space for temporary files.
    InputError
        ``coordinates-invalid``.
    """
    extract.check_file(path)
    with tempfile.TemporaryDirectory(prefix="mzunguko-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _check_room(path, folder)
        with extract.faults(path):
            index = osmium.index.create_map(f"sparse_file_array,{folder / 'places'}")
            places = osmium.NodeLocationsForWays(index)
            places.ignore_errors()
            extract.read_nodes(path, places, beside)
            date = extract.date_of(path)
            meta = "false" if date else "timestamp"
            with (
                _writer(folder / "ways", f"opl,add_metadata={meta}") as out,
                osmium.io.Reader(str(path), osmium.osm.WAY) as ways,
            ):
                osmium.apply(ways, osmium.filter.KeyFilter(*keys), places, out)  # which also sorts the places
        found = _places(folder / "places", index.used_memory() // _ENTRY.itemsize)
        del places, index  # which let go of their view of the file
        yield Text(file=folder / "ways", places=found, date=date)


@contextmanager
def _writer(file: Path, kind: str) -> Iterator[osmium.SimpleWriter]:
    """Give a writer, closed at the end; one that failed is kept for ever, because to destroy it ends the process."""
    out = osmium.SimpleWriter(osmium.io.File(str(file), kind))
    try:
        yield out
        out.close()
    except Exception:
        with suppress(Exception):  # its thread must end; what went wrong is on its way already
            out.close()
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(out))
        raise


def _places(file: Path, count: int) -> Places:
    entries = np.memmap(file, _ENTRY, "r")[:count] if count else np.zeros(0, _ENTRY)
    return Places(entries=entries, sample=entries["id"][::_STEP].copy())


def _check_room(path: Path, folder: Path) -> None:
    """Refuse to begin what would fill the disk."""
    needed, free = LEAST_ROOM + ROOM * path.stat().st_size, shutil.disk_usage(folder).free
    if needed > free:
        raise SourceError(
            extract.disk_full(
                path, f"reading it takes {needed >> 20:,} MB for temporary files, and {free >> 20:,} MB are free"
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Some ways, their tags still as text."""

    way_id: Ints
    size: Ints  # nodes of each way
    ref: Ints
    x: Ints32
    y: Ints32
    tags: list[bytes]
    newest: str

    def ways(self, words: Words, keep: NDArray[np.bool_] | None = None) -> Ways:
        """Return the ways that are kept, with tags."""
        rows = np.arange(len(self.way_id)) if keep is None else np.flatnonzero(keep)
        nodes = slice(None) if keep is None else np.repeat(keep, self.size)
        way, key, value = words.rows([self.tags[row] for row in rows.tolist()])
        return Ways(
            way_id=self.way_id[rows],
            way=np.arange(len(rows), dtype=np.int32),
            start=np.concatenate([[0], np.cumsum(self.size[rows])]),
            ref=self.ref[nodes],
            x=self.x[nodes],
            y=self.y[nodes],
            tag_way=way,
            tag_key=key,
            tag_value=value,
        )


def lines(text: Text) -> Iterator[Lines]:
    """Give the ways a few megabytes at a time."""
    for chunk in _chunks(text.file):
        fields = chunk.split()  # of each line: w7 [dV t2024-03-05T10:00:00Z] Thighway=service,name=Mill%20%Lane Nn1,n2
        width = max(len(chunk.split(b"\n", 1)[0].split()), 3)
        nodes = fields[width - 1 :: width]
        ref = _ints(b" ".join(nodes).translate(_NODES).split())
        x, y = text.places.of(ref)
        yield Lines(
            way_id=_ints([field[1:] for field in fields[0::width]]),
            size=np.array([field.count(b"n") for field in nodes], np.int64),
            ref=ref,
            x=x,
            y=y,
            tags=fields[width - 2 :: width],
            newest="" if text.date else max(fields[width - 3 :: width], default=b"")[1:].decode(),
        )


def _chunks(file: Path) -> Iterator[bytes]:
    """Give whole lines, some megabytes at a time; one empty chunk for an empty file."""
    with file.open("rb") as source:
        rest = b""
        while block := source.read(CHUNK_BYTES):
            head, line, tail = block.rpartition(b"\n")
            if line:
                yield rest + head
                rest = tail
            else:
                rest += block
        yield rest


def _ints(numbers: list[bytes]) -> Ints:
    found: Ints = np.array(array("q", map(int, numbers)), np.int64)
    return found


class Words:
    """Tags as OPL writes them, and their numbers in a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.known: dict[bytes, int] = {}

    def rows(self, fields: list[bytes]) -> tuple[Ints32, Ints32, Ints32]:
        """Return way, key and value of the tags of some ways."""
        known, learn = self.known.get, self._learn
        tags = b",".join([field[1:] for field in fields]).split(b",") if fields else []
        numbers = array("i", [known(tag) or learn(tag) for tag in tags])
        return self.vocabulary.rows(numbers, array("i", [field.count(b",") + 1 for field in fields]))

    def _learn(self, tag: bytes) -> int:
        """Return the number of a tag not met before; those that are not read are forgotten."""
        key, _, value = (_plain(part) for part in tag.decode(errors="replace").partition("="))
        number = self.vocabulary.learn((key, value))
        if key in self.vocabulary.values:
            self.known[tag] = number
        return number


def _plain(text: str) -> str:
    """Return text without the escapes of OPL: ``%20%`` is a space."""
    return _ESCAPED.sub(_character, text) if "%" in text else text


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
