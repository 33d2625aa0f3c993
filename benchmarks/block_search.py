"""PyVRP on one block, from the rounds as they are: the project's model of it, without its own start and ending.

For two or three seconds these would be a third of the time. Rounds that do not keep every rule of the problem as the
model had them give no plan.
"""

from __future__ import annotations

import warnings

import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import (
    OPERATORS,
    LocalSearch,
    NeighbourhoodParams,
    PerturbationManager,
    PerturbationParams,
    compute_neighbours,
)

from optimiser.rounds.deadline import Deadline
from optimiser.rounds.engines.pyvrp import MAX_PENALTY, METRE, NEIGHBOURS, LowStart
from optimiser.rounds.engines.pyvrp_model import Relaxation, relax
from optimiser.rounds.engines.pyvrp_orders import orders, start_from
from optimiser.rounds.plan import Order, Plan
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.schedule import best_order, planned
from optimiser.rounds.tables import tables

TIMING_S = 0.2  # kept for the exact times


def searched(problem: RoundsProblem, plan: Plan, *, seconds: float, seed: int) -> Plan | None:
    """Return the plan of PyVRP's best feasible solution, timed exactly; ``None`` if a round cannot be timed."""
    deadline = Deadline(seconds=seconds).sooner(TIMING_S)
    known = tables(problem)
    model = relax(known)
    best = _search(model, plan, deadline, seed)
    if not best.is_feasible():
        return None
    served = [Order(vehicle=vehicle, visits=tuple(stops)) for vehicle, stops in orders(model, best) if stops]
    tours = [best_order(known, order) for order in served]
    return planned(problem, [tour for tour in tours if tour is not None]) if all(tours) else None


def _search(model: Relaxation, plan: Plan, deadline: Deadline, seed: int) -> pyvrp.Solution:
    """Return the best solution, by the engine's own neighbours and penalties."""
    data, penalty = model.data, LowStart(min_penalty=0.01 * METRE, max_penalty=MAX_PENALTY * METRE)
    rng = pyvrp.RandomNumberGenerator(seed=seed)
    near = compute_neighbours(data, NeighbourhoodParams(num_neighbours=NEIGHBOURS, weight_wait_time=0.02 * METRE))
    local = LocalSearch(data, rng, near, PerturbationManager(PerturbationParams()))
    for operator in OPERATORS:
        if operator.supports(data):
            local.add_operator(operator(data))
    manager = pyvrp.PenaltyManager(penalty.midpoint_penalties(data), penalty)
    start = start_from(model, plan)
    if start is None:
        start = local(pyvrp.Solution.make_random(data, rng), manager.max_cost_evaluator(), exhaustive=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        search = pyvrp.IteratedLocalSearch(data, manager, local, start)
        return search.run(lambda _: deadline.passed, collect_stats=False, display=False).best
