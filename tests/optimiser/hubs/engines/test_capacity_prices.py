from itertools import islice

import numpy as np
import pytest

from optimiser.hubs.engines.capacity_prices import rounds
from optimiser.hubs.values import values
from tests.optimiser.hubs.whiteboard import best_objective, problem

HUBS = [{"capacity_kg_per_day": 10.0}, {"capacity_kg_per_day": 30.0}, {"capacity_kg_per_day": 10.0}]
TOWN = problem([[50.0, 300.0, 400.0], [60.0, 250.0, 450.0], [70.0, 400.0, 80.0]], hubs=HUBS, at_most=2)


def test_the_first_round_has_no_prices_and_bounds_like_the_problem_without_capacities():
    first = next(rounds(TOWN, values(TOWN), deadline=None, seed=1))
    assert first.bound == pytest.approx(10 * (50 + 60 + 70))


def test_prices_raise_the_bound_and_never_above_the_best():
    best = best_objective(TOWN)
    bounds = [one.bound for one in islice(rounds(TOWN, values(TOWN), deadline=None, seed=1), 6)]
    assert max(bounds) > bounds[0] + 1000.0
    assert max(bounds) <= best + 1e-6


def test_every_round_has_a_plan_that_keeps_the_capacities():
    for one in islice(rounds(TOWN, values(TOWN), deadline=None, seed=1), 4):
        load = np.bincount(one.sent.column, weights=10.0 * one.sent.share, minlength=3)
        assert (load <= np.array([10.0, 30.0, 10.0]) + 1e-6).all()
        assert one.minimised >= best_objective(TOWN) - 1e-6


def test_it_ends_when_the_time_is_over():
    assert list(rounds(TOWN, values(TOWN), deadline=0.0, seed=1)) == []
