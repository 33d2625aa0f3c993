"""A first choice of hubs without a solver: open, one after the other, the candidate that helps most.

The greedy rule of Cornuejols, Fisher and Nemhauser (1977), Location of bank accounts to optimize float, Management
Science 23(8): for one aim without capacities it reaches at least 63 % of the best improvement. Where a capacity
would cut what a candidate attracts, its gain is scaled down in proportion (ours).
"""

from __future__ import annotations

import numpy as np

from optimiser.hubs.arrays import Bools, Floats, capacity, fixed_cost, kg_per_day, must_stay
from optimiser.hubs.problem import HubProblem
from optimiser.hubs.values import Values


def first_choice(problem: HubProblem, values: Values) -> Bools:
    """Return which candidates a greedy planner would open; those that must stay are open from the start."""
    is_open = must_stay(problem)
    weight, kg, limit = values.weight, kg_per_day(problem), capacity(problem)
    unit = np.minimum(values.unit, values.left_out)
    attracts = np.isfinite(values.unit)
    current = np.min(unit[:, is_open], axis=1, initial=values.left_out)
    while (able := _affordable(problem, is_open)).any():
        better = np.maximum(current[:, None] - unit, 0.0)
        brought = kg @ (attracts & (better > 0))
        share = np.divide(limit, brought, out=np.ones_like(limit), where=brought > limit)
        gain = np.where(able, (weight @ better) * share - values.fixed, -np.inf)
        pick = int(np.argmax(gain))
        if gain[pick] <= 0:
            break
        is_open[pick] = True
        current = np.minimum(current, unit[:, pick])
    return is_open


def _affordable(problem: HubProblem, is_open: Bools) -> Bools:
    """Return which closed candidates the limits on number and money still allow."""
    able = ~is_open
    if problem.at_most is not None and is_open.sum() >= problem.at_most:
        able[:] = False
    if problem.budget_per_day is not None:
        fixed: Floats = fixed_cost(problem)
        able &= fixed[is_open].sum() + fixed <= problem.budget_per_day
    return able
