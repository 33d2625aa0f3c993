"""What is known of neighbours beforehand is what looking at each pair of modes finds."""

from __future__ import annotations

import numpy as np
import pytest

from optimiser.rounds.strings.layout import FAR
from optimiser.rounds.strings.near_stops import WAITING
from optimiser.rounds.strings.scene import Stage
from tests.optimiser.rounds.strings.posed import CLASSES, problem_of, staged


def modes(stage: Stage, v: int) -> list[int]:
    return [int(m) for m in stage.ways[v] if m >= 0]


def may_follow(stage: Stage, first: int, then: int) -> bool:
    """Return whether a stop can be begun in time straight after another, by any vehicle in any modes."""
    s = stage.scene
    return any(
        s.opens[k, a] + s.work_time[k, a] + s.time[s.profile[k], a, b] <= s.closes[k, b]
        for k in range(len(s.profile))
        for a in modes(stage, first)
        for b in modes(stage, then)
    )


@pytest.mark.parametrize("name", CLASSES)
def test_the_least_ticks_to_a_neighbour_are_those_of_the_best_modes_and_direction(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 5))
    s = stage.scene
    for c in range(s.n):
        for v, cost in zip(s.near[c], s.near_cost[c], strict=True):
            legs = [s.cost[p, a, b] for p in range(len(s.cost)) for a in modes(stage, c) for b in modes(stage, v)]
            legs += [s.cost[p, b, a] for p in range(len(s.cost)) for a in modes(stage, c) for b in modes(stage, v)]
            assert cost == min(FAR, *legs)


@pytest.mark.parametrize("name", CLASSES)
def test_a_neighbour_is_barred_where_hours_forbid_to_go_on_or_to_come(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 5))
    s = stage.scene
    for c in range(s.n):
        for v, bars in zip(s.near[c], s.barred[c], strict=True):
            assert bool(bars & 1) == (bool(s.timed) and not may_follow(stage, c, v))
            assert bool(bars & 2) == (bool(s.timed) and not may_follow(stage, v, c))


def test_narrow_windows_bar_some() -> None:
    barred = staged(problem_of(CLASSES["windows"], 5)).scene.barred
    assert 0 < (barred > 0).mean() < 1


def least_wait(stage: Stage, c: int, v: int, bars: int) -> float:
    """Return how long one waits at least between two stops, in the better order; without end if neither is in time."""
    s = stage.scene
    waits = [
        max(0, s.opens[k, b] - s.closes[k, a] - s.work_time[k, a] - s.time[s.profile[k], a, b])
        for bit, first, then in ((1, c, v), (2, v, c))
        if not bars & bit
        for k in range(len(s.profile))
        for a in modes(stage, first)
        for b in modes(stage, then)
    ]
    return float(min(waits, default=np.inf))


def test_near_in_place_and_time_comes_first_and_what_never_follows_last() -> None:
    stage = staged(problem_of(CLASSES["windows"], 5))
    s, waited = stage.scene, 0
    first = np.array([modes(stage, c)[0] for c in range(s.n)], np.int32)
    a, b = np.broadcast_to(first[:, None], s.near.shape), first[s.near]
    rate = s.cost[0][a, b].sum() / s.time[0][a, b].sum()
    for c in range(s.n):
        waits = [least_wait(stage, c, v, bars) for v, bars in zip(s.near[c], s.barred[c], strict=True)]
        keys = [cost + WAITING * rate * wait for cost, wait in zip(s.near_cost[c], waits, strict=True)]
        assert keys == sorted(keys)
        waited += sum(0 < wait < np.inf for wait in waits)
    assert waited
