"""Prices and cheapest ways: bounds that never lie, from either side."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from optimiser.hubs.flows import relax
from optimiser.hubs.flows.build import build
from optimiser.hubs.flows.engines import arrays
from optimiser.hubs.flows.engines.opening import best_flows, costs_of
from optimiser.hubs.flows.expected import given as only
from optimiser.hubs.flows.scene import rooms, scene
from optimiser.hubs.flows.togo import climb, ways
from tests.optimiser.hubs.flows.whiteboard import problems, town

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def everything(of):
    """Open every site in its last size."""
    return np.array([of.size_first[h + 1] - 1 for h in range(of.sites)], dtype=np.intp)


def test_free_capacity_is_the_sum_of_cheapest_ways():
    """The large hub without prices: 100 + 1,000 * (0.04 - 0.09116) + 500 * (0.08 - 0.09116), nothing is short."""
    form = build(town())
    of = scene(town(), form)
    found = ways(of, costs_of(form, of), np.array([1]), np.zeros(len(rooms(of, np.array([1])))))
    assert found.value == pytest.approx(43.26)
    assert found.use[0] == pytest.approx(1500.0)


def test_a_price_of_capacity_is_found_when_it_is_short():
    """The small hub takes 1,000 kg, and a kilogram of room is worth 0.30 + 0.09116 - 0.08 for street b."""
    form = build(town())
    of = scene(town(), form)
    opened = np.array([0])
    found, price = climb(of, costs_of(form, of), opened, np.zeros(len(rooms(of, opened))), target=200.0, steps=300)
    assert found.value == pytest.approx(158.84, rel=1e-3)
    assert found.value <= 158.84 + 1e-6
    assert price[0] == pytest.approx(0.31116, rel=0.2)


@QUICK
@given(problems())
def test_the_dual_of_an_opening_is_never_above_its_flows(problem):
    form = build(problem)
    of = scene(problem, form)
    if of is None or not of.sites:
        return
    costs, opened = costs_of(form, of), everything(of)
    found, _ = climb(of, costs, opened, np.zeros(len(rooms(of, opened))), target=1e4, steps=50)
    exact = best_flows(form, of, costs, opened, found.inward, exact=True)
    if not problem.cooperatives[0].fees[0].least and exact.column is not None:
        assert found.value <= exact.value + 1e-5 * max(1.0, abs(exact.value))
    alone = {site.id: site.sizes[-1].id for site in problem.sites}
    whole = arrays.solve(only(problem, alone), deadline=None, iterations=None, seed=1)
    if whole.plan is not None:
        assert exact.value <= whole.minimised + 1e-5 * max(1.0, abs(whole.minimised))
        if exact.forced_kg < 1e-9:
            assert exact.value == pytest.approx(whole.minimised, abs=1e-5)


@QUICK
@given(problems())
def test_the_relaxation_is_never_above_the_best_plan_at_any_prices(problem):
    form = build(problem)
    of = relax.relaxation(problem, form)
    best = arrays.solve(problem, deadline=None, iterations=None, seed=1)
    draw = np.random.default_rng(1)
    sizes, may_close = form.upper[form.block("sizes")] > 0, ~of.must
    for spread in (0.0, 0.3, 3.0):
        price = relax.allowed(of, draw.normal(0.0, spread, of.matrix.shape[0]))
        assert relax.dual(of, price, sizes, may_close).value <= best.minimised + 1e-5
    climbed = relax.climb(
        of, np.zeros(of.matrix.shape[0]), sizes, may_close, target=100.0, over=lambda made: made >= 50
    )
    assert climbed.dual.value <= best.minimised + 1e-5
    assert climbed.dual.value >= relax.dual(of, np.zeros(of.matrix.shape[0]), sizes, may_close).value - 1e-9
