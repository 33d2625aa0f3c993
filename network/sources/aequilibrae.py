"""Streets and zones from a project of the transport model AequilibraE: an SQLite file, or a zip that holds one."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faults import Fault, SourceError
from network.assemble import count_islands
from network.geometry import steps_m
from network.spatialite import lines, polygons
from network.streets import LoadReport, StreetNetwork, TagColumn
from network.values import column

MEMBER = "project_database.sqlite"
LARGEST_BYTES = 2_000_000_000
CONNECTOR = "centroid_connector"  # a line of the model from a zone's centre to the streets; no street

# Cast, because SQLite lets a column hold anything.
_LINKS = """
    SELECT CAST(osm_id AS INTEGER), link_id, CAST(a_node AS INTEGER), CAST(b_node AS INTEGER),
           CAST(direction AS INTEGER), CAST(link_type AS TEXT), CAST(name AS TEXT), CAST(speed_ab AS REAL),
           CAST(speed_ba AS REAL), CAST(modes AS TEXT), CAST(geometry AS BLOB)
    FROM links WHERE link_type <> ? ORDER BY link_id
"""
_ZONES = """
    SELECT zone_id, CAST(name AS TEXT), CAST(population AS REAL), CAST(geometry AS BLOB)
    FROM zones ORDER BY zone_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A zone with people: rings of lon, lat rows; a ring inside another one is a hole."""

    id: str
    name: str
    rings: tuple[NDArray[np.float64], ...]
    population: float


def read_aequilibrae(path: Path | str) -> StreetNetwork:
    """Read the streets of a project: links without the centroid connectors.

    ``link_type`` becomes ``highway``, ``direction`` ``oneway``, ``speed_ab`` and ``speed_ba`` ``maxspeed``; links
    without the mode ``c`` (cars) get ``motor_vehicle=no``. Lengths are measured along the geometry.

    Raises
    ------
    SourceError
        ``project-missing``, ``project-too-large``, ``project-broken`` (no project, damaged, or not in longitude and
        latitude).
    """
    path = Path(path)
    with _database(path) as database:
        rows = database.execute(_LINKS, (CONNECTOR,)).fetchall()
        nodes = database.execute("SELECT node_id, osm_id FROM nodes").fetchall()
        (connectors,) = database.execute("SELECT count(*) FROM links WHERE link_type = ?", (CONNECTOR,)).fetchone()
        if not rows:
            raise _broken(path, "it holds no links")
        return _network(path, list(zip(*rows, strict=True)), dict(nodes), int(connectors))


def read_zones(path: Path | str) -> tuple[Zone, ...]:
    """Read the zones of a project with their population.

    Raises
    ------
    SourceError
        As :func:`read_aequilibrae`.
    """
    path = Path(path)
    with _database(path) as database:
        rows = database.execute(_ZONES).fetchall()
    return tuple(
        Zone(id=str(zone), name=name or "", rings=_rings(path, zone, geometry or b""), population=population or 0.0)
        for zone, name, population, geometry in rows
    )


def _rings(path: Path, zone: int, geometry: bytes) -> tuple[NDArray[np.float64], ...]:
    try:
        return polygons(geometry)
    except ValueError as error:
        raise _broken(path, f"zone {zone}: {error}") from error


def _network(path: Path, links: list[Sequence[Any]], osm_id: dict[int, int | None], connectors: int) -> StreetNetwork:
    """Put the columns of the table of links together."""
    osm, link, a_node, b_node, direction, kind, name, speed_ab, speed_ba, modes, geometry = links
    try:
        start, lon, lat = lines([blob or b"" for blob in geometry])
        ends = np.array([a_node, b_node], np.int64)
    except (ValueError, TypeError) as error:
        raise _broken(path, f"links: {error}") from error
    node, at = np.unique(ends, return_inverse=True)
    tail, head = at.reshape(2, -1).astype(np.int32)
    place = np.zeros(len(node), np.int64)
    place[tail], place[head] = start[:-1], start[1:] - 1
    along = np.concatenate([[0.0], np.cumsum(steps_m(lon, lat))])
    length = along[start[1:] - 1] - along[start[:-1]]
    islands, islands_m = count_islands(tail, head, length, len(node))
    return StreetNetwork(
        junction_id=_junction_ids(node, osm_id),
        junction_lon=lon[place],
        junction_lat=lat[place],
        tail=tail,
        head=head,
        length_m=length,
        way_id=np.array([way or number for way, number in zip(osm, link, strict=True)], np.int64),
        tags=_tags(kind, direction, speed_ab, speed_ba, modes),
        name=column(text or "" for text in name),
        shape_start=start,
        shape_lon=lon,
        shape_lat=lat,
        source=f"{path.name} (AequilibraE project)",
        date="",
        licence="ODbL 1.0",
        attribution="© OpenStreetMap contributors; prepared with AequilibraE",
        box=(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())),
        report=LoadReport(
            ways_read=len(link) + connectors,
            left_out={"centroid-connector": connectors} if connectors else {},
            islands=islands,
            islands_m=islands_m,
        ),
    )


def _junction_ids(node: NDArray[np.int64], osm_id: dict[int, int | None]) -> NDArray[np.int64]:
    """Return the OpenStreetMap ids of nodes if all have one of their own, else the project's ids."""
    ids = {osm_id.get(number) for number in node.tolist()}
    if None in ids or len(ids) < len(node):
        return node
    return np.array([osm_id[number] for number in node.tolist()], np.int64)


def _tags(
    kind: Sequence[Any],
    direction: Sequence[Any],
    speed_ab: Sequence[Any],
    speed_ba: Sequence[Any],
    modes: Sequence[Any],
) -> dict[str, TagColumn]:
    """Return the tags as OpenStreetMap would write them."""
    both = list(zip(direction, speed_ab, speed_ba, strict=True))
    columns = {
        "highway": column({"default": "road"}.get(value, value) for value in kind),
        "oneway": column({1: "yes", -1: "-1"}.get(value, "") for value in direction),
        "motor_vehicle": column("" if "c" in (value or "c") else "no" for value in modes),
        "maxspeed": column(_kmh(ab if way != -1 else ba) if way or ab == ba else "" for way, ab, ba in both),
        "maxspeed:forward": column("" if way or ab == ba else _kmh(ab) for way, ab, ba in both),
        "maxspeed:backward": column("" if way or ab == ba else _kmh(ba) for way, ab, ba in both),
    }
    return {key: values for key, values in columns.items() if len(values.values) > 1}


def _kmh(speed: float | None) -> str:
    return f"{speed:g}" if speed else ""


@contextmanager
def _database(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the project read-only, unpacked into a temporary folder if it is a zip."""
    if not path.is_file():
        cause, action = "there is no such file", "Check the path."
        raise SourceError(Fault(code="project-missing", place=str(path), cause=cause, action=action))
    with tempfile.TemporaryDirectory(prefix="mzunguko-") as folder:
        try:
            file = _unpacked(path, Path(folder)) if zipfile.is_zipfile(path) else path.resolve()
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
                database.execute("PRAGMA trusted_schema = OFF")
                yield database
        except sqlite3.Error as error:
            raise _broken(path, str(error)) from error


def _unpacked(path: Path, folder: Path) -> Path:
    """Unpack the one file that is wanted, under our own name and never beyond the size allowed."""
    target = folder / MEMBER
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if Path(info.filename).name == MEMBER]
            if len(members) != 1:
                raise _broken(path, f"it holds {len(members)} files {MEMBER}, not one")
            if members[0].file_size > LARGEST_BYTES:
                raise _too_large(path)
            with archive.open(members[0]) as packed, target.open("wb") as plain:
                shutil.copyfileobj(packed, plain)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:  # damaged, or locked by a password
        raise _broken(path, str(error)) from error
    return target


def _too_large(path: Path) -> SourceError:
    return SourceError(
        Fault(
            code="project-too-large",
            place=str(path),
            cause=f"unpacked it takes more than {LARGEST_BYTES / 1e9:g} GB",
            action="Unpack it yourself and give the SQLite file, if you trust it.",
        )
    )


def _broken(path: Path, cause: str) -> SourceError:
    return SourceError(
        Fault(
            code="project-broken",
            place=str(path),
            cause=f"it is no AequilibraE project that can be read: {cause}",
            action=f"Give {MEMBER} of a project in longitude and latitude (EPSG:4326), or a zip that holds it.",
        )
    )
