"""The samples that carry their own data are read without a fault, and mean what their makers meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.loads import day_loads, planned_days
from scenarios.model.system import WasteSystem
from scenarios.read.tables import read_tables
from scenarios.scenario import Scenario
from scenarios.schema import load
from scenarios.streets import load_streets

SAMPLES = Path(__file__).parents[3] / "scenarios" / "samples"


def opened(name: str) -> tuple[Scenario, WasteSystem, list[str]]:
    folder = SAMPLES / name
    scenario = load(folder / "scenario.toml")
    network, features, _ = load_streets(scenario, folder)
    system, doubts = read_tables(scenario, folder, network=network, features=features)
    return scenario, system, [str(doubt) for doubt in doubts]


@pytest.mark.parametrize("name", ["town", "one-tricycle"])
def test_nothing_in_them_is_doubtful_but_default_figures(name: str) -> None:
    assert [doubt for doubt in opened(name)[2] if "[default-used]" not in doubt] == []


def test_the_town() -> None:
    scenario, system, _ = opened("town")
    assert {point.stream for point in system.points} == {"residual", "organic"}
    assert {vehicle.profile for vehicle in system.vehicles} == {"refuse-truck", "tricycle"}
    assert sum(point.people for point in system.points) > 2000
    assert set(scenario.illustration) == {"fleet", "rounds", "prices", "population"}
    days = planned_days(scenario)
    for day in days:
        loads = day_loads(system.points, day, scenario, {})
        assert max(loads.values()) <= max(vehicle.payload_kg for vehicle in system.vehicles)
        driven = {visit for round_ in system.today if round_.day == day for visit in round_.visits}
        assert driven - {"quarry", "compost"} == set(loads), "today's rounds go to every point of the day"


def test_the_tricycle() -> None:
    _, system, _ = opened("one-tricycle")
    prices = {stream.id: stream.sale_price_per_kg for stream in system.streams}
    assert all(price for price in prices.values())
    assert all(point.optional and point.kg_now and point.service_s == 300 for point in system.points)
    assert all((prices[point.stream] or 0) > (point.buying_price_per_kg or 0) for point in system.points)
    (vehicle,) = system.vehicles
    assert set(vehicle.streams) == set(prices)


@pytest.mark.parametrize("name", ["helsinki", "coquimbo"])
def test_the_cities_own_tables_are_read(name: str) -> None:
    scenario = load(SAMPLES / name / "scenario.toml")
    system, _ = read_tables(scenario, SAMPLES / name, network=None, features=None)
    assert system.vehicles
    assert system.facilities
