"""Hubs first: sites chosen by fixed charge on direct distances, as if every stop had a journey of its own."""

from __future__ import annotations

from math import inf

import numpy as np

from optimiser.hubs.codesign.masks import Estimates
from optimiser.hubs.codesign.rough.layout import Figures
from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.problem import Aim, Candidate, Demand, SitingProblem, Size
from optimiser.hubs.siting.solve import solve as site
from optimiser.result import Budget


def hubs_first(estimates: Estimates, *, seconds: float, seed: int) -> int:
    """Return the sites that cost least with direct journeys, as many to a stop as its share of a vehicle.

    Depots are chosen first, then unloading sites on the way home to them. The capacity of depots and the limits hold.
    Depots and unloading sites that are always there count as sites for nothing.
    """
    land, known = estimates.known.land, estimates.known
    direct = ((land.out + land.back + land.fixed[:, None]) * land.use[None, :]).T
    capacities = tuple(map(float, land.room))
    mask = _chosen(estimates, estimates.must, known.bases, direct, capacities, seconds=seconds, seed=seed)
    if not len(known.home) or max(known.tips) < 0:
        return mask
    rows = [k for k, j in enumerate(known.bases) if j < 0 or mask >> j & 1]
    if not rows:
        return mask
    home = (known.home[:, rows].min(axis=1) * land.use[None, :]).T
    capacities = (inf,) * len(known.tips)
    return _chosen(estimates, mask, known.tips, home, capacities, seconds=seconds, seed=seed)


def _chosen(
    estimates: Estimates,
    mask: int,
    sites: tuple[int, ...],
    cost: Figures,
    capacities: tuple[float, ...],
    *,
    seconds: float,
    seed: int,
) -> int:
    """Return a mask and what is chosen beside it, within the limits."""
    problem, load = estimates.problem, estimates.known.land.held.max(axis=0)
    stands = [j < 0 or bool(mask >> j & 1) for j in sites]
    others = mask & ~sum(1 << j for j in {*sites} if j >= 0)
    free = sum(j < 0 for j in sites)
    most = None if problem.at_most is None else problem.at_most - others.bit_count() + free
    money = None if problem.budget is None else problem.budget - estimates.opening(others)
    posed = SitingProblem(
        demand=Demand(ids=tuple(stop.id for stop in problem.rounds.stops), weight=load, load=load.copy()),
        candidates=tuple(
            Candidate(
                id=f"{k}",
                sizes=(Size(capacity=room, fixed_cost=problem.sites[j].opening_cost if j >= 0 else 0.0),),
                mandatory=stand,
            )
            for k, (j, room, stand) in enumerate(zip(sites, capacities, stands, strict=True))
        ),
        arcs=from_matrix(np.ascontiguousarray(cost), cost=cost),
        aim=Aim.COST,
        at_most=most,
        budget=money,
    )
    plan = site(posed, budget=Budget(seconds=seconds), seed=seed).plan
    for j in [sites[int(one.site)] for one in plan.opened] if plan is not None else []:
        mask |= 1 << j if j >= 0 else 0
    return mask
