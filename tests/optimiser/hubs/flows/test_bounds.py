"""The bound by prices between places: below every plan, with a plan to aim at or without."""

from __future__ import annotations

import numpy as np
import pytest

from optimiser.hubs.flows import relax
from optimiser.hubs.flows.bounds import Bounds
from optimiser.hubs.flows.build import build
from optimiser.hubs.flows.engines import arrays
from optimiser.hubs.flows.problem import FlowProblem
from tests.optimiser.hubs.flows.whiteboard import town


def begun(problem: FlowProblem) -> Bounds:
    """Return the bound before its first climb, all prices 0."""
    form = build(problem)
    relaxed = relax.relaxation(problem, form)
    return Bounds(relaxed=relaxed, form=form, price=np.zeros(relaxed.matrix.shape[0]))


@pytest.mark.parametrize("target", [np.inf, 1e4])
def test_it_climbs_and_stays_below_the_best_plan(target: float) -> None:
    problem = town()
    cost = arrays.solve(problem, deadline=None, iterations=None, seed=1).minimised
    bounds = begun(problem)
    bounds.climb(target, lambda: False, 0)
    before = bounds.value
    bounds.climb(target, lambda: False, 300)
    assert np.isfinite(before)
    assert before < bounds.value <= cost + 1e-6


def test_what_no_better_plan_has_is_excluded_and_the_best_plan_stays() -> None:
    problem = town()
    answer = arrays.solve(problem, deadline=None, iterations=None, seed=1)
    bounds = begun(problem)
    bounds.climb(answer.minimised, lambda: False, 300)
    bounds.exclude(answer.minimised + 1e-3)
    assert answer.plan is not None
    sizes = [(site.id, size.id) for site in problem.sites for size in site.sizes]
    left = {pair for pair, there in zip(sizes, bounds.open_sizes, strict=True) if there}
    assert set(answer.plan.open.items()) <= left
    bounds.exclude(-1e9)
    assert not bounds.open_sizes.any()
