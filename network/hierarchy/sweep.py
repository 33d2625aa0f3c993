"""Many shortest ways at once: climb from every source, then sweep down over what leads to the targets.

A shortest way climbs, then descends. So a source climbs through its ancestors; and once the lengths to all ancestors of
a target are known, the length to the target is the best over its higher neighbours. The sweep runs over the targets and
the nodes that lead to them alone, from the root down, for ``WIDTH`` sources side by side in memory, so that the
innermost loop adds and compares whole vectors. Its width is known only at run time: for a small fixed one the compiler
unrolls the loop and no longer uses vectors. It takes several slots at once, for less traffic, and never one alone: the
compiler would make a store on condition of it, many times as slow. Durations alone run on whole milliseconds (eight to
a vector), durations with distances on combined weights (four to a vector).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.customise import Float, Metric, Pruned
from network.hierarchy.kernel import inner, kernel
from network.hierarchy.near import nearest
from network.hierarchy.reach import UNREACHABLE, Reach, climb, offset, ranks, reach_of
from network.hierarchy.search import pairs
from network.hierarchy.topology import Int32, Int64

__all__ = ["UNREACHABLE", "many_to_many", "nearest", "one_to_all", "pairs"]

WIDTH = 64  # combined weights side by side; of milliseconds twice as many
TILE = 64  # targets written at once: a few cache lines of each row
UInt32 = NDArray[np.uint32]
Lengths = Float | UInt32


class Batches(NamedTuple):
    """Which sources and targets a matrix is for.

    Parameters
    ----------
    sources
        Ranks of the sources, rising; -1 for none.
    rows
        Row of each of them in the result.
    columns
        Number of each target in the reach, -1 for none.
    leave, arrive
        Subtracted for each source (in that order), added for each target.
    """

    sources: Int32
    rows: Int32
    columns: Int32
    leave: Float | Int32
    arrive: Float | Int32


def many_to_many(
    metric: Metric,
    sources: NDArray[np.integer],
    targets: NDArray[np.integer],
    *,
    leave: Float | None = None,
    arrive: Float | None = None,
    distances: bool = True,
) -> tuple[Int32, Int32 | None]:
    """Return durations and distances of the shortest ways from all sources to all targets.

    Memory beside the result (4 bytes a pair, 8 with distances): the pruned hierarchy, made once for each metric (about
    12 bytes a slot and direction), and 4 bytes times ``WIDTH`` for each node that leads to a target (8 with distances).

    Parameters
    ----------
    sources, targets
        Nodes, repeated ones allowed; -1 gives an unreachable row or column.
    leave
        For each source, subtracted (combined weight): how far along its node a place stands.
    arrive
        For each target, added. From a node to itself the way is empty, so ``arrive - leave`` remains, which is below
        zero where the target is behind the source.
    distances
        Whether distances are wanted; durations alone take less than half as long.

    Returns
    -------
    duration_ms, distance_dm
        ``UNREACHABLE`` where there is no way; ``None`` for distances not asked for.

    Raises
    ------
    ValueError
        If there is no such node, or offsets and places differ in number.
    """
    topology, (up, down) = metric.topology, metric.pruned
    from_rank, to_rank = ranks(metric, sources), ranks(metric, targets)
    reach, weight = reach_of(down, to_rank)
    columns = np.where(to_rank >= 0, reach.local[to_rank], -1) if topology.nodes else to_rank
    rows = np.argsort(from_rank, kind="stable").astype(np.int32)
    before, after = offset(leave, len(from_rank))[rows], offset(arrive, len(to_rank))
    batches = Batches(from_rank[rows], rows, columns.astype(np.int32), before, after)
    duration = np.empty((len(from_rank), len(to_rank)), np.int32)
    one = 2.0**metric.shift
    if not distances:
        whole = [np.floor(given / one).astype(np.int32) for given in (before, after)]
        batches = batches._replace(leave=whole[0], arrive=whole[1])
        _durations(topology.shape.parent, up, reach, _milliseconds(weight, one), one, 2 * WIDTH, batches, duration)
        return duration, None
    distance = np.empty_like(duration)
    _both(topology.shape.parent, up, reach, weight, one, WIDTH, batches, duration, distance)
    return duration, distance


def one_to_all(metric: Metric, sources: NDArray[np.integer]) -> Float:
    """Return the combined weight of the shortest way from every source to every node, ``inf`` where there is none.

    Memory beside the result (8 bytes a source and node): the pruned hierarchy twice and 8 bytes times ``WIDTH`` a node.

    Raises
    ------
    ValueError
        If there is no such node (-1 is allowed: a row of ``inf``).
    """
    topology, (up, down) = metric.topology, metric.pruned
    from_rank = ranks(metric, sources)
    result = np.empty((len(from_rank), topology.nodes))
    reach, weight = reach_of(down, np.arange(topology.nodes, dtype=np.int32))
    rows = np.argsort(from_rank, kind="stable").astype(np.int32)
    columns = reach.local[topology.rank]
    nothing = np.zeros(0)
    _all(
        topology.shape.parent,
        up,
        reach,
        weight,
        WIDTH,
        Batches(from_rank[rows], rows, columns, nothing, nothing),
        result,
    )
    return result


def _milliseconds(weight: Float, one: float) -> UInt32:
    """Return the whole milliseconds of combined weights."""
    return np.minimum(np.floor(weight / one), UNREACHABLE).astype(np.uint32)


@inner
def _start(parent: Int32, up: Pruned, local: Int32, one: float, sources: Int32, best: Float, length: Lengths) -> None:
    """Write the lengths from a batch of sources to those of their ancestors that lead to targets, in units of one."""
    for j in range(sources.size):
        source = sources[j]
        if source < 0:
            continue
        climb(source, parent, up, best)
        v = source
        while v >= 0:
            if best[v] < np.inf:
                if local[v] >= 0:
                    length[local[v], j] = best[v] if one == 1 else min(np.floor(best[v] / one), 2.0**31 - 1)
                best[v] = np.inf
            v = parent[v]


def _sweep_in(number: type[np.uint32 | np.float64]) -> Callable[[Int64, Int32, Lengths, Lengths], None]:
    """Return the sweep in one kind of number (32 bits would become 64 in a sum if it were not said)."""

    @inner
    def sweep(start: Int64, head: Int32, weight: Lengths, length: Lengths) -> None:
        """Relax all slots, from the root down, for all sources of a batch."""
        width = length.shape[1]
        for k in range(start.size - 1):
            mine = length[k]
            i, end = start[k], start[k + 1]
            while i + 3 < end:
                a, b, c, d = length[head[i]], length[head[i + 1]], length[head[i + 2]], length[head[i + 3]]
                to_a, to_b, to_c, to_d = weight[i], weight[i + 1], weight[i + 2], weight[i + 3]
                for j in range(width):
                    best = min(number(a[j] + to_a), mine[j])
                    best = min(number(b[j] + to_b), best)
                    best = min(number(c[j] + to_c), best)
                    mine[j] = min(number(d[j] + to_d), best)
                i += 4
            while i < end:
                other = min(i + 1, end - 1)  # the last one twice, rather than alone: see above
                a, b = length[head[i]], length[head[other]]
                to_a, to_b = weight[i], weight[other]
                for j in range(width):
                    best = min(number(a[j] + to_a), mine[j])
                    mine[j] = min(number(b[j] + to_b), best)
                i += 2

    return sweep


sweep_milliseconds = _sweep_in(np.uint32)
sweep_combined = _sweep_in(np.float64)


@kernel
def _durations(
    parent: Int32, up: Pruned, reach: Reach, weight: UInt32, one: float, width: int, batches: Batches, duration: Int32
) -> None:
    """Fill a matrix of durations, batch by batch."""
    best = np.full(parent.size, np.inf)
    length = np.empty((reach.start.size - 1, width), np.uint32)
    tile = np.empty((TILE, width), np.int32)
    columns = batches.columns
    never = np.int32(UNREACHABLE)
    for first in range(0, batches.rows.size, width):
        rows = batches.rows[first : first + width]
        length.fill(UNREACHABLE)
        _start(parent, up, reach.local, one, batches.sources[first : first + width], best, length)
        sweep_milliseconds(reach.start, reach.head, weight, length)
        leave = batches.leave[first : first + width]
        for begin in range(0, columns.size, TILE):
            end = min(begin + TILE, columns.size)
            for c in range(begin, end):
                if columns[c] < 0:
                    tile[c - begin] = never
                    continue
                arrive = batches.arrive[c]
                mine = length[columns[c]]
                for j in range(rows.size):
                    ms = np.int32(mine[j])
                    tile[c - begin, j] = never if ms == never else np.int32(ms + arrive - leave[j])
            _turn(tile, begin, end, rows, duration)


@kernel
def _both(
    parent: Int32,
    up: Pruned,
    reach: Reach,
    weight: Float,
    one: float,
    width: int,
    batches: Batches,
    duration: Int32,
    distance: Int32,
) -> None:
    """Fill matrices of durations and distances, batch by batch."""
    best = np.full(parent.size, np.inf)
    length = np.empty((reach.start.size - 1, width))
    ms = np.empty((TILE, width), np.int32)
    dm = np.empty((TILE, width), np.int32)
    columns = batches.columns
    never = float(UNREACHABLE)
    for first in range(0, batches.rows.size, width):
        rows = batches.rows[first : first + width]
        length.fill(np.inf)
        _start(parent, up, reach.local, 1.0, batches.sources[first : first + width], best, length)
        sweep_combined(reach.start, reach.head, weight, length)
        leave = batches.leave[first : first + width]
        for begin in range(0, columns.size, TILE):
            end = min(begin + TILE, columns.size)
            for c in range(begin, end):
                if columns[c] < 0:
                    ms[c - begin] = UNREACHABLE
                    dm[c - begin] = UNREACHABLE
                    continue
                arrive = batches.arrive[c]
                mine = length[columns[c]]
                for j in range(rows.size):
                    total = mine[j] - leave[j] + arrive
                    whole = np.floor(total * (1 / one))
                    ms[c - begin, j] = np.int32(min(whole, never))
                    dm[c - begin, j] = np.int32(total - whole * one if whole < never else never)
            _turn(ms, begin, end, rows, duration)
            _turn(dm, begin, end, rows, distance)


@inner
def _turn(tile: Int32, begin: int, end: int, rows: Int32, result: Int32) -> None:
    """Write a tile of columns into the rows of the result."""
    for j in range(rows.size):
        row = result[rows[j]]
        for c in range(begin, end):
            row[c] = tile[c - begin, j]


@kernel
def _all(parent: Int32, up: Pruned, reach: Reach, weight: Float, width: int, batches: Batches, result: Float) -> None:
    """Fill a matrix of combined weights, batch by batch."""
    best = np.full(parent.size, np.inf)
    length = np.empty((reach.start.size - 1, width))
    for first in range(0, batches.rows.size, width):
        rows = batches.rows[first : first + width]
        length.fill(np.inf)
        _start(parent, up, reach.local, 1.0, batches.sources[first : first + width], best, length)
        sweep_combined(reach.start, reach.head, weight, length)
        for begin in range(0, batches.columns.size, TILE):
            for j in range(rows.size):
                for c in range(begin, min(begin + TILE, batches.columns.size)):
                    result[rows[j], c] = length[batches.columns[c], j]
