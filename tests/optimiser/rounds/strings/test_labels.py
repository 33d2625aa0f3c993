"""What a round costs with several modes a stop is the least over all choices of modes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimiser.rounds.strings.desk import empty, load
from optimiser.rounds.strings.layout import AHEAD, BEHIND, COST, NEVER, STOPS, Work
from tests.optimiser.rounds.strings.oracle import Judge, visits
from tests.optimiser.rounds.strings.posed import Class, problem_of, staged

MODES = Class(modes=2, stops=8, sites=1, must=False)


def is_late(work: Work) -> bool:
    """Return whether the round that was laid cannot be done in time: it is then left out, or costs that much."""
    return bool(work.tour[0, STOPS] == 0 or work.tour[0, COST] >= NEVER)


@pytest.mark.parametrize("seed", range(12))
def test_without_a_clock_it_is_the_best_of_all_modes(seed: int) -> None:
    stage = staged(problem_of(MODES, seed))
    order = [*np.random.default_rng(seed).permutation(8).tolist(), -1]
    work = empty(stage, 1)
    load(stage, work, [(stage.vehicles[0], order)])
    problem, judge = stage.known.problem, Judge(stage=stage)
    items = [*(problem.stops[v] for v in order[:-1]), problem.tip_sites[0]]
    assert work.tour[0, COST] == judge.every_way(judge.vehicle(0), items)[0]


@pytest.mark.parametrize("seed", range(12))
def test_the_labels_of_both_sides_meet_at_every_node(seed: int) -> None:
    stage = staged(problem_of(MODES, seed))
    work = empty(stage, 1)
    load(stage, work, [(stage.vehicles[0], [5, 2, 7, -1, 1])])
    cost = work.tour[0, COST]
    for v in (5, 2, 7, 1):
        kept = [slot for slot in range(2) if work.ways[v, slot] >= 0]
        once = [stage.scene.work_cost[stage.kind_of[0], work.ways[v, slot]] for slot in kept]
        assert min(work.money[v, kept, AHEAD] + work.money[v, kept, BEHIND] - np.array(once)) == cost


@pytest.mark.parametrize("seed", range(40))
def test_with_a_clock_it_is_in_time_and_never_below_the_best(seed: int) -> None:
    what = Class(modes=2, timed=True, windows=True, paid=True, overtime=True, stops=6)
    stage = staged(problem_of(what, seed))
    judge = Judge(stage=stage)
    rng = np.random.default_rng(seed)
    order = rng.permutation(6)[: rng.integers(1, 7)].tolist()
    work = empty(stage, 1)
    load(stage, work, [(stage.vehicles[0], order)])
    ways = judge.every_way(judge.vehicle(0), visits(stage, order, work.site))
    cost = int(work.tour[0, COST])
    if is_late(work):
        return  # the label that was kept for its cost is too late: that may be
    assert min(abs(cost - way) for way in ways) <= len(order) + 4


def test_with_a_clock_and_one_mode_it_is_exact() -> None:
    what = Class(timed=True, windows=True, paid=True, overtime=True, stops=6)
    late = 0
    for seed in range(60):
        stage = staged(problem_of(what, seed))
        judge = Judge(stage=stage)
        rng = np.random.default_rng(seed)
        order = rng.permutation(6)[: rng.integers(1, 5)].tolist()
        work = empty(stage, 1)
        load(stage, work, [(stage.vehicles[0], order)])
        ways = judge.every_way(judge.vehicle(0), visits(stage, order, work.site))
        late += not ways
        assert is_late(work) == (not ways)
        assert not ways or abs(work.tour[0, COST] - ways[0]) <= len(order) + 4
    assert 0 < late < 60


def test_a_stop_served_for_nothing_costs_its_legs_only() -> None:
    problem = problem_of(Class(stops=3, modes=2), 4)
    free = tuple(replace(vehicle, costs=replace(vehicle.costs, fixed=0.0)) for vehicle in problem.vehicles)
    stage = staged(replace(problem, vehicles=free))
    work = empty(stage, 1)
    load(stage, work, [(stage.vehicles[0], [1])])
    travel, modes = problem.travel["truck"], problem.stops[1].modes
    ways = [
        sum(
            int(travel.legs(np.array([travel.row(a)]), np.array([travel.column(b)]))[1][0])
            for a, b in (("depot0", m.arrive), (m.leave, "depot0"))
        )
        for m in modes
    ]
    assert work.tour[0, COST] == min(ways)
