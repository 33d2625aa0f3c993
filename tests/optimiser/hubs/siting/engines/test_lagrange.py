"""Our own engine behind the contract: what it refuses, the aim's own figures, a bound whenever it ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optimiser.hubs.siting.answer import Task
from optimiser.hubs.siting.engines import lagrange
from optimiser.hubs.siting.problem import MAXIMISED, Aim, Fairness, Size
from tests.optimiser.hubs.siting.made_up import best, problem

AIMS = (Aim.MEDIAN, Aim.EDE, Aim.MAX_COVER, Aim.ATTENDANCE, Aim.COST, Aim.COVER)
REFUSED: dict[str, dict[str, Any]] = {
    "capacities": {"capacity": 20.0},
    "budget": {"budget": 50.0},
    "new or closed": {"at_most_new": 1},
    "separation": {"separation": 2.0},
    "fairness": {"fairness": Fairness(farthest_at_most=9.0)},
}


@pytest.mark.parametrize("word", REFUSED)
def test_what_it_cannot_state_it_says(word: str) -> None:
    against = lagrange.supports(problem(0, Aim.MEDIAN, **REFUSED[word]))
    assert len(against) == 1
    assert word in against[0]


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("steps", [1, 3])
def test_the_bound_holds_however_early_it_ends(aim: Aim, steps: int) -> None:
    sign = -1.0 if aim in MAXIMISED else 1.0
    for seed in range(4):
        posed = problem(seed, aim, reach=6.0, n=20, m=8)
        answer = lagrange.solve(posed, Task(steps=steps))
        assert answer.size is not None
        assert sign * answer.bound <= sign * best(posed) + 1e-6


def test_news_are_in_the_figure_of_the_aim() -> None:
    told: list[float] = []
    posed = problem(1, Aim.MAX_COVER, reach=4.0)
    lagrange.solve(posed, Task(news=lambda _stage, value, _bound: told.append(value)))
    assert told[-1] == pytest.approx(best(posed))


def test_sites_open_in_their_cheapest_size() -> None:
    sizes = (Size(name="dear", fixed_cost=9.0), Size(name="cheap", fixed_cost=4.0))
    posed = problem(2, Aim.COST, sizes=sizes)
    assert lagrange.cheapest(posed).tolist() == [1] * 6
    answer = lagrange.solve(posed, Task())
    assert answer.size is not None
    assert set(answer.size.tolist()) == {-1, 1}


def test_more_sites_that_must_open_than_may() -> None:
    posed = problem(0, Aim.MEDIAN, at_most=0, unserved=None)
    answer = lagrange.solve(posed, Task())
    assert (answer.size, answer.proven) == (None, True)


def test_it_prefers_where_it_is_told_to_begin() -> None:
    posed = problem(7, Aim.MEDIAN, n=30, m=10)
    start = np.zeros(10, dtype=np.bool_)
    start[:2] = True
    first, second = (lagrange.solve(posed, Task(start=begin)) for begin in (None, start))
    assert first.size is not None
    assert second.size is not None
    assert (first.size == second.size).all()  # both are proven, wherever they began
