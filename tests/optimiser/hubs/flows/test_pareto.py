"""Fronts: worked out on paper, and by trying everything."""

from dataclasses import replace

import pytest

from optimiser.hubs.flows.pareto import front, zero_waste
from optimiser.hubs.flows.problem import Aim
from optimiser.result import Budget
from tests.optimiser.hubs.flows.whiteboard import town

NODES = Budget(iterations=1000)


def test_the_zero_waste_frontier_of_the_town_with_dear_sorting():
    """Sorting for 0.60 more: a kilogram sorted costs 0.50884, leaving one 0.30.

    Nothing opened costs 450 and 1,500 kg are not diverted; each kilogram sorted diverts 0.74. At the middle limit
    945 kg, 750 kg are sorted, all of street a: 60 + 750 * (0.50884 + 0.04) + 750 * 0.30. At the end both streets,
    all 1,500 kg: 100 + 1000 * 0.54884 + 500 * 0.58884 = 943.26.
    """
    dear = replace(town().processes[0], cost_per_kg=0.65)
    seen = []
    points, steps = zero_waste(
        town(processes=(dear,)), points=3, budget=NODES, on_progress=lambda news: seen.append((news.done, news.of))
    )
    assert [point.first for point in points] == pytest.approx([450.0, 60 + 750 * 0.54884 + 225.0, 943.26], rel=1e-5)
    assert [point.second for point in points] == pytest.approx([1500.0, 945.0, 390.0], rel=1e-5)
    assert all(point.gap is not None and point.gap <= 1e-5 for point in points)
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert steps[0].diverted_kg == pytest.approx(555.0, rel=1e-5)
    assert steps[1].cost_per_kg == pytest.approx((943.26 - 60 - 750 * 0.54884 - 225) / 555, rel=1e-4)


def test_aims_that_agree_have_one_point():
    assert len(front(town(), Aim.COST, Aim.LANDFILLED, points=4, budget=NODES)) == 1


def test_no_point_is_as_good_as_another_in_both():
    points = front(town(), Aim.COST, Aim.JOBS, points=4, budget=NODES)
    pairs = [(point.first, point.second) for point in points]
    assert pairs == sorted(pairs)
    assert [second for _, second in pairs] == sorted((second for _, second in pairs), reverse=True)


def test_a_front_needs_two_points():
    with pytest.raises(ValueError, match="two"):
        front(town(), Aim.COST, Aim.GHG, points=1, budget=NODES)
