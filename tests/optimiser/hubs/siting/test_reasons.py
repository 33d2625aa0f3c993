from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimiser.hubs.siting import reasons
from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.problem import Aim, Size
from optimiser.hubs.siting.reasons import Why
from optimiser.hubs.siting.solve import solve
from optimiser.result import Budget
from tests.optimiser.hubs.siting.made_up import problem

BUDGET = Budget(seconds=30)


def test_why_somebody_is_unserved() -> None:
    posed = problem(0, Aim.MAX_COVER, at_most=1, n=4, m=3)
    distance = np.array([[1.0, 9, 9], [1.0, 9, 9], [9.0, 1, 9], [9.0, 9, 9]])
    cut = replace(posed, arcs=from_matrix(distance, 5.0), decay=None)
    result = solve(cut, budget=BUDGET)
    assert result.plan is not None
    assert {r.who: r.why for r in reasons.unserved(cut, result.plan)}["d3"] is Why.NOBODY_IN_REACH
    left = "d2" if "c0" in {site.site for site in result.plan.opened} else "d0"
    assert {r.who: r.why for r in reasons.unserved(cut, result.plan)}[left] is Why.NOT_CHOSEN
    change = reasons.cheapest(cut, result, left, budget=BUDGET)
    assert change is not None
    assert change.gain > 0  # one more site serves more
    assert reasons.cheapest(cut, result, "d3", budget=BUDGET) is None
    barred = replace(cut, candidates=tuple(replace(c, excluded="flood plain") for c in cut.candidates))
    nobody = solve(barred, budget=BUDGET)
    assert nobody.plan is not None
    found = {r.who: r for r in reasons.unserved(barred, nobody.plan)}
    assert (found["d0"].why, found["d0"].detail) == (Why.ALL_EXCLUDED, "flood plain")


def test_full_sites_are_said_and_more_room_is_worth_what_it_serves() -> None:
    posed = problem(1, Aim.MAX_COVER, capacity=10.0, at_most=1)
    result = solve(posed, budget=BUDGET)
    assert result.plan is not None
    assert {r.why for r in reasons.unserved(posed, result.plan)} == {Why.FULL}
    ((_, change),) = reasons.more_capacity(posed, result, budget=BUDGET)
    assert change is not None
    assert change.gain == pytest.approx(1.0)


def test_why_candidates_stay_closed_and_what_sites_are_worth() -> None:
    posed = problem(2, Aim.MEDIAN)
    posed = replace(posed, candidates=(*posed.candidates[:-1], replace(posed.candidates[-1], excluded="school")))
    result = solve(posed, budget=BUDGET)
    assert result.price is not None
    found = list(reasons.closed(posed, result, budget=BUDGET))
    assert len(found) == 4
    assert {r.why for r in found} == {Why.LIMIT, Why.EXCLUDED}
    assert all(r.change is not None and r.change.gain <= 1e-6 for r in found if r.why is Why.LIMIT)
    more = reasons.one_more_site(posed, result, budget=BUDGET)
    assert more is not None
    assert more.gain > 0
    for _, change in reasons.each_site(posed, result, budget=BUDGET):
        assert change is not None
        assert change.gain <= 1e-6


def test_too_close_and_no_limit() -> None:
    posed = problem(3, Aim.COST, separation=40.0, at_most=None)
    result = solve(posed, budget=BUDGET)
    assert {r.why for r in reasons.closed(posed, result, budget=BUDGET)} == {Why.TOO_CLOSE}
    free = replace(posed, separation=0.0)
    alone = solve(free, budget=BUDGET)
    assert {r.why for r in reasons.closed(free, alone, budget=BUDGET)} <= {Why.OTHERS_ARE_BETTER}
    assert reasons.one_more_site(free, alone, budget=BUDGET) is None


def test_a_longer_reach() -> None:
    near, far = problem(4, Aim.MAX_COVER, reach=2.0), problem(4, Aim.MAX_COVER, reach=4.0)
    change = reasons.more_reach(near, solve(near, budget=BUDGET), far, budget=BUDGET)
    assert change is not None
    assert change.gain > 0


def test_no_change_where_nothing_is_possible() -> None:
    posed = problem(0, Aim.COST, unserved=None, sizes=(Size(capacity=1.0),))
    result = solve(posed, budget=BUDGET)
    assert reasons.tried(posed, result, posed, "the same", BUDGET) is None
