"""A solve and its judgement, for a process of its own: nothing but the optimiser is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.peers import bare_pyvrp
from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.solve import solve


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A checked plan in numbers."""

    left_out: int
    net: float
    km: float
    tips: int
    vehicles: int
    broken: tuple[str, ...]


def solved(problem: RoundsProblem, engine: str, seconds: float, seed: int) -> Score:
    """Solve with an engine through the door that everybody uses."""
    result = solve(problem, engine=engine, budget=Budget(seconds=seconds), seed=seed)
    return score(problem, result.plan or Plan(rounds=()))


def bare_solved(problem: RoundsProblem, seconds: float, seed: int) -> Score:
    """Solve with the library alone."""
    return score(problem, bare_pyvrp(problem, seconds=seconds, seed=seed))


def score(problem: RoundsProblem, plan: Plan) -> Score:
    """Judge a plan."""
    cost = price(problem, plan)
    return Score(
        left_out=len(plan.unserved),
        net=cost.net,
        km=cost.distance_m / 1000,
        tips=cost.tips,
        vehicles=len(plan.rounds),
        broken=tuple(violation.code for violation in check(problem, plan)),
    )
