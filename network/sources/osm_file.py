"""Streets from an OpenStreetMap file: ``.osm.pbf``, ``.osm``, compressed or not."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import numpy as np
import osmium
from numpy.typing import ArrayLike
from osmium.osm import Way

from faults import Fault, InputError
from network import extract
from network.area import Area, area, meet
from network.assemble import Stamp, Ways, assemble, cut, join, weld
from network.streets import Box, LoadReport, StreetNetwork

# fmt: off
CLASSES = frozenset({
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary",
    "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service",
    "road", "track", "pedestrian", "footway", "path", "cycleway", "bridleway", "corridor", "steps",
})
KEYS = (
    "name", "highway", "access", "vehicle", "motor_vehicle", "motorcar", "hgv", "goods", "auto_rickshaw",
    "foot", "bicycle", "oneway", "oneway:foot", "oneway:hgv", "oneway:goods", "oneway:motor_vehicle",
    "oneway:vehicle", "oneway:auto_rickshaw", "junction", "motorroad", "maxspeed", "maxspeed:hgv",
    "maxspeed:goods", "maxspeed:motor_vehicle", "maxspeed:vehicle", "maxspeed:auto_rickshaw",
    "maxspeed:forward", "maxspeed:backward", "surface", "smoothness", "tracktype", "service", "width",
    "est_width", "lanes", "maxweight", "maxweightrating", "maxheight", "maxwidth", "bridge", "tunnel", "layer",
    "incline", "ref", "alt_name", "name:en", "sidewalk", "toll", "ford", "seasonal", "flood_prone", "lit",
)
# fmt: on
NOT_BUILT = frozenset({"construction", "proposed", "planned", "abandoned", "disused", "razed", "demolished"})
POSITION = {key: position for position, key in enumerate(KEYS)}
BATCH_NODES = 500_000


def read_osm(path: Path | str, *, box: Box | None = None, boundary: Sequence[ArrayLike] | None = None) -> StreetNetwork:
    """Read the streets of an OpenStreetMap file, cut to a box or an outline.

    All classes that any profile may use are read, whatever their access; what a profile may do there is worked out
    later. What lies outside the area goes as the ways stream past, so a country extract costs the index of its nodes
    (:mod:`network.extract`: 16 to 32 bytes each, on disk for files above 500 MB) and at most 140 bytes for each way
    node inside the area; measured: 140 MB for 5 million nodes cut to a town, 75 MB for the whole of Porto (350,000).

    Parameters
    ----------
    path
        The file.
    box
        West, south, east, north in degrees.
    boundary
        Rings of lon, lat rows; a ring inside another one is a hole.

    Returns
    -------
    StreetNetwork
        Its report tells what was left out: ``area`` (squares drawn as areas), ``not-built``, ``no-usable-tags``,
        ``too-few-nodes`` (fewer than two in the area), ``zero-length``, ``duplicate``; islands; references to nodes
        that are not in the file; streets clipped at the border of the area or of the file.

    Raises
    ------
    SourceError
        The file is missing, empty, broken or of another kind (codes of :func:`network.extract.opened`).
    InputError
        ``coordinates-invalid``, ``box-invalid``, ``boundary-invalid``, ``no-streets``.
    """
    path = Path(path)
    wanted = area(box, boundary)
    tally = _Tally()
    with closing(_read(path, wanted, tally)) as batches:
        ways = join(_cut_to(wanted, batch, path, tally) for batch in batches)
    ways = _without(ways, tally)
    if not len(ways.way):
        raise InputError(_no_streets(path, wanted, tally))
    stamp = Stamp(
        source=path.name,
        date=extract.date_of(path, tally.newest),
        licence=extract.LICENCE,
        attribution=extract.ATTRIBUTION,
    )
    report = LoadReport(
        ways_read=tally.ways,
        left_out=dict(sorted(tally.left_out.items())),
        clipped_ends=tally.clipped,
        missing_nodes=len(tally.missing),
    )
    return assemble(ways, tally.vocabulary, stamp, report)


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What is counted while the file streams past."""

    ways: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    clipped: int = 0
    missing: set[int] = field(default_factory=set)
    newest_s: float = 0.0
    elsewhere: Box | None = None  # extent of the ways outside the area
    vocabulary: dict[str, dict[str, int]] = field(default_factory=lambda: {key: {} for key in KEYS})

    @property
    def newest(self) -> str:
        """Time of the newest object, if objects carry times."""
        return datetime.fromtimestamp(self.newest_s, UTC).isoformat() if self.newest_s else ""


def _read(path: Path, wanted: Area, tally: _Tally) -> Generator[Ways]:
    """Give the streets of a file in batches, without most of those outside the area."""
    bounds = None if wanted.everywhere else wanted.bounds
    with extract.opened(path) as places:
        batch = _Batch()
        for way in cast("Iterable[Way]", extract.objects(path, osmium.osm.WAY, places, "highway")):
            if bounds and _elsewhere(way, bounds, tally):
                continue
            tally.ways += 1
            reason = _unusable(way)
            if reason:
                tally.left_out[reason] += 1
                continue
            tally.newest_s = max(tally.newest_s, way.timestamp.timestamp())
            batch.add(way, tally.vocabulary)
            if len(batch.ref) > BATCH_NODES:
                yield batch.ways()
                batch = _Batch()
        yield batch.ways()


def _elsewhere(way: Way, bounds: Box, tally: _Tally) -> bool:
    """Return whether a way lies outside these bounds, and remember where the file's ways lie."""
    extent = extract.bounds_of(way)
    if extent is None or meet(extent, bounds):
        return False
    west, south, east, north = tally.elsewhere or extent
    tally.elsewhere = min(west, extent[0]), min(south, extent[1]), max(east, extent[2]), max(north, extent[3])
    return True


def _unusable(way: Way) -> str:
    """Return why a way is no street, or ``""``."""
    highway = way.tags.get("highway")
    if highway in NOT_BUILT:
        return "not-built"
    if highway not in CLASSES:
        return "no-usable-tags"
    if way.tags.get("area") == "yes":
        return "area"
    return "too-few-nodes" if len(way.nodes) < 2 else ""


class _Batch:
    """Ways on their way into arrays."""

    def __init__(self) -> None:
        self.way_id, self.ref = array("q"), array("q")
        self.size, self.x, self.y = array("i"), array("i"), array("i")
        self.tag_way, self.tag_key, self.tag_value = array("i"), array("i"), array("i")

    def add(self, way: Way, vocabulary: dict[str, dict[str, int]]) -> None:
        """Append a way with its nodes and the tags that matter."""
        nodes = list(way.nodes)
        self.ref.extend([node.ref for node in nodes])
        self.x.extend([node.x for node in nodes])
        self.y.extend([node.y for node in nodes])
        for tag in way.tags:
            codes = vocabulary.get(tag.k)
            if codes is not None and tag.v:
                self.tag_way.append(len(self.way_id))
                self.tag_key.append(POSITION[tag.k])
                self.tag_value.append(codes.setdefault(tag.v, len(codes) + 1))
        self.way_id.append(way.id)
        self.size.append(len(nodes))

    def ways(self) -> Ways:
        """Return what was gathered."""
        return Ways(
            way_id=np.array(self.way_id, np.int64),
            way=np.arange(len(self.way_id), dtype=np.int32),
            start=np.concatenate([[0], np.cumsum(np.array(self.size, np.int64))]),
            ref=np.array(self.ref, np.int64),
            x=np.array(self.x, np.int32),
            y=np.array(self.y, np.int32),
            tag_way=np.array(self.tag_way, np.int32),
            tag_key=np.array(self.tag_key, np.int32),
            tag_value=np.array(self.tag_value, np.int32),
        )


def _cut_to(wanted: Area, batch: Ways, path: Path, tally: _Tally) -> Ways:
    """Keep what lies in the area and has a place at all."""
    extract.check_places(path, batch.ref, batch.x, batch.y)
    known = batch.x != extract.UNDEFINED
    tally.missing.update(batch.ref[~known].tolist())
    keep = known if wanted.everywhere else known & wanted.contains(batch.x / 1e7, batch.y / 1e7)
    kept, loose = cut(batch, keep)
    tally.clipped += loose
    tally.left_out["too-few-nodes"] += len(batch.way_id) - len(kept.way_id)
    return kept


def _without(ways: Ways, tally: _Tally) -> Ways:
    """Drop ways given twice and ways without length."""
    _, first = np.unique(ways.way_id, return_index=True)
    original = np.zeros(len(ways.way_id), bool)
    original[first] = True
    unique, _ = cut(ways, np.repeat(original[ways.way], np.diff(ways.start)))
    welded = weld(unique)
    tally.left_out["duplicate"] += len(ways.way_id) - len(unique.way_id)
    tally.left_out["zero-length"] += len(unique.way_id) - len(welded.way_id)
    tally.left_out = +tally.left_out  # reasons that did not occur go
    return welded


def _no_streets(path: Path, wanted: Area, tally: _Tally) -> Fault:
    """Say why nothing is left."""
    if tally.elsewhere and not tally.ways:
        west, south, east, north = tally.elsewhere
        cause = f"no street lies in the area asked for; its streets lie in {west}, {south}, {east}, {north}"
        action = "Check the box (west, south, east, north) or the outline (longitude first), or take another extract."
    elif tally.missing and not tally.clipped:
        cause = f"none of its {tally.ways} streets has places for its nodes"
        action = "Take an extract with nodes included, and with ids as OpenStreetMap gives them (above 0)."
    elif tally.ways and not wanted.everywhere:
        cause = f"none of the {tally.ways} streets near the area asked for has two nodes in it"
        action = "Give a larger box or outline."
    else:
        cause = f"it holds no streets ({tally.ways} ways with a highway tag were read)"
        action = "Give an extract with streets; files of buildings or boundaries alone cannot be driven on."
    return Fault(code="no-streets", place=str(path), cause=cause, action=action)
