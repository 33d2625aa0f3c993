"""Place hubs: a greedy first plan, the mixed-integer engine on top of it, and both judged from first principles."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from faults import Fault, SolverError
from optimiser.hubs.arrays import NOBODY, Bools, Shares, fixed_cost, must_stay
from optimiser.hubs.check import check
from optimiser.hubs.engines import milp
from optimiser.hubs.plan import HubPlan, HubPrice
from optimiser.hubs.price import price
from optimiser.hubs.problem import Aim, HubProblem
from optimiser.hubs.sharing import fill, to_plan
from optimiser.hubs.start import first_choice
from optimiser.hubs.values import Values, values
from optimiser.result import Bound, Budget, OnProgress, Progress, Result, Status

CLAIM = 1e-5  # relative: an engine's own cost may differ from the price by no more
CONTRADICTIONS = frozenset({"too-many-hubs", "over-budget"})

HubResult = Result[HubPlan, HubPrice]


def solve(
    problem: HubProblem, *, budget: Budget, seed: int = 1, on_progress: OnProgress[HubPlan] | None = None
) -> HubResult:
    """Choose which hubs open and who goes to which.

    Parameters
    ----------
    budget
        ``seconds`` include building the model; ``iterations`` are branch-and-bound nodes, or rounds of capacity
        prices where a problem with capacities is too large for one model.
    seed
        Same problem, seed and iterations: same plan. Candidates that nothing tells apart open in the order given.
    on_progress
        Told of the greedy plan, of the engine's bounds and of the final plan.

    Returns
    -------
    Result
        ``OPTIMAL`` when the objective meets its bound, else ``FEASIBLE``; people left out stand in the plan with
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
    is_open = first_choice(problem, run.values)
    begun = _judged(run, is_open, NOBODY)
    tell(Progress(stage="greedy", runtime_s=run.runtime_s, cost=begun.price.objective, plan=begun.plan))
    if not (np.isfinite(run.values.unit) & (run.values.weight > 0)[:, None]).any():
        return _result(run, begun, Bound(value=begun.price.objective, method="nothing to decide"), engine="greedy")
    best, bound, iterations = _improve(run, begun, tell)
    tell(Progress(stage="done", runtime_s=run.runtime_s, cost=best.price.objective, plan=best.plan))
    return _result(run, best, bound, engine=milp.NAME, iterations=iterations)


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
    def deadline(self) -> float | None:
        return None if self.budget.seconds is None else self.began + self.budget.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A plan that passed the checker, with its price."""

    is_open: Bools
    sent: Shares
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
    return _Judged(is_open=is_open & used, sent=sent, plan=plan, price=price(run.problem, plan))


def _improve(run: _Run, begun: _Judged, tell: OnProgress[HubPlan]) -> tuple[_Judged, Bound | None, int]:
    """Let the engine improve on the greedy plan."""
    problem, worth = run.problem, run.values

    def on_bounds(minimised: float, bound: float) -> None:
        known = bool(np.isfinite(minimised) and np.isfinite(bound))
        tell(
            Progress(
                stage="branch and bound",
                runtime_s=run.runtime_s,
                cost=worth.objective(minimised) if known else None,
                bound=worth.objective(bound) if known else None,
            )
        )

    answer = milp.solve(
        problem,
        worth,
        start=(begun.is_open, begun.sent),
        deadline=run.deadline,
        iterations=run.budget.iterations,
        seed=run.seed,
        on_bounds=on_bounds,
    )
    bound = None
    if np.isfinite(answer.bound):
        bound = Bound(value=worth.objective(answer.bound), method=answer.method)
    if answer.is_open is None:
        return begun, bound, answer.iterations
    sent = answer.sent or NOBODY
    if answer.sent is not None:
        sent = milp.shorten(problem, worth, is_open=answer.is_open, sent=sent, deadline=run.deadline, seed=run.seed)
    best = _judged(run, answer.is_open, sent)
    if np.isfinite(answer.minimised):
        _believe(problem, best, worth.objective(answer.minimised), bound)
    return max(best, begun, key=lambda judged: _goodness(problem, judged)), bound, answer.iterations


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
    result = _result(run, kept, None, engine="greedy", notes=(contradiction,))
    return replace(result, status=Status.INFEASIBLE)


def _result(
    run: _Run,
    judged: _Judged,
    bound: Bound | None,
    *,
    engine: str,
    iterations: int | None = None,
    notes: tuple[str, ...] = (),
) -> HubResult:
    cost = judged.price.objective
    gap = None if bound is None else abs(cost - bound.value) / max(abs(cost), 1e-9)
    near = bound is not None and abs(cost - bound.value) <= milp.GAP * max(1.0, abs(cost))
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
        engine_version=milp.version() if engine == milp.NAME else "",
        iterations=iterations,
        runtime_s=run.runtime_s,
        notes=notes,
    )
