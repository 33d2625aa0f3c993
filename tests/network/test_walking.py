import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.exchange import to_networkx
from network.profiles import PROFILES
from network.snap import snap
from network.walking import distances_within, nearest, pairs_within
from tests.network.drawing import degrees, draw, grid

FOOT, TRUCK = PROFILES["foot"], PROFILES["refuse-truck"]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), limit=st.sampled_from([0.0, 90.0, 250.0, 10_000.0]))
def test_distances_are_those_of_networkx(seed: int, limit: float) -> None:
    network = grid(5, 5, seed=seed)
    corners = snap(network, TRUCK, network.junction_lon, network.junction_lat)
    graph = to_networkx(network, TRUCK).reverse()
    for _, _, data in graph.edges(data=True):
        data["dm"] = int(data["length"] * 10 + 0.5)
    at = corners.distance_m < 0.01
    people = network.junction_id[at]
    sites = people[::7]
    expected = np.array(
        [
            [found.get(int(person), np.inf) / 10 for person in people]
            for site in sites
            for found in [nx.single_source_dijkstra_path_length(graph, int(site), cutoff=limit * 10, weight="dm")]
        ]
    ).T
    everybody = snap(network, TRUCK, network.junction_lon[at], network.junction_lat[at])
    targets = snap(network, TRUCK, network.junction_lon[at][::7], network.junction_lat[at][::7])
    assert (distances_within(network, TRUCK, everybody, targets, limit_m=limit) == expected).all()
    found = pairs_within(network, TRUCK, everybody, targets, limit_m=limit)
    assert np.argwhere(np.isfinite(expected.T)).tolist() == np.column_stack([found.to, found.from_]).tolist()
    assert (expected[found.from_, found.to] == found.metres).all()
    index, metres = nearest(network, TRUCK, everybody, targets, limit_m=limit)
    assert (metres == expected.min(axis=1)).all()
    known = np.flatnonzero(index >= 0)
    assert (known == np.flatnonzero(np.isfinite(metres))).all()
    assert (expected[known, index[known]] == metres[known]).all()


def test_the_shortest_way_is_taken_even_where_it_is_slow() -> None:
    network = draw(
        {"a": (0, 0), "b": (200, 0), "c": (100, 120)},
        [("a", "b", {"highway": "service"}), ("a", "c", {"highway": "primary"}), ("c", "b", {"highway": "primary"})],
    )
    at = snap(network, TRUCK, *degrees([0, 200], [0, 0]))
    assert distances_within(network, TRUCK, at, at, limit_m=500).round(1).tolist() == [[0, 200], [200, 0]]


def test_distances_are_in_the_direction_of_travel() -> None:
    ring = draw(
        {"a": (0, 0), "b": (300, 0), "c": (0, 300)},
        [("a", "b", {"oneway": "yes"}), ("b", "c", {"oneway": "yes"}), ("c", "a", {"oneway": "yes"})],
    )
    people, sites = (snap(ring, TRUCK, *degrees([x], [0])) for x in (50, 120))
    assert distances_within(ring, TRUCK, people, sites, limit_m=5000).round(1).tolist() == [[70]]
    assert nearest(ring, TRUCK, sites, people, limit_m=5000)[1][0] == pytest.approx(600 + 424.3 - 70, abs=0.1)


def test_two_sites_at_one_spot_and_nobody_near() -> None:
    network = grid(4, 4, seed=3)
    people = snap(network, FOOT, *degrees([10, 9000, 280], [10, 9000, 280]))
    sites = snap(network, FOOT, *degrees([9000, 15, 15], [9000, 12, 12]))
    index, metres = nearest(network, FOOT, people, sites, limit_m=100)
    assert index.tolist() == [1, -1, -1]
    assert np.isinf(metres[1:]).all()
    nowhere = snap(network, FOOT, [], [])
    assert nearest(network, FOOT, people, nowhere, limit_m=100)[0].tolist() == [-1, -1, -1]
    assert distances_within(network, FOOT, people, nowhere, limit_m=100).shape == (3, 0)
    assert len(pairs_within(network, FOOT, people, nowhere, limit_m=100).to) == 0
    assert len(pairs_within(network, FOOT, nowhere, sites, limit_m=100).to) == 0
    twice = pairs_within(network, FOOT, people, sites, limit_m=100)
    assert (twice.from_.tolist(), twice.to.tolist()) == ([0, 0], [1, 2])
    assert distances_within(network, FOOT, nowhere, sites, limit_m=100).shape == (0, 3)


def test_blocks_of_searches_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    network = grid(5, 5, seed=9)
    at = snap(network, FOOT, network.junction_lon, network.junction_lat)
    whole = pairs_within(network, FOOT, at, at, limit_m=230)
    monkeypatch.setattr("network.walking.AT_ONCE_TARGETS", 4)
    monkeypatch.setattr("network.walking.AT_ONCE_BYTES", 8 * 25 * 3)
    parts = pairs_within(network, FOOT, at, at, limit_m=230)
    monkeypatch.setattr("network.walking.FAR_M", 200)
    assert all((a == b).all() for a, b in zip(whole, pairs_within(network, FOOT, at, at, limit_m=230), strict=True))
    assert all((a == b).all() for a, b in zip(whole, parts, strict=True))
    dense = distances_within(network, FOOT, at, at, limit_m=230)
    assert (dense[whole.from_, whole.to] == whole.metres).all()
    assert np.isfinite(dense).sum() == len(whole.to)
