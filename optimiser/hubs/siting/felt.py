"""What distances weigh in the Kolm-Pollak EDE, in numbers that a solver can tell apart.

The least sum of w e^(kappa (d - R)) is the least EDE whatever R is. R is the EDE if everybody had the nearest
candidate: no plan's is less, so a good plan's sum is of the order of all weight, and tolerances mean what they say.
(From the greatest distance the sum could be 10^-30, and any plan within tolerance of the best.) Powers above ``MOST``
are cut: then the sum is too low at worst, a bound on it stays one, and the price tells what the plan is really worth.
"""

from __future__ import annotations

import numpy as np

from optimiser.hubs.siting import equity, tables
from optimiser.hubs.siting.problem import Floats, SitingProblem

MOST = 14.0  # a power: e^14 is about 10^6
OVER = 1e6  # times what a limit allows: who has that is not given even a share


def reference(problem: SitingProblem) -> float:
    """Return R, a distance; 0 where nobody reaches anything."""
    assert problem.kappa is not None
    weight, start = problem.demand.weight, problem.arcs.start
    nearest = np.full(len(weight), np.inf)
    some = np.flatnonzero(np.diff(start))
    if len(some):
        nearest[some] = np.minimum.reduceat(problem.arcs.distance, start[some])
    if problem.unserved is not None:
        nearest = np.minimum(nearest, problem.unserved)
    counts = np.isfinite(nearest)
    return equity.ede(nearest[counts], weight[counts], problem.kappa)


def felt(problem: SitingProblem) -> tuple[Floats, Floats]:
    """Return what each arc and each unserved demand adds to the sum; 0 for the latter where nobody may be unserved."""
    assert problem.kappa is not None
    weight, top, lost = problem.demand.weight, reference(problem), problem.unserved
    gone = np.zeros(len(weight))
    if lost is not None:
        gone = weight * np.exp(np.minimum(problem.kappa * (lost - top), MOST))
    near = np.minimum(problem.kappa * (problem.arcs.distance - top), MOST)
    return weight[tables.rows(problem)] * np.exp(near), gone


def distance_of(problem: SitingProblem, total: float) -> float:
    """Return the EDE that a sum means."""
    assert problem.kappa is not None
    weight = max(float(problem.demand.weight.sum()), 1e-300)
    return reference(problem) + float(np.log(max(total, 1e-300) / weight)) / problem.kappa


def strain(problem: SitingProblem, limit: float) -> tuple[Floats, Floats]:
    """Return by how much each arc and each unserved demand uses up a limit of the EDE: together at most 1."""
    assert problem.kappa is not None
    weight, lost = problem.demand.weight, problem.unserved
    total = max(float(weight.sum()), 1e-300)
    power = problem.kappa * (problem.arcs.distance - limit)
    near = weight[tables.rows(problem)] / total * np.exp(np.minimum(power, 600.0))
    if lost is None:
        return near, np.zeros(len(weight))
    return near, weight / total * np.exp(np.minimum(problem.kappa * (lost - limit), 600.0))
