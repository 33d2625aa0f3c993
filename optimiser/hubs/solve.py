"""Place hubs: told to siting, whose engines choose; the plan is completed, checked and priced from first principles."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from faults import Fault, SolverError
from optimiser.hubs.arrays import NOBODY, Bools, Shares, fixed_cost, must_stay
from optimiser.hubs.as_siting import as_siting, read_back
from optimiser.hubs.check import check
from optimiser.hubs.plan import HubPlan, HubPrice
from optimiser.hubs.price import price
from optimiser.hubs.problem import Aim, HubProblem
from optimiser.hubs.sharing import fill, to_plan
from optimiser.hubs.shorten import shorten
from optimiser.hubs.siting import solve as siting
from optimiser.hubs.siting.plan import SitingPlan
from optimiser.hubs.siting.solve import SitingResult
from optimiser.hubs.start import first_choice
from optimiser.hubs.twins import in_order
from optimiser.hubs.values import Values, values
from optimiser.result import Bound, Budget, OnProgress, Progress, Result, Status

GAP = 1e-6  # relative: below this a plan is the best
CLAIM = 1e-5  # relative: an engine's own cost may differ from the price by no more
CONTRADICTIONS = frozenset({"too-many-hubs", "over-budget"})

OURS = "nothing to choose"  # in place of an engine
LEAST_S = 0.01

HubResult = Result[HubPlan, HubPrice]


def solve(
    problem: HubProblem, *, budget: Budget, seed: int = 1, on_progress: OnProgress[HubPlan] | None = None
) -> HubResult:
    """Choose which hubs open and who goes to which.

    Parameters
    ----------
    budget
        ``seconds`` include telling the problem to siting; ``iterations`` are steps of the engine that siting takes.
    seed
        Same problem, seed and iterations: same plan. Candidates that nothing tells apart open in the order given.
    on_progress
        Told of a greedy plan, of the engine's plans and bounds, and of the final plan.

    Returns
    -------
    Result
        Never worse than the greedy plan, however short the time. ``OPTIMAL`` when the objective meets its bound, else
        ``FEASIBLE``; people left out stand in the plan with
        their reason. ``INFEASIBLE`` when hubs that may not close already break a limit: the plan then opens just
        those. Coverage is maximised: its bound is an upper one.

    Raises
    ------
    SolverError
        When a plan breaks a rule or is not worth what the engine claims: a defect of ours.
    """
    run = _Run(problem=problem, values=values(problem), budget=budget, seed=seed, began=time.monotonic())
    tell = on_progress or (lambda _: None)
    if contradiction := _contradiction(problem):
        return _infeasible(run, contradiction)
    if not (np.isfinite(run.values.unit) & (run.values.weight > 0)[:, None]).any():
        kept = _judged(run, must_stay(problem), NOBODY)
        return _result(run, kept, Bound(value=kept.price.objective, method="nothing to decide"), engine=OURS)
    best, bound, found = _sited(run, tell)
    tell(Progress(stage="done", runtime_s=run.runtime_s, cost=best.price.objective, plan=best.plan))
    return _result(run, best, bound, engine=found.engine or OURS, found=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One call of :func:`solve`."""

    problem: HubProblem
    values: Values
    budget: Budget
    seed: int
    began: float

    @property
    def runtime_s(self) -> float:
        return time.monotonic() - self.began

    @property
    def left_s(self) -> float | None:
        return None if self.budget.seconds is None else self.budget.seconds - self.runtime_s


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A plan that passed the checker, with its price."""

    plan: HubPlan
    price: HubPrice


def _judged(run: _Run, is_open: Bools, sent: Shares, *, forgiven: frozenset[str] = frozenset()) -> _Judged:
    """Complete a choice of hubs to a plan, close what nobody uses, check and price it."""
    sent = fill(run.problem, run.values, is_open, sent)
    used = np.isin(np.arange(len(is_open)), sent.column) | must_stay(run.problem)
    plan = to_plan(run.problem, run.values, is_open & used, sent)
    if broken := [violation for violation in check(run.problem, plan) if violation.code not in forgiven]:
        raise SolverError(
            Fault(
                code="hub-plan-broken",
                place="hub placement",
                cause=f"the plan breaks {len(broken)} rules, first {broken[0]}",
                action="report this with the scenario: it is a defect of the program",
            )
        )
    return _Judged(plan=plan, price=price(run.problem, plan))


def _sited(run: _Run, tell: OnProgress[HubPlan]) -> tuple[_Judged, Bound | None, SitingResult]:
    """Let siting choose from a greedy plan on, read its plan back and complete it; the better of the two."""
    problem, worth = run.problem, run.values
    begun = _judged(run, first_choice(problem, worth), NOBODY)
    tell(Progress(stage="greedy", runtime_s=run.runtime_s, cost=begun.price.objective, plan=begun.plan))
    told = as_siting(problem, worth)
    figure = worth.objective if told.everybody else float

    def on_progress(news: Progress[SitingPlan]) -> None:
        cost, bound = (None if value is None else figure(value) for value in (news.cost, news.bound))
        tell(Progress(stage=news.stage, runtime_s=run.runtime_s, cost=cost, bound=bound))

    left = Budget(seconds=None if run.left_s is None else max(run.left_s, LEAST_S), iterations=run.budget.iterations)
    found = siting.solve(told.core, budget=left, seed=run.seed, initial=begun.plan.open, on_progress=on_progress)
    bound = None if found.bound is None else Bound(value=figure(found.bound.value), method=found.bound.method)
    if found.plan is None or found.price is None:
        return begun, bound, found
    is_open, sent = in_order(problem, *read_back(told, found.plan))
    if sent is not None:
        sent = shorten(problem, worth, is_open, sent, seconds=run.left_s)
    best = _judged(run, is_open, NOBODY if sent is None else sent)
    _believe(problem, best, figure(found.price.objective), bound)
    return max(best, begun, key=lambda judged: _goodness(problem, judged)), bound, found


def _goodness(problem: HubProblem, judged: _Judged) -> float:
    return judged.price.objective if problem.aim is Aim.COVERAGE else -judged.price.objective


def _believe(problem: HubProblem, judged: _Judged, claimed: float, bound: Bound | None) -> None:
    """Refuse a plan that is worth less than its engine claims, or more than it says is possible."""
    sign = 1.0 if problem.aim is Aim.COVERAGE else -1.0
    worth, slack = judged.price.objective, CLAIM * max(1.0, abs(claimed))
    less = sign * (worth - claimed) < -slack
    more = bound is not None and sign * (worth - bound.value) > slack
    if less or more:
        limit = "no bound" if bound is None else f"the bound {bound.value}"
        raise SolverError(
            Fault(
                code="hub-claim-wrong",
                place="hub placement",
                cause=f"the engine claims {claimed} with {limit}, but its plan is worth {worth}",
                action="report this with the scenario: it is a defect of the program",
            )
        )


def _contradiction(problem: HubProblem) -> str:
    """Say why no plan can keep the limits, or nothing."""
    stays = must_stay(problem)
    if problem.at_most is not None and stays.sum() > problem.at_most:
        return f"{stays.sum()} hubs exist and may not close, but at most {problem.at_most} may be open."
    fixed = float(fixed_cost(problem)[stays].sum())
    if problem.budget_per_day is not None and fixed > problem.budget_per_day:
        return f"Hubs that may not close cost {fixed:g} a day, but the budget is {problem.budget_per_day:g}."
    return ""


def _infeasible(run: _Run, contradiction: str) -> HubResult:
    kept = _judged(run, must_stay(run.problem), NOBODY, forgiven=CONTRADICTIONS)
    result = _result(run, kept, None, engine=OURS, notes=(contradiction,))
    return replace(result, status=Status.INFEASIBLE)


def _result(
    run: _Run,
    judged: _Judged,
    bound: Bound | None,
    *,
    engine: str,
    found: SitingResult | None = None,
    notes: tuple[str, ...] = (),
) -> HubResult:
    cost = judged.price.objective
    gap = None if bound is None else abs(cost - bound.value) / max(abs(cost), 1e-9)
    near = bound is not None and abs(cost - bound.value) <= GAP * max(1.0, abs(cost))
    if run.problem.aim is Aim.COST and not run.problem.unserved_cost_per_tonne:
        notes += ("Leaving waste out costs nothing here, so no hub pays: give unserved_cost_per_tonne.",)
    return Result(
        status=Status.OPTIMAL if near else Status.FEASIBLE,
        plan=judged.plan,
        price=judged.price,
        bound=bound,
        gap=gap,
        seed=run.seed,
        engine=engine,
        engine_version="" if found is None else found.engine_version,
        iterations=None if found is None else found.iterations,
        runtime_s=run.runtime_s,
        notes=(*notes, *(() if found is None else found.notes)),
    )
