"""What every figure has, whoever wrote it."""

import math
from dataclasses import replace

import numpy as np
import pytest

from scenarios.evidence import MEASURES, measure
from scenarios.evidence.figure import Figure
from tests.scenarios.evidence.on_paper import by_id, case, day, homes, point, system, truck

CASES = {
    "on paper": case(),
    "no plan": case(days=(day(""),)),
    "nothing at all": case(days=(), system=system(points=(), vehicles=())),
    "people": case(
        system=system(residents=homes(3.0, 4.0, estimated=True)),
        people=np.array([3.0, 4.0]),
        walk_to_hub_m=np.array([50.0, np.inf]),
    ),
    "electric": case(system=system(vehicles=(truck(fuel="electricity"),)), cpu_s=10.0),
}


@pytest.mark.parametrize("name", CASES)
def test_every_figure_is_finite_within_its_range_and_has_a_unit(name):
    figures = measure(CASES[name])
    by_id(figures)
    for figure in figures:
        assert figure.unit, figure
        if figure.value is None:
            assert figure.note, figure
        else:
            assert math.isfinite(figure.value), figure
            assert figure.low <= figure.value <= figure.high, figure


def test_no_figure_claims_a_saving():
    for made in CASES.values():
        assert not [figure.id for figure in measure(made) if "saving" in figure.id]


def test_where_demand_is_estimated_all_that_is_planned_for_it_is_marked():
    guessed = case(system=system(points=tuple(point(name, estimated=name == "a") for name in "abpc")))
    marked = {figure.id for figure in measure(guessed) if figure.estimated}
    assert {figure.id for figure in measure(guessed)} - marked == {"computation-energy", "computation-co2e"}
    assert not any(figure.estimated for figure in measure(case()))


def test_measuring_changes_nothing():
    made = case()
    assert measure(made) == measure(replace(made))
    assert all(isinstance(figure, Figure) for family in MEASURES for figure in family(made))
