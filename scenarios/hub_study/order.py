"""In which order to build the sites of a plan: first whatever does most good alone, then what adds most to it.

Sites that stand already come first, together. Everybody goes to the nearest site that is open by then; room is not
looked at. Good is what is saved of the way of everybody, those without a site in reach counted at the unserved
distance; or, where the aim is to have people in reach, how many are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.hubs.siting.plan import SitingPlan
from optimiser.hubs.siting.problem import Floats, SitingProblem
from optimiser.hubs.siting.tables import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is true once a site stands.

    Parameters
    ----------
    site
        Id of the site.
    stands
        It stands today.
    adds
        People who have a site in reach by it and had none before.
    served, mean_m, near
        People with a site in reach, their mean way (``None``: nobody), and how many are near one.
    """

    site: str
    stands: bool
    adds: float
    served: float
    mean_m: float | None
    near: float


def build_order(
    problem: SitingProblem, plan: SitingPlan, *, unserved_m: float, near_m: float, by_reach: bool
) -> tuple[Step, ...]:
    """Return the steps in which to build the sites of a plan."""
    names = [site.site for site in plan.opened]
    position = {candidate.id: j for j, candidate in enumerate(problem.candidates)}
    stands = {name: problem.candidates[position[name]].existing for name in names}
    way = ways(problem, [position[name] for name in names])
    weight, left = problem.demand.weight, list(range(len(names)))
    best, steps = np.full(len(weight), np.inf), []
    while left:
        worth = [_good(np.minimum(best, way[:, k]), weight, unserved_m, by_reach=by_reach) for k in left]
        built = [stands[names[k]] for k in left]
        chosen = max(range(len(left)), key=lambda at: (built[at], worth[at], -at))
        k = left.pop(chosen)
        after = np.minimum(best, way[:, k])
        served = np.isfinite(after)
        people = float(weight[served].sum())
        steps.append(
            Step(
                site=names[k],
                stands=stands[names[k]],
                adds=float(weight[served & ~np.isfinite(best)].sum()),
                served=people,
                mean_m=float(weight[served] @ after[served]) / people if people else None,
                near=float(weight[after <= near_m].sum()),
            )
        )
        best = after
    return tuple(steps)


def ways(problem: SitingProblem, sites: Sequence[int]) -> Floats:
    """Return the way of everybody (rows) to each of some candidates, infinite beyond the reach."""
    column = np.full(len(problem.candidates), -1)
    column[list(sites)] = np.arange(len(sites))
    found = np.full((len(problem.demand.ids), len(sites)), np.inf)
    mine = column[problem.arcs.site] >= 0
    found[rows(problem)[mine], column[problem.arcs.site[mine]]] = problem.arcs.distance[mine]
    return found


def _good(way: Floats, weight: Floats, unserved_m: float, *, by_reach: bool) -> float:
    if by_reach:
        return float(weight[np.isfinite(way)].sum())
    return -float(weight @ np.where(np.isfinite(way), way, unserved_m))
