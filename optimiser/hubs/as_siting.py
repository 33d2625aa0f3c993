"""A hub problem told as a siting problem, and a siting plan read back: the planner's face has no engine of its own.

=========  =====================================================================================================
aim        siting
=========  =====================================================================================================
walking    p-median; whoever has no hub counts at the penalty distance
coverage   maximal covering
cost       fixed charge, an arc costs what handling the whole demand costs, being left out has its price
=========  =====================================================================================================

Where capacities bind and no budget limits the money, every aim is told as a fixed charge with one more site,
:data:`NOBODY`, that is open, holds everything and costs what leaving out costs: everybody then goes somewhere, which is
the problem that the engine for capacities knows. A capacity that all who could come would not fill is no limit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.hubs.arrays import Bools, Floats, Shares, capacity, fixed_cost, kg_per_day, must_stay
from optimiser.hubs.problem import Aim, HubProblem
from optimiser.hubs.siting import problem as siting
from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.plan import SitingPlan
from optimiser.hubs.values import Values

NOBODY = "nobody takes it"  # id of the site that stands for being left out; a blank in it: no id of a table is so
AIMS = {Aim.WALKING: siting.Aim.MEDIAN, Aim.COVERAGE: siting.Aim.MAX_COVER, Aim.COST: siting.Aim.COST}


@dataclass(frozen=True, slots=True, kw_only=True)
class AsSiting:
    """A hub problem as siting knows it.

    Parameters
    ----------
    limits
        Capacity of each candidate in kg a day, ``inf`` where it cannot bind.
    everybody
        The last candidate is :data:`NOBODY`, and the sum is the minimised one.
    """

    core: siting.SitingProblem
    limits: Floats
    everybody: bool


def as_siting(problem: HubProblem, values: Values) -> AsSiting:
    """Return the siting problem whose best plan is the best for a hub problem."""
    useful = np.isfinite(values.unit) & (values.unit < values.left_out)
    limits = _limits(problem, useful)
    everybody = bool(np.isfinite(limits).any()) and problem.budget_per_day is None
    return AsSiting(
        core=_core(problem, values, useful, limits, everybody=everybody), limits=limits, everybody=everybody
    )


def read_back(told: AsSiting, plan: SitingPlan) -> tuple[Bools, Shares | None]:
    """Return which candidates open, and who goes where; ``None`` without capacities: everybody to the best."""
    names = [candidate.id for candidate in told.core.candidates]
    opened = np.isin(names, [site.site for site in plan.opened])
    size = len(told.limits)
    if not np.isfinite(told.limits).any():
        return opened[:size], None
    kept = plan.column < size
    column = plan.column[kept].astype(np.intp)
    return opened[:size], Shares(row=plan.row[kept].astype(np.intp), column=column, share=plan.share[kept])


def _limits(problem: HubProblem, useful: Bools) -> Floats:
    """Return capacities; none where all who could come fit."""
    limits, asked = capacity(problem), kg_per_day(problem) @ useful
    return np.where(asked > limits, limits, np.inf)


def _core(
    problem: HubProblem, values: Values, useful: Bools, limits: Floats, *, everybody: bool
) -> siting.SitingProblem:
    aim = siting.Aim.COST if everybody else AIMS[problem.aim]
    by_money = aim is siting.Aim.COST
    distance = np.where(useful, problem.distance_m, np.inf)
    cost = values.weight[:, None] * np.where(useful, values.unit, 0.0) if by_money else None
    fixed = values.fixed if by_money else fixed_cost(problem)
    candidates = _candidates(problem, limits, fixed)
    lost = _lost(problem, values, by_money=by_money)
    most = problem.at_most
    if everybody:
        assert cost is not None
        distance = np.c_[distance, np.full(len(distance), 2.0 * problem.reach_m)]
        cost, lost = np.c_[cost, values.weight * values.left_out], None
        candidates += (siting.Candidate(id=NOBODY, mandatory=True),)
        most = None if most is None else most + 1
    return siting.SitingProblem(
        demand=siting.Demand(
            ids=tuple(point.id for point in problem.demand), weight=values.weight.copy(), load=kg_per_day(problem)
        ),
        candidates=candidates,
        arcs=from_matrix(distance, cost=cost),
        aim=aim,
        unserved=lost,
        at_most=most,
        budget=problem.budget_per_day,
    )


def _candidates(problem: HubProblem, limits: Floats, fixed: Floats) -> tuple[siting.Candidate, ...]:
    stays = must_stay(problem).tolist()
    return tuple(
        siting.Candidate(id=hub.id, sizes=(siting.Size(capacity=limit, fixed_cost=money),), mandatory=stay)
        for hub, limit, money, stay in zip(problem.candidates, limits.tolist(), fixed.tolist(), stays, strict=True)
    )


def _lost(problem: HubProblem, values: Values, *, by_money: bool) -> Floats | None:
    """Return what each demand point counts for when it is left out, as the aim of siting wants it."""
    if by_money:
        return values.weight * values.left_out
    return np.full(len(values.weight), values.left_out) if problem.aim is Aim.WALKING else None
