"""From ways with nodes to a network of junctions and segments.

A way is cut at every node that it shares with another way or passes twice, at its ends, at barriers, fords and turning
places, and where a turn restriction hangs. Consecutive nodes in the very same place count as one, so no segment has
length zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from network.geometry import steps_m
from network.keys import CLIPPED
from network.nodes import Codes, Nodes, compact, no_nodes
from network.streets import LoadReport, StreetNetwork, TagColumn

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Pieces of ways as runs of nodes: piece ``p`` has the nodes ``start[p]:start[p + 1]`` and belongs to ``way[p]``.

    ``ref`` is a node's id, ``x`` and ``y`` its place in 1e-7 degrees. Tag ``t`` says that way ``tag_way[t]`` has value
    ``tag_value[t]`` of key ``tag_key[t]``, as positions in a vocabulary kept beside; value 0 is one that is not read.
    """

    way_id: Ints
    way: NDArray[np.int32]
    start: Ints
    ref: Ints
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    tag_way: NDArray[np.int32]
    tag_key: NDArray[np.int32]
    tag_value: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joints:
    """What is known of nodes: their tags, where else a way is to be cut, and where the area ends but a street does not.

    Ids are those of welded ways.
    """

    nodes: Nodes = field(default_factory=no_nodes)
    cut_at: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    clipped: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Where a network comes from."""

    source: str
    date: str
    licence: str
    attribution: str


def frayed(ways: Ways, keep: Bools) -> Ints:
    """Return the nodes at which a street goes on to where it is not kept."""
    first, last = _ends(ways)
    whole = (np.roll(keep, 1) | first) & (np.roll(keep, -1) | last)
    ends: Ints = np.unique(ways.ref[keep & ~whole])
    return ends


def cut(ways: Ways, keep: Bools) -> tuple[Ways, int]:
    """Return what is left of the ways when only some nodes are kept, and how many loose ends that makes.

    A piece with fewer than two nodes is no street and goes; so does a way without a piece, with its tags.
    """
    first, last = _ends(ways)
    before, after = np.roll(keep, 1) & ~first, np.roll(keep, -1) & ~last
    begins, ends = np.flatnonzero(keep & ~before), np.flatnonzero(keep & ~after)
    long = ends > begins
    loose = int((~first[begins] & long).sum() + (~last[ends] & long).sum())
    begins, ends = begins[long], ends[long]
    piece_of = np.repeat(np.arange(len(ways.way)), np.diff(ways.start))
    kept = _runs(begins, ends)
    shorter = replace(
        ways,
        way=ways.way[piece_of[begins]],
        start=np.concatenate([[0], np.cumsum(ends - begins + 1)]),
        ref=ways.ref[kept],
        x=ways.x[kept],
        y=ways.y[kept],
    )
    return _compact(shorter), loose


def _compact(ways: Ways) -> Ways:
    """Drop ways that have no piece left."""
    used = np.zeros(len(ways.way_id), bool)
    used[ways.way] = True
    position = (np.cumsum(used) - 1).astype(np.int32)
    tagged = used[ways.tag_way]
    return replace(
        ways,
        way_id=ways.way_id[used],
        way=position[ways.way],
        tag_way=position[ways.tag_way[tagged]],
        tag_key=ways.tag_key[tagged],
        tag_value=ways.tag_value[tagged],
    )


def join(batches: Iterable[Ways]) -> Ways:
    """Return several batches as one."""
    parts = list(batches)
    ways = np.cumsum([0, *(len(part.way_id) for part in parts)])
    nodes = np.cumsum([0, *(len(part.ref) for part in parts)])
    empty = np.zeros(0, np.int32)
    return Ways(
        way_id=np.concatenate([np.zeros(0, np.int64), *(part.way_id for part in parts)]),
        way=np.concatenate([empty, *(part.way + np.int32(ways[i]) for i, part in enumerate(parts))]),
        start=np.concatenate([*(part.start[:-1] + nodes[i] for i, part in enumerate(parts)), nodes[-1:]]),
        ref=np.concatenate([np.zeros(0, np.int64), *(part.ref for part in parts)]),
        x=np.concatenate([empty, *(part.x for part in parts)]),
        y=np.concatenate([empty, *(part.y for part in parts)]),
        tag_way=np.concatenate([empty, *(part.tag_way + np.int32(ways[i]) for i, part in enumerate(parts))]),
        tag_key=np.concatenate([empty, *(part.tag_key for part in parts)]),
        tag_value=np.concatenate([empty, *(part.tag_value for part in parts)]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Nodes that stand for others in the same place: ``known[i]``, in ascending order, goes by the name ``as_[i]``."""

    known: Ints
    as_: Ints

    def of(self, ref: Ints) -> Ints:
        """Return the names that nodes go by."""
        if not len(self.known):
            return ref
        at = np.searchsorted(self.known, ref).clip(max=len(self.known) - 1)
        return np.where(self.known[at] == ref, self.as_[at], ref)


def weld(ways: Ways) -> tuple[Ways, Alias]:
    """Return the ways with consecutive nodes in the same place made one, and repeated ones dropped."""
    first, _ = _ends(ways)
    follows = ~first[1:]
    same_place = follows & (ways.x[1:] == ways.x[:-1]) & (ways.y[1:] == ways.y[:-1])
    twins = np.flatnonzero(same_place & (ways.ref[1:] != ways.ref[:-1]))
    alias = _unify(ways.ref[twins], ways.ref[twins + 1])
    ways = replace(ways, ref=alias.of(ways.ref))
    keep = np.concatenate([[True], ~same_place])[: len(ways.ref)]
    lengths = np.add.reduceat(keep, ways.start[:-1], dtype=np.int64) if len(ways.way) else np.zeros(0, np.int64)
    start = np.concatenate([[0], np.cumsum(lengths)])
    thin = replace(ways, start=start, ref=ways.ref[keep], x=ways.x[keep], y=ways.y[keep])
    return cut(thin, np.ones(len(thin.ref), bool))[0], alias


def _unify(one: Ints, other: Ints) -> Alias:
    """Give all nodes that are linked by pairs the least id among them."""
    nodes, position = np.unique(np.concatenate([one, other]), return_inverse=True)
    pairs = position[: len(one)], position[len(one) :]
    links = coo_array((np.ones(len(one), np.int8), pairs), shape=(len(nodes), len(nodes)))
    count, group = connected_components(links, directed=False)
    least = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(least, group, nodes)
    return Alias(known=nodes, as_=least[group])


def assemble(
    ways: Ways,
    vocabulary: Codes,
    stamp: Stamp,
    report: LoadReport,
    *,
    joints: Joints | None = None,
    unread: Sequence[str] = (),
) -> StreetNetwork:
    """Return the network of these ways; islands, and metres by key that is not read, go into the report.

    ``unread`` names the keys that stand behind those of the vocabulary.
    """
    joints = joints or Joints()
    first, last = _ends(ways)
    nodes, at = np.unique(ways.ref, return_inverse=True)
    meet = np.bincount(at, minlength=len(nodes)) > 1
    meet |= np.isin(nodes, joints.nodes.cutting()) | np.isin(nodes, joints.cut_at)
    cuts = np.flatnonzero(meet[at] | first | last)
    step = ~first[cuts[1:]]  # from this cut to the next one within the same piece
    begin, end = cuts[:-1][step], cuts[1:][step]
    junctions, ends_at = np.unique(at[np.concatenate([begin, end])], return_inverse=True)
    tail, head = np.split(ends_at.astype(np.int32), 2)
    lon, lat = ways.x / 1e7, ways.y / 1e7
    metres = np.concatenate([[0.0], np.cumsum(steps_m(lon, lat))])[: len(lon)]
    length = metres[end] - metres[begin]
    place = np.zeros(len(nodes), np.int64)
    place[at] = np.arange(len(at))
    piece_of = np.repeat(np.arange(len(ways.way)), np.diff(ways.start))
    way = ways.way[piece_of[begin]]
    columns = _columns(ways, vocabulary, way)
    between, on = _between(begin, end)
    columns |= joints.nodes.passed(ways.ref[between], on, len(way))
    islands, islands_m = count_islands(tail, head, length, len(junctions))
    points = _runs(begin, end)
    return StreetNetwork(
        junction_id=nodes[junctions],
        junction_lon=lon[place[junctions]],
        junction_lat=lat[place[junctions]],
        tail=tail,
        head=head,
        length_m=length,
        way_id=ways.way_id[way],
        name=columns.pop("name", TagColumn(codes=np.zeros(len(way), np.int32), values=("",))),
        tags=columns,
        shape_start=np.concatenate([[0], np.cumsum(end - begin + 1)]),
        shape_lon=lon[points],
        shape_lat=lat[points],
        source=stamp.source,
        date=stamp.date,
        licence=stamp.licence,
        attribution=stamp.attribution,
        box=(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())),
        report=replace(
            report,
            islands=islands,
            islands_m=islands_m,
            unread_m=_unread(ways, len(vocabulary), unread, np.bincount(way, length, len(ways.way_id)).astype(float)),
        ),
        junction_tags=joints.nodes.at(nodes[junctions]) | _clipped(np.isin(nodes[junctions], joints.clipped)),
    )


def count_islands(
    tail: NDArray[np.int32], head: NDArray[np.int32], length_m: NDArray[np.float64], junctions: int
) -> tuple[int, float]:
    """Return how many weakly separate parts there are beside the longest one, and their metres."""
    links = coo_array((np.ones(len(tail), np.int8), (tail, head)), shape=(junctions, junctions))
    count, part = connected_components(links, directed=False)
    metres = np.bincount(part[tail], length_m, minlength=count)
    return int(count) - 1, float(metres.sum() - metres.max())


def _columns(ways: Ways, vocabulary: Codes, way: NDArray[np.int32]) -> dict[str, TagColumn]:
    """Return the tags of each segment, by key; values that no segment has are left out."""
    columns: dict[str, TagColumn] = {}
    order = np.argsort(ways.tag_key, kind="stable")
    bounds = np.searchsorted(ways.tag_key, np.arange(len(vocabulary) + 1), sorter=order)
    for (key, values), a, b in zip(vocabulary.items(), bounds[:-1], bounds[1:], strict=True):
        if a == b:
            continue
        mine = order[a:b]
        of_way = np.zeros(len(ways.way_id), np.int32)
        of_way[ways.tag_way[mine]] = ways.tag_value[mine]
        codes = of_way[way]
        if codes.any():
            columns[key] = compact(codes, values)
    return columns


def _clipped(there: Bools) -> dict[str, TagColumn]:
    """Return the tag of junctions at which the area ends but a street does not."""
    return {CLIPPED: TagColumn(codes=there.astype(np.int32), values=("", "yes"))} if there.any() else {}


def _unread(ways: Ways, read: int, keys: Sequence[str], metres: NDArray[np.float64]) -> dict[str, float]:
    """Return the metres of streets that carry each key that is not read, longest first."""
    mine = ways.tag_key >= read
    total = np.bincount(ways.tag_key[mine] - read, metres[ways.tag_way[mine]], len(keys)).astype(float)
    return {keys[at]: float(total[at]) for at in np.argsort(-total, kind="stable").tolist() if total[at] > 0}


def _between(begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return the positions between the ends of segments, and the segments they are on."""
    long = np.flatnonzero(end - begin > 1)
    return _runs(begin[long] + 1, end[long] - 1), np.repeat(long, end[long] - begin[long] - 1)


def _ends(ways: Ways) -> tuple[Bools, Bools]:
    """Return for each node whether it is the first of its piece, and the last."""
    first, last = np.zeros(len(ways.ref), bool), np.zeros(len(ways.ref), bool)
    first[ways.start[:-1]] = True
    last[ways.start[1:] - 1] = True
    return first, last


def _runs(begin: Ints, end: Ints) -> Ints:
    """Return the positions ``begin[i] … end[i]``, both included, one run after the other."""
    sizes = end - begin + 1
    offsets = np.repeat(begin - np.concatenate([[0], np.cumsum(sizes[:-1])])[: len(begin)], sizes)
    runs: Ints = offsets + np.arange(len(offsets))
    return runs
