"""What each aim makes of serving somebody at a hub: one minimisation for all three.

With ``y_j`` = 1 when candidate j opens and ``x_ij`` the share of demand i sent to j, every aim reads

    minimise  sum_j F_j y_j + sum_i w_i [ sum_j c_ij x_ij + U (1 - sum_j x_ij) ]

==========  ==============  =======================  ====================  ==========
aim         weight ``w_i``  unit cost ``c_ij``       left out ``U``        ``F_j``
==========  ==============  =======================  ====================  ==========
walking     people          metres on foot           penalty distance      0
coverage    people          0                        1                     0
cost        tonnes a day    handling cost a tonne    unserved cost         fixed cost
==========  ==============  =======================  ====================  ==========

Coverage is maximised as people minus this sum. A pair beyond reach, or one that costs more than leaving out, has
``c_ij = inf``: no best plan uses it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.hubs.arrays import Floats, fixed_cost, handling_cost, kg_per_day, people, within_reach
from optimiser.hubs.price import penalty_m
from optimiser.hubs.problem import Aim, HubProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The minimisation of one problem: see the table above.

    Parameters
    ----------
    weight
        By demand point.
    unit
        Shape (demand, candidates); ``inf`` where it never pays to go.
    left_out
        Unit cost of leaving out.
    fixed
        By candidate.
    best
        What the minimised sum is subtracted from (coverage), else 0.
    """

    weight: Floats
    unit: Floats
    left_out: float
    fixed: Floats
    best: float

    def objective(self, minimised: float) -> float:
        """Turn a minimised sum into the objective of the aim."""
        return self.best - minimised if self.best else minimised


def values(problem: HubProblem) -> Values:
    """Return the minimisation that stands for the aim of a problem."""
    shape = problem.distance_m.shape
    crowd, nothing, best = people(problem), np.zeros(len(problem.candidates)), 0.0
    if problem.aim is Aim.WALKING:
        weight, unit, left_out, fixed = crowd, problem.distance_m, penalty_m(problem), nothing
    elif problem.aim is Aim.COVERAGE:
        weight, unit, left_out, fixed = crowd, np.zeros(shape), 1.0, nothing
        best = float(crowd.sum())
    else:
        weight, left_out = kg_per_day(problem) / 1000.0, problem.unserved_cost_per_tonne
        unit, fixed = np.broadcast_to(handling_cost(problem), shape), fixed_cost(problem)
    unit = np.where(within_reach(problem) & (unit <= left_out), unit, np.inf)
    return Values(weight=weight, unit=unit, left_out=left_out, fixed=fixed, best=best)
