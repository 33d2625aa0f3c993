"""The one minimisation that most aims are, for sites without limits on what they hold.

    minimise    constant + sum_j f_j y_j + sum_(i,j) c_ij x_ij + sum_i u_i z_i
    subject to  sum_j x_ij + z_i = 1       for every demand i      (z_i: unserved)
                x_ij <= y_j                for every arc
                sum_j y_j <= p
                y_j = 1 mandatory, y_j = 0 excluded; all variables 0 or 1

with, d the distance and w the weight,

- median:      f = 0, c = w d, u = w unserved
- EDE:         f = 0, c = w exp(kappa (d - R)), R see :mod:`optimiser.hubs.siting.felt`: the logarithm is monotone,
               so the least sum is the least EDE
- max-cover:   f = 0, c = 0, u = w (what is not covered)
- attendance:  f = 0, c = w (1 - decay), u = w (who does not come)
- cost:        f = fixed less closing cost, c = serving cost, u = unserved
- cover:       f = fixed cost (1 where none costs anything), c = 0, u = unserved

Everything beyond that (capacities, budget, separation, fairness) is in the models of the HiGHS engines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.felt import distance_of, felt
from optimiser.hubs.siting.price import costs
from optimiser.hubs.siting.problem import Aim, Floats, Ints, Sites, SitingProblem

OPEN, FREE, CLOSED = 1, 0, -1
WHOLE = 1e-9  # a number this near to a whole one, relative to 1, is one
FORBIDDEN = 4.0  # times all that a plan can cost otherwise: what leaving somebody out counts for where it may not be


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """The minimisation in arrays; rows of arcs rise in cost, and no arc costs as much as leaving its demand unserved.

    Parameters
    ----------
    start, site, cost, far, fixed
        As above; ``far`` is u.
    status
        ``OPEN``, ``FREE`` or ``CLOSED`` for each candidate.
    most
        p.
    constant
        To be added to the sum.
    step
        Every sum is a whole multiple of it; 0 where nothing is known.
    forbidden
        Nobody may be unserved: ``far`` is only large.
    """

    start: Ints
    site: Sites
    cost: Floats
    far: Floats
    fixed: Floats
    status: NDArray[np.int8]
    most: int
    constant: float
    step: float
    forbidden: bool


def core(problem: SitingProblem) -> Core:
    """Return the minimisation of an aim other than centre and worst, capacities and side constraints left out."""
    cost, far, forbidden = _serving(problem)
    fixed, constant = site_costs(problem)
    if forbidden:
        row_most = np.zeros(len(far))
        np.maximum.at(row_most, tables.rows(problem), cost)
        far = np.full(len(far), FORBIDDEN * (float(row_most.sum()) + float(np.abs(fixed).sum()) + 1.0))
    start, site, cost = _rising(problem.arcs.start, problem.arcs.site, cost, far)
    status = np.zeros(len(fixed), dtype=np.int8)
    status[tables.mandatory(problem)] = OPEN
    status[tables.excluded(problem)] = CLOSED
    most = len(fixed) if problem.at_most is None else min(problem.at_most, len(fixed))
    return Core(
        start=start,
        site=site,
        cost=cost,
        far=far,
        fixed=fixed,
        status=status,
        most=most,
        constant=constant,
        step=1.0 if all(_whole(part) for part in (cost, far, fixed)) else 0.0,
        forbidden=forbidden,
    )


def site_costs(problem: SitingProblem) -> tuple[Floats, float]:
    """Return what opening each site adds to the minimised sum (its cheapest size), and what is paid in any case."""
    if problem.aim not in (Aim.COST, Aim.COVER):
        return np.zeros(len(problem.candidates)), 0.0
    if problem.aim is Aim.COVER and not costs(problem):
        return np.ones(len(problem.candidates)), 0.0
    closing = tables.closing(problem)
    least = np.array([min(size.fixed_cost for size in c.sizes) for c in problem.candidates])
    return least - closing, float(closing.sum())


def greatest(problem: SitingProblem) -> float:
    """Return the greatest distance that anybody can have."""
    lost = 0.0 if problem.unserved is None else float(problem.unserved.max(initial=0.0))
    return max(float(problem.arcs.distance.max(initial=0.0)), lost)


def _serving(problem: SitingProblem) -> tuple[Floats, Floats, bool]:
    """Return what each arc and each unserved demand costs, and whether nobody may be unserved."""
    aim, weight, lost = problem.aim, problem.demand.weight, problem.unserved
    at = weight[tables.rows(problem)]
    if aim is Aim.MAX_COVER:
        return np.zeros(len(at)), weight.copy(), False
    if aim is Aim.ATTENDANCE:
        assert problem.decay is not None
        return at * (1.0 - problem.decay), weight.copy(), False
    if aim is Aim.COST:
        return tables.serving_cost(problem), np.zeros(len(weight)) if lost is None else lost, lost is None
    if aim is Aim.COVER:
        return np.zeros(len(at)), np.zeros(len(weight)) if lost is None else lost, lost is None
    if aim is Aim.EDE:
        return *felt(problem), lost is None
    if aim is Aim.MEDIAN:
        return at * problem.arcs.distance, np.zeros(len(weight)) if lost is None else weight * lost, lost is None
    raise ValueError(f"{aim} is no sum over demands")


def _rising(start: Ints, site: Sites, cost: Floats, far: Floats) -> tuple[Ints, Sites, Floats]:
    """Return the rows in rising cost, without what costs as much as leaving the demand unserved."""
    row = np.repeat(np.arange(len(far), dtype=np.int64), np.diff(start))
    kept = cost < far[row]
    row, site, cost = row[kept], site[kept], cost[kept]
    inner = np.diff(row) == 0
    if (np.diff(cost)[inner] < 0).any():
        order = np.lexsort((cost, row))
        site, cost = site[order], cost[order]
    first = np.zeros(len(far) + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=len(far)), out=first[1:])
    return first, np.ascontiguousarray(site), np.ascontiguousarray(cost)


def value(problem: SitingProblem, minimised: float) -> float:
    """Return the aim's own figure for a minimised sum (constant included)."""
    total = float(problem.demand.weight.sum())
    if problem.aim in (Aim.MAX_COVER, Aim.ATTENDANCE):
        return total - minimised
    if problem.aim is Aim.EDE:
        return distance_of(problem, minimised)
    return minimised


def _whole(numbers: Floats) -> bool:
    return bool((np.abs(numbers - np.round(numbers)) <= WHOLE).all())
