"""Kerbside streets, a container and a bring point in one plan, from the tables to the documents."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from faults import InputError
from optimiser.rounds.plan import Act
from scenarios.documents.itinerary import Side, all_itineraries
from scenarios.intake import Intake, take_in
from scenarios.kerbside.work import served_at
from scenarios.outcome import Outcome
from scenarios.run import run
from tests.scenarios.kerbside.town import SCENARIO, write


@cache
def outcome() -> Outcome:
    with TemporaryDirectory() as folder:
        return run(write(Path(folder)), seconds=1.0)


def given(folder: Path, scenario: str = SCENARIO) -> Intake:
    return take_in(write(folder, scenario))


def test_all_is_served_and_the_plan_keeps_every_rule() -> None:
    (day,) = outcome().days
    assert day.violations == ()
    assert day.result.plan is not None
    assert day.result.plan.unserved == ()
    at = served_at(outcome().system.kerbside)
    served = [id_ for round_ in day.result.plan.rounds for stop in round_.stops for id_ in at.get(stop, (stop,))]
    expected = [*(street.id for street in outcome().system.kerbside), "bin", "glass"]
    assert sorted(served) == sorted(expected)


def test_the_mass_is_balanced_with_the_streets() -> None:
    (row,) = outcome().balance
    assert row.generated_kg == pytest.approx(860.0)
    assert row.collected_kg == pytest.approx(860.0)


def test_legs_and_served_lines_are_one_line() -> None:
    """Each way begins where the one before, or the work at its end, has ended."""
    (day,) = outcome().days
    for legs in day.ways.values():
        assert any(len(leg.served) for leg in legs)
        for before, after in pairwise(legs):
            assert before.whole[-1] == pytest.approx(after.line[0], abs=1e-7)
        for leg in legs:
            if len(leg.served):
                assert leg.line[-1] == pytest.approx(leg.served[0], abs=1e-7)


def test_metres_driven_at_work_are_paid() -> None:
    (day,) = outcome().days
    assert day.result.plan is not None
    assert day.result.price is not None
    stops = {stop.id: stop for stop in day.problem.stops}
    visits = [v for round_ in day.result.plan.rounds for v in round_.visits if v.act is Act.STOP]
    at_work = sum(stops[visit.id].modes[visit.mode].distance_m for visit in visits)
    between = sum(leg.distance_m for legs in day.ways.values() for leg in legs)
    assert at_work > 1000
    assert day.result.price.distance_m == pytest.approx(between + at_work, abs=0.5)


def test_the_driver_is_told_street_side_and_kilograms() -> None:
    ((_, itinerary),) = list(all_itineraries(outcome()))
    steps = {step.place.name: step for step in itinerary.stops if step.place is not None}
    assert {"Market Street", "North Road", "Quarry Road"} <= set(steps)
    assert steps["North Road"].side in (Side.LEFT, Side.RIGHT)
    assert sum(step.kg for step in itinerary.stops) == pytest.approx(860.0)


def test_kenya_keeps_left_so_the_left_side_is_the_near_one(tmp_path: Path) -> None:
    (day,) = outcome().days
    stop = next(stop for stop in day.problem.stops if "103:9-10:left" in stop.id)
    seconds = {mode.arrive[-1]: mode.service_s for mode in stop.modes}
    assert seconds[">"] < seconds["<"]


def test_people_at_the_kerb_have_service_at_the_door() -> None:
    figures = {figure.id: figure for figure in outcome().figures}
    assert figures["people-near-service"].value == pytest.approx(1.0)


def test_rules_of_hours_hold_for_kerbside_streets(tmp_path: Path) -> None:
    scenario = SCENARIO.replace("[solve]", '[[hours]]\nname = "quiet"\nopen = "07:00"\nclose = "20:00"\n\n[solve]')
    assert set(given(tmp_path, scenario).system.hours) >= {street.id for street in outcome().system.kerbside}


def test_the_same_tables_give_the_same_streets(tmp_path: Path) -> None:
    one, two = given(tmp_path), given(tmp_path)
    assert one.system.kerbside == two.system.kerbside
    assert np.isfinite([street.lon for street in one.system.kerbside]).all()


def test_a_place_with_the_id_of_a_street_is_refused(tmp_path: Path) -> None:
    street = outcome().system.kerbside[0].id
    points = f"id,lat,lon,kg_per_day,kind\n{street},0.0,0.0063,100,container\n"
    with pytest.raises(InputError) as raised:
        take_in(write(tmp_path, points=points))
    assert [fault.code for fault in raised.value.faults] == ["id-twice"]
