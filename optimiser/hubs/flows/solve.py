"""Design flows: choose an engine, let the judges speak, say what cannot be done."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Protocol

from faults import Fault, InputError, SolverError
from optimiser.hubs.flows.check import check
from optimiser.hubs.flows.engines import arrays, pulp_face, search
from optimiser.hubs.flows.engines.answer import Answer
from optimiser.hubs.flows.engines.highs import GAP, OnBounds
from optimiser.hubs.flows.lanes import lanes
from optimiser.hubs.flows.plan import FlowPlan, FlowPrice
from optimiser.hubs.flows.price import price
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.soften import softened
from optimiser.result import Bound, Budget, OnProgress, Progress, Result, Status

CLAIM = 1e-5  # relative: an engine's own value may differ from the price by no more
WHOLE, FEW = 1_500, 20  # lanes, or sizes to choose from, up to which one model is proven in seconds

FlowResult = Result[FlowPlan, FlowPrice]


class Engine(Protocol):
    """What an engine of flows is: a module with these."""

    NAME: str

    def version(self) -> str:
        """Return the versions that make its answers."""
        ...

    def supports(self, problem: FlowProblem, /) -> tuple[str, ...]:
        """Return reasons against."""
        ...

    def solve(
        self,
        problem: FlowProblem,
        *,
        deadline: float | None,
        iterations: int | None,
        seed: int,
        on_bounds: OnBounds | None = None,
    ) -> Answer:
        """Solve; the deadline is on the clock of ``time.monotonic``."""
        ...


ENGINES: Mapping[str, Engine] = {engine.NAME: engine for engine in (arrays, pulp_face, search)}


def solve(
    problem: FlowProblem,
    *,
    budget: Budget,
    engine: str = "auto",
    seed: int = 1,
    on_progress: OnProgress[FlowPlan] | None = None,
) -> FlowResult:
    """Choose what opens in which size and what flows where.

    Parameters
    ----------
    budget
        ``seconds`` include building; ``iterations`` are nodes, or changes tried by the search.
    engine
        ``arrays``, ``pulp``, ``search``, or ``auto``, which says in the notes what it took.
    seed
        Same problem, seed and iterations: same plan.
    on_progress
        Told of cost and bound while they improve, and of the plan.

    Returns
    -------
    Result
        ``INFEASIBLE`` when no plan can keep every rule: the plan then keeps all but those that the notes name, and
        leaves out as little as possible of what must be taken. ``NO_PLAN`` when the time was too short.

    Raises
    ------
    InputError
        For an engine that does not exist or cannot state the problem.
    SolverError
        When a plan breaks a rule or is not worth what its engine claims: a defect of ours.
    """
    began = time.monotonic()
    name, notes = _chosen(problem, engine)
    run = _Run(name=name, seed=seed, began=began, notes=notes)
    tell = on_progress or (lambda _: None)

    def on_bounds(best: float, bound: float) -> None:
        known = abs(best) < inf, abs(bound) < inf
        tell(
            Progress(
                stage=name,
                runtime_s=time.monotonic() - began,
                cost=best if known[0] else None,
                bound=bound if known[1] else None,
            )
        )

    deadline = None if budget.seconds is None else began + budget.seconds
    answer = ENGINES[name].solve(
        problem, deadline=deadline, iterations=budget.iterations, seed=seed, on_bounds=on_bounds
    )
    if answer.plan is None:
        return _without(problem, run, answer, budget)
    worth = _judged(problem, answer.plan, answer)
    tell(Progress(stage="done", runtime_s=time.monotonic() - began, cost=worth.objective, plan=answer.plan))
    return _result(run, answer, worth)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One call of :func:`solve`."""

    name: str
    seed: int
    began: float
    notes: tuple[str, ...]


def _chosen(problem: FlowProblem, engine: str) -> tuple[str, tuple[str, ...]]:
    if engine == "auto":
        size = len(lanes(problem))
        small = size <= WHOLE or sum(len(site.sizes) for site in problem.sites) <= FEW
        against = search.supports(problem)
        if small or against:
            why = f"{size} lanes fit" if small else "; ".join(against)
            return arrays.NAME, (f"Solved as one model: {why}.",)
        return search.NAME, (f"Solved by local search priced by linear programs: {size} lanes.",)
    against = ENGINES[engine].supports(problem) if engine in ENGINES else (f"there are {', '.join(ENGINES)}",)
    if against:
        raise InputError(
            Fault(
                code="flow-engine",
                place=f"engine {engine}",
                cause=f"it cannot be taken here: {'; '.join(against)}",
                action="take auto, which chooses one that can",
            )
        )
    return engine, ()


def _judged(
    problem: FlowProblem, plan: FlowPlan, answer: Answer, *, forgiven: frozenset[str] = frozenset()
) -> FlowPrice:
    broken = [violation for violation in check(problem, plan) if violation.code not in forgiven]
    if broken:
        cause = f"the plan breaks {len(broken)} rules, first {broken[0]}"
        raise SolverError(_defect("flow-plan-broken", cause))
    worth = price(problem, plan)
    scale = max(1.0, abs(answer.minimised), worth.fixed + worth.transport + worth.sales)
    if not forgiven and abs(worth.objective - answer.minimised) > CLAIM * scale:
        cause = f"the engine claims {answer.minimised}, but its plan is worth {worth.objective}"
        raise SolverError(_defect("flow-claim-wrong", cause))
    if not forgiven and answer.bound > worth.objective + CLAIM * scale:
        cause = f"the engine claims the bound {answer.bound}, but its plan is worth {worth.objective}"
        raise SolverError(_defect("flow-claim-wrong", cause))
    return worth


def _defect(code: str, cause: str) -> Fault:
    action = "report this with the scenario: it is a defect of the program"
    return Fault(code=code, place="design of flows", cause=cause, action=action)


def _result(run: _Run, answer: Answer, worth: FlowPrice) -> FlowResult:
    cost = worth.objective
    bound = None if answer.bound == -inf else Bound(value=min(answer.bound, cost), method=answer.method)
    gap = None if bound is None else (cost - bound.value) / max(abs(cost), 1e-9)
    near = bound is not None and cost - bound.value <= 2 * GAP * max(1.0, abs(cost))
    return Result(
        status=Status.OPTIMAL if near else Status.FEASIBLE,
        plan=answer.plan,
        price=worth,
        bound=bound,
        gap=gap,
        seed=run.seed,
        engine=run.name,
        engine_version=ENGINES[run.name].version(),
        iterations=answer.iterations,
        runtime_s=time.monotonic() - run.began,
        notes=run.notes,
    )


def _without(problem: FlowProblem, run: _Run, answer: Answer, budget: Budget) -> FlowResult:
    """Say that there is no plan: for want of time, or because rules contradict each other."""
    empty: FlowResult = Result(
        status=Status.NO_PLAN,
        plan=None,
        price=None,
        seed=run.seed,
        engine=run.name,
        engine_version=ENGINES[run.name].version(),
        iterations=answer.iterations,
        runtime_s=time.monotonic() - run.began,
        notes=run.notes,
    )
    if not answer.impossible:
        return empty
    deadline = None if budget.seconds is None else time.monotonic() + budget.seconds
    for soft in softened(problem):
        found = arrays.solve(soft.problem, deadline=deadline, iterations=budget.iterations, seed=run.seed)
        if found.plan is None:
            continue
        worth = _judged(problem, found.plan, found, forgiven=soft.forgiven)
        return replace(
            empty,
            status=Status.INFEASIBLE,
            plan=found.plan,
            price=worth,
            runtime_s=time.monotonic() - run.began,
            notes=(*run.notes, soft.told),
        )
    return replace(empty, status=Status.INFEASIBLE)
