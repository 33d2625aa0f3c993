"""What a siting plan is worth, from first principles: its assignments one by one, and nothing an engine says.

The sums are those of :mod:`optimiser.hubs.siting.engines.models`; maximal covering and attendance are to be high, all
else low.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimiser.hubs.siting import equity, tables
from optimiser.hubs.siting.plan import SitingPlan, SitingPrice
from optimiser.hubs.siting.problem import MAXIMISED, Aim, Floats, Ints, SitingProblem

TOLERANCE = 1e-6
UNITS = {
    Aim.MEDIAN: "weight x distance",
    Aim.CENTRE: "distance",
    Aim.COVER: "money, or sites where none costs anything",
    Aim.MAX_COVER: "weight",
    Aim.COST: "money",
    Aim.ATTENDANCE: "weight",
    Aim.EDE: "distance",
    Aim.WORST: "distance",
}


def price(problem: SitingProblem, plan: SitingPlan) -> SitingPrice:
    """Value a plan, good or bad.

    Raises
    ------
    ValueError
        When the plan names a site or a size that the problem does not have, or an assignment that no arc carries.
    """
    arc = tables.arcs_of(problem, plan)
    if (arc < 0).any():
        raise ValueError("an assignment of the plan has no arc")
    position = {candidate.id: j for j, candidate in enumerate(problem.candidates)}
    at = {position[site.site]: problem.candidates[position[site.site]].sizes[site.size] for site in plan.opened}
    weight, served = problem.demand.weight, tables.served_share(problem, plan)
    left = np.where(served < 1 - TOLERANCE, np.clip(1.0 - served, 0.0, 1.0), 0.0)
    held = np.bincount(plan.column, weights=tables.load(problem)[plan.row] * plan.share, minlength=len(position))
    distance, crowd = tables.experienced(problem, plan)
    has = bool((crowd > 0).any())
    opens = np.isin(np.arange(len(position)), list(at))
    priced = SitingPrice(
        objective=0.0,
        unit=UNITS[problem.aim],
        fixed_cost=sum(size.fixed_cost for size in at.values()),
        closing_cost=float(tables.closing(problem)[~opens].sum()),
        serving_cost=float(tables.serving_cost(problem)[arc] @ plan.share),
        handling_cost=sum(float(held[j]) * size.cost_per_load for j, size in at.items()),
        unserved_cost=_lost(problem, left) if problem.aim is Aim.COST else 0.0,
        served=float(weight @ served),
        left_out=float(weight @ left),
        mean=float(crowd @ distance) / float(crowd.sum()) if has else None,
        farthest=equity.farthest(distance, crowd) if has else None,
        ede=equity.ede(distance, crowd, problem.kappa) if problem.kappa is not None and has else None,
        worst=equity.worst_mean(distance, crowd, problem.worst_share) if has else None,
        load={problem.candidates[j].id: float(held[j]) for j in at},
    )
    return replace(priced, objective=_objective(problem, plan, priced, arc, left))


def _lost(problem: SitingProblem, left: Floats) -> float:
    """Return what is counted for what is left unserved: money; endless where it may not be."""
    if problem.unserved is None:
        return float("inf") if (left > 0).any() else 0.0
    return float(problem.unserved @ left)


def _objective(problem: SitingProblem, plan: SitingPlan, priced: SitingPrice, arc: Ints, left: Floats) -> float:
    aim, weight = problem.aim, problem.demand.weight
    if aim in MAXIMISED:
        comes = problem.decay[arc] if aim is Aim.ATTENDANCE and problem.decay is not None else np.ones(len(arc))
        return float((weight[plan.row] * comes) @ plan.share)
    if aim is Aim.COST:
        money = priced.fixed_cost + priced.closing_cost + priced.serving_cost
        return money + priced.handling_cost + priced.unserved_cost
    if aim is Aim.COVER:
        sites = priced.fixed_cost + priced.closing_cost if costs(problem) else float(len(plan.opened))
        return sites + _lost(problem, left)
    if problem.unserved is None and (left > 0).any():
        return float("inf")
    if aim is Aim.MEDIAN:
        walked = float((weight[plan.row] * problem.arcs.distance[arc]) @ plan.share)
        return walked if problem.unserved is None else walked + float((weight * problem.unserved) @ left)
    return {Aim.CENTRE: priced.farthest, Aim.EDE: priced.ede, Aim.WORST: priced.worst}[aim] or 0.0


def costs(problem: SitingProblem) -> bool:
    """Return whether any site costs anything; if none does, covering counts sites."""
    return any(c.closing_cost > 0 or any(size.fixed_cost > 0 for size in c.sizes) for c in problem.candidates)
