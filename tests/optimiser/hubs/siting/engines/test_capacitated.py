"""Our own engine for capacities: what it finds is what HiGHS finds, and its bound is never above that."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from optimiser.hubs.siting.answer import Task
from optimiser.hubs.siting.check import check
from optimiser.hubs.siting.engines import capacitated
from optimiser.hubs.siting.engines.registry import choose
from optimiser.hubs.siting.problem import Aim, Candidate, SitingProblem, Size
from optimiser.hubs.siting.solve import solve
from optimiser.result import Budget, Status
from tests.optimiser.hubs.siting.made_up import problem

BUDGET = Budget(seconds=60)


def tight(seed: int, aim: Aim, *, single: bool, n: int = 14, m: int = 6, capacity: float = 22.0) -> SitingProblem:
    posed = problem(
        seed, aim, n=n, m=m, capacity=capacity, single_source=single, unserved=None,
        at_most=5 if aim is Aim.MEDIAN else None,
    )  # fmt: skip
    plain = tuple(replace(candidate, closing_cost=0.0) for candidate in posed.candidates)
    return replace(posed, candidates=plain if aim is Aim.MEDIAN else posed.candidates)


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("aim", [Aim.COST, Aim.MEDIAN])
def test_it_finds_what_highs_finds(aim: Aim, single: bool) -> None:
    for seed in range(8):
        posed = tight(seed, aim, single=single)
        ours, wanted = (solve(posed, engine=name, budget=BUDGET) for name in ("capacitated", "highs"))
        assert ours.status is wanted.status, seed
        assert ours.price is not None
        assert wanted.price is not None
        if wanted.status is Status.INFEASIBLE:
            continue
        assert ours.price.objective == pytest.approx(wanted.price.objective, rel=2e-6), seed
        assert ours.plan is not None
        assert not check(posed, ours.plan)


@pytest.mark.parametrize("single", [False, True])
def test_its_bound_is_valid_whenever_it_ends(single: bool) -> None:
    for seed in range(3):
        posed = tight(seed, Aim.COST, single=single, n=30, m=10, capacity=40.0)
        wanted = solve(posed, engine="highs", budget=BUDGET)
        assert wanted.price is not None
        for steps in (1, 3, 8):
            early = solve(posed, engine="capacitated", budget=Budget(iterations=steps))
            assert early.bound is not None
            assert early.price is not None
            assert early.bound.value <= wanted.price.objective * (1 + 2e-6)
            assert early.price.objective >= wanted.price.objective * (1 - 2e-6)


def test_it_ends_when_time_is_up() -> None:
    posed = tight(1, Aim.COST, single=True, n=60, m=30)
    answer = capacitated.solve(posed, Task(deadline=time.monotonic()))
    assert answer.bound <= solve(posed, budget=Budget(seconds=20)).price.objective  # type: ignore[union-attr]
    assert answer.steps == 0


def test_mandatory_and_excluded_sites_and_handling_are_heeded() -> None:
    posed = tight(4, Aim.COST, single=True)
    changed = (
        replace(posed.candidates[0], mandatory=True),
        replace(posed.candidates[1], excluded="flood"),
        *(
            Candidate(id=c.id, sizes=(Size(capacity=30.0, fixed_cost=20.0, cost_per_load=1.0 + k),))
            for k, c in enumerate(posed.candidates[2:])
        ),
    )
    posed = replace(posed, candidates=changed)
    ours, wanted = (solve(posed, engine=name, budget=BUDGET) for name in ("capacitated", "highs"))
    assert ours.price is not None
    assert wanted.price is not None
    assert ours.price.objective == pytest.approx(wanted.price.objective, rel=2e-6)
    assert ours.plan is not None
    open_ids = {site.site for site in ours.plan.opened}
    assert "c0" in open_ids
    assert "c1" not in open_ids


def test_rooms_that_do_not_suffice_are_known_at_once() -> None:
    posed = tight(2, Aim.COST, single=True, capacity=4.0)
    answer = capacitated.solve(posed, Task())
    assert answer.size is None
    assert answer.proven


def test_auto_takes_it_and_it_says_what_it_cannot() -> None:
    posed = tight(2, Aim.COST, single=True)
    assert choose(posed)[0] == "capacitated"
    assert capacitated.supports(replace(posed, budget=5.0)) == ("there is a budget",)
    lost = replace(posed, unserved=np.full(14, 99.0))
    assert capacitated.supports(lost) == ("somebody may be left out",)
    assert choose(lost)[0] == "highs"


def test_the_same_seed_and_steps_give_the_same_plan() -> None:
    posed = tight(5, Aim.COST, single=True, n=40, m=12, capacity=40.0)
    first, second = (solve(posed, engine="capacitated", budget=Budget(iterations=3), seed=3) for _ in range(2))
    assert first.price == second.price
    assert first.bound == second.bound
