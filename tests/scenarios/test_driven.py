from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from faults import InputError
from network.geometry import metres_between
from scenarios.driven import AsDriven, as_driven
from scenarios.ground import lay_ground
from scenarios.intake import Intake
from scenarios.model.fleet import TodayRound
from scenarios.model.origin import Origin
from scenarios.scenario import TrackRef
from tests.scenarios.given import town

SLOW = 0.5  # of the speed of profile and map
STEP_S, STAND_S = 5.0, 90.0
VEHICLE = 0


def served(given: Intake) -> list[str]:
    """Return some points of the first vehicle's streams, and a facility at the end."""
    vehicle = given.system.vehicles[VEHICLE]
    points = [point.id for point in given.system.points if point.stream in vehicle.streams][:6]
    return [*points, given.system.facilities[0].id]


def drive_round(given: Intake, folder: Path) -> float:
    """Write the track of a vehicle that goes through its places slowly and stands at each; the metres driven."""
    vehicle = given.system.vehicles[VEHICLE]
    ground = lay_ground(given.system, given.network, limit_m=150)
    stances = [vehicle.start_depot, *(ground.stances[place][0] for place in served(given)), vehicle.end_depot]
    time_s, rows, metres = 0.0, ["time,lat,lon"], 0.0
    for way in ground.legs(vehicle.profile, list(pairwise(stances))):
        metres += way.distance_m
        steps_m = metres_between(way.lon[:-1], way.lat[:-1], way.lon[1:], way.lat[1:])
        along = np.concatenate([[0.0], np.cumsum(steps_m)])
        lasts = way.duration_s / SLOW
        for at in np.arange(0.0, lasts, STEP_S):
            spot = at / lasts * along[-1]
            rows.append(row(time_s + at, np.interp(spot, along, way.lat), np.interp(spot, along, way.lon)))
        time_s += lasts
        rows += [row(time_s + at, way.lat[-1], way.lon[-1]) for at in np.arange(0.0, STAND_S, STEP_S)]
        time_s += STAND_S
    (folder / "track.csv").write_text("\n".join(rows) + "\n")
    return metres


def row(at_s: float, lat: float, lon: float) -> str:
    minutes, seconds = divmod(at_s, 60)
    return f"2026-11-02T{7 + int(minutes) // 60:02d}:{int(minutes) % 60:02d}:{seconds:04.1f}Z,{lat:.7f},{lon:.7f}"


def known(given: Intake, folder: Path, *, today: tuple[TodayRound, ...] = (), **ref: str) -> AsDriven:
    track = TrackRef(file="track.csv", vehicle=given.system.vehicles[VEHICLE].id, **ref)  # type: ignore[arg-type]
    scenario = replace(given.scenario, tracks=(track,))
    return as_driven(scenario, folder, replace(given.system, today=today), given.network)


def test_a_track_tells_the_round_and_the_speeds(tmp_path: Path) -> None:
    given = town()
    metres = drive_round(given, tmp_path)
    found = known(given, tmp_path, day="mon")
    (today,) = found.today
    assert today.visits == tuple(served(given))
    assert [doubt.code for doubt in found.doubts] == ["track-passed-only"]
    assert today.day == "mon"
    assert today.recorded_km == pytest.approx(metres / 1000, rel=0.03)
    profile = given.system.vehicles[VEHICLE].profile
    assert np.isfinite(found.kmh[profile]).any()
    usual = lay_ground(given.system, given.network, limit_m=150)
    learned = lay_ground(given.system, given.network, limit_m=150, kmh=found.kmh)
    own = usual.travel[profile].duration_ms.astype(float)  # type: ignore[attr-defined]
    slower = learned.travel[profile].duration_ms / np.maximum(own, 1)  # type: ignore[attr-defined]
    assert 1.3 < np.median(slower[own > 60_000]) < 2.3, "turns cost what they cost"


def test_a_round_of_the_table_keeps_its_visits_and_gets_records_only_if_it_has_none(tmp_path: Path) -> None:
    given = town()
    drive_round(given, tmp_path)
    vehicle = given.system.vehicles[VEHICLE].id
    listed = TodayRound(vehicle=vehicle, day="mon", visits=("a",), origin=Origin(file="today.csv", row=2))
    (filled,) = known(given, tmp_path, today=(listed,), day="mon").today
    assert filled.visits == ("a",)
    assert filled.recorded_km is not None
    told = replace(listed, recorded_hours=3.0)
    assert known(given, tmp_path, today=(told,), day="mon").today == (told,)
    every_day = replace(listed, day="")
    assert known(given, tmp_path, today=(every_day,), day="mon").today == (every_day,)


def test_every_fault_of_every_track_is_told(tmp_path: Path) -> None:
    given = town()
    (tmp_path / "bad.csv").write_text("time,lat,lon\nlater,1,2\n")
    refs = (TrackRef(file="bad.csv", vehicle="nobody"), TrackRef(file="gone.gpx", vehicle="nobody"))
    with pytest.raises(InputError) as caught:
        as_driven(replace(given.scenario, tracks=refs), tmp_path, given.system, given.network)
    codes = [fault.code for fault in caught.value.faults]
    assert codes.count("reference-unknown") == 2
    assert {"track-time", "file-missing"} <= set(codes)


def test_without_tracks_today_is_as_it_was(tmp_path: Path) -> None:
    given = town()
    assert as_driven(given.scenario, tmp_path, given.system, given.network).today == given.system.today
