"""Matrices as a whole; the numbers themselves against other judges in test_drive.py and test_oracle.py."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.drive import Drive, drive, prepare
from network.exchange import to_networkx
from network.matrix import UNREACHABLE, TravelMatrix, matrix
from network.profiles import PROFILES, VehicleProfile
from network.sources.made_up import twelve_junctions
from network.streets import StreetNetwork
from tests.network.drawing import draw, grid
from tests.network.towns import TRUCK, driven, facing, scattered, standing

FREELY = {  # turns for nothing, and round at every junction: states and turns are then the plain graph of junctions
    name: replace(
        profile,
        **dict.fromkeys(("near_turn_s", "far_turn_s", "sharp_turn_s", "u_turn_s", "signals_s", "give_way_s"), 0.0),
        u_turns="anywhere",
    )
    for name, profile in PROFILES.items()
}


def rounded(network: StreetNetwork, profile: VehicleProfile) -> nx.MultiDiGraph:
    """The judge's own graph: osmnx's conventions, each edge rounded to whole milliseconds and decimetres."""
    graph = to_networkx(network, profile)
    for _, _, data in graph.edges(data=True):
        dm = int(data["length"] * 10 + 0.5)
        data["both"] = (max(int(data["travel_time"] * 1000 + 0.5), dm) << 32) + dm
    return graph


def junctions(who: Drive) -> tuple[TravelMatrix, np.ndarray]:
    """Times from the ends of streets into each junction to the starts of streets out of it, and which have both."""
    network = who.prepared.network
    ends = np.stack([network.tail, network.head], axis=-1).ravel()
    used = np.flatnonzero(who.usable)
    into, out = np.full((2, network.junctions), -1)
    into[ends[used ^ 1]], out[ends[used]] = used, used
    length = network.length_m[np.concatenate([into, out]) >> 1]
    against = np.concatenate([into, out]) & 1 == 1
    along = np.where(against == (np.arange(len(against)) < network.junctions), 0.0, length)
    places = standing(network, [int(d) >> 1 for d in np.concatenate([into, out])], along.tolist())
    both = facing("".join("><"[back] for back in against.astype(int)))
    some = [
        replace(both, **{k: getattr(both, k)[part] for k in ("ids", "place", "ahead", "back", "across")})
        for part in (slice(0, network.junctions), slice(network.junctions, None))
    ]
    return matrix(who, places, *some), np.flatnonzero((into >= 0) & (out >= 0))


@pytest.mark.parametrize("profile", sorted(FREELY))
@pytest.mark.parametrize("town", [None, 0, 1, 2])
def test_where_turns_are_free_it_is_networkx_on_the_graph_of_junctions(profile: str, town: int | None) -> None:
    network = twelve_junctions() if town is None else grid(7, 8, seed=town)
    who = drive(prepare(network, FREELY[profile].movement), FREELY[profile])
    found, there = junctions(who)
    graph = rounded(network, FREELY[profile])
    compared = 0
    for row in there:
        lengths = nx.single_source_dijkstra_path_length(graph, int(network.junction_id[row]), weight="both")
        for col in there:
            length = lengths[int(network.junction_id[col])]
            pair = int(found.duration_ms[row, col]), int(found.distance_dm[row, col])
            assert pair == (length >> 32, length & (2**32 - 1))
            compared += 1
    assert compared >= 144


def test_worked_out_on_paper() -> None:
    network = draw(
        {"a": (0, 0), "b": (300, 0), "c": (300, 300), "d": (0, 300)},
        [("a", "b"), ("b", "c"), ("c", "d", {"oneway": "yes"}), ("d", "a"), ("a", "c")],
    )
    at = standing(network, [0, 0, 2], [100, 250, 100])
    who = drive(prepare(network), TRUCK)
    found = matrix(who, at, facing("oo>"), facing("oo>"))
    assert found.distance_dm.tolist() == [
        [0, 1500, 2000 + 3000 + 1000],  # the diagonal would be 24 m longer
        [1500, 0, 500 + 3000 + 1000],
        [2000 + 3000 + 1000, 2000 + 3000 + 2500, 0],
    ]
    assert (found.duration_ms == found.distance_dm * 24).all(), "15 km/h"


def test_places_at_one_spot_have_nothing_between_them() -> None:
    who = driven()
    at = standing(who.prepared.network, [0, 0, 8], [50, 50, 10])
    found = matrix(who, at, facing("ooo"), facing("ooo"))
    assert found.duration_ms[:2, :2].tolist() == [[0, 0], [0, 0]]
    assert (found.duration_ms[0] == found.duration_ms[1]).all()
    assert (found.distance_dm[:, 0] == found.distance_dm[:, 1]).all()


def test_it_says_what_it_was_made_from() -> None:
    who = driven()
    at, stances = scattered(who, 9, 1)
    found = matrix(who, at, facing(">>"), stances)
    assert (found.profile, found.network_sha256) == ("refuse-truck", who.prepared.network.sha256)
    assert (found.leaving, found.arriving) == (("0>", "1>"), stances.ids)
    assert found.duration_ms.shape == found.distance_dm.shape == (2, 9)
    with pytest.raises(ValueError, match="read-only"):
        found.duration_ms[0, 0] = 1
    with pytest.raises(ValueError, match="do not fit"):
        replace(found, leaving=("a",))


def test_no_places_at_all() -> None:
    none = facing("")
    assert matrix(driven(), standing(driven().prepared.network, [], []), none, none).duration_ms.shape == (0, 0)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), profile=st.sampled_from(sorted(PROFILES)))
def test_going_by_way_of_a_third_place_is_never_faster(seed: int, profile: str) -> None:
    network = grid(5, 5, seed=seed)
    who = drive(prepare(network, PROFILES[profile].movement), PROFILES[profile])
    at, _ = scattered(who, 25, seed)
    ways = facing("".join("><"[k] for k in np.random.default_rng(seed).integers(0, 2, 25)))
    found = matrix(who, at, ways, ways).duration_ms.astype(np.int64)
    assert (found[:, None, :] <= found[:, :, None] + found[None, :, :]).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), factor=st.floats(0.2, 3.0))
def test_the_speed_factor_scales_durations(seed: int, factor: float) -> None:
    prepared = prepare(grid(4, 5, seed=seed))
    plain, scaled = drive(prepared, TRUCK), drive(prepared, TRUCK, speed_factor=factor)
    at, stances = scattered(plain, 15, seed)
    before, after = (matrix(who, at, stances, stances).duration_ms for who in (plain, scaled))
    known = before < UNREACHABLE
    states = len(prepared.graph.segment)
    assert np.abs(after[known] - before[known] / factor).max(initial=0) <= states * (1 + 1 / factor)
    assert (known == (after < UNREACHABLE)).all()
