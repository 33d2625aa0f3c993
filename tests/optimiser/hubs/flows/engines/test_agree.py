"""Engines, judges and brute force agree on any small network."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimiser.hubs.flows.check import check
from optimiser.hubs.flows.engines import arrays, pulp_face, search
from optimiser.hubs.flows.price import price
from optimiser.hubs.flows.problem import Aim
from tests.optimiser.hubs.flows.whiteboard import problems

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NEAR = 1e-5


def best(problem):
    return arrays.solve(problem, deadline=None, iterations=None, seed=1)


@QUICK
@given(problems())
def test_pulp_and_arrays_agree_and_the_judges_agree_with_them(problem):
    one, other = best(problem), pulp_face.solve(problem, deadline=None, iterations=None, seed=1)
    assert (one.plan is None) == (other.plan is None)
    if one.plan is None:
        assert one.impossible
        assert other.impossible
        return
    assert one.minimised == pytest.approx(other.minimised, abs=NEAR)
    for answer in (one, other):
        assert check(problem, answer.plan) == ()
        assert price(problem, answer.plan).objective == pytest.approx(answer.minimised, abs=NEAR)
        assert answer.bound <= answer.minimised + NEAR


@QUICK
@given(problems())
def test_trying_every_set_of_sizes_finds_nothing_better(problem):
    """Each site is closed, or open in one size and nothing else: linear programs only."""
    answer, cheapest = best(problem), np.inf
    choices = [
        [replace(site, may_open=False, must_open=False)] * (not site.must_open)
        + [replace(site, sizes=(size,), must_open=True) for size in site.sizes]
        for site in problem.sites
    ]
    for sites in product(*choices):
        found = best(replace(problem, sites=sites))
        cheapest = min(cheapest, found.minimised)
    assert answer.minimised == pytest.approx(cheapest, abs=NEAR) or (answer.plan is None and np.isinf(cheapest))


@QUICK
@given(problems())
def test_the_search_keeps_the_rules_and_its_bound_holds(problem):
    if search.supports(problem):
        return
    exact, found = best(problem), search.solve(problem, deadline=None, iterations=60, seed=1)
    if exact.plan is not None:
        assert found.bound <= exact.minimised + NEAR
    if found.plan is not None:
        assert exact.plan is not None
        assert check(problem, found.plan) == ()
        assert price(problem, found.plan).objective == pytest.approx(found.minimised, abs=NEAR)
        assert found.minimised >= exact.minimised - NEAR


@QUICK
@given(problems(), st.integers(0, 2))
def test_more_is_never_worse(problem, kind):
    """More capacity, a further buyer, a higher cap: the best plan costs no more."""
    if kind == 0:
        more = replace(
            problem,
            sites=tuple(
                replace(
                    site,
                    sizes=tuple(
                        replace(
                            size,
                            capacity_kg=None if size.capacity_kg is None else size.capacity_kg + 5,
                            process_kg={},
                        )
                        for size in site.sizes
                    ),
                )
                for site in problem.sites
            ),
        )
    elif kind == 1:
        outlets = problem.outlets
        offers = tuple(replace(offer, at_most_kg=None) for offer in outlets[0].offers)
        more = replace(problem, outlets=(replace(outlets[0], offers=offers), *outlets[1:]))
    else:
        more = replace(problem, cooperatives=tuple(replace(c, members=c.members + 3) for c in problem.cooperatives))
    assert best(more).minimised <= best(problem).minimised + NEAR


@QUICK
@given(problems())
def test_the_linear_relaxation_is_a_bound_and_its_prices_say_the_same(problem):
    """Duality: the value of the prices equals the value of the flows."""
    from optimiser.hubs.flows.build import build
    from optimiser.hubs.flows.engines import highs

    form = build(replace(problem, aim=Aim.COST))
    solver = highs.solver()
    highs.load(solver, form, whole=False)
    found = highs.run(solver, whole=False)
    if not found.proven:
        return
    row, reduced = found.row_dual, found.reduced
    with np.errstate(invalid="ignore"):
        rows = np.where(row > 0, np.where(row > 1e-12, row * form.low, 0), np.where(row < -1e-12, row * form.high, 0))
        columns = np.where(reduced < -1e-12, reduced * form.upper, 0.0)
    assert form.constant + rows.sum() + columns.sum() == pytest.approx(found.minimised, abs=NEAR)
    assert np.allclose(form.cost - form.matrix.T @ row, reduced, atol=1e-6)
