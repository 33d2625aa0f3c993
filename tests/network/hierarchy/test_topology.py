import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from network.hierarchy.topology import LOOP, Topology, build
from tests.network.hierarchy.graphs import Graph, graphs


def naive(graph: Graph, rank: np.ndarray) -> set[tuple[int, int]]:
    """Eliminate node by node, joining all neighbours."""
    joined = nx.Graph()
    joined.add_nodes_from(range(graph.n))
    joined.add_edges_from((a, b) for a, b in zip(rank[graph.tail], rank[graph.head], strict=True) if a != b)
    slots = set()
    for v in range(graph.n):
        above = sorted(joined[v])
        slots |= {(v, x) for x in above}
        joined.add_edges_from((a, b) for a in above for b in above if a < b)
        joined.remove_node(v)
    return slots


@settings(max_examples=60, deadline=None)
@given(graphs)
def test_slots_are_those_of_an_elimination_node_by_node(graph: Graph) -> None:
    rank = np.random.default_rng(graph.n).permutation(graph.n)
    made = build(graph.n, graph.tail, graph.head, rank)
    shape = made.shape
    slots = list(zip(shape.tail.tolist(), shape.head.tolist(), strict=True))
    assert slots == sorted(naive(graph, rank))
    assert (made.rank == rank).all()
    check_indices(made)
    check_arcs(made, graph, rank)


def check_indices(made: Topology) -> None:
    shape = made.shape
    above = [[int(x) for x in shape.head[shape.start[v] : shape.start[v + 1]]] for v in range(made.nodes)]
    for v in range(made.nodes):
        assert shape.parent[v] == (min(above[v]) if above[v] else -1)
        assert shape.depth[v] == (shape.depth[shape.parent[v]] + 1 if above[v] else 0)
        below = shape.low[shape.low_start[v] : shape.low_start[v + 1]]
        assert (shape.head[below] == v).all()
        assert (np.diff(shape.tail[below]) > 0).all()
    assert (shape.place == shape.depth[shape.head]).all()
    assert sorted(shape.low) == list(range(made.slots))


def check_arcs(made: Topology, graph: Graph, rank: np.ndarray) -> None:
    shape = made.shape
    for k, (a, b) in enumerate(zip(rank[graph.tail], rank[graph.head], strict=True)):
        s = shape.slot[k]
        if a == b:
            assert s == LOOP
            continue
        ends = (shape.tail[s >> 1], shape.head[s >> 1])
        assert (a, b) == (ends[::-1] if s & 1 else ends)
        own = shape.own[shape.own_start[ends[0]] : shape.own_start[ends[0] + 1]]
        assert k in own
        assert (np.diff(own) > 0).all()
    assert len(shape.own) == (shape.slot != LOOP).sum()


def test_nothing_is_a_hierarchy_too() -> None:
    nothing = np.zeros(0, np.int32)
    made = build(0, nothing, nothing, nothing)
    assert (made.nodes, made.slots, made.arcs) == (0, 0, 0)


def test_what_does_not_fit_is_refused() -> None:
    zero, one = np.zeros(1, np.int32), np.ones(1, np.int32)
    with pytest.raises(ValueError, match="differ in number"):
        build(2, zero, zero, zero)
    with pytest.raises(ValueError, match="names no node"):
        build(1, zero, one, zero)
    with pytest.raises(ValueError, match="no permutation"):
        build(2, zero, one, np.zeros(2, np.int32))
