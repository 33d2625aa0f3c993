"""Ways through the graph of junctions, where a vehicle turns at no cost.

The same graph and the same weights as the matrix: durations and distances agree with it to the last digit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import dijkstra

from network.geometry import metres_between
from network.graph import Arcs, Combined, StreetGraph, combine, street_graph
from network.lines import along_lines
from network.profiles import VehicleProfile
from network.snap import Snapped
from network.streets import StreetNetwork
from network.ways import Way

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
AT_ONCE_BYTES = 2**26
FIRST_LOOK = 1.5  # times the time a straight line takes at mean speed; where that is too little, four times as far


def ways(
    network: StreetNetwork,
    profile: VehicleProfile,
    snapped: Snapped,
    pairs: ArrayLike,
    *,
    speed_factor: float = 1.0,
) -> list[Way]:
    """Return the way of each pair of places.

    Parameters
    ----------
    snapped
        Places snapped for the same network and profile.
    pairs
        Shape (k, 2): positions into ``snapped``, from and to.
    speed_factor
        As for the matrix.

    Raises
    ------
    ValueError
        If a pair names a place that is on no street.
    """
    pairs = np.asarray(pairs, dtype=np.intp).reshape(-1, 2)
    graph = street_graph(network, profile, snapped.segment, snapped.along_m, speed_factor=speed_factor)
    ends = graph.place[pairs]
    if (ends < 0).any():
        raise ValueError("a way was asked for from or to a place that is on no street")
    if not len(pairs):
        return []
    steps = _steps(combine(network, graph), graph, ends, _limits(graph, snapped, pairs))
    return _described(network, graph.arcs, steps, snapped, pairs)


class _Steps(NamedTuple):
    """Arcs of all ways one after the other: those of way k are ``arc[start[k]:start[k + 1]]``."""

    arc: IntArray
    start: IntArray


def _limits(graph: StreetGraph, snapped: Snapped, pairs: NDArray[np.intp]) -> FloatArray:
    """Guess the milliseconds of each pair, to look only so far at first."""
    lon, lat = snapped.lon[pairs], snapped.lat[pairs]
    beeline = metres_between(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])
    ms_per_m = 10 * graph.arcs.ms.sum() / max(graph.arcs.dm.sum(), 1)
    return np.asarray(60_000 + FIRST_LOOK * beeline * ms_per_m)


def _steps(combined: Combined, graph: StreetGraph, ends: IntArray, limits: FloatArray) -> _Steps:
    """Search from every distinct start, those with the nearest ends first, farther only where it is needed."""
    found: list[tuple[IntArray, IntArray]] = []  # pair, arc; in the order driven within each pair
    todo = np.arange(len(ends))
    key = graph.arcs.tail * graph.nodes + graph.arcs.head
    at_once = min(64, max(1, AT_ONCE_BYTES // (12 * graph.nodes)))
    while len(todo):
        starts, which = np.unique(ends[todo, 0], return_inverse=True)
        farthest = np.zeros(len(starts))
        np.maximum.at(farthest, which, limits[todo])
        order = np.argsort(farthest, kind="stable")
        rank = np.argsort(order)[which]
        late = []
        for first in range(0, len(starts), at_once):
            block = order[first : first + at_once]
            limit = (farthest[block[-1]] + 1) * 2.0**combined.shift
            total, before = dijkstra(combined.graph, indices=starts[block], limit=limit, return_predecessors=True)
            mine = np.flatnonzero((rank >= first) & (rank < first + len(block)))
            row, pair = rank[mine] - first, todo[mine]
            there = np.isfinite(total[row, ends[pair, 1]])
            found.append(_walk_back(before, row[there], pair[there], ends, key, graph.nodes))
            late.append(pair[~there])
        todo = np.sort(np.concatenate(late))
        limits = limits * 4
    pair, arc = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.argsort(pair, kind="stable")
    return _Steps(arc[order], np.searchsorted(pair[order], np.arange(len(ends) + 1)))


def _walk_back(
    before: NDArray[np.int32], row: NDArray[np.intp], pair: NDArray[np.intp], ends: IntArray, key: IntArray, nodes: int
) -> tuple[IntArray, IntArray]:
    """Follow the predecessors of all pairs at once, one step in each turn of the loop."""
    at = ends[pair, 1].copy()
    walked: list[tuple[IntArray, IntArray]] = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    moving = np.flatnonzero(at != ends[pair, 0])
    while len(moving):
        previous = before[row[moving], at[moving]].astype(np.int64)
        walked.append((pair[moving].astype(np.int64), np.searchsorted(key, previous * nodes + at[moving])))
        at[moving] = previous
        moving = moving[previous != ends[pair[moving], 0]]
    pairs, arcs = (np.concatenate(part) for part in zip(*walked[::-1], strict=True))
    return pairs, arcs


def _described(
    network: StreetNetwork, arcs: Arcs, steps: _Steps, snapped: Snapped, pairs: NDArray[np.intp]
) -> list[Way]:
    """Put lines, sums and names to the steps."""
    driven = arcs.take(steps.arc)
    lines, line_start = along_lines(network, driven.segment, *_metres(network, driven))
    onward = np.ones(len(lines), bool)
    onward[line_start[:-1]] = False  # where a piece starts, the one before has ended
    lines, line_start = lines[onward], line_start - np.arange(len(line_start))
    sums = [np.concatenate([[0], np.cumsum(column)]) for column in (driven.dm, driven.ms)]
    dm, ms = (np.diff(total[steps.start]) for total in sums)
    code = network.name.codes[driven.segment]
    ends = np.stack([snapped.lon[pairs], snapped.lat[pairs]], axis=-1)
    result = []
    for k, (first, last) in enumerate(zip(steps.start[:-1], steps.start[1:], strict=True)):
        between = lines[line_start[first] : max(line_start[last] - 1, line_start[first])]
        line = np.concatenate([ends[k, :1], between, ends[k, 1:]])
        result.append(
            Way(
                lon=line[:, 0],
                lat=line[:, 1],
                distance_m=float(dm[k]) / 10,
                duration_s=float(ms[k]) / 1000,
                names=_names(network, code[first:last]),
            )
        )
    return result


def _metres(network: StreetNetwork, driven: Arcs) -> tuple[FloatArray, FloatArray]:
    """Return positions in metres; the last decimetre of a segment is its end, whatever was rounded off."""
    length = network.length_m[driven.segment]
    last = np.floor(length * 10 + 0.5)
    return np.where(driven.from_dm == last, length, driven.from_dm / 10), np.where(
        driven.to_dm == last, length, driven.to_dm / 10
    )


def _names(network: StreetNetwork, codes: NDArray[np.int32]) -> tuple[str, ...]:
    """Return names in order, without blanks and without repeats side by side."""
    codes = codes[codes > 0]
    changes = np.flatnonzero(np.diff(codes, prepend=0))
    return tuple(network.name.values[code] for code in codes[changes])
