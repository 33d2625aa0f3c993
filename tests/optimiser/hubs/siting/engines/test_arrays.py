"""HiGHS from arrays: strong rows that come later, a beginning, time and nodes."""

from __future__ import annotations

import time

import numpy as np
import pytest

from optimiser.hubs.siting.answer import Task
from optimiser.hubs.siting.assign import to_plan
from optimiser.hubs.siting.check import check
from optimiser.hubs.siting.engines import arrays
from optimiser.hubs.siting.price import price
from optimiser.hubs.siting.problem import Aim, SitingProblem
from tests.optimiser.hubs.siting.made_up import best, problem


def worth(posed: SitingProblem, task: Task | None = None, **how: float) -> tuple[float, float]:
    """Return the price of the plan, which keeps all rules, and the bound."""
    answer = arrays.solve(posed, task or Task(), **how)
    plan = to_plan(posed, answer)
    assert not check(posed, plan)
    return price(posed, plan).objective, answer.bound


@pytest.mark.parametrize("aim", [Aim.MEDIAN, Aim.MAX_COVER, Aim.COST, Aim.ATTENDANCE, Aim.EDE])
@pytest.mark.parametrize("seed", range(3))
def test_strong_rows_that_come_later_change_nothing(aim: Aim, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    posed = problem(seed, aim, reach=7.0, capacity=25.0, at_most=4)
    at_once = worth(posed)
    monkeypatch.setattr(arrays, "ALL_STRONG", 0)
    later = worth(posed)
    assert later == pytest.approx(at_once, rel=1e-5)
    assert later[1] == pytest.approx(later[0], rel=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_the_linear_program_bounds_the_best_plan(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "ALL_STRONG", 0)
    posed = problem(seed, Aim.MEDIAN)
    answer = arrays.solve(posed, Task(deadline=time.monotonic()))
    assert answer.bound <= best(posed) * (1 + 1e-6)


def test_it_begins_with_the_sites_given(monkeypatch: pytest.MonkeyPatch) -> None:
    posed = problem(1, Aim.MEDIAN)
    start = np.array([True, False, True, False, False, False])
    begun: list[np.ndarray] = []
    real = arrays.highspy.Highs.setSolution
    monkeypatch.setattr(arrays.highspy.Highs, "setSolution", lambda self, *a: (begun.append(a[2]), real(self, *a))[1])
    assert worth(posed, Task(start=start))[0] == pytest.approx(best(posed))
    assert begun[0].tolist() == start.astype(float).tolist()


def test_contradictions_are_proven() -> None:
    answer = arrays.solve(problem(1, Aim.MEDIAN, budget=1.0, at_most=None, unserved=None), Task())
    assert (answer.size, answer.proven) == (None, True)


def test_nobody_farther_than_asked_or_no_plan() -> None:
    posed = problem(2, Aim.CENTRE, unserved=None)
    least = best(posed)
    assert worth(posed, farthest=least)[0] == pytest.approx(least)
    assert arrays.solve(posed, Task(), farthest=least - 0.01).size is None
    assert arrays.supports(posed)
