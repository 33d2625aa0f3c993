from __future__ import annotations

import pytest

from optimiser.hubs.siting.fair import price_of_equity, who_gains
from optimiser.hubs.siting.problem import Aim
from optimiser.result import Budget
from tests.optimiser.hubs.siting.made_up import problem


def test_fairness_has_a_price_and_somebody_gains() -> None:
    for seed in range(4):
        posed = problem(seed, Aim.MEDIAN, n=30, m=12, at_most=3)
        curve = list(price_of_equity(posed, (0.5, 2.0), budget=Budget(seconds=30)))
        base, same, last = curve
        assert [point.aversion for point in curve] == [0.0, 0.5, 2.0]
        assert all(point.mean >= base.mean - 1e-9 for point in curve)
        assert same.ede <= base.ede + 1e-9
        assert same.ede <= last.ede + 1e-9  # compared at the kappa of the first
        assert base.result.plan is not None
        assert last.result.plan is not None
        moved = who_gains(posed, base.result.plan, last.result.plan)
        total = sum(group.weight for group in moved.values())
        after = sum(group.weight * group.after for group in moved.values()) / total
        assert set(moved) == {"a", "b"}
        assert after == pytest.approx(last.mean)
