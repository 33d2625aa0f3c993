import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.hierarchy.customise import Pruned, customise, update
from tests.network.hierarchy.graphs import Graph, graphs, random_graph, streets, turns


@settings(max_examples=60, deadline=None)
@given(graphs)
def test_slots_that_are_kept_are_shortest_ways(graph: Graph) -> None:
    metric = graph.metric()
    lengths = graph.lengths()
    node = np.argsort(metric.topology.rank)
    up, down = metric.pruned
    assert kept(up, node) == {(a, b): lengths[a, b] for a, b in kept(up, node)}
    assert kept(down, node) == {(b, a): lengths[a, b] for b, a in kept(down, node)}
    shape = metric.topology.shape
    v, x = node[shape.tail], node[shape.head]
    assert (metric.up >= lengths[v, x]).all()
    assert (metric.down >= lengths[x, v]).all()
    exact = int((metric.up == lengths[v, x])[np.isfinite(metric.up)].sum())
    assert len(up.head) == exact


def kept(half: Pruned, node: np.ndarray) -> dict[tuple[int, int], float]:
    tail = np.repeat(np.arange(len(half.start) - 1), np.diff(half.start))
    return {(int(node[v]), int(node[x])): float(w) for v, x, w in zip(tail, half.head, half.weight, strict=True)}


@settings(max_examples=60, deadline=None)
@given(graphs | streets, st.integers(0, 2**32 - 1), st.integers(0, 6))
def test_an_update_is_what_a_new_start_gives(graph: Graph, seed: int, changes: int) -> None:
    random = np.random.default_rng(seed)
    metric = graph.metric()
    before = metric.up.copy(), metric.down.copy(), metric.weight.copy()
    arcs = random.integers(0, max(len(graph.tail), 1), changes if len(graph.tail) else 0)
    weight = np.where(random.random(len(arcs)) < 0.5, np.inf, random.integers(0, 10**5, len(arcs)))
    changed = update(metric, arcs, weight)
    fresh = graph.weight.copy()
    fresh[arcs] = weight
    afresh = customise(metric.topology, fresh, metric.shift)
    assert (changed.weight == fresh).all()
    assert (changed.up == afresh.up).all()
    assert (changed.down == afresh.down).all()
    for old, now in zip(before, (metric.up, metric.down, metric.weight), strict=True):
        assert (old == now).all()


def test_reopening_after_a_closure_gives_the_first_weights_back() -> None:
    graph = turns(1, 8, 8)
    metric = graph.metric()
    closed = update(metric, np.arange(20), np.full(20, np.inf))
    again = update(closed, np.arange(20), graph.weight[:20])
    assert (again.up == metric.up).all()
    assert (again.down == metric.down).all()
    assert not (closed.up == metric.up).all()


def test_a_metric_cannot_be_written_to() -> None:
    metric = random_graph(1, 8, 20).metric()
    with pytest.raises(ValueError, match="read-only"):
        metric.up[0] = 1


@pytest.mark.parametrize("bad", [np.nan, -1.0, 2.0**53, 0.5])
def test_weights_that_cannot_be_added_exactly_are_refused(bad: float) -> None:
    graph = random_graph(1, 8, 20)
    metric = graph.metric()
    weight = graph.weight.copy()
    weight[3] = bad
    with pytest.raises(ValueError, match="a weight is"):
        customise(metric.topology, weight, 0)
    with pytest.raises(ValueError, match="a weight is"):
        update(metric, np.array([3]), np.array([bad]))


def test_weights_and_arcs_fit() -> None:
    metric = random_graph(1, 8, 20).metric()
    with pytest.raises(ValueError, match="for 20 arcs"):
        customise(metric.topology, np.zeros(3), 0)
    with pytest.raises(ValueError, match="no such arc"):
        update(metric, np.array([20]), np.array([1.0]))
