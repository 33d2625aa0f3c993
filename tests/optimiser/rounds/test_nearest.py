"""The greedy plan where there are too many places to look at all pairs."""

from __future__ import annotations

import pytest

from optimiser.result import Budget
from optimiser.rounds import ground
from optimiser.rounds.check import check
from optimiser.rounds.engines import nearest
from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from tests.optimiser.rounds.wide import wide


def greedy(problem: RoundsProblem) -> Plan:
    return nearest.solve(problem, budget=Budget(iterations=1), seed=1, initial=None, on_progress=lambda _: None).plan


@pytest.mark.parametrize("tips", [False, True])
def test_looking_at_the_nearest_first_makes_about_the_same_plan(*, tips: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = wide(300, tips=tips)
    full = greedy(problem)
    monkeypatch.setattr(ground, "DENSE_PLACES", 100)
    for count in (4, 32, 299):
        monkeypatch.setattr(ground, "NEAREST", count)
        found = greedy(problem)
        assert check(problem, found) == ()
        assert found.unserved == ()
        assert price(problem, found).net <= 1.05 * price(problem, full).net


def test_thousands_of_stops_are_all_served() -> None:
    problem = wide(ground.DENSE_PLACES + 500, per_round=60)
    found = greedy(problem)
    assert found.unserved == ()
    assert check(problem, found) == ()
