"""What leads from sources and to targets: how to climb, and which part of a hierarchy to descend."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.customise import Float, Metric, Pruned
from network.hierarchy.kernel import inner, kernel
from network.hierarchy.topology import Int32, Int64

UNREACHABLE = 2**31 - 1


class Reach(NamedTuple):
    """The part of the hierarchy that leads down to some targets, from the root down.

    Parameters
    ----------
    local
        Number of each rank in this part, -1 outside.
    start, head
        From where a node is descended to: those of the k-th are ``head[start[k]:start[k + 1]]``, all below k.
    """

    local: Int32
    start: Int64
    head: Int32


def ranks(metric: Metric, nodes: NDArray[np.integer]) -> Int32:
    """Return the ranks of nodes; -1 stays."""
    nodes = np.asarray(nodes, np.int64)
    if len(nodes) and (nodes.min() < -1 or nodes.max() >= metric.topology.nodes):
        raise ValueError("no such node")
    if not metric.topology.nodes:
        return np.full(len(nodes), -1, np.int32)
    found: Int32 = np.where(nodes >= 0, metric.topology.rank[nodes], np.int32(-1))
    return found


def offset(given: Float | None, count: int) -> Float:
    """Return an offset for each place."""
    if given is None:
        return np.zeros(count)
    if len(given) != count:
        raise ValueError(f"{len(given)} offsets for {count} places")
    return np.ascontiguousarray(given, np.float64)


@kernel
def reach_of(down: Pruned, targets: Int32) -> tuple[Reach, Float]:
    """Return what leads down to the targets, and the weights of its slots."""
    n = down.start.size - 1
    local = np.full(n, -1, np.int32)
    nodes = np.empty(n, np.int32)
    filled = 0
    for t in targets:
        if t >= 0 and local[t] < 0:
            local[t] = 0
            nodes[filled] = t
            filled += 1
    done = 0
    slots = 0
    while done < filled:
        v = nodes[done]
        done += 1
        slots += down.start[v + 1] - down.start[v]
        for j in range(down.start[v], down.start[v + 1]):
            x = down.head[j]
            if local[x] < 0:
                local[x] = 0
                nodes[filled] = x
                filled += 1
    return _renumber(down, local, filled, slots)


@inner
def _renumber(down: Pruned, local: Int32, nodes: int, slots: int) -> tuple[Reach, Float]:
    """Number the chosen nodes from the root down."""
    start = np.zeros(nodes + 1, np.int64)
    head = np.empty(slots, np.int32)
    weight = np.empty(slots)
    k = 0
    q = 0
    for v in range(local.size - 1, -1, -1):
        if local[v] < 0:
            continue
        local[v] = k
        for j in range(down.start[v], down.start[v + 1]):
            head[q] = local[down.head[j]]
            weight[q] = down.weight[j]
            q += 1
        k += 1
        start[k] = q
    return Reach(local, start, head), weight


@inner
def climb(source: int, parent: Int32, up: Pruned, best: Float) -> None:
    """Write the lengths from a source to its ancestors (``best`` holds ``inf`` elsewhere)."""
    best[source] = 0.0
    v = source
    while v >= 0:
        d = best[v]
        if d < np.inf:
            for i in range(up.start[v], up.start[v + 1]):
                q = d + up.weight[i]
                x = up.head[i]
                best[x] = min(q, best[x])
        v = parent[v]
