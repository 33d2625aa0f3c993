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
        assert travel.leaving == travel.arriving == ground.places
        assert (np.diag(travel.duration_ms) == 0).all()


def test_the_way_is_as_long_as_the_matrix_says() -> None:
    given = town()
    ground = lay_ground(given.system, given.network, limit_m=150)
    profile = given.system.vehicles[0].profile
    pairs = [(a, b) for a in ground.places[:6] for b in ground.places[-6:]]
    travel = ground.travel[profile]
    for (a, b), way in zip(pairs, ground.legs(profile, pairs), strict=True):
        assert round(way.duration_s * 1000) == travel.duration_ms[travel.row(a), travel.column(b)]
        assert round(way.distance_m * 10) == travel.distance_dm[travel.row(a), travel.column(b)]


def test_half_the_speed_is_twice_the_time() -> None:
    given = town()
    full = lay_ground(given.system, given.network, limit_m=150)
    half = lay_ground(given.system, given.network, limit_m=150, speed_factor=0.5)
    for name, travel in full.travel.items():
        assert np.allclose(half.travel[name].duration_ms, 2.0 * travel.duration_ms, atol=40)
        assert (half.travel[name].distance_dm == travel.distance_dm).all()


def test_a_place_off_the_map_is_reported_with_its_row() -> None:
    given = town()
    lost = replace(given.system.points[0], lon=given.system.points[0].lon + 1.0)
    system = replace(given.system, points=(lost, *given.system.points[1:]))
    doubts = lay_ground(system, given.network, limit_m=150).doubts
    assert {doubt.code for doubt in doubts} == {"place-too-far"}
    assert "row 2" in doubts[0].place
    assert lost.id in doubts[0].place
