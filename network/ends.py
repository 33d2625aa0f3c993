"""Times and distances between places, on the states they stand on.

A place p decimetres along state a stands t_a(p) ms after its start. From it to a place q along state b:

    D(a, b) - t_a(p) + t_b(q)

with D from start to start. On one and the same street with q behind p the vehicle has to come round: the best over the
turns a -> c of (weight of the turn + D(c, b)), instead of D(a, b) = 0. A stance with two directions stands on two
states; between two stances counts the least over all combinations, first of milliseconds, then of decimetres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.hierarchy import search, sweep
from network.hierarchy.customise import Metric
from network.hierarchy.kernel import kernel
from network.hierarchy.reach import UNREACHABLE
from network.snap import Snapped
from network.stances import Stances

if TYPE_CHECKING:
    from network.drive import Drive

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Float = NDArray[np.float64]
Bools = NDArray[np.bool_]
AT_ONCE = 2**25  # pairs of ends worked out at a time: bounds the memory beside the result to about 300 MB


class Ends(NamedTuple):
    """Where stances stand: the ends of stance ``k`` are ``start[k]:start[k + 1]``, at most two.

    ``at`` is the combined weight from the start of the state to the place, ``directed`` the directed segment.
    """

    start: Int64
    directed: Int32
    state: Int32
    at: Float

    @property
    def stances(self) -> int:
        """Number of stances."""
        return len(self.start) - 1

    def take(self, stances: NDArray[np.intp]) -> Ends:
        """Return the ends of some stances, in the order given."""
        count = np.diff(self.start)[stances]
        start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
        chosen = np.repeat(self.start[stances] - start[:-1], count) + np.arange(start[-1])
        return Ends(start, self.directed[chosen], self.state[chosen], self.at[chosen])


def leaving_ends(drive: Drive, snapped: Snapped, stances: Stances) -> Ends:
    """Return from which states stances are left."""
    return _ends(drive, snapped, stances, drive.prepared.graph.leaving)


def arriving_ends(drive: Drive, snapped: Snapped, stances: Stances) -> Ends:
    """Return in which states stances are arrived at."""
    return _ends(drive, snapped, stances, drive.prepared.graph.arriving)


def _ends(drive: Drive, snapped: Snapped, stances: Stances, state_of: Int32) -> Ends:
    segment = snapped.segment[stances.place]
    may = np.stack([stances.ahead, stances.back], axis=-1) & (segment >= 0)[:, None]
    directed = 2 * np.where(segment >= 0, segment, 0)[:, None] + np.array([0, 1])
    state = state_of[directed]
    may &= np.append(drive.connected, [False])[state]  # the last is for state -1
    owner, against = np.nonzero(may)
    directed, state = directed[owner, against].astype(np.int32), state[owner, against].astype(np.int32)
    ms, dm = drive.position(directed, state, snapped.along_m[stances.place[owner]])
    start = np.searchsorted(owner, np.arange(len(stances) + 1)).astype(np.int64)
    return Ends(start, directed, state, ((ms << drive.metric.shift) + dm).astype(np.float64))


def block(drive: Drive, rows: Ends, cols: Ends) -> tuple[Int32, Int32]:
    """Return durations in ms and distances in dm from all rows to all columns, ``UNREACHABLE`` where there is no way.

    Memory beside the result: what the sweep needs, and at most 300 MB where stances have two ends.
    """
    if (np.diff(rows.start) == 1).all() and (np.diff(cols.start) == 1).all():
        return _between(drive, rows, cols)
    duration = np.empty((rows.stances, cols.stances), np.int32)
    distance = np.empty_like(duration)
    at_once = max(1, AT_ONCE // (2 * max(len(cols.state), 1)))
    for first in range(0, rows.stances, at_once):
        some = rows.take(np.arange(first, min(first + at_once, rows.stances)))
        part = slice(first, first + at_once)
        _least(some.start, cols.start, *_between(drive, some, cols), duration[part], distance[part])
    return duration, distance


def _between(drive: Drive, rows: Ends, cols: Ends) -> tuple[Int32, Int32]:
    """Return durations and distances from each end to each end."""
    duration, distance = sweep.many_to_many(drive.metric, rows.state, cols.state, leave=rows.at, arrive=cols.at)
    assert distance is not None
    row, col = _behind(rows, cols)
    if len(row):
        streets, which = np.unique(rows.directed[row], return_inverse=True)
        around = come_round(drive, streets)[0][which]
        duration[row, col], distance[row, col] = drive.split(around - rows.at[row] + cols.at[col])
    return duration, distance


def _behind(rows: Ends, cols: Ends) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs on the same directed segment in which the place to arrive at lies behind."""
    order = np.argsort(cols.directed, kind="stable")
    there = cols.directed[order]
    first, last = (np.searchsorted(there, rows.directed, side=side) for side in ("left", "right"))
    count = last - first
    row = np.repeat(np.arange(len(rows.directed)), count)
    col = order[np.arange(len(row)) + np.repeat(last - np.cumsum(count), count)]
    behind = cols.at[col] < rows.at[row]
    return row[behind], col[behind]


def come_round(drive: Drive, directed: Int32, metric: Metric | None = None) -> tuple[Float, Int64]:
    """Return the combined weight of driving each directed segment and coming back to its start, and the first turn.

    ``inf`` and -1 where there is no way back; under another metric than that of the drive if one is given.
    """
    graph, metric = drive.prepared.graph, metric or drive.metric
    state = graph.leaving[directed]
    count = np.diff(graph.turn_start)[state]
    owner = np.repeat(np.arange(len(directed)), count)
    turn = np.repeat(graph.turn_start[state] - np.cumsum(count) + count, count) + np.arange(len(owner))
    real = graph.junction[turn] >= 0
    owner, turn = owner[real], turn[real]
    back = search.pairs(metric, graph.turn_to[turn], graph.arriving[directed[owner]])
    total = metric.weight[turn] + back
    order = np.lexsort((turn, total, owner))
    first = np.searchsorted(owner[order], np.arange(len(directed)))
    some = first < np.searchsorted(owner[order], np.arange(len(directed)), side="right")
    best = np.full(len(directed), -1, np.int64)
    best[some] = order[first[some]]
    weight = np.where(best >= 0, total[best] if len(total) else np.inf, np.inf)
    return weight, np.where(np.isfinite(weight), turn[best] if len(turn) else -1, -1)


class Legs(NamedTuple):
    """The least of the combinations of each pair: combined weight, ends chosen, and whether it has to come round."""

    total: Float
    row: Int64
    col: Int64
    round: Bools


def legs(drive: Drive, rows: Ends, cols: Ends) -> Legs:
    """Return the legs from each row to the column of the same position."""
    count = np.diff(rows.start) * np.diff(cols.start)
    pair = np.repeat(np.arange(rows.stances), count)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    wide = np.diff(cols.start)[pair]
    row, col = rows.start[pair] + nth // wide, cols.start[pair] + nth % wide
    total = search.pairs(drive.metric, rows.state[row], cols.state[col]) - rows.at[row] + cols.at[col]
    behind = (rows.directed[row] == cols.directed[col]) & (cols.at[col] < rows.at[row])
    if behind.any():
        streets, which = np.unique(rows.directed[row[behind]], return_inverse=True)
        around = come_round(drive, streets)[0][which]
        total[behind] = around - rows.at[row[behind]] + cols.at[col[behind]]
    order = np.lexsort((total, pair))
    first = np.searchsorted(pair[order], np.arange(rows.stances))
    some = count > 0
    best = np.full(rows.stances, -1, np.int64)
    best[some] = order[first[some]]
    return Legs(
        np.where(some, total[best] if len(total) else np.inf, np.inf),
        np.where(some, row[best] if len(row) else -1, -1),
        np.where(some, col[best] if len(col) else -1, -1),
        some & (behind[best] if len(behind) else False),
    )


@kernel
def _least(rows: Int64, cols: Int64, ms: Int32, dm: Int32, duration: Int32, distance: Int32) -> None:
    """Write the least over the ends of each row and column, by milliseconds, then by decimetres."""
    for i in range(rows.size - 1):
        for j in range(cols.size - 1):
            best_ms = UNREACHABLE
            best_dm = UNREACHABLE
            for a in range(rows[i], rows[i + 1]):
                for b in range(cols[j], cols[j + 1]):
                    if ms[a, b] < best_ms or (ms[a, b] == best_ms and dm[a, b] < best_dm):
                        best_ms = ms[a, b]
                        best_dm = dm[a, b]
            duration[i, j] = best_ms
            distance[i, j] = best_dm
