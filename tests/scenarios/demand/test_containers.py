import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.profiles import PROFILES
from network.streets import StreetNetwork
from network.walking import distances_within
from scenarios.demand.containers import Settlement, about_so_many, sites_within
from scenarios.demand.pieces import middles, street_pieces
from tests.network.drawing import draw, grid

FOOT = PROFILES["foot"]


def settled(network: StreetNetwork, *, lived=None, people=None, door_m=0.0, candidates=None) -> Settlement:
    pieces = street_pieces(network, FOOT)
    lived = np.arange(len(pieces)) if lived is None else np.array(lived)
    return Settlement(
        network=network,
        walker=FOOT,
        pieces=pieces,
        lived=lived,
        people=np.ones(len(lived)) if people is None else np.array(people, float),
        door_m=np.full(len(lived), door_m),
        candidates=np.arange(len(pieces)) if candidates is None else np.array(candidates),
    )


def walks(settlement: Settlement, sites: np.ndarray) -> np.ndarray:
    """Metres from each lived piece to its nearest site, by brute force."""
    at_home, at_site = middles(settlement.pieces, settlement.lived), middles(settlement.pieces, sites)
    between = distances_within(settlement.network, FOOT, at_home, at_site, limit_m=1e6)
    return between.min(axis=1) + settlement.door_m


STREET = draw({"a": (0, 0), "b": (1000, 0)}, [("a", "b")])  # 20 pieces


def test_a_straight_street_needs_one_site_for_each_stretch() -> None:
    street = settled(STREET)
    sites = sites_within(street, 100.5)  # each reaches two pieces to either side
    assert len(sites) == 4
    assert walks(street, sites).max() <= 100.5


def test_doors_off_the_street_bring_sites_closer_together() -> None:
    street = settled(STREET, door_m=60.0)
    assert walks(street, sites_within(street, 120)).max() <= 120
    assert len(sites_within(street, 120)) == 7  # 60 m of street are left: one piece to either side


def test_a_site_moves_to_the_middle_of_those_who_use_it() -> None:
    street = settled(STREET, lived=[0, 1, 4], people=[10, 10, 1])
    assert sites_within(street, 200.5).tolist() == [1]


def test_who_lives_far_from_every_candidate_gets_the_nearest() -> None:
    street = settled(STREET, candidates=[0, 1, 2])
    sites = sites_within(street, 100)
    assert 2 in sites
    assert walks(street, sites).max() == pytest.approx(17 * 50)


def test_people_on_streets_without_a_way_to_any_candidate_do_not_stop_it() -> None:
    street = settled(STREET, lived=[0], candidates=[0])
    assert sites_within(street, 50).tolist() == [0]
    assert sites_within(settled(STREET, people=np.zeros(20)), 50).tolist() == []


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), spacing=st.sampled_from([60.0, 150.0, 400.0]), door=st.sampled_from([0.0, 25.0]))
def test_nobody_walks_farther_than_the_spacing_where_it_can_be_kept(seed: int, spacing: float, door: float) -> None:
    random = np.random.default_rng(seed)
    network = grid(5, 6, seed=seed)
    count = len(street_pieces(network, FOOT))
    lived = np.flatnonzero(random.random(count) < 0.6)
    candidates = np.flatnonzero(random.random(count) < 0.5)
    town = settled(network, lived=lived, people=random.uniform(0.1, 40, len(lived)), door_m=door, candidates=candidates)
    sites = sites_within(town, spacing)
    assert set(sites) <= set(candidates)
    thinned = candidates[:: max(1, round(spacing / 200))]
    best = walks(town, thinned)
    walked = walks(town, sites)
    assert (walked[best <= spacing] <= spacing).all()
    assert walked[best > spacing] == pytest.approx(best[best > spacing])
    assert (sites_within(town, spacing) == sites).all()


@pytest.mark.parametrize("count", [1, 2, 5, 12, 30])
def test_about_so_many_as_wished(count: int) -> None:
    town = settled(grid(8, 8, seed=3))
    sites = about_so_many(town, count, 150)
    assert abs(len(sites) - count) <= max(1, 0.1 * count)
    fewer = about_so_many(town, max(1, count // 2), 150)
    assert walks(town, sites).mean() <= walks(town, fewer).mean() + 1e-9


def test_more_than_there_are_places_gives_what_there_is() -> None:
    assert len(about_so_many(settled(STREET), 500, 150)) == 20
