"""Graphs for the tests, and what scipy says about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from network.hierarchy.customise import Metric, customise
from network.hierarchy.order import dissect
from network.hierarchy.topology import build

SHIFT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A directed graph with whole weights in milliseconds and decimetres; closed arcs weigh inf."""

    n: int
    tail: np.ndarray
    head: np.ndarray
    weight: np.ndarray
    x: np.ndarray
    y: np.ndarray

    def metric(self, rank: np.ndarray | None = None) -> Metric:
        rank = dissect(self.n, self.tail, self.head, self.x, self.y) if rank is None else rank
        return customise(build(self.n, self.tail, self.head, rank), self.weight, SHIFT)

    def lengths(self) -> np.ndarray:
        """All pairs, by scipy: a zero is a tiny weight there, which rounding takes away again."""
        if self.n == 0:
            return np.zeros((0, 0))
        order = np.lexsort((self.weight, self.head, self.tail))
        tail, head, weight = self.tail[order], self.head[order], self.weight[order]
        first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])] if len(tail) else np.zeros(0, bool)
        first &= np.isfinite(weight)
        parts = (np.maximum(weight[first], 1e-7), (tail[first], head[first]))
        found = dijkstra(csr_array(parts, shape=(self.n, self.n)))
        return np.where(np.isfinite(found), np.round(found, 3), np.inf)


def random_graph(seed: int, n: int, arcs: int, *, closed: float = 0.1) -> Graph:
    """Anything at all: loops, parallel arcs, zeros, nodes without arcs, several nodes at one place."""
    random = np.random.default_rng(seed)
    ends = random.integers(0, max(n, 1), (2, arcs if n else 0)).astype(np.int32)
    m = ends.shape[1]
    weight = random.integers(0, 40, m) * 2.0**SHIFT + random.integers(0, 20, m)
    weight[random.random(m) < 0.1] = 0
    weight[random.random(m) < closed] = np.inf
    x, y = random.integers(0, 12, (2, n)).astype(np.float64)
    return Graph(n=n, tail=ends[0], head=ends[1], weight=weight, x=x, y=y)


def turns(seed: int, rows: int, columns: int) -> Graph:
    """The turn graph of a jittered grid with one-ways and missing streets, U-turn arcs partly closed."""
    random = np.random.default_rng(seed)
    at = np.arange(rows * columns).reshape(rows, columns)
    px = (at % columns + random.normal(0, 0.2, at.shape)).ravel()
    py = (at // columns + random.normal(0, 0.2, at.shape)).ravel()
    a = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    b = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    there = random.random(len(a)) < 0.9
    a, b = a[there], b[there]
    two = random.random(len(a)) < 0.7
    begin, end = np.concatenate([a, b[two]]), np.concatenate([b, a[two]])
    street = np.concatenate([np.arange(len(a)), np.flatnonzero(two)])
    tail, head = np.nonzero(end[:, None] == begin[None, :])
    weight = random.integers(1, 4000, len(begin))[tail] * 2.0**SHIFT + random.integers(0, 20, len(tail))
    back = street[tail] == street[head]
    weight[back & (random.random(len(tail)) < 0.8)] = np.inf
    x, y = (p[begin] + p[end] for p in (px, py))
    return Graph(n=len(begin), tail=tail.astype(np.int32), head=head.astype(np.int32), weight=weight, x=x, y=y)


graphs = st.builds(
    random_graph,
    st.integers(0, 2**32 - 1),
    st.integers(0, 30),
    st.integers(0, 90),
    closed=st.sampled_from([0.0, 0.1, 1.0]),
)
streets = st.builds(turns, st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 9))
