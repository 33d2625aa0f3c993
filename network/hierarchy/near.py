"""The nearest few of many targets, without a matrix.

Every target climbs once, against the streets, and leaves its name with the ancestors it can be reached from; each keeps
the k best. A source climbs once and merges what its ancestors know: the nearest k are among them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.customise import Float, Metric, Pruned
from network.hierarchy.kernel import inner, kernel
from network.hierarchy.reach import UNREACHABLE, climb, offset, ranks, reach_of
from network.hierarchy.topology import Int32


def nearest(
    metric: Metric,
    sources: NDArray[np.integer],
    targets: NDArray[np.integer],
    k: int,
    *,
    leave: Float | None = None,
    arrive: Float | None = None,
) -> tuple[Int32, Int32, Int32]:
    """Return the k nearest targets of every source, nearest first; of equally near ones the first given.

    Memory beside the result: 12 bytes times k for each node that leads to a target (at most all), and the pruned
    hierarchy twice.

    Parameters
    ----------
    sources, targets, leave, arrive
        As in :func:`network.hierarchy.sweep.many_to_many`.
    k
        How many, at least 1.

    Returns
    -------
    positions, duration_ms, distance_dm
        A row for each source; -1 and ``UNREACHABLE`` where fewer than k can be reached.

    Raises
    ------
    ValueError
        If k is below 1, there is no such node, or offsets and places differ in number.
    """
    if k < 1:
        raise ValueError("ask for one at least")
    shape, (up, down) = metric.topology.shape, metric.pruned
    from_rank, to_rank = ranks(metric, sources), ranks(metric, targets)
    lead, add = offset(leave, len(from_rank)), offset(arrive, len(to_rank))
    k_kept = min(k, max(len(to_rank), 1))
    local = reach_of(down, to_rank)[0].local
    name, length = _gather(shape.parent, down, local, to_rank, add, k_kept)
    position, total = _merge(shape.parent, up, local, from_rank, name, length)
    found = np.full((len(from_rank), k), -1, np.int32)
    ms, dm = np.full((2, len(from_rank), k), UNREACHABLE, np.int32)
    found[:, :k_kept] = position
    known = position >= 0
    total = np.where(known, total - lead[:, None], 0)
    whole = np.floor(total / 2.0**metric.shift)
    ms[:, :k_kept] = np.where(known, whole, UNREACHABLE)
    dm[:, :k_kept] = np.where(known, total - whole * 2.0**metric.shift, UNREACHABLE)
    return found, ms, dm


@inner
def _insert(name: Int32, length: Float, filled: int, target: int, value: float) -> int:
    """Insert a target into a list of the best, sorted by length and position; return how long the list is then."""
    end = filled
    for i in range(filled):
        if name[i] == target:
            if length[i] <= value:
                return filled
            end = i
            break
    if end == filled:
        if filled < name.size:
            filled += 1
        else:
            end = filled - 1
            if length[end] < value or (length[end] == value and name[end] < target):
                return filled
    i = end
    while i > 0 and (length[i - 1] > value or (length[i - 1] == value and name[i - 1] > target)):
        length[i] = length[i - 1]
        name[i] = name[i - 1]
        i -= 1
    length[i] = value
    name[i] = target
    return filled


@kernel
def _gather(parent: Int32, down: Pruned, local: Int32, targets: Int32, arrive: Float, k: int) -> tuple[Int32, Float]:
    """Return for every node of the reach the k nearest targets that are below it."""
    nodes = local.max() + 1 if local.size else 0
    name = np.full((nodes, k), -1, np.int32)
    length = np.full((nodes, k), np.inf)
    filled = np.zeros(nodes, np.int64)
    best = np.full(parent.size, np.inf)
    for t in range(targets.size):
        if targets[t] < 0:
            continue
        climb(targets[t], parent, down, best)
        v = targets[t]
        while v >= 0:
            if best[v] < np.inf:
                x = local[v]
                filled[x] = _insert(name[x], length[x], filled[x], t, best[v] + arrive[t])
                best[v] = np.inf
            v = parent[v]
    return name, length


@kernel
def _merge(parent: Int32, up: Pruned, local: Int32, sources: Int32, name: Int32, length: Float) -> tuple[Int32, Float]:
    """Return the nearest targets of every source, from the lists of its ancestors."""
    k = name.shape[1]
    found = np.full((sources.size, k), -1, np.int32)
    total = np.full((sources.size, k), np.inf)
    best = np.full(parent.size, np.inf)
    for s in range(sources.size):
        if sources[s] < 0:
            continue
        climb(sources[s], parent, up, best)
        filled = 0
        v = sources[s]
        while v >= 0:
            x = local[v]
            if best[v] < np.inf and x >= 0:
                for i in range(k):
                    value = best[v] + length[x, i]
                    if name[x, i] < 0 or (filled == k and value > total[s, k - 1]):
                        break
                    filled = _insert(found[s], total[s], filled, name[x, i], value)
            best[v] = np.inf
            v = parent[v]
    return found, total
