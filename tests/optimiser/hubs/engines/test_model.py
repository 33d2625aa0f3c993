from optimiser.hubs.engines.model import twins
from tests.optimiser.hubs.whiteboard import problem


def test_twins_are_candidates_that_nothing_tells_apart():
    hubs = [{}, {"fixed_cost_per_day": 1.0}, {}, {}, {"existing": True, "may_close": False}]
    town = problem([[1.0, 1.0, 1.0, 1.0, 1.0], [2.0, 2.0, 2.0, 2.0, 2.0]], hubs=hubs)
    assert twins(town) == [(0, 2), (2, 3)]


def test_another_distance_is_no_twin():
    assert twins(problem([[1.0, 1.5]])) == []
