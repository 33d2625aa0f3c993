from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import scenarios.ground
from faults import InputError, SourceError
from network.profiles import PROFILES
from network.streets import StreetNetwork, TagColumn
from network.travel import StreetTravel
from optimiser.travel import DenseTravel
from scenarios.choices import HoursRef, PeriodRef
from scenarios.ground import coordinates
from scenarios.hazards import Hazard
from scenarios.read.closures import read_hazards
from scenarios.read.hours import read_hours
from scenarios.scenario import ClosureRef
from scenarios.terrain import Terrain
from tests.scenarios.given import town


def terrain(*hazards: Hazard, network: StreetNetwork | None = None) -> Terrain:
    given = town()
    return Terrain(system=given.system, network=network or given.network, scenario=given.scenario, hazards=hazards)


def closing(*streets: str, **more: object) -> Hazard:
    return Hazard(ref=ClosureRef(name="works", streets=streets, **more))  # type: ignore[arg-type]


def streets_of_points(land: Terrain) -> list[str]:
    ground = land.ground("mon")
    snapped = ground.snapped[land.system.vehicles[0].profile]
    names = land.network.name
    return [names.values[names.codes[segment]] for segment in snapped.segment[: len(land.system.points)]]


def test_days_on_which_nothing_differs_share_one_ground() -> None:
    land = terrain()
    assert land.ground("mon") is land.ground("thu")
    assert land.ground("mon", 0.5) is not land.ground("mon")


def test_a_closed_street_cuts_off_who_stands_on_it_by_name_and_lengthens_ways() -> None:
    name = streets_of_points(terrain())[0]
    land = terrain(closing(name))
    free, shut = terrain().ground("mon"), land.ground("mon")
    profile = next(v.profile for v in land.system.vehicles if PROFILES[v.profile].u_turns == "anywhere")
    doubts = [doubt for doubt in shut.doubts if doubt.code == "place-closed-off"]
    on_it = [p.id for p, street in zip(land.system.points, streets_of_points(terrain()), strict=True) if street == name]
    assert on_it
    assert all(any(f"({place})" in doubt.place for doubt in doubts) for place in on_it)
    assert all("works" in doubt.cause for doubt in doubts)
    one, other = free.travel[profile], shut.travel[profile]
    rows = [one.row(stance) for stance in other.leaving if stance in one.leaving]
    cols = [other.row(stance) for stance in other.leaving if stance in one.leaving]
    before = one.block(np.array(rows), np.array(rows))[0]
    after = other.block(np.array(cols), np.array(cols))[0]
    assert (after >= before).all()
    assert (after > before).any()


def test_a_closure_of_some_days_holds_on_those() -> None:
    land = terrain(closing(streets_of_points(terrain())[0], days=("mon",)))
    assert land.ground("mon") is not land.ground("thu")
    assert {doubt.code for doubt in land.ground("mon").doubts} == {"place-closed-off"}
    assert land.ground("thu").doubts == ()
    assert land.doubts(("mon", "thu"), 1.0) == land.ground("mon").doubts


def test_hours_of_the_map_count_in_the_middle_of_the_shift() -> None:
    plain = town().network
    codes = np.zeros(plain.segments, np.int32)
    codes[:] = 1
    always = TagColumn(codes=codes, values=("", "no @ (Mo 00:00-24:00)"))
    tagged = replace(plain, tags=dict(plain.tags) | {"motor_vehicle:conditional": always})
    land = terrain(network=tagged)
    assert land.ground("thu").doubts == ()
    assert "what the map closes at that hour" in land.ground("mon").doubts[0].cause


def test_the_same_street_closed_for_another_reason_is_another_ground() -> None:
    name = streets_of_points(terrain())[0]
    other = Hazard(ref=ClosureRef(name="market", streets=(name,), days=("thu",)))
    land = terrain(closing(name, days=("mon",)), other)
    assert all("works" in doubt.cause for doubt in land.ground("mon").doubts)
    assert all("market" in doubt.cause for doubt in land.ground("thu").doubts)


def test_travel_too_large_to_hold_is_worked_out_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    held = terrain().ground("mon")
    monkeypatch.setattr(scenarios.ground, "HELD_BYTES", 1000)
    lazy = terrain().ground("mon")
    for name, travel in held.travel.items():
        rows = np.arange(len(travel.leaving))
        assert isinstance(travel, DenseTravel)
        assert isinstance(lazy.travel[name], StreetTravel)
        assert all(
            np.array_equal(a, b)
            for a, b in zip(travel.block(rows, rows), lazy.travel[name].block(rows, rows), strict=True)
        )


def test_slower_is_not_closed() -> None:
    land = terrain(closing(streets_of_points(terrain())[0], speed_factor=0.2))
    assert land.ground("mon").doubts == ()


def area(west: float, south: float, east: float, north: float, **properties: object) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def read(folder: Path, ref: ClosureRef) -> tuple[Hazard, ...]:
    given = town()
    scenario = replace(given.scenario, streets=replace(given.scenario.streets, closures=(ref,)))
    return read_hazards(scenario, folder, given.network)


def write(folder: Path, *features: dict[str, object]) -> ClosureRef:
    (folder / "f.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return ClosureRef(name="flood", file="f.geojson")


def test_areas_with_a_depth_are_a_flood_and_without_one_they_are_closed(tmp_path: Path) -> None:
    west, south, east, north = town().network.box
    whole = (west - 0.01, south - 0.01, east + 0.01, north + 0.01)
    (dry,) = read(tmp_path, write(tmp_path, area(*whole)))
    assert dry.areas
    assert dry.depth_mm is None
    (wet,) = read(tmp_path, write(tmp_path, area(*whole, depth_m=0.12)))
    assert wet.depth_mm is not None
    assert wet.depth_mm.max() == 120.0
    assert terrain(wet).ground("mon").doubts == (), "12 cm slow every vehicle, they stop none"
    (deep,) = read(tmp_path, write(tmp_path, area(*whole, depth_m=2)))
    assert len({d.place for d in terrain(deep).ground("mon").doubts}) >= len(town().system.points)


@pytest.mark.parametrize(
    ("text", "code"),
    [("ncols 2\nnrows", "grid-broken"), ("ncols 1\nnrows 1\nxllcorner 9999\nyllcorner 0\ncellsize 1\n0.5\n", "grid-")],
)
def test_a_broken_grid_is_refused(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "f.asc").write_text(text)
    with pytest.raises(SourceError, match=f"^f.asc: .*{code}"):
        read(tmp_path, ClosureRef(name="flood", file="f.asc"))


@pytest.mark.parametrize(
    ("ref", "code"),
    [
        (ClosureRef(name="works", streets=("Nowhere Street",)), "closure-unknown"),
        (ClosureRef(name="works", file="gone.geojson"), "file-missing"),
    ],
)
def test_what_cannot_be_found_is_said(tmp_path: Path, ref: ClosureRef, code: str) -> None:
    with pytest.raises(InputError, match=code):
        read(tmp_path, ref)


def test_every_depth_must_be_one(tmp_path: Path) -> None:
    ref = write(tmp_path, area(0, 0, 1, 1, depth_m="deep"), area(0, 0, 1, 1, depth_m=-1))
    with pytest.raises(InputError) as caught:
        read(tmp_path, ref)
    assert [fault.code for fault in caught.value.faults] == ["depth-invalid", "depth-invalid"]


def test_rush_hours_slow_the_same_streets_from_their_time_on() -> None:
    given = town()
    rush = (PeriodRef(start="07:00", speed=0.5), PeriodRef(start="09:00", speed=1.0))
    land = Terrain(system=given.system, network=given.network, scenario=replace(given.scenario, periods=rush))
    ground = land.ground("mon")
    profile = given.system.vehicles[0].profile
    assert [period.from_s for period in ground.periods(profile)] == [0.0, 25_200.0, 32_400.0]
    usual, slow, after = (ground.travels(profile)[period.travel] for period in ground.periods(profile))
    assert usual is after
    every = np.arange(len(usual.leaving))
    before, during = usual.block(every, every)[0].astype(float), slow.block(every, every)[0].astype(float)
    there = (before > 0) & (before < 2**31 - 1)
    assert (during[there] > before[there]).all()
    assert during[there].max() <= 2 * before[there].max() + 1
    assert ground.travels(profile)[profile] is ground.travel[profile]


def test_streets_closed_to_one_kind_of_vehicle_are_open_to_the_others() -> None:
    name = streets_of_points(terrain())[0]
    profiles = sorted({vehicle.profile for vehicle in town().system.vehicles})
    land = terrain(closing(name, profiles=(profiles[0],)))
    assert land.ground("mon").drives[profiles[0]].closures is not None
    assert all(land.ground("mon").drives[other].closures is None for other in profiles[1:])


@pytest.mark.parametrize("from_the_start", [True, False])
def test_areas_of_hours_hold_for_what_stands_in_them(tmp_path: Path, from_the_start: bool) -> None:
    given = town()
    first = given.system.points[0]
    box = [[first.lon - 1e-5, first.lat - 1e-5], [first.lon + 1e-5, first.lat - 1e-5], [first.lon, first.lat + 1e-5]]
    area = {"type": "Polygon", "coordinates": [[*box, box[0]]]}
    (tmp_path / "school.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": area}]})
    )
    rules = [HoursRef(name="school", close="07:30", file="school.geojson"), HoursRef(name="markets", kinds=("market",))]
    scenario = replace(given.scenario, hours=tuple(rules if from_the_start else reversed(rules)))
    held = read_hours(scenario, tmp_path, *coordinates(given.system.points[:2]), ["container", "market"])
    school, market = (0, 1) if from_the_start else (1, 0)
    assert held == [(school,), (market,)]
