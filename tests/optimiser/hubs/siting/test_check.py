from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optimiser.hubs.siting.answer import Answer
from optimiser.hubs.siting.assign import to_plan
from optimiser.hubs.siting.check import check
from optimiser.hubs.siting.plan import Opened, SitingPlan
from optimiser.hubs.siting.price import price
from optimiser.hubs.siting.problem import Aim, Fairness, SitingProblem, Size, Within
from tests.optimiser.hubs.siting.made_up import problem

POSED = problem(0, Aim.MEDIAN, at_most=3)
GOOD = to_plan(POSED, Answer(size=np.array([0, -1, 0, -1, 0, -1])))


def codes(posed: SitingProblem, plan: SitingPlan) -> set[str]:
    return {violation.code for violation in check(posed, plan)}


def test_a_good_plan_breaks_nothing() -> None:
    assert not check(POSED, GOOD)
    assert GOOD.closest


CANDIDATES = POSED.candidates
RULES: dict[str, dict[str, Any]] = {
    "too-many-hubs": {"at_most": 2},
    "too-many-new": {"at_most_new": 1},
    "over-budget": {"budget": 10.0},
    "must-stay-open": {"candidates": (CANDIDATES[0], replace(CANDIDATES[1], mandatory=True), *CANDIDATES[2:])},
    "excluded-open": {"candidates": (replace(CANDIDATES[0], excluded="school"), *CANDIDATES[1:])},
    "over-capacity": {"candidates": tuple(replace(c, sizes=(Size(capacity=1.0),)) for c in CANDIDATES)},
    "too-close": {"separation": 30.0},
    "unfair-ede": {"fairness": Fairness(ede_at_most=0.5)},
    "unfair-worst": {"fairness": Fairness(worst_at_most=0.5)},
    "unfair-farthest": {"fairness": Fairness(farthest_at_most=0.5)},
    "unfair-within": {"fairness": Fairness(within=(Within(share=1.0, distance=0.5, group="b"),))},
}


@pytest.mark.parametrize("code", RULES)
def test_each_rule_has_its_code(code: str) -> None:
    assert codes(replace(POSED, **RULES[code]), GOOD) == {code}


def test_closing_what_may_not_close() -> None:
    plan = to_plan(POSED, Answer(size=np.array([-1, -1, 0, -1, 0, -1])))
    assert codes(replace(POSED, at_most_closed=0), plan) == {"too-many-closed"}


def test_broken_plans() -> None:
    half = replace(GOOD, share=np.full(12, 0.5))
    assert codes(replace(POSED, unserved=None, single_source=True), half) == {"unserved", "split", "not-closest"}
    assert codes(POSED, replace(GOOD, opened=GOOD.opened[1:])) == {"closed-hub"}
    assert codes(POSED, replace(GOOD, opened=(*GOOD.opened, Opened(site="c0")))) == {"doubled"}
    assert codes(POSED, replace(GOOD, opened=(Opened(site="nowhere"),))) == {"unknown-hub"}
    assert codes(POSED, replace(GOOD, opened=(Opened(site="c0", size=3),))) == {"unknown-size"}
    assert codes(POSED, replace(GOOD, row=GOOD.row + 1)) == {"unknown-demand"}
    assert codes(POSED, replace(GOOD, share=np.full(12, 1.5))) == {"share-range", "share-sum"}
    short = problem(0, Aim.MEDIAN, reach=0.01)
    assert codes(short, replace(GOOD, closest=False)) == {"beyond-reach"}
    twice = replace(GOOD, row=np.repeat(GOOD.row, 2), column=np.repeat(GOOD.column, 2), share=np.full(24, 0.5))
    assert codes(POSED, twice) == {"doubled"}


def test_going_farther_than_needed_is_found_where_the_contrary_is_claimed() -> None:
    other = GOOD.column.copy()
    other[3] = next(j for j in (0, 2, 4) if j != other[3])
    assert codes(POSED, replace(GOOD, column=other)) == {"not-closest"}
    assert not check(POSED, replace(GOOD, column=other, closest=False))


def test_the_price_by_hand() -> None:
    posed = problem(0, Aim.COST, at_most=None)
    plan = SitingPlan(
        opened=(Opened(site="c1"),), row=np.array([0, 1]), column=np.array([1, 1]), share=np.array([1.0, 0.25])
    )
    d, w = posed.arcs.distance.reshape(12, 6), posed.demand.weight
    found = price(posed, plan)
    fixed = posed.candidates[1].sizes[0].fixed_cost
    serving = w[0] * d[0, 1] + 0.25 * w[1] * d[1, 1]
    assert found.objective == pytest.approx(fixed + 5.0 + serving + 200 * 10.75)
    assert found.closing_cost == 5.0
    assert found.load == {"c1": pytest.approx(w[0] + 0.25 * w[1])}
    assert found.served == pytest.approx(w[0] + 0.25 * w[1])
    assert price(replace(posed, unserved=None), plan).objective == np.inf


def test_an_assignment_without_an_arc_has_no_price() -> None:
    with pytest.raises(ValueError, match="no arc"):
        price(problem(0, Aim.MEDIAN, reach=0.01), GOOD)
