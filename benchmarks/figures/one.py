"""One run: an instance, an engine, a seed, on its own cores; for a process of its own.

The clock starts when all that is loaded or compiled once is ready: the engine has planned a handful of the instance's
own stops, and the instance is read anew.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

from benchmarks.figures.usage import Usage, used
from benchmarks.peers import bare_pyvrp
from benchmarks.plain import against
from benchmarks.sets.instance import Instance, Part
from benchmarks.sets.run import How, broken, opened
from benchmarks.vroom import unsuitable, vroom
from optimiser.result import Budget, Progress
from optimiser.rounds.engines.registry import ENGINES
from optimiser.rounds.merit import left_out
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.ready import ready
from optimiser.rounds.solve import solve

WARM_STOPS, WARM_VEHICLES, WARM_ITERATIONS, WARM_S = 6, 2, 5, 0.3
PENALTIES: Mapping[str, float | None] = {"pyvrp-default": None, "pyvrp-1000": 1000.0}
PEERS = (*PENALTIES, "vroom")
SEEDLESS = frozenset({"nearest", "ortools", "vroom"})
Listen = Callable[[float, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to run.

    Parameters
    ----------
    instance
        As the list names it.
    read
        File, or word for a made-up instance.
    seconds
        Wall clock of all solves together; a period's days share it evenly.
    on
        Numbers of the cores to run on; empty: any.
    """

    instance: str
    read: str
    engine: str
    seed: int
    seconds: float
    cores: int = 1
    objective: str | None = None
    on: tuple[int, ...] = ()


@dataclass(slots=True, kw_only=True)
class Trace:
    """Better and better plans of a part: seconds, cost in the set's convention, required stops left out."""

    part: Part
    began: float = field(default_factory=time.perf_counter)
    points: list[tuple[float, float, int]] = field(default_factory=list)

    def heard(self, net: float, rounds: int, missing: int) -> None:
        """Note a better plan by its net cost."""
        cost = self.part.unit * (net - self.part.per_round * rounds) + self.part.offset
        self.points.append((round(time.perf_counter() - self.began, 3), round(cost, 4), missing))


def one(task: Task) -> dict[str, Any]:
    """Return what the line of a run says."""
    pinned = pin(task.on)
    how = How(seconds=task.seconds, seed=task.seed, engine=task.engine, objective=task.objective)
    began = time.perf_counter()
    instance = opened(task.read, how)
    reasons = [reason for part in instance.parts for reason in refused(task.engine, part.problem)]
    if reasons:
        return {"skipped": "; ".join(dict.fromkeys(reasons))}
    ready()
    answer(task.engine, small(instance.parts[0].problem), WARM_S, task.seed, warm=True)
    instance = opened(task.read, how)  # what was kept for the small problem shall not help the large one
    ready_s = time.perf_counter() - began
    share = task.seconds / len(instance.parts)
    plans: list[Plan] = []
    traces: list[Trace] = []
    with used(several=task.cores > 1 or task.engine == "vroom") as usage:
        for part in instance.parts:
            trace = Trace(part=part)
            plans.append(answer(task.engine, part.problem, share, task.seed, threads=task.cores, listen=trace.heard))
            traces.append(trace)
            _heard_last(trace, plans[-1])
    return {"pinned": pinned, "ready_s": round(ready_s, 2), **_judged(instance, plans, traces), **_spent(usage)}


def pin(on: tuple[int, ...]) -> bool:
    """Keep this process, and all that it starts, on these cores; return whether that could be done."""
    if not on or not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, on)
    return True


def refused(engine: str, problem: RoundsProblem) -> tuple[str, ...]:
    """Return why an engine or peer cannot take a problem; empty if it can."""
    if engine in PENALTIES:
        return against(problem)
    if engine == "vroom":
        return unsuitable(problem)
    if engine == "auto":
        return ()
    return ENGINES[engine].supports(problem) if engine in ENGINES else (f"there is no engine {engine!r}",)


def answer(
    engine: str,
    problem: RoundsProblem,
    seconds: float,
    seed: int,
    *,
    threads: int = 1,
    warm: bool = False,
    listen: Listen | None = None,
) -> Plan:
    """Return the plan of an engine or peer; ``warm``: after a few iterations, where it counts them."""
    if engine in PENALTIES:
        return bare_pyvrp(
            problem,
            seconds=seconds,
            seed=seed,
            max_penalty=PENALTIES[engine],
            on_cost=None if listen is None else lambda net, rounds: listen(net, rounds, 0),
        )
    if engine == "vroom":
        return vroom(problem, seconds=seconds)

    def tell(news: Progress[Plan]) -> None:
        if listen is not None and news.plan is not None and news.cost is not None:
            listen(news.cost, len(news.plan.rounds), len(left_out(problem, news.plan)))

    budget = Budget(iterations=WARM_ITERATIONS, seconds=seconds) if warm else Budget(seconds=seconds, threads=threads)
    return solve(problem, engine=engine, budget=budget, seed=seed, on_progress=tell).plan or Plan(rounds=())


def small(problem: RoundsProblem) -> RoundsProblem:
    """Return a problem of the same kind with a handful of stops that depend on no others."""
    bound = {stop for shipment in problem.shipments for stop in (shipment.pickup, shipment.delivery)}
    bound |= {stop for choice in problem.choices for option in choice.options for stop in option}
    stops = tuple(stop for stop in problem.stops if stop.id not in bound)[:WARM_STOPS]
    vehicles = problem.vehicles[:WARM_VEHICLES]
    named = {vehicle.id for vehicle in vehicles}
    free = tuple(
        replace(
            stop,
            vehicles=None if stop.vehicles is None else frozenset(named & stop.vehicles) or None,
            usual=stop.usual if stop.usual in named else None,
        )
        for stop in stops
    )
    return replace(problem, stops=free, vehicles=vehicles, shipments=(), choices=(), together=(), apart=(), locks=())


def engine_version(engine: str) -> str:
    """Return the version of an engine or peer as its line tells it."""
    if engine in PENALTIES:
        return version("pyvrp")
    return ENGINES[engine].version() if engine in ENGINES else ""


def _heard_last(trace: Trace, plan: Plan) -> None:
    """Note the plan that came back, with the cost that counts."""
    seconds = round(time.perf_counter() - trace.began, 3)
    trace.points.append((seconds, round(trace.part.cost(plan), 4), len(left_out(trace.part.problem, plan))))


def _judged(instance: Instance, plans: list[Plan], traces: list[Trace]) -> dict[str, Any]:
    """Return the cost from the numbers of the file, and what the checker says."""
    both = list(zip(instance.parts, plans, strict=True))
    return {
        "name": instance.name,
        "objective": instance.objective,
        "format": instance.format,
        "stops": sum(len(part.problem.stops) for part in instance.parts),
        "cost": instance.rounded(sum(part.cost(plan) for part, plan in both)),
        "vehicles": max(len(plan.rounds) for plan in plans),
        "violations": list(dict.fromkeys(code for part, plan in both for code in broken(part.problem, plan))),
        "left_out": sum(len(left_out(part.problem, plan)) for part, plan in both),
        "trace": merged([trace.points for trace in traces]),
    }


def merged(parts: list[list[tuple[float, float, int]]]) -> list[tuple[float, float, int]]:
    """Return the traces of parts solved one after the other as one, as if all went on at the same time.

    It begins when every part has a plan; its seconds are as many times those of a part as there are parts.
    """
    found = []
    moments = sorted({point[0] for points in parts for point in points})
    for moment in moments:
        latest = [[point for point in points if point[0] <= moment] for points in parts]
        if all(latest):
            cost, missing = (sum(points[-1][k] for points in latest) for k in (1, 2))
            found.append((round(len(parts) * moment, 3), round(cost, 4), int(missing)))
    return found


def _spent(usage: Usage) -> dict[str, float]:
    return {
        "wall_s": round(usage.wall_s, 3),
        "cpu_s": round(usage.cpu_s, 3),
        "peak_mb": round(usage.peak_mb, 1),
    }
