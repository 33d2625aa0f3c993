import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.hierarchy.search import pairs, paths
from tests.network.hierarchy.graphs import SHIFT, Graph, graphs, streets


@settings(max_examples=80, deadline=None)
@given(graphs | streets, st.integers(0, 2**32 - 1))
def test_the_arcs_of_a_way_join_up_and_weigh_what_it_should(graph: Graph, seed: int) -> None:
    random = np.random.default_rng(seed)
    sources, targets = random.integers(-1, max(graph.n, 1), (2, 25)) if graph.n else np.full((2, 25), -1)
    start, arc = paths(graph.metric(), sources, targets)
    lengths = graph.lengths()
    assert start[0] == 0
    for k, (source, target) in enumerate(zip(sources, targets, strict=True)):
        way = arc[start[k] : start[k + 1]]
        if min(source, target) < 0 or source == target or np.isinf(lengths[source, target]):
            assert len(way) == 0
            continue
        assert graph.tail[way[0]] == source
        assert graph.head[way[-1]] == target
        assert (graph.head[way[:-1]] == graph.tail[way[1:]]).all()
        assert graph.weight[way].sum() == lengths[source, target]


def test_of_parallel_arcs_the_best_and_of_equal_ones_the_first() -> None:
    tail, head = np.zeros(4, np.int32), np.ones(4, np.int32)
    weight = np.array([5.0, 3.0, 3.0, np.inf])
    graph = Graph(n=2, tail=tail, head=head, weight=weight, x=np.zeros(2), y=np.zeros(2))
    start, arc = paths(graph.metric(), np.array([0, 1]), np.array([1, 0]))
    assert start.tolist() == [0, 1, 1]
    assert arc.tolist() == [1]


def test_pairs_share_a_source() -> None:
    graph = Graph(
        n=3,
        tail=np.array([0, 1]),
        head=np.array([1, 2]),
        weight=np.array([2.0**SHIFT, 7.0]),
        x=np.arange(3.0),
        y=np.zeros(3),
    )
    found = pairs(graph.metric(), np.array([0, 0, 0, 2]), np.array([2, 1, 0, 0]))
    assert found.tolist() == [2.0**SHIFT + 7, 2.0**SHIFT, 0.0, np.inf]


def test_ends_fit() -> None:
    graph = Graph(n=1, tail=np.zeros(0, int), head=np.zeros(0, int), weight=np.zeros(0), x=np.zeros(1), y=np.zeros(1))
    with pytest.raises(ValueError, match="1 sources for 2 targets"):
        paths(graph.metric(), np.zeros(1, int), np.zeros(2, int))
