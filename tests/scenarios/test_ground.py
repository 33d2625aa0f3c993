from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenarios.ground import lay_ground
from tests.scenarios.given import town


def test_every_place_of_the_town_stands_on_a_street_of_every_profile() -> None:
    given = town()
    ground = lay_ground(given.system, given.network, limit_m=150)
    assert ground.doubts == ()
    assert set(ground.travel) == {vehicle.profile for vehicle in given.system.vehicles}
    for travel in ground.travel.values():
        assert travel.leaving == travel.arriving == tuple(s for place in ground.places for s in ground.stances[place])
        assert (np.diag(travel.duration_ms) == 0).all()


def test_the_way_is_as_long_as_the_matrix_says() -> None:
    given = town()
    ground = lay_ground(given.system, given.network, limit_m=150)
    profile = given.system.vehicles[0].profile
    travel = ground.travel[profile]
    pairs = [(a, b) for a in travel.leaving[:8] for b in travel.arriving[-8:]]
    for (a, b), way in zip(pairs, ground.legs(profile, pairs), strict=True):
        assert round(way.duration_s * 1000) == travel.duration_ms[travel.row(a), travel.column(b)]
        assert round(way.distance_m * 10) == travel.distance_dm[travel.row(a), travel.column(b)]


def test_half_the_speed_is_twice_the_driving_and_the_same_turns() -> None:
    given = town()
    full = lay_ground(given.system, given.network, limit_m=150)
    half = lay_ground(given.system, given.network, limit_m=150, speed_factor=0.5)
    for name, travel in full.travel.items():
        ms, slow_ms = travel.duration_ms.astype(np.int64), half.travel[name].duration_ms.astype(np.int64)
        assert ((slow_ms >= ms) & (slow_ms <= 2 * ms + 40)).all()
        same = half.travel[name].distance_dm == travel.distance_dm
        turns_ms = (2 * ms - slow_ms)[same]
        assert same.mean() > 0.9
        assert (turns_ms > 1000).any()
        assert (turns_ms >= -40).all()


def test_a_place_off_the_map_is_reported_with_its_row() -> None:
    given = town()
    lost = replace(given.system.points[0], lon=given.system.points[0].lon + 1.0)
    system = replace(given.system, points=(lost, *given.system.points[1:]))
    doubts = lay_ground(system, given.network, limit_m=150).doubts
    assert {doubt.code for doubt in doubts} == {"place-too-far"}
    assert "row 2" in doubts[0].place
    assert lost.id in doubts[0].place


def test_a_depot_that_cannot_be_placed_is_told_first_and_what_it_means() -> None:
    given = town()
    gone = replace(given.system.depots[0], lon=given.system.depots[0].lon + 1.0)
    lost = replace(given.system.points[0], lon=given.system.points[0].lon + 1.0)
    system = replace(given.system, points=(lost, *given.system.points[1:]), depots=(gone, *given.system.depots[1:]))
    doubts = lay_ground(system, given.network, limit_m=150).doubts
    assert f"({gone.id})" in doubts[0].place
    assert "no vehicle that starts or ends here can serve anything" in doubts[0].cause
    assert f"({lost.id})" in doubts[1].place
