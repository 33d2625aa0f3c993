"""Single ways: up the elimination tree from both ends, and unpacked into the arcs that were put in.

Both ends climb through their own ancestors only (a few hundred), noting lengths by depth; the way turns where the sum
is smallest, at an ancestor of both. A slot is then either one of its own arcs, or a lower triangle whose two sides add
up to it exactly; sides lie lower, so unpacking ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.customise import Float, Metric
from network.hierarchy.kernel import inner, kernel
from network.hierarchy.reach import ranks
from network.hierarchy.topology import Int32, Int64, Shape


def pairs(metric: Metric, sources: NDArray[np.integer], targets: NDArray[np.integer]) -> Float:
    """Return the combined weight of the shortest way from each source to the target at the same position.

    About ten microseconds a pair in a town; memory beside the result: a few kilobytes. Successive pairs of one source
    share its climb.

    Returns
    -------
    combined
        ``inf`` where there is no way, or one of the two is -1.

    Raises
    ------
    ValueError
        If there is no such node, or sources and targets differ in number.
    """
    from_rank, to_rank = _both(metric, sources, targets)
    return _pairs(metric.topology.shape, metric.topology.height, metric.up, metric.down, from_rank, to_rank)


def paths(metric: Metric, sources: NDArray[np.integer], targets: NDArray[np.integer]) -> tuple[Int64, Int32]:
    """Return the arcs of the shortest way from each source to the target at the same position.

    Memory beside the result: a few kilobytes.

    Returns
    -------
    start, arc
        Way k takes the input arcs ``arc[start[k]:start[k + 1]]``, in the order driven (of parallel ones the best, of
        equally good ones the first); none where source and target are the same, or there is no way.

    Raises
    ------
    ValueError
        If there is no such node, or sources and targets differ in number.
    """
    from_rank, to_rank = _both(metric, sources, targets)
    return _paths(
        metric.topology.shape, metric.topology.height, metric.weight, metric.up, metric.down, from_rank, to_rank
    )


def _both(metric: Metric, sources: NDArray[np.integer], targets: NDArray[np.integer]) -> tuple[Int32, Int32]:
    """Return the ranks of both ends."""
    if len(sources) != len(targets):
        raise ValueError(f"{len(sources)} sources for {len(targets)} targets")
    return ranks(metric, sources), ranks(metric, targets)


@inner
def _climb(shape: Shape, weight: Float, end: int, length: Float, by: Int64) -> None:
    """Note the lengths from an end to its ancestors by depth, and the slots by which they are reached."""
    length[: shape.depth[end] + 1] = np.inf
    by[: shape.depth[end] + 1] = -1
    length[shape.depth[end]] = 0.0
    v = end
    while v >= 0:
        d = length[shape.depth[v]]
        if d < np.inf:
            for i in range(shape.start[v], shape.start[v + 1]):
                p = shape.place[i]
                q = d + weight[i]
                if q < length[p]:
                    length[p] = q
                    by[p] = i
        v = shape.parent[v]


@inner
def _common(shape: Shape, a: int, b: int) -> int:
    """Return the depth of the lowest ancestor of both; -1 if they have none."""
    while a >= 0 and b >= 0 and a != b:
        if a < b:
            a = shape.parent[a]
        else:
            b = shape.parent[b]
    return shape.depth[a] if a >= 0 and b >= 0 else -1


@inner
def _meet(shape: Shape, a: int, b: int, climbed: Float, descended: Float) -> tuple[float, int]:
    """Return the length of the best way and the depth at which it turns (-1 if there is none)."""
    best = np.inf
    where = -1
    for p in range(_common(shape, a, b), -1, -1):
        if climbed[p] + descended[p] < best:
            best = climbed[p] + descended[p]
            where = p
    return best, where


@kernel
def _pairs(shape: Shape, height: int, up: Float, down: Float, sources: Int32, targets: Int32) -> Float:
    """Return the lengths of the best ways."""
    climbed = np.empty(height)
    descended = np.empty(height)
    by = np.empty(height, np.int64)
    result = np.full(sources.size, np.inf)
    last = -1
    for k in range(sources.size):
        if sources[k] < 0 or targets[k] < 0:
            continue
        if sources[k] != last:
            last = sources[k]
            _climb(shape, up, last, climbed, by)
        _climb(shape, down, targets[k], descended, by)
        result[k] = _meet(shape, last, targets[k], climbed, descended)[0]
    return result


@kernel
def _paths(
    shape: Shape, height: int, weight: Float, up: Float, down: Float, sources: Int32, targets: Int32
) -> tuple[Int64, Int32]:
    """Return the arcs of the best ways."""
    climbed = np.empty(height)
    descended = np.empty(height)
    up_by = np.empty(height, np.int64)
    down_by = np.empty(height, np.int64)
    slots = np.empty(2 * height, np.int64)
    start = np.zeros(sources.size + 1, np.int64)
    arcs = [np.int32(0) for _ in range(0)]
    for k in range(sources.size):
        if sources[k] >= 0 and targets[k] >= 0:
            _climb(shape, up, sources[k], climbed, up_by)
            _climb(shape, down, targets[k], descended, down_by)
            turn = _meet(shape, sources[k], targets[k], climbed, descended)[1]
            many = 0
            p = turn
            while p >= 0 and up_by[p] >= 0:
                slots[height - 1 - many] = 2 * up_by[p]
                many += 1
                p = shape.depth[shape.tail[up_by[p]]]
            first = height - many
            many = height
            p = turn
            while p >= 0 and down_by[p] >= 0:
                slots[many] = 2 * down_by[p] + 1
                many += 1
                p = shape.depth[shape.tail[down_by[p]]]
            for i in range(first, many):
                _unpack(shape, weight, up, down, slots[i], arcs)
        start[k + 1] = len(arcs)
    return start, np.array(arcs, np.int32) if len(arcs) > 0 else np.zeros(0, np.int32)


@inner
def _unpack(shape: Shape, weight: Float, up: Float, down: Float, slot: int, arcs: list[np.int32]) -> None:
    """Append the arcs of a directed slot."""
    stack = [slot]
    while len(stack) > 0:
        s = stack.pop()
        length = down[s >> 1] if s & 1 else up[s >> 1]
        chosen = -1
        for i in range(shape.own_start[shape.tail[s >> 1]], shape.own_start[shape.tail[s >> 1] + 1]):
            if shape.slot[shape.own[i]] == s and weight[shape.own[i]] == length:
                chosen = shape.own[i]
                break
        if chosen >= 0:
            arcs.append(np.int32(chosen))
            continue
        a, b = shape.tail[s >> 1], shape.head[s >> 1]
        if s & 1:
            a, b = b, a
        i, j = shape.low_start[a], shape.low_start[b]
        while True:  # the way from a to b by way of a lower node; there is one, or the slot would be an arc
            u, v = shape.tail[shape.low[i]], shape.tail[shape.low[j]]
            if u < v:
                i += 1
            elif v < u:
                j += 1
            elif down[shape.low[i]] + up[shape.low[j]] == length:
                stack.append(2 * int(shape.low[j]))
                stack.append(2 * int(shape.low[i]) + 1)
                break
            else:
                i += 1
                j += 1
