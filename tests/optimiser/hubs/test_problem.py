import numpy as np
import pytest

from optimiser.hubs.problem import Candidate, DemandPoint
from tests.optimiser.hubs.whiteboard import problem


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reach_m": 0.0}, "reach_m"),
        ({"reach_m": np.inf}, "reach_m"),
        ({"at_most": -1}, "at_most"),
        ({"budget_per_day": -1.0}, "budget"),
        ({"budget_per_day": np.nan}, "budget"),
        ({"unserved_cost_per_tonne": -1.0}, "unserved"),
    ],
)
def test_limits_that_make_no_sense_are_refused(changes, says):
    with pytest.raises(ValueError, match=says):
        problem([[100.0]], **changes)


@pytest.mark.parametrize("distance", [-1.0, np.nan])
def test_distances_must_be_distances(distance):
    with pytest.raises(ValueError, match="distance_m"):
        problem([[distance]])


@pytest.mark.parametrize("field", [{"people": -1.0}, {"kg_per_day": np.nan}, {"people": np.inf}])
def test_people_and_waste_are_finite_and_not_negative(field):
    with pytest.raises(ValueError, match="demand point a"):
        DemandPoint(**({"id": "a", "people": 1.0, "kg_per_day": 1.0} | field))


@pytest.mark.parametrize("field", ["capacity_kg_per_day", "fixed_cost_per_day", "cost_per_tonne"])
def test_candidates_have_no_negative_figures(field):
    with pytest.raises(ValueError, match="H1"):
        Candidate(id="H1", **{field: -1.0})
