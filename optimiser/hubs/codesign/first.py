"""Hubs first: sites chosen by fixed charge on direct distances, as if every stop had a journey of its own."""

from __future__ import annotations

import numpy as np

from optimiser.hubs.codesign.masks import Estimates
from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.problem import Aim, Candidate, Demand, SitingProblem, Size
from optimiser.hubs.siting.solve import solve as site
from optimiser.result import Budget


def hubs_first(estimates: Estimates, *, seconds: float, seed: int) -> int:
    """Return the sites that cost least with direct journeys, as many to a stop as its share of a vehicle.

    The capacity of sites holds. Depots that are always there count as sites for nothing.
    """
    problem, land, known = estimates.problem, estimates.known.land, estimates.known
    direct = ((land.out + land.back + land.fixed[:, None]) * land.use[None, :]).T
    load = land.held.max(axis=0)
    posed = SitingProblem(
        demand=Demand(ids=tuple(stop.id for stop in problem.rounds.stops), weight=load, load=load.copy()),
        candidates=tuple(
            Candidate(
                id=f"{k}",
                sizes=(Size(capacity=float(land.room[k]), fixed_cost=float(land.opening[k])),),
                mandatory=j < 0 or problem.sites[j].mandatory,
            )
            for k, j in enumerate(known.bases)
        ),
        arcs=from_matrix(np.ascontiguousarray(direct), cost=direct),
        aim=Aim.COST,
    )
    plan = site(posed, budget=Budget(seconds=seconds), seed=seed).plan
    chosen = [known.bases[int(one.site)] for one in plan.opened] if plan is not None else []
    mask = estimates.must
    for j in chosen:
        mask |= 1 << j if j >= 0 else 0
    return mask
