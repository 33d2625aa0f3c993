"""Cut a part of a town in two where few streets cross: flow from one end of it to the other, in several directions.

Of a cell of m points, the shares at both ends of a direction are held together, and as much is sent from one end to the
other as the streets between can carry (Dinic's algorithm; each street carries as many units as it has states). Where
the flow is stopped first, seen from either end, is a smallest cut between the ends. Of all directions the best is kept:

    states cut / sqrt(points on the smaller side)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.kernel import inner
from network.hierarchy.topology import Int32

Float = NDArray[np.float64]
Int8 = NDArray[np.int8]
BINS = 512
DIRECTIONS = 4
END = 0.25  # share of the points held together at either end


class Points(NamedTuple):
    """A graph whose edges are to be cut.

    Parameters
    ----------
    first, adjacent, edge
        Of point p: neighbours ``adjacent[first[p]:first[p + 1]]`` and the edges that lead there.
    tail
        Point at which an edge begins.
    capacity
        What cutting an edge costs.
    x, y
        Where the points are.
    """

    first: Int32
    adjacent: Int32
    edge: Int32
    tail: Int32
    capacity: Int32
    x: Float
    y: Float


class Work(NamedTuple):
    """Room for the cuts; all by point, but ``flow`` by edge, and ``points``, ``queue`` and ``path`` by position.

    Parameters
    ----------
    points
        All points, those of a cell side by side.
    cell
        Number of the cell each is in.
    side
        0 or 1, once a cell is cut.
    role
        1 and 2 at the ends of the cell, 0 between.
    """

    points: Int32
    cell: Int32
    side: Int8
    role: Int8
    level: Int32
    pointer: Int32
    queue: Int32
    path: Int32
    flow: Int32


@inner
def bisect(begin: int, end: int, points: Points, work: Work) -> None:
    """Write the sides of the points of a cell, ``work.points[begin:end]``."""
    mine = work.points[begin:end]
    best = np.inf
    for d in range(DIRECTIONS):
        angle = np.pi * d / DIRECTIONS
        _ends(mine, points, np.cos(angle), np.sin(angle), work.role)
        for v in mine:
            for j in range(points.first[v], points.first[v + 1]):
                work.flow[points.edge[j]] = 0
        enough = best * np.sqrt(mine.size / 2)  # as large a cut is no better, even through the middle
        cut = 0
        reached, more = _levels(mine, points, work, 1)
        while more and cut < enough:
            cut += _augment(mine, points, work)
            reached, more = _levels(mine, points, work, 1)
        if cut < enough:
            best = _keep(mine, work, cut, reached, best)
            best = _keep(mine, work, cut, _levels(mine, points, work, 2)[0], best)


@inner
def _keep(mine: Int32, work: Work, cut: int, reached: int, best: float) -> float:
    """Write the sides, reached and not, if the cut between them is better than the best; return the better."""
    small = min(reached, mine.size - reached)
    worth = cut / float(np.sqrt(small)) if small > 0 else np.inf
    if worth >= best:
        return best
    for v in mine:
        work.side[v] = work.level[v] >= 0
    return worth


@inner
def _ends(mine: Int32, points: Points, east: float, north: float, role: Int8) -> None:
    """Mark the points at either end of a direction, by a histogram of where they are along it."""
    low, high = np.inf, -np.inf
    for v in mine:
        along = east * points.x[v] + north * points.y[v]
        low = min(low, along)
        high = max(high, along)
    bins = min(BINS, 4 * mine.size)
    scale = (bins - 1) / max(high - low, 1e-9)
    count = np.zeros(bins, np.int64)
    for v in mine:
        count[int((east * points.x[v] + north * points.y[v] - low) * scale)] += 1
    want = max(1, int(mine.size * END))
    first, room = 0, want
    while count[first] <= room and first < bins - 1:
        room -= count[first]
        first += 1
    last, space = bins - 1, want
    while count[last] <= space and last > 0:
        space -= count[last]
        last -= 1
    for v in mine:
        b = int((east * points.x[v] + north * points.y[v] - low) * scale)
        role[v] = 0
        if b < first or (b == first and room > 0):
            room -= b == first
            role[v] = 1
        elif b > last or (b == last and space > 0):
            space -= b == last
            role[v] = 2


@inner
def _levels(mine: Int32, points: Points, work: Work, start: int) -> tuple[int, bool]:
    """Number the points by steps along what can still flow, from end 1, or against the flow from end 2.

    Returns how many were reached, and whether the other end was.
    """
    sign = 1 if start == 1 else -1
    filled = 0
    for v in mine:
        work.level[v] = -1
        if work.role[v] == start:
            work.level[v] = 0
            work.queue[filled] = v
            filled += 1
    done = 0
    met = False
    while done < filled:
        v = work.queue[done]
        done += 1
        for j in range(points.first[v], points.first[v + 1]):
            u = points.adjacent[j]
            if work.cell[u] != work.cell[v] or work.level[u] >= 0:
                continue
            if _room(v, points.edge[j], sign, points, work.flow) <= 0:
                continue
            work.level[u] = work.level[v] + 1
            if work.role[u] == 3 - start:
                met = True
            else:
                work.queue[filled] = u
                filled += 1
    return filled, met


@inner
def _room(v: int, edge: int, sign: int, points: Points, flow: Int32) -> int:
    """Return how much more an edge can carry away from (or, sign -1, towards) a point."""
    along = flow[edge] if points.tail[edge] == v else -flow[edge]
    room: int = points.capacity[edge] - sign * along
    return room


@inner
def _augment(mine: Int32, points: Points, work: Work) -> int:
    """Push along shortest ways until none is left; return how much."""
    pushed = 0
    for v in mine:
        work.pointer[v] = points.first[v]
    for source in mine:
        if work.role[source] != 1:
            continue
        v = source
        length = 0
        while True:
            if work.role[v] == 2:
                pushed += _push(source, length, points, work)
                v = source
                length = 0
                continue
            j = _advance(v, points, work)
            if j >= 0:
                work.path[length] = j
                length += 1
                v = points.adjacent[j]
            elif length == 0:
                break
            else:
                length -= 1
                v = source if length == 0 else points.adjacent[work.path[length - 1]]
                work.pointer[v] += 1
    return pushed


@inner
def _advance(v: int, points: Points, work: Work) -> int:
    """Return the next step that leads nearer to end 2 and can carry more; -1 if there is none left."""
    while work.pointer[v] < points.first[v + 1]:
        j: int = work.pointer[v]
        u = points.adjacent[j]
        if (
            work.cell[u] == work.cell[v]
            and work.level[u] == work.level[v] + 1
            and _room(v, points.edge[j], 1, points, work.flow) > 0
        ):
            return j
        work.pointer[v] += 1
    return -1


@inner
def _push(source: int, length: int, points: Points, work: Work) -> int:
    """Send as much as a path can carry; return it."""
    least: int = 2**30
    v = source
    for i in range(length):
        least = min(least, _room(v, points.edge[work.path[i]], 1, points, work.flow))
        v = points.adjacent[work.path[i]]
    v = source
    for i in range(length):
        e = points.edge[work.path[i]]
        work.flow[e] += least if points.tail[e] == v else -least
        v = points.adjacent[work.path[i]]
    return least
