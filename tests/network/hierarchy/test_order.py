import numpy as np
import pytest
from hypothesis import given, settings

from network.hierarchy.order import dissect
from network.hierarchy.topology import build
from tests.network.hierarchy.graphs import Graph, graphs, streets, turns


def rank(graph: Graph) -> np.ndarray:
    return dissect(graph.n, graph.tail, graph.head, graph.x, graph.y)


@settings(max_examples=60, deadline=None)
@given(graphs)
def test_any_graph_has_an_order(graph: Graph) -> None:
    assert sorted(rank(graph)) == list(range(graph.n))


@settings(max_examples=20, deadline=None)
@given(streets)
def test_streets_have_an_order(graph: Graph) -> None:
    assert sorted(rank(graph)) == list(range(graph.n))


def test_a_grid_stays_small() -> None:
    graph = turns(3, 40, 40)
    ours = build(graph.n, graph.tail, graph.head, rank(graph))
    shuffled = build(graph.n, graph.tail, graph.head, np.random.default_rng(0).permutation(graph.n))
    assert ours.slots < 16 * graph.n
    assert shuffled.slots > 10 * ours.slots
    assert ours.shape.depth.max() < 400


def test_the_same_graph_has_the_same_order() -> None:
    graph = turns(4, 20, 20)
    assert (rank(graph) == rank(graph)).all()


def test_copies_at_one_place_do_not_join_the_ends_of_their_street() -> None:
    """Leaving and arriving copies of a town, with a step from copy to copy and none back."""
    graph, n = turns(3, 40, 40), turns(3, 40, 40).n
    tail = np.concatenate([graph.tail, np.arange(n), n + graph.tail])
    head = np.concatenate([graph.head, n + np.arange(n), n + graph.head])
    x, y = np.tile(graph.x, 2), np.tile(graph.y, 2)
    one = build(n, graph.tail, graph.head, rank(graph)).slots
    assert build(2 * n, tail, head, dissect(2 * n, tail, head, x, y)).slots < 4.5 * one


def test_a_plain_grid_is_ordered_too() -> None:
    """Its nodes are no pieces of anything: every one is entered where it is left."""
    side = 60
    at = np.arange(side * side).reshape(side, side)
    a = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    b = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    tail, head = np.concatenate([a, b]), np.concatenate([b, a])
    order = dissect(side * side, tail, head, (at % side).ravel().astype(float), (at // side).ravel().astype(float))
    assert build(side * side, tail, head, order).slots < 30 * side * side


def test_what_does_not_fit_is_refused() -> None:
    one = np.zeros(1, np.int32)
    nowhere = np.array([np.nan])
    with pytest.raises(ValueError, match="differ in number"):
        dissect(2, one, one, np.zeros(1), np.zeros(1))
    with pytest.raises(ValueError, match="names no node"):
        dissect(1, one + 1, one, np.zeros(1), np.zeros(1))
    with pytest.raises(ValueError, match="nowhere"):
        dissect(1, one, one, nowhere, nowhere)
