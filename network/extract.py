"""Opening an OpenStreetMap extract: what can be wrong with the file, its index of places, its date.

Every file is read twice by the C++ reader: node places go into an index first (0.1 s for 350,000 nodes), then the
objects stream past with their places filled in. So the order of objects in the file does not matter (many tools
write ways before nodes) and only what is kept takes memory in Python.

The index takes 16 to 32 bytes a node of the *whole* file, inside the area or not: three to five times the size of a
``.osm.pbf``. Files above :data:`LARGE_FILE` bytes use a temporary file on disk instead, 16 bytes a node, mapped into
memory, which the system may page out.
"""

from __future__ import annotations

import bz2
import gzip
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import numpy as np
import osmium
from numpy.typing import NDArray
from osmium.osm import Node, Relation, Way

from faults import Fault, InputError, SourceError

LICENCE = "ODbL 1.0"
ATTRIBUTION = "© OpenStreetMap contributors"
UNDEFINED = 2**31 - 1  # libosmium's mark for a node whose place is not in the file
LARGE_FILE = 500_000_000
MOST_FAULTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is wanted of the first reading, which is for the places of nodes."""

    node_keys: tuple[str, ...]
    node: Callable[[Node], None]  # called with each node that carries one of the keys
    relation_type: str
    relation: Callable[[Relation], None]  # called with each relation of that type


@contextmanager
def opened(path: Path) -> Iterator[osmium.NodeLocationsForWays]:
    """Read the places of all nodes; give the handler that fills them in, and turn the reader's errors into faults.

    Raises
    ------
    SourceError, InputError
        As :func:`faults`.
    """
    with faults(path), tempfile.TemporaryDirectory(prefix="mzunguko-", ignore_cleanup_errors=True) as folder:
        large = path.stat().st_size > LARGE_FILE
        kind = f"sparse_file_array,{folder}/places" if large else "flex_mem"
        places = osmium.NodeLocationsForWays(osmium.index.create_map(kind))
        places.ignore_errors()
        read_nodes(path, places)
        yield places


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """Turn what the reader says into faults.

    Raises
    ------
    SourceError
        ``extract-missing``, ``extract-empty``, ``extract-format``, ``extract-history``, ``extract-entities``,
        ``extract-broken``; ``disk-full`` for temporary files.
    InputError
        ``coordinates-invalid``: a coordinate that is no number.
    """
    check_file(path)
    try:
        yield
    except osmium.InvalidLocationError as error:
        raise InputError(_bad_number(path, str(error))) from error
    except (RuntimeError, ValueError, IndexError) as error:  # the latter for ids out of range and broken text
        raise _broken(path, str(error)) from error


def read_nodes(path: Path, places: osmium.NodeLocationsForWays, beside: Beside | None = None) -> None:
    """Read the places of all nodes, and hand over the nodes and relations wanted."""
    entities = osmium.osm.NODE | osmium.osm.RELATION if beside else osmium.osm.NODE
    with osmium.io.Reader(str(path), entities) as reader:
        by_name = osmium.io.File(str(path)).has_multiple_object_versions  # .osh; no flag inside
        if by_name or reader.header().has_multiple_object_versions:
            raise _history(path)
        if beside:
            _read_beside(reader, places, beside)
        else:
            osmium.apply(reader, places)


def _read_beside(reader: osmium.io.Reader, places: osmium.NodeLocationsForWays, beside: Beside) -> None:
    """Read places, and hand over the nodes and relations wanted."""
    tagged = osmium.filter.KeyFilter(*beside.node_keys)
    tagged.enable_for(osmium.osm.NODE)
    typed = osmium.filter.TagFilter(("type", beside.relation_type))
    typed.enable_for(osmium.osm.RELATION)
    for found in osmium.OsmFileIterator(reader, places, tagged, typed):
        if isinstance(found, Node):
            beside.node(found)
        else:
            beside.relation(cast("Relation", found))


def objects(
    path: Path, entities: osmium.osm.osm_entity_bits, places: osmium.NodeLocationsForWays, *keys: str
) -> osmium.FileProcessor:
    """Stream the objects that carry one of the keys, places filled in."""
    return osmium.FileProcessor(str(path), entities).with_filter(osmium.filter.KeyFilter(*keys)).with_filter(places)


def areas(path: Path, places: osmium.NodeLocationsForWays, *keys: str) -> Iterator[Way | osmium.osm.Area]:
    """Stream the ways that carry one of the keys, and the areas made of such ways and multipolygons."""
    wanted = osmium.filter.KeyFilter(*keys)
    manager = osmium.area.AreaManager()
    with osmium.io.Reader(str(path), osmium.osm.RELATION) as relations:
        osmium.apply(relations, wanted, manager.first_pass_handler())
    ready = osmium.BufferIterator(wanted)
    builder = manager.second_pass_to_buffer(ready)  # named, because the reader does not keep it alive
    with osmium.io.Reader(str(path), osmium.osm.WAY) as ways:
        for way in osmium.OsmFileIterator(ways, places, builder, wanted):
            yield cast("Way", way)
            if ready:
                yield from cast("Iterator[osmium.osm.Area]", ready)
    if ready:
        yield from cast("Iterator[osmium.osm.Area]", ready)


def date_of(path: Path, newest: str = "") -> str:
    """Return the day of the data: of the file's header, else of its newest object, else ``""``."""
    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        header = reader.header()
    said = header.get("osmosis_replication_timestamp") or header.get("timestamp") or newest
    return said[:10] if re.match(r"\d{4}-\d\d-\d\d", said) else ""


def check_places(path: Path, ref: NDArray[np.int64], x: NDArray[np.int32], y: NDArray[np.int32]) -> None:
    """Refuse node places outside the world; ``x`` and ``y`` in 1e-7 degrees."""
    wrong = (x != UNDEFINED) & ((np.abs(x, dtype=np.int64) > 1_800_000_000) | (np.abs(y, dtype=np.int64) > 900_000_000))
    if not wrong.any():
        return
    _, first = np.unique(ref[wrong], return_index=True)
    rows = np.flatnonzero(wrong)[first][:MOST_FAULTS]
    raise InputError(_outside(path, int(ref[row]), x[row] / 1e7, y[row] / 1e7) for row in rows)


def check_file(path: Path) -> None:
    """Refuse what need not be opened to be refused."""
    if not path.is_file():
        raise SourceError(
            Fault(
                code="extract-missing",
                place=str(path),
                cause="there is no such file",
                action="Check the path; extracts as .osm.pbf are offered by download services and by the Overpass API.",
            )
        )
    if path.stat().st_size == 0:
        raise SourceError(
            Fault(
                code="extract-empty",
                place=str(path),
                cause="the file has 0 bytes",
                action="Fetch it again; the download did not go through.",
            )
        )


def _broken(path: Path, message: str) -> SourceError:
    """Say what the reader said."""
    if "No space left" in message or "not enough space" in message.lower():
        return SourceError(disk_full(path, f"there is too little space for temporary files ({message})"))
    code, action = "extract-broken", "Fetch it again; if it stays broken, ask where it comes from."
    if "entities are not supported" in message:
        code, action = "extract-entities", "Save it without a DOCTYPE: entities are refused for safety."
    elif "detect file format" in message or "Unknown top-level element" in message:
        code, action = "extract-format", "Give OpenStreetMap data as .osm.pbf, .osm, .osm.gz, .osm.bz2 or .opl."
    return SourceError(Fault(code=code, place=str(path), cause=f"it cannot be read: {message}", action=action))


def disk_full(path: Path, cause: str) -> Fault:
    """Return the fault of a disk too full to read an extract."""
    return Fault(
        code="disk-full",
        place=str(path),
        cause=cause,
        action="Free some space, name another folder for temporary files in TMPDIR, or take a smaller extract.",
    )


def _history(path: Path) -> SourceError:
    return SourceError(
        Fault(
            code="extract-history",
            place=str(path),
            cause="it holds several versions of each object",
            action="Give a plain extract, not a history file; osmium time-filter makes one from the other.",
        )
    )


def _outside(path: Path, node: int | str, lon: object, lat: object) -> Fault:
    return Fault(
        code="coordinates-invalid",
        place=f"{path}, node {node}",
        cause=f"longitude {lon}, latitude {lat} is no place on Earth",
        action="Correct the node, or take the extract anew.",
    )


_NODE = re.compile(rb"<node\b[^>]*>")
_ATTRIBUTE = re.compile(rb"\b(id|lon|lat)\s*=\s*[\"']([^\"']*)[\"']")


def _bad_number(path: Path, message: str) -> list[Fault]:
    """Find the nodes whose coordinates the XML reader stumbled over; it does not name them itself."""
    faults: list[Fault] = []
    rest = b""
    with _bytes(path) as file:
        while (chunk := file.read(1 << 20)) and len(faults) < MOST_FAULTS:
            text = rest + chunk
            end = text.rfind(b">") + 1
            rest = text[end:]
            for node in _NODE.finditer(text, 0, end):
                values = {key.decode(): value.decode() for key, value in _ATTRIBUTE.findall(node[0])}
                if not (_within(values.get("lon", "0"), 180) and _within(values.get("lat", "0"), 90)):
                    faults.append(_outside(path, values.get("id", "?"), values.get("lon"), values.get("lat")))
    return faults or list(_broken(path, message).faults)


def _bytes(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return cast("IO[bytes]", bz2.open(path, "rb")) if path.suffix == ".bz2" else path.open("rb")


def _within(number: str, limit: float) -> bool:
    try:
        return abs(float(number)) <= limit
    except ValueError:
        return False
