"""Streets from an OpenStreetMap file: ``.osm.pbf``, ``.osm``, compressed or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faults import Fault, InputError
from network import extract
from network.area import Area, area
from network.assemble import Alias, Joints, Stamp, Ways, assemble, cut, frayed, join, weld
from network.batch import REASONS, TaggedNodes, no_streets, street_tag_matters
from network.directions import left_hand
from network.keys import KEYS, NODE_MARKS
from network.relations import Relation, Relations
from network.resolve import Absent, resolve
from network.streets import Box, LoadReport, StreetNetwork
from network.tagging import Vocabulary
from network.waytext import Lines, Words, lines, written


def read_osm(path: Path | str, *, box: Box | None = None, boundary: Sequence[ArrayLike] | None = None) -> StreetNetwork:
    """Read the streets of an OpenStreetMap file, cut to a box or an outline.

    All classes that any profile may use are read, whatever their access; what a profile may do there is worked out
    later. What lies outside the area goes as the ways stream past, so a country extract costs room on disk
    (:mod:`network.waytext`: 16 bytes a node, about 150 bytes a way) and at most 140 bytes of memory for each way node
    inside the area.

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
        ``ferry``, ``too-few-nodes`` (fewer than two in the area), ``zero-length``, ``duplicate``; islands; references
        to nodes that are not in the file; streets clipped at the border of the area or of the file; turn restrictions
        kept, and left out with reasons (:func:`network.resolve.resolve`; ``incomplete``, ``odd-members``,
        ``unknown-kind`` for what is no restriction); metres of streets by key of tags that are not read.

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
    ways, alias = _without(ways, tally)
    if not len(ways.way):
        raise InputError(_no_streets(path, wanted, tally))
    stamp = Stamp(
        source=path.name,
        date=tally.date or tally.newest[:10],
        licence=extract.LICENCE,
        attribution=extract.ATTRIBUTION,
    )
    report = LoadReport(
        ways_read=tally.ways,
        left_out=dict(sorted(tally.left_out.items())),
        clipped_ends=tally.clipped,
        missing_nodes=len(tally.missing),
    )
    relations = [_by(alias, relation) for relation in tally.relations.kept.values()]
    via = np.array(sorted({node for relation in relations for node in relation.nodes}), np.int64)
    clipped = alias.of(np.array(sorted(tally.frayed), np.int64))
    joints = Joints(nodes=tally.nodes.nodes(alias), cut_at=via, clipped=clipped)
    words = tally.vocabulary
    network = assemble(ways, words.values, stamp, report, joints=joints, unread=words.unread)
    return _with_rules(network, relations, tally)


def _by(alias: Alias, relation: Relation) -> Relation:
    """Return a relation with its nodes by the names they go by."""
    return replace(relation, nodes=tuple(alias.of(np.array(relation.nodes, np.int64)).tolist()))


def _with_rules(network: StreetNetwork, relations: Sequence[Relation], tally: _Tally) -> StreetNetwork:
    """Return the network with its turn restrictions and its side of traffic."""
    restrictions, counts = resolve(network, relations, Absent(outside=tally.outside, no_street=tally.no_street))
    left, note = left_hand(network)
    report = replace(
        network.report,
        restrictions=dict(sorted((counts + tally.relations.ignored).items())),
        notes=(*network.report.notes, *([note] if note else [])),
    )
    return replace(network, restrictions=restrictions, left_hand=left, report=report)


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What is counted while the file streams past."""

    ways: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    clipped: int = 0
    frayed: set[int] = field(default_factory=set)  # nodes at which streets are cut
    missing: set[int] = field(default_factory=set)
    date: str = ""
    newest: str = ""  # time of the newest way, where the file itself has none
    elsewhere: Box | None = None  # extent of the ways outside the area
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary(KEYS, street_tag_matters, others=True))
    nodes: TaggedNodes = field(default_factory=TaggedNodes)
    relations: Relations = field(default_factory=Relations)
    named: set[int] = field(default_factory=set)  # ways that restrictions name
    outside: set[int] = field(default_factory=set)  # those of them that lie outside the area
    no_street: set[int] = field(default_factory=set)  # those of them that are no streets


def _read(path: Path, wanted: Area, tally: _Tally) -> Generator[Ways]:
    """Give the streets of a file in batches, without most of those outside the area."""
    bounds = None if wanted.everywhere else wanted.bounds
    tally.nodes.bounds = bounds
    beside = extract.Beside(
        node_keys=NODE_MARKS, node=tally.nodes.add, relation_type="restriction", relation=tally.relations.add
    )
    words = Words(tally.vocabulary)
    with written(path, beside, "highway", "route") as text:
        tally.date = text.date
        tally.named = {way for relation in tally.relations.kept.values() for way in relation.ways}
        for some in lines(text):
            near = _near(some, bounds, tally) if bounds else None
            yield _streets(some.ways(words, near), tally)
            tally.newest = max(tally.newest, some.newest)


def _near(some: Lines, bounds: Box, tally: _Tally) -> NDArray[np.bool_]:
    """Return which ways do not lie outside these bounds, and remember where the others lie."""
    near = np.ones(len(some.size), bool)
    filled = np.flatnonzero(some.size)
    if not len(filled):
        return near
    start = np.cumsum(some.size)[filled] - some.size[filled]
    extents = [f.reduceat(z, start) for f in (np.minimum, np.maximum) for z in (some.x, some.y)]
    known = np.maximum(extents[2], extents[3]) != extract.UNDEFINED
    west, south, east, north = (extent / 1e7 for extent in extents)
    meet = (west <= bounds[2]) & (bounds[0] <= east) & (south <= bounds[3]) & (bounds[1] <= north)
    gone = known & ~meet
    near[filled[gone]] = False
    tally.outside.update(tally.named.intersection(some.way_id[~near].tolist()))
    if gone.any():
        found = float(west[gone].min()), float(south[gone].min()), float(east[gone].max()), float(north[gone].max())
        before = tally.elsewhere or found
        low, high = map(min, found[:2], before[:2]), map(max, found[2:], before[2:])
        tally.elsewhere = (*low, *high)  # type: ignore[assignment] # four of them
    return near


def _streets(ways: Ways, tally: _Tally) -> Ways:
    """Return the ways that are streets, and count the others."""
    reasons = no_streets(ways, tally.vocabulary)
    for code, reason in enumerate(REASONS):
        mine = reasons == code
        tally.ways += 0 if reason == "route" else int(mine.sum())
        if reason and reason != "route":
            tally.left_out[reason] += int(mine.sum())
            tally.no_street.update(tally.named.intersection(ways.way_id[mine].tolist()))
    return cut(ways, np.repeat(reasons == 0, np.diff(ways.start)))[0]


def _cut_to(wanted: Area, batch: Ways, path: Path, tally: _Tally) -> Ways:
    """Keep what lies in the area and has a place at all."""
    extract.check_places(path, batch.ref, batch.x, batch.y)
    known = batch.x != extract.UNDEFINED
    tally.missing.update(batch.ref[~known].tolist())
    keep = known if wanted.everywhere else known & wanted.contains(batch.x / 1e7, batch.y / 1e7)
    kept, loose = cut(batch, keep)
    tally.clipped += loose
    tally.frayed.update(frayed(batch, keep).tolist())
    tally.left_out["too-few-nodes"] += len(batch.way_id) - len(kept.way_id)
    if not wanted.everywhere:
        tally.outside.update(tally.named.intersection(np.setdiff1d(batch.way_id, kept.way_id).tolist()))
    return kept


def _without(ways: Ways, tally: _Tally) -> tuple[Ways, Alias]:
    """Drop ways given twice and ways without length."""
    _, first = np.unique(ways.way_id, return_index=True)
    original = np.zeros(len(ways.way_id), bool)
    original[first] = True
    unique, _ = cut(ways, np.repeat(original[ways.way], np.diff(ways.start)))
    welded, alias = weld(unique)
    tally.left_out["duplicate"] += len(ways.way_id) - len(unique.way_id)
    tally.left_out["zero-length"] += len(unique.way_id) - len(welded.way_id)
    tally.left_out = +tally.left_out  # reasons that did not occur go
    return welded, alias


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
