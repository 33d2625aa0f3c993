"""Solve an instance and say how good the plan is, in the set's own convention; for a process of its own."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.instances import reload_instance
from benchmarks.sets.instance import Instance, Part
from benchmarks.sets.made_up import is_made_up, made_up
from benchmarks.sets.registry import read_instance
from optimiser.result import Budget
from optimiser.rounds.bound import bound
from optimiser.rounds.check import check
from optimiser.rounds.merit import left_out
from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.ready import ready
from optimiser.rounds.solve import solve

LEFT_OUT = "left-out"
SHOWN = 10_000  # a bound is given to four digits


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How to run an instance.

    Parameters
    ----------
    form, objective
        ``None``: by the content, the set's own.
    seconds, bound_seconds
        Wall clock for all solves together, and after them for all bounds together; 0: no bound is looked for.
    """

    seconds: float
    seed: int
    engine: str = "auto"
    form: str | None = None
    objective: str | None = None
    bound_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A lower bound on the cost in the set's convention, how it was proven, and what that took."""

    value: float
    method: str
    seconds: float


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
    get_ready(how)
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
    codes = list(dict.fromkeys(code for part, plan in both for code in broken(part.problem, plan)))
    floor = lowest(instance, plans, how.bound_seconds) if how.bound_seconds > 0 else None
    return {
        "instance": instance.name,
        "cost": cost,
        "bound": floor.value if floor else None,
        "gap_percent": _gap_percent(cost, floor.value) if floor and not codes else None,
        "vehicles": max(len(plan.rounds) for plan in plans),
        "violations": codes,
        "engine": ", ".join(dict.fromkeys(engines)),
        "seed": how.seed,
        "seconds": round(spent, 3),
        "bound_seconds": round(floor.seconds, 3) if floor else 0.0,
        "bound_method": floor.method if floor else "",
        "format": instance.format,
        "objective": instance.objective,
        "stops": sum(len(part.problem.stops) for part in instance.parts),
        "left_out": sum(len(left_out(part.problem, plan)) for part, plan in both),
        "notes": list(instance.notes),
    }


def get_ready(how: How) -> None:
    """Plan and bound a handful of stops, so that no instance waits for what is loaded or compiled once."""
    ready()
    solve(reload_instance(6, vehicles=2), engine=how.engine, budget=Budget(iterations=5), seed=1)


def _gap_percent(cost: float, bound: float) -> float:
    return round(100 * abs(cost - bound) / max(abs(cost), 1e-9), 4)


def lowest(instance: Instance, plans: Sequence[Plan], seconds: float) -> Floor | None:
    """Return a lower bound on the cost, the sum of those of the parts; ``None`` if one of them has none.

    Where fewer vehicles come first it is one on the distance by any number of vehicles.
    """
    began = time.perf_counter()
    total, methods = 0.0, []
    step = 1.0 if instance.digits == 0 else 0.0
    for part, plan in zip(instance.parts, plans, strict=True):
        problem = without_first(part)
        net = None if left_out(problem, plan) else price(problem, plan).net
        found = bound(problem, budget=Budget(seconds=seconds / len(plans)), incumbent=net, step=step)
        if found is None:
            return None
        total += part.unit * found.value + part.offset
        methods.append(found.method)
    total = math.floor(total * SHOWN) / SHOWN  # never above what was proven
    return Floor(value=total, method=" ".join(dict.fromkeys(methods)), seconds=time.perf_counter() - began)


def broken(problem: RoundsProblem, plan: Plan) -> list[str]:
    """Return the codes of the rules that a plan breaks, each once, and whether anything is left out."""
    codes = dict.fromkeys(violation.code for violation in check(problem, plan))
    return [*codes, *([LEFT_OUT] if left_out(problem, plan) else [])]


def without_first(part: Part) -> RoundsProblem:
    """Return the problem without what makes fewer vehicles come first: only so its bound is one on the set's cost."""
    if not part.per_round:
        return part.problem
    vehicles = tuple(
        replace(vehicle, costs=replace(vehicle.costs, fixed=vehicle.costs.fixed - part.per_round))
        for vehicle in part.problem.vehicles
    )
    return replace(part.problem, vehicles=vehicles)
