"""p-centre by thresholds: levels, the greedy beginning, and an honest answer when time is up."""

from __future__ import annotations

import time

import numpy as np
import pytest

from optimiser.hubs.siting.answer import Answer, Task
from optimiser.hubs.siting.engines import threshold
from optimiser.hubs.siting.problem import Aim
from tests.optimiser.hubs.siting.made_up import best, problem


@pytest.mark.parametrize("seed", range(8))
def test_levels_hold_the_best_and_greed_reaches_one_within_twice_of_it(seed: int) -> None:
    posed = problem(seed, Aim.CENTRE, unserved=None, n=10, m=10)
    levels, wanted = threshold._levels(posed), best(posed)
    assert (np.diff(levels) > 0).all()
    assert np.isclose(levels, wanted).any()
    nearest = posed.arcs.distance.reshape(10, 10).min(axis=1).max()
    assert levels[0] >= nearest
    assert levels[threshold._greedy(posed, levels)] >= wanted - 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_is_better_than_asked_if_it_is(seed: int) -> None:
    posed = problem(seed, Aim.CENTRE)
    levels = threshold._levels(posed)
    size = np.array([0, -1, 0, -1, -1, -1])
    farthest = posed.arcs.distance.reshape(12, 6)[:, [0, 2]].min(axis=1).max()
    reached = threshold._reached(posed, Answer(size=size), levels)
    assert levels[reached] == pytest.approx(farthest)


def test_time_that_is_up_leaves_a_bound_that_holds() -> None:
    posed = problem(3, Aim.CENTRE)
    answer = threshold.solve(posed, Task(deadline=time.monotonic() - 1.0))
    assert not answer.proven
    assert answer.size is None or answer.bound <= best(posed)


def test_news_close_in_on_the_best() -> None:
    told: list[tuple[float, float]] = []
    posed = problem(5, Aim.CENTRE)
    threshold.solve(posed, Task(news=lambda _stage, value, bound: told.append((value, bound))))
    wanted = best(posed)
    assert told
    assert all(bound <= wanted + 1e-9 <= value + 2e-9 for value, bound in told)
    assert told[-1][0] == pytest.approx(wanted)


def test_only_the_farthest_distance() -> None:
    assert threshold.supports(problem(0, Aim.MEDIAN))
    assert not threshold.supports(problem(0, Aim.CENTRE, budget=90.0))
