from dataclasses import replace

import pytest

from scenarios.evidence.emissions import figures
from tests.scenarios.evidence.on_paper import by_id, case, day, problem, scenario, system, truck


def found(**vehicle):
    return by_id(figures(case(system=system(vehicles=(truck(**vehicle),)))))


def test_fuel_of_a_profile_with_the_range_of_its_default():
    fuel = found()["fuel"]
    assert (fuel.value, fuel.low, fuel.high) == (pytest.approx(8.8), pytest.approx(6.4), pytest.approx(12.0))
    assert fuel.sources[0].startswith("diesel-per-100km-refuse-truck 110 l/100 km (80-150)")


def test_metres_driven_at_work_burn_fuel_too():
    posed = problem()
    a = next(stop for stop in posed.stops if stop.id == "a")
    along = replace(a, modes=tuple(replace(mode, distance_m=500.0) for mode in a.modes))
    posed = replace(posed, stops=tuple(along if stop.id == "a" else stop for stop in posed.stops))
    fuel = by_id(figures(case(days=(day(posed=posed),))))["fuel"]
    assert fuel.value == pytest.approx(found()["fuel"].value + 0.5 * 1.10)


def test_carbon_dioxide_is_fuel_times_factor_and_so_are_the_ends_of_its_range():
    driving, making = found()["co2e-transport"], found()["co2e-upstream"]
    assert driving.value == pytest.approx(8.8 * 2.68)
    assert (driving.low, driving.high) == (pytest.approx(6.4 * 2.60), pytest.approx(12.0 * 2.75))
    assert making.value == pytest.approx(8.8 * 0.61)
    assert driving.note == "tank to wheel"
    assert any(source.startswith("diesel-co2-per-litre 2.68") for source in driving.sources)


def test_the_planners_own_figure_has_no_range():
    fuel = found(fuel_per_100km=30.0)["fuel"]
    assert (fuel.value, fuel.low, fuel.high) == (pytest.approx(2.4),) * 3
    assert fuel.sources == ("vehicles.csv, row 2",)


def test_a_tricycle_burns_petrol():
    tricycle = found(profile="tricycle", fuel="petrol")
    assert tricycle["fuel"].value == pytest.approx(0.28)
    assert tricycle["co2e-transport"].value == pytest.approx(0.28 * 2.32)
    assert tricycle["co2e-upstream"].value == pytest.approx(0.28 * 0.53)


def test_electricity_has_no_tailpipe_and_the_grid_of_its_country():
    electric = found(fuel="electricity")
    assert electric["electricity"].value == pytest.approx(17.6)
    assert electric["co2e-transport"].value == 0
    assert electric["co2e-upstream"].value == pytest.approx(17.6 * 0.0705)
    german = by_id(figures(case(scenario=scenario(country="DE"), system=system(vehicles=(truck(fuel="electricity"),)))))
    assert german["co2e-upstream"].value == pytest.approx(17.6 * 0.381, rel=0.01)


def test_muscles_burn_nothing():
    cart = found(profile="handcart", fuel="none")
    assert (cart["fuel"].value, cart["co2e-transport"].value, cart["co2e-upstream"].value) == (0, 0, 0)


def test_a_fuel_without_a_default_is_asked_for_not_guessed():
    strange = found(profile="tricycle", fuel="diesel")
    assert {figure.value for figure in strange.values()} == {None}
    assert "give fuel_per_100km" in strange["fuel"].note
    assert "v1 (diesel, tricycle)" in strange["fuel"].note


def test_a_vehicle_that_stays_at_home_needs_no_default():
    parked = truck(id="v2", profile="tricycle", fuel="diesel")
    assert by_id(figures(case(system=system(vehicles=(truck(), parked)))))["fuel"].value == pytest.approx(8.8)
