import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from network.profiles import PROFILES
from network.states import turn_graph
from network.tracks.reach import desk_of, reach_of, search
from network.weigh import Weights, weigh
from tests.network.drawing import draw, grid

TRUCK = PROFILES["refuse-truck"]


def weights_of(network) -> Weights:
    return weigh(turn_graph(network, [TRUCK]), TRUCK)


def plain(reach, states: int) -> csr_array:
    """The same turns for scipy, for which nothing may weigh nothing."""
    from_ = np.repeat(np.arange(states), np.diff(reach.start))
    return csr_array((np.maximum(reach.metres, 1e-9), (from_, reach.head)), shape=(states, states))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), bound=st.sampled_from([150.0, 600.0, np.inf]))
def test_distances_are_those_of_dijkstra(seed: int, bound: float) -> None:
    random = np.random.default_rng(seed)
    weights = weights_of(grid(5, 5, seed=seed))
    reach = reach_of(weights, 50.0)
    desk = desk_of(reach)
    count = weights.graph.states
    turns = plain(reach, count)
    for source in random.integers(0, count, 5).tolist():
        expected = dijkstra(turns, indices=source)
        wanted = np.unique(random.integers(0, count, 6))
        wanted = wanted[wanted != source]
        desk.round[0] += 1
        desk.wanted[wanted] = desk.round[0]
        around, before = search(reach, desk, source, len(wanted), bound, True)
        near = np.isfinite(expected[wanted]) & (expected[wanted] <= bound)
        seen = desk.seen[wanted] == desk.round[0]
        assert (seen == near).all()
        assert desk.distance[wanted][near] == pytest.approx(expected[wanted][near], abs=1e-4)
        into = turns[:, [source]].toarray().ravel()
        loop = np.min(np.where(into > 0, expected + into, np.inf))
        assert around == pytest.approx(loop if loop <= bound else np.inf, abs=1e-4)
        assert (before >= 0) == (np.isfinite(loop) and loop <= bound)
        for state in wanted[near].tolist():
            metres, at = 0.0, state
            while at != source:
                metres += turns[desk.parent[at], at]
                at = int(desk.parent[at])
            assert metres == pytest.approx(desk.distance[state], abs=1e-4)


def test_to_turn_round_counts_more_and_only_where_it_is_possible() -> None:
    network = draw({"a": (0, 0), "b": (100, 0), "c": (200, 0)}, [("a", "b"), ("b", "c")])
    weights = weights_of(network)
    reach = reach_of(weights, 70.0)
    desk = desk_of(reach)
    ahead, back = (int(np.flatnonzero(weights.graph.directed == d)[0]) for d in (0, 1))
    desk.round[0] += 1
    desk.wanted[back] = desk.round[0]
    search(reach, desk, ahead, 1, np.inf, False)
    assert desk.distance[back] == pytest.approx(100 + 100 + 70 + 100, abs=0.2)  # at c, not in the middle of the street


def test_who_came_to_serve_may_go_on_from_there() -> None:
    private = {"access": "private", "highway": "service"}
    network = draw(
        {"a": (0, 0), "b": (100, 0), "c": (100, 100), "d": (0, 100)},
        [("a", "b"), ("b", "c", private), ("c", "d"), ("d", "a")],
    )
    weights = weights_of(network)
    reach = reach_of(weights, 50.0)
    desk = desk_of(reach)
    from_, to = (int(np.flatnonzero(weights.graph.directed == d)[0]) for d in (0, 4))
    desk.round[0] += 1
    desk.wanted[to] = desk.round[0]
    search(reach, desk, from_, 1, np.inf, False)
    assert desk.distance[to] == pytest.approx(200, abs=0.2)
