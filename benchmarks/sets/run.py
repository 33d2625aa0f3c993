"""Solve an instance and say how good the plan is, in the set's own convention; for a process of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.sets.instance import Instance, Part
from benchmarks.sets.made_up import is_made_up, made_up
from benchmarks.sets.registry import read_instance
from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.merit import left_out
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.solve import solve

LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How to run an instance.

    Parameters
    ----------
    form, objective
        ``None``: by the content, the set's own.
    seconds
        Wall clock for all solves together.
    """

    seconds: float
    seed: int
    engine: str = "auto"
    form: str | None = None
    objective: str | None = None


def opened(word: str, how: How) -> Instance:
    """Return the instance in a file, or the made-up one that a word asks for."""
    if is_made_up(word):
        return made_up(word)
    return read_instance(Path(word), form=how.form, objective=how.objective)


def run(word: str, how: How) -> dict[str, Any]:
    """Return what one line says: the cost recomputed from the file's numbers, rules broken by name, the bound.

    A required stop that no round serves is listed as ``left-out``: such a cost compares with nothing.
    """
    instance = opened(word, how)
    share = 1.0 / len(instance.parts)
    plans, engines, spent = [], [], 0.0
    for part in instance.parts:
        began = time.perf_counter()
        result = solve(part.problem, engine=how.engine, budget=Budget(seconds=share * how.seconds), seed=how.seed)
        spent += time.perf_counter() - began
        plans.append(result.plan or Plan(rounds=()))
        engines.append(result.engine)
    both = list(zip(instance.parts, plans, strict=True))
    cost = instance.rounded(sum(part.cost(plan) for part, plan in both))
    return {
        "instance": instance.name,
        "cost": cost,
        "bound": None,
        "gap_percent": None,
        "vehicles": max(len(plan.rounds) for plan in plans),
        "violations": [code for part, plan in both for code in broken(part.problem, plan)],
        "engine": ", ".join(dict.fromkeys(engines)),
        "seed": how.seed,
        "seconds": round(spent, 3),
        "format": instance.format,
        "objective": instance.objective,
        "stops": sum(len(part.problem.stops) for part in instance.parts),
        "left_out": sum(len(left_out(part.problem, plan)) for part, plan in both),
        "notes": list(instance.notes),
    }


def broken(problem: RoundsProblem, plan: Plan) -> list[str]:
    """Return the codes of the rules that a plan breaks, each as often as it is broken, and what is left out."""
    return [violation.code for violation in check(problem, plan)] + [LEFT_OUT] * len(left_out(problem, plan))


def without_first(part: Part) -> RoundsProblem:
    """Return the problem without what makes fewer vehicles come first: only so its bound is one on the set's cost."""
    if not part.per_round:
        return part.problem
    vehicles = tuple(
        replace(vehicle, costs=replace(vehicle.costs, fixed=vehicle.costs.fixed - part.per_round))
        for vehicle in part.problem.vehicles
    )
    return replace(part.problem, vehicles=vehicles)
