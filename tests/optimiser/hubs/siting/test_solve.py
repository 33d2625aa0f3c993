from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from faults import InputError
from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.check import check
from optimiser.hubs.siting.engines.registry import ENGINES
from optimiser.hubs.siting.price import price
from optimiser.hubs.siting.problem import MAXIMISED, Aim, Candidate, Fairness, Size, Within
from optimiser.hubs.siting.solve import solve
from optimiser.result import Budget, Status
from tests.optimiser.hubs.siting.made_up import best, problem

BUDGET = Budget(seconds=60)


@pytest.mark.parametrize("aim", list(Aim))
@pytest.mark.parametrize("seed", range(3))
def test_every_engine_finds_what_trying_all_finds(aim: Aim, seed: int) -> None:
    posed = problem(seed, aim, reach=6.0)
    wanted = best(posed)
    for name, engine in ENGINES.items():
        if engine.supports(posed):
            continue
        result = solve(posed, engine=name, budget=BUDGET)
        assert result.price is not None
        assert result.price.objective == pytest.approx(wanted, rel=1e-5), name
        assert result.status is Status.OPTIMAL, name


LIMITS: dict[str, dict[str, Any]] = {
    "budget": {"budget": 70.0, "at_most": None},
    "new": {"at_most_new": 1, "at_most": 3},
    "closed": {"at_most_closed": 0},
    "separation": {"separation": 5.0, "at_most": 3},
    "ede": {"fairness": Fairness(ede_at_most=4.4)},
    "worst": {"fairness": Fairness(worst_at_most=6.5)},
    "farthest": {"fairness": Fairness(farthest_at_most=7.5), "at_most": 3},
    "within": {"fairness": Fairness(within=(Within(share=0.8, distance=4.0, group="a"),)), "at_most": 3},
}


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("seed", range(3))
def test_constraints_of_sites_and_of_fairness(limit: str, seed: int) -> None:
    for aim in (Aim.MEDIAN, Aim.COST, Aim.EDE):
        posed = problem(seed, aim, **LIMITS[limit])
        wanted = best(posed)
        for name in ("highs", "pulp", "auto"):
            result = solve(posed, engine=name, budget=BUDGET)
            if np.isinf(wanted):
                assert result.plan is None
                assert result.status is Status.INFEASIBLE
                continue
            assert result.price is not None
            assert result.price.objective == pytest.approx(wanted, rel=1e-5), (aim, name)


@pytest.mark.parametrize("single", [False, True])
def test_capacities_agree_between_face_and_arrays(single: bool) -> None:
    for seed in range(4):
        for aim in (Aim.MEDIAN, Aim.COST, Aim.CENTRE, Aim.MAX_COVER, Aim.EDE):
            posed = problem(seed, aim, capacity=22.0, single_source=single, at_most=4, n=8, m=5)
            found = []
            for name in ("auto", "pulp"):
                result = solve(posed, engine=name, budget=BUDGET)
                assert result.price is not None
                assert result.plan is not None
                assert not check(posed, result.plan)
                found.append(result.price.objective)
            assert found[0] == pytest.approx(found[1], rel=1e-5), (seed, aim)


def test_the_larger_size_pays_when_it_is_full() -> None:
    sizes = (Size(name="small", capacity=25.0, fixed_cost=30.0, cost_per_load=2.0),
             Size(name="large", capacity=80.0, fixed_cost=50.0, cost_per_load=1.0))  # fmt: skip
    for seed in range(3):
        posed = problem(seed, Aim.COST, sizes=sizes, at_most=None)
        found = [solve(posed, engine=name, budget=BUDGET).price for name in ("highs", "pulp")]
        assert found[0] is not None
        assert found[1] is not None
        assert found[0].objective == pytest.approx(found[1].objective, rel=1e-5)
        dear = replace(posed, candidates=tuple(replace(c, sizes=sizes[:1]) for c in posed.candidates))
        less = solve(dear, budget=BUDGET).price
        assert less is not None
        assert less.objective > found[0].objective


@pytest.mark.parametrize("aim", list(Aim))
def test_more_of_anything_is_never_worse(aim: Aim) -> None:
    sign = -1.0 if aim in MAXIMISED else 1.0
    for seed in range(3):
        tight = problem(seed, aim, reach=4.0, capacity=15.0, single_source=True, m=5, n=9)
        looser = (
            problem(seed, aim, reach=6.0, capacity=15.0, single_source=True, m=5, n=9),
            problem(seed, aim, reach=4.0, capacity=25.0, single_source=True, m=5, n=9),
            replace(tight, at_most=3),
        )
        before = solve(tight, budget=BUDGET).price
        assert before is not None
        for more in looser:
            after = solve(more, budget=BUDGET).price
            assert after is not None
            assert sign * after.objective <= sign * before.objective + 1e-5


@pytest.mark.parametrize("engine", ["lagrange", "highs", "pulp"])
@pytest.mark.parametrize("lost", [60.0, 400.0, 4000.0])
def test_an_ede_is_proven_however_far_the_unserved_count(engine: str, lost: float) -> None:
    for seed in range(3):
        posed = problem(seed, Aim.EDE, unserved=np.full(12, lost))
        result = solve(posed, engine=engine, budget=BUDGET)
        assert result.price is not None
        assert result.price.objective == pytest.approx(best(posed), rel=1e-5)
        assert result.status is Status.OPTIMAL


def test_one_more_candidate_is_never_worse() -> None:
    posed = problem(1, Aim.MEDIAN)
    barred = replace(posed, candidates=(*posed.candidates[:-1], replace(posed.candidates[-1], excluded="flood")))
    with_it, without = solve(posed, budget=BUDGET).price, solve(barred, budget=BUDGET).price
    assert with_it is not None
    assert without is not None
    assert with_it.objective <= without.objective


def test_whom_nobody_reaches_is_said_and_the_others_are_served() -> None:
    posed = problem(2, Aim.MEDIAN, unserved=None)
    distance = np.full((12, 6), 3.0)
    distance[4] = 50.0
    cut = replace(posed, arcs=from_matrix(distance, 10.0), decay=None)
    result = solve(cut, budget=BUDGET)
    assert result.status is Status.INFEASIBLE
    assert result.plan is not None
    assert set(range(12)) - set(result.plan.row.tolist()) == {4}
    assert {violation.code for violation in check(cut, result.plan)} == {"unserved"}


def test_a_capacity_short_by_one_is_said() -> None:
    posed = problem(3, Aim.COST, unserved=None, at_most=None)
    total = float(posed.demand.weight.sum())
    short = replace(posed, candidates=(Candidate(id="c0", sizes=(Size(capacity=total - 1),)),
                                       *(replace(c, excluded="water") for c in posed.candidates[1:])))  # fmt: skip
    result = solve(short, budget=BUDGET)
    assert result.status is Status.INFEASIBLE
    assert result.price is not None
    assert result.price.left_out == pytest.approx(1.0)


def test_contradicting_limits_have_no_plan() -> None:
    posed = problem(3, Aim.MEDIAN, at_most=1)
    both = tuple(replace(c, mandatory=True) for c in posed.candidates[:2])
    result = solve(replace(posed, candidates=(*both, *posed.candidates[2:])), budget=BUDGET)
    assert result.status is Status.INFEASIBLE
    assert result.plan is None


def test_auto_says_what_it_takes_and_an_engine_what_it_cannot() -> None:
    assert "our own" in solve(problem(0, Aim.MEDIAN), budget=BUDGET).notes[0]
    assert "budget" in solve(problem(0, Aim.MEDIAN, budget=500.0), budget=BUDGET).notes[0]
    with pytest.raises(InputError, match="budget"):
        solve(problem(0, Aim.MEDIAN, budget=500.0), engine="lagrange", budget=BUDGET)
    with pytest.raises(InputError, match="no engine"):
        solve(problem(0, Aim.MEDIAN), engine="abacus", budget=BUDGET)


def test_the_same_seed_and_steps_give_the_same_plan() -> None:
    posed = problem(5, Aim.MEDIAN, n=60, m=30, at_most=5)
    first, second = (solve(posed, budget=Budget(iterations=4), seed=3) for _ in range(2))
    assert first.plan is not None
    assert second.plan is not None
    assert first.plan.opened == second.plan.opened
    assert first.bound == second.bound


def test_the_price_is_what_the_plan_says_not_what_the_engine_says() -> None:
    posed = problem(0, Aim.MEDIAN)
    result = solve(posed, budget=BUDGET)
    assert result.plan is not None
    assert price(posed, result.plan) == result.price
