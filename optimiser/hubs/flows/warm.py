"""Compile the passes of the search once, on a region of two sources and two sites."""

from __future__ import annotations

from functools import cache

import numpy as np

from optimiser.hubs.flows.engines import search
from optimiser.hubs.flows.materials import Stream, transfer
from optimiser.hubs.flows.places import Arising, Offer, Outlet, Site, Size, Source
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.solve import solve
from optimiser.hubs.flows.transport import Links, Vehicle
from optimiser.result import Budget


@cache
def warm() -> None:
    """Compile every pass that is not compiled yet, and keep it for later runs."""
    solve(_tiny(), engine=search.NAME, budget=Budget(iterations=3))


def _tiny() -> FlowProblem:
    """Return a problem in which there is something to choose: places are sources, sites, the outlet, in this order."""
    metres = np.array([1000.0, 3000.0, 3000.0, 1000.0, 5000.0, 5000.0])
    sizes = (Size(id="small", fixed_cost=5.0, capacity_kg=60.0), Size(id="large", fixed_cost=8.0, capacity_kg=200.0))
    arising = (Arising(stream="waste", kg=50.0, unserved_cost_per_kg=1.0),)
    return FlowProblem(
        streams=(Stream(id="waste"),),
        processes=(transfer("transfer", ("waste",)),),
        sources=tuple(Source(id=name, arisings=arising) for name in ("east", "west")),
        sites=tuple(Site(id=name, sizes=sizes, processes=("transfer",)) for name in ("yard", "field")),
        outlets=(Outlet(id="end", offers=(Offer(stream="waste", at_most_kg=90.0),)),),
        vehicles=(Vehicle(id="truck", payload_kg=100.0, cost_per_km=1.0),),
        links=Links(
            tail=np.array([0, 0, 1, 1, 2, 3], dtype=np.intp),
            head=np.array([2, 3, 2, 3, 4, 4], dtype=np.intp),
            vehicle=np.zeros(6, dtype=np.intp),
            distance_m=metres,
            duration_s=metres / 8.0,
        ),
    )
