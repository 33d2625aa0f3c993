"""Order a handful of nodes by degree: the one with fewest neighbours left goes first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.kernel import inner
from network.hierarchy.topology import Int32, Int64


class Around(NamedTuple):
    """Neighbours of each node, whichever way arcs lead: ``node[start[v]:start[v + 1]]``."""

    start: Int32
    node: Int32


@inner
def by_degree(inside: Int32, around: Around, rank: Int32, local: Int32, following: int) -> None:
    """Give nodes the ranks up to ``following``; neighbours that are not among them count, but stay.

    ``local`` holds -1 for every node, and does so again in the end.
    """
    k = inside.size
    nodes = _numbered(inside, around, local)
    joined = _joined(inside, around, local, nodes.size)
    degree = np.zeros(k, np.int64)
    for i in range(k):
        degree[i] = _count(joined[i])
    for place in range(following - k + 1, following + 1):
        best = 0
        for i in range(1, k):
            if degree[i] < degree[best]:
                best = i
        rank[inside[best]] = place
        degree[best] = nodes.size + 1
        _eliminate(best, joined, degree)
    for v in nodes:
        local[v] = -1


@inner
def _numbered(inside: Int32, around: Around, local: Int32) -> Int32:
    """Number the nodes inside, then their neighbours outside; return all of them."""
    size = inside.size
    for v in inside:
        size += around.start[v + 1] - around.start[v]
    nodes = np.empty(size, np.int32)
    total = 0
    for v in inside:
        local[v] = total
        nodes[total] = v
        total += 1
    for v in inside:
        for j in range(around.start[v], around.start[v + 1]):
            u = around.node[j]
            if local[u] < 0:
                local[u] = total
                nodes[total] = u
                total += 1
    return nodes[:total]


@inner
def _joined(inside: Int32, around: Around, local: Int32, total: int) -> NDArray[np.uint64]:
    """Return who is joined to whom, a row of bits for each."""
    one = np.uint64(1)
    joined = np.zeros((total, (total + 63) // 64), np.uint64)
    for i in range(inside.size):
        v = inside[i]
        for j in range(around.start[v], around.start[v + 1]):
            u = local[around.node[j]]
            if u != i:
                joined[i, u >> 6] |= one << np.uint64(u & 63)
                joined[u, i >> 6] |= one << np.uint64(i & 63)
    return joined


@inner
def _eliminate(v: int, joined: NDArray[np.uint64], degree: Int64) -> None:
    """Join the neighbours of a node with each other, and forget it."""
    one = np.uint64(1)
    for word in range(joined.shape[1]):
        left = joined[v, word]
        while left != 0:
            lowest = left & (~left + one)
            left ^= lowest
            u = (word << 6) + _ones(lowest - one)
            if u >= degree.size:
                break
            for w in range(joined.shape[1]):
                joined[u, w] |= joined[v, w]
            joined[u, u >> 6] &= ~(one << np.uint64(u & 63))
            joined[u, v >> 6] &= ~(one << np.uint64(v & 63))
            degree[u] = _count(joined[u])


@inner
def _count(words: NDArray[np.uint64]) -> int:
    """Return how many bits are set."""
    total = 0
    for word in words:
        total += _ones(word)
    return total


@inner
def _ones(word: np.uint64) -> int:
    """Return how many bits of a word are set."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((word * np.uint64(0x0101010101010101)) >> np.uint64(56))
