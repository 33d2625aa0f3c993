from __future__ import annotations

from dataclasses import replace

import pytest

from scenarios.baseline import calibrated, compare, errors_of, judge_today
from scenarios.days import plan_day
from scenarios.ground import lay_ground
from scenarios.intake import Intake
from scenarios.outcome import Baseline, TodayDay
from scenarios.terrain import Terrain
from tests.scenarios.given import town

DAY = "mon"


def uncalibrated(given: Intake) -> TodayDay:
    ground = lay_ground(given.system, given.network, limit_m=150)
    return judge_today(given.system, ground, given.scenario, day=DAY, service_factor=1.0, brought={})[1]


def recorded(*, hours: float, km: float) -> Intake:
    """Return the town with records: each round took so many times the modelled hours and kilometres."""
    given = town()
    modelled = uncalibrated(given)
    lasted = {r.vehicle: (r.end_s - r.start_s) / 3600 for r in modelled.plan.rounds}
    share = modelled.price.distance_m / 1000 / len(lasted)
    today = tuple(
        replace(r, recorded_hours=lasted[r.vehicle] * hours, recorded_km=share * km)
        for r in given.system.today
        if r.day == DAY
    )
    scenario = replace(given.scenario, days=(DAY,), illustration=())
    return replace(given, scenario=scenario, system=replace(given.system, today=today))


def baseline(given: Intake) -> Baseline:
    terrain = Terrain(system=given.system, network=given.network, scenario=given.scenario)
    calibration = calibrated(given.system, terrain, given.scenario, {})
    ground = terrain.ground(DAY, calibration.speed_factor)
    day = plan_day(given.system, ground, given.scenario, day=DAY, brought={}, service_factor=calibration.service_factor)
    found = compare(given.system, terrain, given.scenario, planned=[day], calibration=calibration, brought={})
    assert found is not None
    return found


def test_records_that_fit_the_model_need_no_calibration_and_allow_a_comparison() -> None:
    found = baseline(recorded(hours=1.0, km=1.0))
    assert found.agrees
    assert (found.speed_factor, found.service_factor) == (1.0, 1.0)
    figures = {figure.id: figure for figure in found.comparison}
    plan_cost = figures["today-cost"].value - figures["saving-cost"].value  # type: ignore[operator]
    assert plan_cost > 0
    assert "saving-cost-equal-service" in figures


def test_longer_hours_are_met_by_slower_driving_or_longer_service() -> None:
    given = recorded(hours=1.25, km=1.0)
    found = baseline(given)
    assert found.agrees
    assert found.speed_factor < 1.0
    assert sum(r.end_s - r.start_s for r in found.days[0].plan.rounds) / 3600 == pytest.approx(
        found.days[0].recorded_hours, rel=0.05
    )


def test_kilometres_that_disagree_forbid_any_claim() -> None:
    found = baseline(recorded(hours=1.0, km=1.3))
    assert found.agrees is False
    assert found.note == "disagrees"
    assert found.comparison == ()


def test_nothing_recorded_means_nothing_claimed() -> None:
    given = recorded(hours=1.0, km=1.0)
    today = tuple(replace(r, recorded_hours=None, recorded_km=None) for r in given.system.today)
    found = baseline(replace(given, system=replace(given.system, today=today)))
    assert found.agrees is None
    assert found.note == "nothing-recorded"
    assert found.comparison == ()


def test_an_illustration_claims_nothing_even_when_it_agrees() -> None:
    given = recorded(hours=1.0, km=1.0)
    found = baseline(replace(given, scenario=replace(given.scenario, illustration=("rounds",))))
    assert found.note == "illustration"
    assert found.comparison == ()


def test_what_today_breaks_is_listed() -> None:
    given = recorded(hours=1.0, km=1.0)
    worn = tuple(replace(v, payload_kg=v.payload_kg / 4) for v in given.system.vehicles)
    found = baseline(replace(given, system=replace(given.system, vehicles=worn)))
    assert found.days[0].violations


def test_without_today_there_is_no_baseline() -> None:
    given = town()
    system = replace(given.system, today=())
    terrain = Terrain(system=system, network=given.network, scenario=given.scenario)
    calibration = calibrated(system, terrain, given.scenario, {})
    assert compare(system, terrain, given.scenario, planned=[], calibration=calibration, brought={}) is None
    assert errors_of([], calibration).agrees is None


def test_no_saving_at_equal_service_when_the_fleet_cannot_legally_do_what_today_does() -> None:
    given = recorded(hours=1.0, km=1.0)
    worn = tuple(replace(v, payload_kg=v.payload_kg / 40) for v in given.system.vehicles)
    figures = {f.id: f for f in baseline(replace(given, system=replace(given.system, vehicles=worn))).comparison}
    assert figures["saving-cost-equal-service"].value is None
    assert figures["saving-cost-equal-service"].note
    assert figures["today-cost-equal-service"].value is not None
