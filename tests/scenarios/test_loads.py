from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.loads import (
    WEEK,
    collection_days,
    day_loads,
    days_since_last,
    generated_kg,
    load_kg,
    planned_days,
)
from scenarios.model.origin import Origin
from scenarios.model.work import CollectionPoint, Stream
from scenarios.scenario import Scenario, StreetsRef

SCENARIO = Scenario(
    name="x",
    country="KE",
    currency="KES",
    streams=(Stream(id="residual", name="Residual", density_kg_m3=334),),
    streets=StreetsRef(town="twelve-junctions"),
)
POINT = CollectionPoint(
    id="p", name="p", lon=0, lat=0, stream="residual", kg_per_day=10, origin=Origin(file="points.csv", row=2)
)


def test_a_scenario_without_days_has_one_with_a_day_of_waste() -> None:
    assert planned_days(SCENARIO) == ("day",)
    assert load_kg(POINT, "day", SCENARIO) == 10
    assert load_kg(POINT, "day", replace(SCENARIO, days_since_last=3.5)) == 35


def test_a_weekend_gathers_on_monday() -> None:
    scenario = replace(SCENARIO, days=("thu", "mon"))
    assert planned_days(scenario) == ("mon", "thu")
    assert load_kg(POINT, "mon", scenario) == 40  # since Thursday
    assert load_kg(POINT, "thu", scenario) == 30


def test_a_point_keeps_its_own_days() -> None:
    scenario = replace(SCENARIO, days=("mon", "wed", "fri"))
    point = replace(POINT, days=("mon",))
    assert collection_days(point, scenario) == ("mon",)
    assert load_kg(point, "mon", scenario) == 70
    assert load_kg(point, "wed", scenario) == 0
    assert day_loads((point, POINT), "wed", scenario, {}) == {"p": 20}


def test_what_lies_there_now_overrides_the_rate_once() -> None:
    scenario = replace(SCENARIO, days=("mon", "thu"))
    point = replace(POINT, kg_now=55.0)
    assert load_kg(point, "mon", scenario) == 55
    assert load_kg(point, "thu", scenario) == 0
    assert generated_kg(point, scenario) == 55


def test_what_people_bring_to_hubs_is_not_collected() -> None:
    assert load_kg(POINT, "day", SCENARIO, brought_share=0.25) == 7.5


@given(days=st.sets(st.sampled_from(WEEK), min_size=1))
def test_a_week_of_loads_is_a_week_of_generation(days: set[str]) -> None:
    scenario = replace(SCENARIO, days=tuple(days))  # type: ignore[arg-type]
    total = sum(load_kg(POINT, day, scenario) for day in planned_days(scenario))
    assert total == pytest.approx(generated_kg(POINT, scenario))


@given(days=st.sets(st.sampled_from(WEEK), min_size=1))
def test_gaps_between_collections_fill_the_week(days: set[str]) -> None:
    ordered = tuple(day for day in WEEK if day in days)
    assert sum(days_since_last(day, ordered, SCENARIO) for day in ordered) == 7
