"""What a hub plan is worth, from first principles: the plan's assignments, one by one, and nothing an engine says.

- walking: ``sum people_i (sum_j share_ij d_ij + penalty (1 - sum_j share_ij))`` in person-metres, where the penalty
  is ``PENALTY_REACHES`` times the reach: whoever has no hub counts as if one stood at twice the distance that is
  still thought reasonable. Any penalty above the reach makes serving somebody better than leaving him out.
- coverage: ``sum people_i sum_j share_ij`` in people.
- cost: ``sum_j open f_j + sum kg_i/1000 (sum_j share_ij c_j + u (1 - sum_j share_ij))`` in money a day.
"""

from __future__ import annotations

import numpy as np

from optimiser.hubs.arrays import handling_cost, kg_per_day, people, shares, tally
from optimiser.hubs.plan import HubPlan, HubPrice
from optimiser.hubs.problem import Aim, HubProblem

PENALTY_REACHES = 2.0  # ours
UNITS = {Aim.WALKING: "person-metres", Aim.COVERAGE: "people", Aim.COST: "money a day"}


def penalty_m(problem: HubProblem) -> float:
    """Return the distance that people without a hub count for."""
    return PENALTY_REACHES * problem.reach_m


def price(problem: HubProblem, plan: HubPlan) -> HubPrice:
    """Value a hub plan, good or bad.

    What no assignment takes is left out, whatever ``plan.left_out`` says.

    Raises
    ------
    ValueError
        When the plan names demand points or candidates that the problem does not have.
    """
    sent = shares(problem, plan)
    crowd, kg = people(problem), kg_per_day(problem)
    served = tally(sent.row, sent.share, len(crowd))
    walkers = crowd[sent.row] * sent.share
    walked = np.where(walkers > 0, problem.distance_m[sent.row, sent.column], 0.0) * walkers
    tonnes = kg[sent.row] * sent.share / 1000.0
    opened = set(plan.open)
    fixed = sum(c.fixed_cost_per_day for c in problem.candidates if c.id in opened)
    handling = float(tonnes @ handling_cost(problem)[sent.column])
    unserved = float(kg @ (1.0 - served)) / 1000.0 * problem.unserved_cost_per_tonne
    people_served = float(crowd @ served)
    person_metres = float(walked.sum())
    left = float(crowd @ (1.0 - served))
    objective = {
        Aim.WALKING: person_metres + left * penalty_m(problem),
        Aim.COVERAGE: people_served,
        Aim.COST: fixed + handling + unserved,
    }[problem.aim]
    return HubPrice(
        objective=objective,
        unit=UNITS[problem.aim],
        fixed_cost_per_day=fixed,
        handling_cost_per_day=handling,
        unserved_cost_per_day=unserved,
        people_served=people_served,
        people_left_out=left,
        kg_per_day_served=float(kg @ served),
        mean_walk_m=person_metres / people_served if people_served > 0 else None,
    )
