"""The stops nearest to each stop, without an array of all pairs: candidate lists for searches.

How far it is from a stop to another is the deadhead from any mode to any mode, in the better of the two directions:
decimetres, or milliseconds where no distance is known. Travel is looked at in blocks of rows; points on a plane are
looked up in a tree; travel that can say itself what is nearest (``nearest(rows, count)``, quickest first) is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from optimiser.plane import Metric, PlaneTravel
from optimiser.rounds.problem import RoundsProblem
from optimiser.travel import UNREACHABLE, DenseTravel, IntArray, Travel

Ints = NDArray[np.int64]
PAIRS_AT_ONCE = 2_000_000
ROWS_ASKED_AT_ONCE = 1_024
STOPS_AT_ONCE = 4_096
SPARE = 8  # points looked up beyond those needed: of equally near ones the first are then mostly among them
NONE = -1


class Lines(Protocol):
    """The nearest columns of some rows, a line each: positions (-1: no more), ms and dm."""

    @property
    def columns(self) -> IntArray: ...  # noqa: D102
    @property
    def duration_ms(self) -> IntArray: ...  # noqa: D102
    @property
    def distance_dm(self) -> IntArray: ...  # noqa: D102


@runtime_checkable
class Asked(Protocol):
    """A travel that knows what is nearest."""

    def nearest(self, rows: NDArray[np.intp], count: int) -> Lines:
        """Return for each of some rows the quickest columns."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ends:
    """Modes of all stops, one after the other: whose they are, where they leave and arrive; the first of each stop."""

    travel: Travel
    stop: Ints
    row: Ints
    column: Ints
    first: Ints
    by_time: bool

    def block(self, rows: Ints, columns: Ints) -> IntArray:
        if isinstance(self.travel, DenseTravel):
            array = self.travel.duration_ms if self.by_time else self.travel.distance_dm
            few = len(rows) < len(columns)
            return array[rows].take(columns, axis=1) if few else array.take(columns, axis=1)[rows]
        duration, distance = self.travel.block(rows, columns)
        return duration if self.by_time else distance

    def cost(self, duration: IntArray, distance: IntArray) -> Ints:
        return (duration if self.by_time else distance).astype(np.int64)


class _Pairs(NamedTuple):
    """How far it is between stops."""

    one: Ints
    other: Ints
    cost: Ints


def near(problem: RoundsProblem, profile: str, k: int) -> NDArray[np.int32]:
    """Return for each stop the positions of the ``k`` nearest others, nearest first; equally near ones in their order.

    Parameters
    ----------
    profile
        Whose travel counts; the time of day does not.
    k
        How many; all others if there are fewer.

    Returns
    -------
    array
        Shape ``(stops, min(k, stops - 1))``; where fewer can be reached, -1 at the end of the line. Of equally near
        ones at the far end of a line, which stay out is up to the tree if the points lie on a plane.
    """
    count = len(problem.stops)
    k = max(min(k, count - 1), 0)
    if not k:
        return np.zeros((count, 0), dtype=np.int32)
    ends = _ends(problem, problem.travel[profile])
    result = np.full((count, k), NONE, dtype=np.int32)
    if isinstance(ends.travel, PlaneTravel):
        alone = len(ends.stop) == count and np.array_equal(ends.row, ends.column)
        for some in _on_plane(ends, ends.travel, k):
            (_fill_lines if alone else _fill)(result, some)
    elif isinstance(ends.travel, Asked):
        _fill(result, list(_told(ends, ends.travel, k)))
    else:
        _in_blocks(ends, result)
    return result


def _ends(problem: RoundsProblem, travel: Travel) -> _Ends:
    modes = [(s, travel.row(mode.leave), travel.column(mode.arrive))
             for s, stop in enumerate(problem.stops) for mode in stop.modes]  # fmt: skip
    stop, row, column = np.array(modes, dtype=np.int64).T.copy()
    distance = travel.legs(row, np.roll(column, -1))[1]
    far = ((distance > 0) & (distance < UNREACHABLE)).any()
    first = np.searchsorted(stop, np.arange(len(problem.stops)))
    return _Ends(travel=travel, stop=stop, row=row, column=column, first=first, by_time=not far)


def _in_blocks(ends: _Ends, result: IntArray) -> None:
    """Look at all pairs, some stops at a time."""
    count, k = result.shape
    last = np.append(ends.first[1:], len(ends.stop))
    step = max(1, PAIRS_AT_ONCE * count // max(len(ends.stop), 1) ** 2)
    for begin in range(0, count, step):
        end = min(begin + step, count)
        part, own = slice(ends.first[begin], last[end - 1]), ends.first[begin:end] - ends.first[begin]
        there = _least(_least(ends.block(ends.row[part], ends.column), own, 0), ends.first, 1)
        back = _least(_least(ends.block(ends.row, ends.column[part]), ends.first, 0), own, 1)
        cost = np.minimum(there, back.T)
        cost[np.arange(end - begin), np.arange(begin, end)] = UNREACHABLE
        key = cost.astype(np.int64) * count + np.arange(count)  # no two alike
        some = np.sort(np.partition(key, k - 1, axis=1)[:, :k], axis=1)
        result[begin:end] = np.where(some < int(UNREACHABLE) * count, some % count, NONE)


def _least(cost: IntArray, first: Ints, axis: int) -> IntArray:
    """Return the least over the modes of each stop, which begin at ``first``."""
    last = np.append(first[1:], cost.shape[axis]) - 1
    least = cost if len(first) == cost.shape[axis] else cost.take(first, axis=axis)
    for more in range(1, int((last - first).max()) + 1):
        np.minimum(least, cost.take(np.minimum(first + more, last), axis=axis), out=least)
    return least


def _on_plane(ends: _Ends, travel: PlaneTravel, k: int) -> Iterator[list[_Pairs]]:
    """Look up in a tree where modes arrive from where others leave, and the other way round where these differ.

    The k nearest stops are among the nearest (k + 1) m points, if no stop has more than m modes. Yields some stops at a
    time.
    """
    most = int(np.bincount(ends.stop).max())
    count = min((k + 1) * most + SPARE, len(ends.stop))
    norm = 1.0 if travel.metric is Metric.MANHATTAN else 2.0
    ways = [(ends.row, ends.column), (ends.column, ends.row)][: 1 if np.array_equal(ends.row, ends.column) else 2]
    trees = [cKDTree(travel.xy[target]) for _, target in ways]
    borders = [*ends.first[::STOPS_AT_ONCE].tolist(), len(ends.stop)]
    for begin, end in pairwise(borders):
        here = np.repeat(np.arange(begin, end), count)
        some = []
        for (origin, target), tree in zip(ways, trees, strict=True):
            there = tree.query(travel.xy[origin[begin:end]], k=count, p=norm)[1].reshape(-1).astype(np.int64)
            cost = ends.cost(*travel.legs(origin[here], target[there]))
            some.append(_Pairs(ends.stop[here], ends.stop[there], cost))
        yield some


def _told(ends: _Ends, travel: Asked, k: int) -> Iterator[_Pairs]:
    """Ask from where each mode leaves; what is said counts in both directions."""
    columns = len(ends.travel.arriving)
    most = int(np.bincount(ends.stop).max())
    elsewhere = columns - len(np.unique(ends.column))
    count = min((k + 1) * most + min(elsewhere, k), columns)
    for begin in range(0, len(ends.row), ROWS_ASKED_AT_ONCE):
        part = slice(begin, begin + ROWS_ASKED_AT_ONCE)
        lines = travel.nearest(ends.row[part], count)
        here, at = np.nonzero(lines.columns != NONE)
        column = lines.columns[here, at].astype(np.int64)
        cost = ends.cost(lines.duration_ms[here, at], lines.distance_dm[here, at])
        one = ends.stop[part][here]
        for other, which in _owners(ends, column):
            yield _Pairs(one[which], other, cost[which])
            yield _Pairs(other, one[which], cost[which])


def _owners(ends: _Ends, column: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield the stops that have their modes at columns, and which of the columns: several stops may share one."""
    order = np.argsort(ends.column, kind="stable")
    low, high = (np.searchsorted(ends.column[order], column, side=side) for side in ("left", "right"))
    for k in range(int((high - low).max(initial=0))):
        which = np.flatnonzero(low + k < high)
        yield ends.stop[order[low[which] + k]], which


def _fill_lines(result: IntArray, found: list[_Pairs]) -> None:
    """Do what :func:`_fill` does, for some stops after each other with as many others each, none twice."""
    one, other, cost = found[0]
    count, first, last = len(result), int(one[0]), int(one[-1])
    key = np.where(one == other, int(UNREACHABLE), cost) * count + other
    key = np.sort(key.reshape(last - first + 1, -1), axis=1)[:, : result.shape[1]]
    result[first : last + 1] = np.where(key < int(UNREACHABLE) * count, key % count, NONE)


def _fill(result: IntArray, found: list[_Pairs]) -> None:
    """Write the nearest of each stop of what was found, each once."""
    one, other, cost = (np.concatenate(part) for part in zip(*found, strict=True))
    good = (one != other) & (cost < UNREACHABLE)
    one, other, cost = one[good], other[good], cost[good]
    order = np.lexsort((cost, other, one))  # of each pair the shorter way
    one, other, cost = one[order], other[order], cost[order]
    new = np.ones(len(one), dtype=bool)
    new[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    one, other, cost = one[new], other[new], cost[new]
    order = np.lexsort((other, cost, one))
    one, other = one[order], other[order]
    rank = np.arange(len(one)) - np.searchsorted(one, one, side="left")
    some = rank < result.shape[1]
    result[one[some], rank[some]] = other[some]
