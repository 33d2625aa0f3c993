"""What fairness costs: the curve between the least mean distance and the least unequal one, and who gains and loses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimiser.hubs.siting import equity, tables
from optimiser.hubs.siting.plan import SitingPlan
from optimiser.hubs.siting.problem import Aim, Floats, SitingProblem
from optimiser.hubs.siting.solve import SitingResult, solve
from optimiser.result import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One plan of the curve: the aversion it was made for, and what it is in every measure, at the curve's kappa."""

    aversion: float
    result: SitingResult
    mean: float
    ede: float
    worst: float
    farthest: float


def price_of_equity(
    problem: SitingProblem,
    aversions: Sequence[float] = (0.5, 1.0, 2.0),
    *,
    budget: Budget,
    seed: int = 1,
    plain: SitingResult | None = None,
) -> Iterator[Point]:
    """Yield the p-median, then the plan of least EDE for each aversion, each with its proven gap.

    The kappa of an aversion is that of the distances in the p-median; all plans are compared at the kappa of the first
    aversion, because the EDE compares at an equal kappa only. ``budget`` is for each plan; ``plain`` is the p-median
    where it has been solved already.
    """
    base = solve(replace(problem, aim=Aim.MEDIAN), budget=budget, seed=seed) if plain is None else plain
    if base.plan is None:
        return
    distance, weight = tables.experienced(problem, base.plan)
    kappa = equity.kappa_for(distance, weight, aversions[0])
    yield _point(problem, base, 0.0, kappa)
    for aversion in aversions:
        felt = equity.kappa_for(distance, weight, aversion)
        found = solve(replace(problem, aim=Aim.EDE, kappa=felt), budget=budget, seed=seed)
        if found.plan is not None:
            yield _point(problem, found, aversion, kappa)


def _point(problem: SitingProblem, result: SitingResult, aversion: float, kappa: float) -> Point:
    assert result.plan is not None
    distance, weight = tables.experienced(problem, result.plan)
    return Point(
        aversion=aversion,
        result=result,
        mean=float(weight @ distance) / max(float(weight.sum()), 1e-300),
        ede=equity.ede(distance, weight, kappa),
        worst=equity.worst_mean(distance, weight, problem.worst_share),
        farthest=equity.farthest(distance, weight),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How a group fares under one plan beside another: mean distance before and after, who is nearer, who farther."""

    weight: float
    before: float
    after: float
    nearer: float
    farther: float


def who_gains(problem: SitingProblem, before: SitingPlan, after: SitingPlan) -> Mapping[str, Moved]:
    """Return for each group what another plan changes; ``nearer`` and ``farther`` are the weights that move.

    Whoever has no site counts at the problem's unserved distance, at nothing where it has none.
    """
    old, new, weight = _distance(problem, before), _distance(problem, after), problem.demand.weight
    group = np.array(problem.demand.group or ("",) * len(weight))
    found = {}
    for name in np.unique(group).tolist():
        mine = group == name
        total = max(float(weight[mine].sum()), 1e-300)
        found[name] = Moved(
            weight=float(weight[mine].sum()),
            before=float(weight[mine] @ old[mine]) / total,
            after=float(weight[mine] @ new[mine]) / total,
            nearer=float(weight[mine & (new < old - 1e-9)].sum()),
            farther=float(weight[mine & (new > old + 1e-9)].sum()),
        )
    return found


def _distance(problem: SitingProblem, plan: SitingPlan) -> Floats:
    """Return the mean distance of each demand."""
    arc, n = tables.arcs_of(problem, plan), len(problem.demand.ids)
    gone = np.bincount(plan.row, weights=plan.share * problem.arcs.distance[arc], minlength=n)
    left = np.clip(1.0 - tables.served_share(problem, plan), 0.0, 1.0)
    lost = np.zeros(n) if problem.unserved is None else problem.unserved
    moved: Floats = gone + left * lost
    return moved
