"""A capacitated problem in dense arrays, and how it shrinks as sites and pairs are fixed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.core import CLOSED, OPEN, WHOLE
from optimiser.hubs.siting.problem import Aim, Floats, SitingProblem

Bools = NDArray[np.bool_]
I8 = NDArray[np.int8]
I32 = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """The minimisation of :mod:`optimiser.hubs.siting.capacitated`.

    Parameters
    ----------
    cost
        c_ij, demand by site; infinite where nobody may go.
    load, room, fixed
        w_i, s_j (never more than all loads together), f_j.
    status
        ``OPEN``, ``FREE`` or ``CLOSED`` of each site.
    most
        p.
    single
        x whole.
    constant
        Paid in any case.
    step
        Every sum is a whole multiple of it; 0 where nothing is known.
    """

    cost: Floats
    load: Floats
    room: Floats
    fixed: Floats
    status: I8
    most: int
    single: bool
    constant: float
    step: float

    def slack(self, cost: float) -> float:
        """Return by how much a plan must be better than one of this cost to count."""
        return self.step * (1.0 - 1e-6) if self.step > 0 else 1e-7 * abs(cost)


def posed(problem: SitingProblem) -> Posed:
    """Return the arrays of a problem with one size a candidate; handling is part of serving."""
    row, options, load = tables.rows(problem), tables.options(problem), tables.load(problem)
    n, m = len(load), len(problem.candidates)
    each = problem.demand.weight[row] * problem.arcs.distance
    fixed, constant = np.zeros(m), 0.0
    if problem.aim is Aim.COST:
        each = tables.serving_cost(problem) + options.per_load[problem.arcs.site] * load[row]
        closing = tables.closing(problem)
        fixed, constant = options.fixed - closing, float(closing.sum())
    cost = np.full((n, m), np.inf)
    cost[row, problem.arcs.site] = each
    status = np.zeros(m, dtype=np.int8)
    status[tables.mandatory(problem)] = OPEN
    status[tables.excluded(problem)] = CLOSED
    status[(status == 0) & (fixed < 0)] = OPEN
    room = np.minimum(options.capacity, load.sum())
    cost[:, status == CLOSED] = np.inf
    if problem.single_source:
        cost[load[:, None] > room[None, :]] = np.inf
    whole = problem.single_source and all(
        bool((np.abs(part - np.round(part)) <= WHOLE).all()) for part in (each, fixed)
    )
    return Posed(
        cost=cost, load=load.astype(np.float64), room=room, fixed=fixed, status=status,
        most=m if problem.at_most is None else min(problem.at_most, m), single=problem.single_source,
        constant=constant, step=1.0 if whole else 0.0,
    )  # fmt: skip
