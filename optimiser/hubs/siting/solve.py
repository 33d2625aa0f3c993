"""Choose sites: an engine that fits, its plan checked and priced from first principles, its bound beside it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np

from faults import Fault, InputError, SolverError
from optimiser.hubs.siting import tables
from optimiser.hubs.siting.answer import Answer, Task
from optimiser.hubs.siting.assign import to_plan
from optimiser.hubs.siting.check import check
from optimiser.hubs.siting.core import greatest
from optimiser.hubs.siting.engines.registry import ENGINES, choose
from optimiser.hubs.siting.plan import SitingPlan, SitingPrice
from optimiser.hubs.siting.price import price
from optimiser.hubs.siting.problem import MAXIMISED, Aim, Floats, SitingProblem
from optimiser.result import Bound, Budget, OnProgress, Progress, Result, Status

GAP = 1e-6  # relative: below this a plan is the best
CLAIM = 1e-5  # relative: a bound may lie beyond the plan's own price by no more
DEAR = 10.0  # times all else: what leaving somebody out counts for where it cannot be helped
NOT_ALL = "Not everybody can be served within these limits: the plan serves the others."
NOT_FOUND = "No plan that serves everybody was found in time: this one serves others."

SitingResult = Result[SitingPlan, SitingPrice]


def solve(
    problem: SitingProblem,
    *,
    engine: str = "auto",
    budget: Budget,
    seed: int = 1,
    initial: tuple[str, ...] = (),
    on_progress: OnProgress[SitingPlan] | None = None,
) -> SitingResult:
    """Choose which candidates open, at what size, and who goes where.

    Parameters
    ----------
    engine
        ``auto`` says in the notes which one it takes and why.
    budget
        ``iterations`` are the engine's own steps.
    initial
        Ids of sites to begin with.

    Returns
    -------
    Result
        ``OPTIMAL`` when the price meets the bound. Where not everybody can be served though everybody must:
        ``INFEASIBLE`` if that is proven, else ``PARTIAL``, both with the best plan for the others. ``INFEASIBLE``
        without a plan: limits contradict each other.

    Raises
    ------
    InputError
        When the engine is unknown or cannot state the problem.
    SolverError
        When a plan breaks a rule or beats its own bound: a defect of ours.
    """
    began = time.monotonic()
    name, why = _engine(problem, engine)
    position = {candidate.id: j for j, candidate in enumerate(problem.candidates)}
    start = None
    if initial:
        start = np.isin(np.arange(len(position)), [position[site] for site in initial])
    tell = on_progress or (lambda _: None)

    def news(stage: str, value: float, bound: float) -> None:
        known = bound if np.isfinite(bound) else None
        tell(Progress(stage=stage, runtime_s=time.monotonic() - began, cost=value, bound=known))

    deadline = None if budget.seconds is None else began + budget.seconds
    task = Task(deadline=deadline, steps=budget.iterations, seed=seed, start=start, news=news)
    answer = ENGINES[name].solve(problem, task)
    relaxed = problem
    notes: tuple[str, ...] = (why,) if engine == "auto" else ()
    if answer.size is None and problem.unserved is None and problem.aim not in MAXIMISED:
        relaxed = replace(problem, unserved=_dear(problem))
        if ENGINES[name].supports(relaxed):
            name = choose(relaxed)[0]
        second = ENGINES[name].solve(relaxed, task)
        answer = replace(second, bound=np.nan, proven=answer.proven)
        notes += (NOT_ALL if answer.proven else NOT_FOUND,)
    return _result(problem, relaxed, answer, seed=seed, began=began, notes=notes)


def _engine(problem: SitingProblem, engine: str) -> tuple[str, str]:
    if engine == "auto":
        return choose(problem)
    if engine not in ENGINES:
        raise InputError(
            Fault(
                code="engine-unknown",
                place="siting",
                cause=f"there is no engine {engine!r}",
                action=f"Use auto or one of: {', '.join(ENGINES)}.",
            )
        )
    if against := ENGINES[engine].supports(problem):
        raise InputError(
            Fault(
                code="engine-unsuitable",
                place="siting",
                cause=f"{engine} cannot state this: {'; '.join(against)}",
                action="Use the engine auto.",
            )
        )
    return engine, ""


def _dear(problem: SitingProblem) -> Floats:
    """Return what being unserved counts for where it cannot be helped: more than any service."""
    n = len(problem.demand.ids)
    if problem.aim in (Aim.COST, Aim.COVER):
        held = tables.options(problem)
        handled = float((held.per_load.max(initial=0.0) * tables.load(problem)).sum())
        total = float(held.fixed.sum() + tables.closing(problem).sum()) + handled + float(len(held.site))
        return np.full(n, DEAR * (total + float(tables.serving_cost(problem).max(initial=0.0))))
    return np.full(n, 2.0 * max(greatest(problem), 1e-9))


def _result(
    problem: SitingProblem, relaxed: SitingProblem, answer: Answer, *, seed: int, began: float, notes: tuple[str, ...]
) -> SitingResult:
    common: dict[str, Any] = {
        "seed": seed,
        "engine": answer.engine,
        "engine_version": answer.version,
        "iterations": answer.steps,
    }
    if answer.size is None:
        status = Status.INFEASIBLE if answer.proven else Status.NO_PLAN
        return Result(status=status, plan=None, price=None, runtime_s=time.monotonic() - began, notes=notes, **common)
    plan = to_plan(relaxed, answer)
    broken = check(relaxed, plan)
    if broken:
        raise SolverError(_defect(f"the plan breaks {len(broken)} rules, first {broken[0]}"))
    priced = price(relaxed, plan)
    if relaxed is not problem:
        status = Status.INFEASIBLE if answer.proven else Status.PARTIAL
        return Result(status=status, plan=plan, price=priced, runtime_s=time.monotonic() - began, notes=notes, **common)
    bound, gap, status = None, None, Status.FEASIBLE
    if np.isfinite(answer.bound):
        bound = Bound(value=_believed(problem, priced.objective, answer.bound), method=answer.method)
        gap = abs(priced.objective - bound.value) / max(abs(priced.objective), 1e-9)
        if gap <= GAP or abs(priced.objective - bound.value) <= GAP:
            status = Status.OPTIMAL
    return Result(
        status=status,
        plan=plan,
        price=priced,
        bound=bound,
        gap=gap,
        runtime_s=time.monotonic() - began,
        notes=notes,
        **common,
    )


def _believed(problem: SitingProblem, objective: float, bound: float) -> float:
    """Return a bound that is no better than the plan; refuse one that is far from it on the wrong side."""
    sign = -1.0 if problem.aim in MAXIMISED else 1.0
    if sign * (bound - objective) > CLAIM * max(1.0, abs(objective)):
        raise SolverError(_defect(f"the plan is worth {objective}, beyond its own bound {bound}"))
    return min(bound, objective) if sign > 0 else max(bound, objective)


def _defect(cause: str) -> Fault:
    return Fault(
        code="siting-defect",
        place="siting",
        cause=cause,
        action="report this with the scenario: it is a defect of the program",
    )
