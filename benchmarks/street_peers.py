"""Other programs on the very same turn graph and weights: how long each takes, and whether it finds the same.

Every peer gets the arcs from state to state with the combined weights (milliseconds, then decimetres, exact in
float64) and answers rows of D, from the start of a state to the start of another one. Peers that search row by row are
asked for some rows only; their time for all is extrapolated, which the row count beside it tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BLOCK_BYTES = 2**28  # distances from a block of sources to all states, held at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Arcs with finite weights, no two parallel; where to start, where to arrive.

    Parameters
    ----------
    weight
        ``ms * 2**shift + dm``.
    x, y
        Where the states lie, metres in the plane.
    """

    states: int
    tail: Ints
    head: Ints
    weight: Floats
    shift: int
    sources: Ints
    targets: Ints
    x: Floats
    y: Floats

    @property
    def graph(self) -> csr_array:
        """The arcs as a sparse array; zeros count as arcs."""
        start = np.searchsorted(self.tail, np.arange(self.states + 1))
        return csr_array((self.weight, self.head, start), shape=(self.states, self.states))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a peer found: the first rows of D (combined weights, or whole milliseconds), and the seconds it took.

    ``ready_s`` is what it needs before the first search; ``matrix_s`` is for all rows, extrapolated where ``rows`` are
    fewer.
    """

    found: Floats
    milliseconds: bool
    rows: int
    ready_s: float
    matrix_s: float


def search(
    states: int,
    arcs: tuple[NDArray[np.int32], NDArray[np.int32], Floats, int],
    ends: tuple[NDArray[np.int32], NDArray[np.int32]],
    at: tuple[Floats, Floats],
) -> Search:
    """Return the problem without closed arcs, the cheapest of those that are parallel, sorted by tail and head."""
    tail, head, weight, shift = arcs
    order = np.lexsort((weight, head, tail))
    order = order[np.isfinite(weight[order])]
    tail, head, weight = tail[order], head[order], weight[order]
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
    return Search(
        states=states,
        tail=tail[first].astype(np.int64),
        head=head[first].astype(np.int64),
        weight=weight[first],
        shift=shift,
        sources=ends[0].astype(np.int64),
        targets=ends[1].astype(np.int64),
        x=at[0],
        y=at[1],
    )


def scipy(problem: Search, rows: int) -> Answer:
    """``scipy.sparse.csgraph.dijkstra``, in blocks of rows."""
    began = time.perf_counter()
    graph = problem.graph
    ready = time.perf_counter()
    rows = min(rows, len(problem.sources))
    blocks = np.array_split(problem.sources[:rows], max(1, rows * 8 * problem.states // BLOCK_BYTES))
    found = np.concatenate([dijkstra(graph, indices=block)[:, problem.targets] for block in blocks])
    return _timed(problem, found, rows, began, ready)


def networkx(problem: Search, rows: int) -> Answer:
    """``networkx.single_source_dijkstra_path_length`` for each row."""
    began = time.perf_counter()
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_weighted_edges_from(
        zip(problem.tail.tolist(), problem.head.tolist(), problem.weight.tolist(), strict=True)
    )
    ready = time.perf_counter()
    rows = min(rows, len(problem.sources))
    found = np.full((rows, len(problem.targets)), np.inf)
    targets = problem.targets.tolist()
    for row, source in enumerate(problem.sources[:rows].tolist()):
        lengths = nx.single_source_dijkstra_path_length(graph, source) if source in graph else {source: 0.0}
        found[row] = [lengths.get(target, np.inf) for target in targets]
    return _timed(problem, found, rows, began, ready)


def igraph(problem: Search, rows: int) -> Answer:
    """``igraph.Graph.distances`` (GPL: used where it is installed, never required)."""
    import igraph as ig  # type: ignore[import-not-found,unused-ignore]

    began = time.perf_counter()
    graph = ig.Graph(n=problem.states, edges=np.stack([problem.tail, problem.head], axis=1), directed=True)
    ready = time.perf_counter()
    rows = min(rows, len(problem.sources))
    targets, which = np.unique(problem.targets, return_inverse=True)
    found = graph.distances(problem.sources[:rows].tolist(), targets.tolist(), weights=problem.weight)
    return _timed(problem, np.array(found)[:, which], rows, began, ready)


def pyroutingkit(problem: Search, rows: int) -> Answer:
    """RoutingKit's customisable contraction hierarchy; whole milliseconds, as its weights have 32 bits."""
    from pyroutingkit import CCHMetric, CCHTopology  # type: ignore[import-not-found,unused-ignore]

    began = time.perf_counter()
    topology = CCHTopology()
    ends = (problem.tail.astype(np.uint32), problem.head.astype(np.uint32))
    at = ((problem.y / 111_195).astype(np.float32), (problem.x / 111_195).astype(np.float32))
    topology.build(*ends, *at, problem.states)
    metric = CCHMetric(topology)
    metric.customize((problem.weight.astype(np.int64) >> problem.shift).astype(np.uint32))
    ready = time.perf_counter()
    rows = min(rows, len(problem.sources))
    sources, targets = (each.astype(np.uint32) for each in (problem.sources[:rows], problem.targets))
    whole = np.asarray(metric.distances_many_to_many(sources, targets)).reshape(rows, -1)
    found = np.where(whole >= 2**31 - 1, np.inf, whole.astype(np.float64))
    return _timed(problem, found, rows, began, ready, milliseconds=True)


def _timed(
    problem: Search, found: Floats, rows: int, began: float, ready: float, *, milliseconds: bool = False
) -> Answer:
    return Answer(
        found=found,
        milliseconds=milliseconds,
        rows=rows,
        ready_s=ready - began,
        matrix_s=(time.perf_counter() - ready) * len(problem.sources) / max(rows, 1),
    )


PEERS: Mapping[str, tuple[Callable[[Search, int], Answer], int]] = {
    "scipy": (scipy, 100),
    "networkx": (networkx, 5),
    "igraph": (igraph, 50),
    "pyroutingkit": (pyroutingkit, 2**31),
}
"""Name -> how it searches, and how many rows it is asked for."""


def missing(name: str) -> bool:
    """Return whether a peer is not installed."""
    return find_spec(name) is None
