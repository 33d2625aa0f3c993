"""The shape of a hierarchy: which shortcuts an elimination order asks for, whatever the weights.

Nodes are eliminated by rank. Eliminating a node joins all its remaining neighbours, so that in the end every shortest
way has a counterpart that first only climbs and then only descends. A *slot* is a pair of joined nodes (v, x), rank of
v below rank of x; it carries one weight upwards (v to x) and one downwards (x to v). The higher neighbours of v all lie
on the way from v to the root of the elimination tree, where the parent of v is its lowest higher neighbour; a node's
*depth* is its distance from the root, so a node and its ancestors are told apart by small numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.kernel import inner, kernel

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
LOOP = -1  # slot of an arc from a node to itself: never part of a shortest way


class Shape(NamedTuple):
    """Slots of a graph under an elimination order, as kernels take them; nodes are ranks.

    Parameters
    ----------
    parent, depth
        Of each rank in the elimination tree: parent (-1 for a root) and number of ancestors.
    start, head, tail, place
        Slots by lower end: the slots of ``v`` are ``start[v]:start[v + 1]``, ``head`` their higher ends, rising,
        ``tail`` their lower end, ``place`` the depth of the higher end.
    low_start, low
        Slots by higher end: ``low[low_start[x]:low_start[x + 1]]``, rising by lower end.
    own_start, own
        Input arcs by the lower of their two ends, each of them in the order given; loops in none.
    slot
        Of each input arc, twice its slot, plus one if it descends; ``LOOP`` for loops.
    """

    parent: Int32
    depth: Int32
    start: Int64
    head: Int32
    tail: Int32
    place: Int32
    low_start: Int64
    low: Int32
    own_start: Int64
    own: Int32
    slot: Int64


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """A directed graph under an elimination order.

    Parameters
    ----------
    rank
        Of each node, 0 for the first eliminated.
    shape
        The slots.
    """

    rank: Int32
    shape: Shape

    def __post_init__(self) -> None:
        for array in (self.rank, *self.shape):
            array.setflags(write=False)

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.rank)

    @property
    def height(self) -> int:
        """One more than the largest depth."""
        return int(self.shape.depth.max(initial=-1)) + 1

    @property
    def slots(self) -> int:
        """Number of joined pairs."""
        return len(self.shape.head)

    @property
    def arcs(self) -> int:
        """Number of input arcs."""
        return len(self.shape.slot)


def build(n: int, tail: NDArray[np.integer], head: NDArray[np.integer], rank: NDArray[np.integer]) -> Topology:
    """Complete a directed graph under an elimination order.

    Loops and parallel arcs are allowed. Memory: 16 bytes a slot, 12 an arc, 32 a node; twice that while it is made.

    Parameters
    ----------
    n
        Number of nodes.
    tail, head
        Nodes of each arc.
    rank
        Of each node, 0 for the first eliminated; a permutation, see :func:`network.hierarchy.order.dissect`.

    Raises
    ------
    ValueError
        If the arrays differ in length, an arc names no node, or ``rank`` is no permutation.
    """
    _check(n, tail, head, rank)
    order: Int32 = rank.astype(np.int32)
    a, b = order[tail], order[head]
    start, heads = _complete(n, *_neighbours(n, np.minimum(a, b), np.maximum(a, b)))
    heads = _rising(start, np.repeat(np.arange(n, dtype=np.int32), np.diff(start)), *_by_head(n, heads))
    return from_slots(order, start, heads, _slots(start, heads, a, b))


def from_slots(rank: Int32, start: Int64, head: Int32, slot: Int64) -> Topology:
    """Return the topology that has these slots."""
    n = len(rank)
    parent, depth = _tree(start, head)
    tail = np.repeat(np.arange(n, dtype=np.int32), np.diff(start))
    shape = Shape(parent, depth, start, head, tail, depth[head], *_by_head(n, head), *_by_tail(tail, slot, n), slot)
    return Topology(rank=rank, shape=shape)


def _check(n: int, tail: NDArray[np.integer], head: NDArray[np.integer], rank: NDArray[np.integer]) -> None:
    """Raise if the parts do not fit together."""
    if len(tail) != len(head) or len(rank) != n:
        raise ValueError("tails and heads, or nodes and ranks, differ in number")
    if len(tail) and (min(tail.min(), head.min()) < 0 or max(tail.max(), head.max()) >= n):
        raise ValueError("an arc names no node")
    if n and (rank.min() < 0 or rank.max() >= n or np.bincount(rank, minlength=n).max() > 1):
        raise ValueError("the ranks are no permutation of the nodes")


@kernel
def _neighbours(n: int, low: Int32, high: Int32) -> tuple[Int64, Int32]:
    """Return the higher neighbours of every node (parallel arcs stay several times, loops go)."""
    start = np.zeros(n + 2, np.int64)
    for i in range(low.size):
        if low[i] != high[i]:
            start[low[i] + 2] += 1
    for v in range(n):
        start[v + 2] += start[v + 1]
    upper = np.empty(start[n + 1], np.int32)
    for i in range(low.size):
        if low[i] != high[i]:
            upper[start[low[i] + 1]] = high[i]
            start[low[i] + 1] += 1
    return start[: n + 1], upper


@kernel
def _complete(n: int, first: Int64, upper: Int32) -> tuple[Int64, Int32]:
    """Return the slots, unsorted: a node's higher neighbours are its own and those of its children, without itself."""
    capacity = 3 * upper.size + 16
    head = np.empty(capacity, np.int32)
    start = np.zeros(n + 1, np.int64)
    child = np.full(n, -1, np.int32)
    sibling = np.full(n, -1, np.int32)
    seen = np.full(n, -1, np.int32)
    k = 0
    for v in range(n):
        begin = k
        seen[v] = v
        need = first[v + 1] - first[v]
        c = child[v]
        while c >= 0:
            need += start[c + 1] - start[c]
            c = sibling[c]
        if k + need > capacity:
            capacity = 2 * capacity + need
            head = _beginning(head, k, capacity)
        k = _added(v, upper, first[v], first[v + 1], seen, head, k)
        c = child[v]
        while c >= 0:
            k = _added(v, head, start[c], start[c + 1], seen, head, k)
            c = sibling[c]
        start[v + 1] = k
        if k > begin:
            p = head[begin]
            for i in range(begin + 1, k):
                p = min(p, head[i])
            sibling[v] = child[p]
            child[p] = v
    return start, _beginning(head, k, k)


@inner
def _added(v: int, some: Int32, begin: int, end: int, seen: Int32, head: Int32, k: int) -> int:
    """Append those of some nodes that v has not seen yet; return how many there are then."""
    for i in range(begin, end):
        x = some[i]
        if seen[x] != v:
            seen[x] = v
            head[k] = x
            k += 1
    return k


@inner
def _beginning(head: Int32, k: int, capacity: int) -> Int32:
    """Return the first k in an array of their own."""
    own = np.empty(capacity, np.int32)
    for i in range(k):
        own[i] = head[i]
    return own


@kernel
def _rising(start: Int64, tail: Int32, low_start: Int64, low: Int32) -> Int32:
    """Return the heads of the slots of every node, sorted: taken head by head."""
    head = np.empty(low.size, np.int32)
    filled = np.empty(start.size, np.int64)
    for v in range(start.size):
        filled[v] = start[v]
    for x in range(low_start.size - 1):
        for q in range(low_start[x], low_start[x + 1]):
            v = tail[low[q]]
            head[filled[v]] = x
            filled[v] += 1
    return head


@kernel
def _tree(start: Int64, head: Int32) -> tuple[Int32, Int32]:
    """Return the parent and the number of ancestors of every node."""
    n = start.size - 1
    parent = np.full(n, -1, np.int32)
    depth = np.zeros(n, np.int32)
    for v in range(n - 1, -1, -1):
        if start[v] < start[v + 1]:
            parent[v] = head[start[v]]
            depth[v] = depth[parent[v]] + 1
    return parent, depth


@kernel
def _by_head(n: int, head: Int32) -> tuple[Int64, Int32]:
    """Return the slots by higher end."""
    low_start = np.zeros(n + 2, np.int64)
    for i in range(head.size):
        low_start[head[i] + 2] += 1
    for v in range(n):
        low_start[v + 2] += low_start[v + 1]
    low = np.empty(head.size, np.int32)
    for i in range(head.size):
        x = head[i]
        low[low_start[x + 1]] = i
        low_start[x + 1] += 1
    return low_start[: n + 1], low


@kernel
def _slots(start: Int64, head: Int32, a: Int32, b: Int32) -> Int64:
    """Return twice the slot of every arc, plus one if it descends; -1 for loops."""
    slot = np.empty(a.size, np.int64)
    for i in range(a.size):
        if a[i] == b[i]:
            slot[i] = -1
            continue
        low, high = min(a[i], b[i]), max(a[i], b[i])
        left, right = start[low], start[low + 1]
        while left < right:
            middle = (left + right) >> 1
            if head[middle] < high:
                left = middle + 1
            else:
                right = middle
        slot[i] = 2 * left + (a[i] > b[i])
    return slot


@kernel
def _by_tail(tail: Int32, slot: Int64, n: int) -> tuple[Int64, Int32]:
    """Return the arcs by lower end."""
    start = np.zeros(n + 2, np.int64)
    for s in slot:
        if s >= 0:
            start[tail[s >> 1] + 2] += 1
    for v in range(n):
        start[v + 2] += start[v + 1]
    own = np.empty(start[n + 1], np.int32)
    for i in range(slot.size):
        if slot[i] >= 0:
            v = tail[slot[i] >> 1]
            own[start[v + 1]] = i
            start[v + 1] += 1
    return start[: n + 1], own
