"""OR-Tools' routing library: the second opinion.

It states tips, breaks, windows and prizes itself (see ``ortools_model.py``) and searches by guided local search from
the plan it is given. It has no seed: an iteration is a solution it finds, and the same number of them gives the same
plan. It holds the interpreter for the whole solve, so a service must solve in a process of its own.
"""

from __future__ import annotations

import math
from importlib.metadata import version as installed
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from optimiser.result import Budget, OnProgress
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, new_draft, put
from optimiser.rounds.engines import EngineAnswer
from optimiser.rounds.engines.ortools_model import Model, Nodes, capacities
from optimiser.rounds.plan import Act, Order, Plan
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.repair import insert
from optimiser.rounds.schedule import best_order

NAME = "ortools"
KEEP_S = 0.1  # share of the seconds kept for the timing pass and repair
MOST_INSERTIONS = 200
LONGEST_S = 86_400.0  # the library wants a limit, also where iterations are the budget


def version() -> str:
    """Return the version of the library."""
    return installed("ortools")


def supports(problem: RoundsProblem) -> tuple[str, ...]:
    """Return what it cannot state."""
    reasons = []
    if any(len(item.modes) > 1 for item in problem.stops) or any(len(s.modes) > 1 for s in problem.tip_sites):
        reasons.append("a place can be served in several ways")
    mixed = [{d for d, _ in weighting} for weighting in capacities(problem)]
    if any(both & site.accepts and both - site.accepts for both in mixed for site in problem.tip_sites):
        reasons.append("a site takes only part of what shares one limit on a vehicle")
    return tuple(reasons)


def solve(
    problem: RoundsProblem,
    *,
    budget: Budget,
    seed: int,  # noqa: ARG001 (the library has none)
    initial: Plan | None,
    on_progress: OnProgress[Plan],  # noqa: ARG001 (the interpreter is held: there is one plan, at the end)
) -> EngineAnswer:
    """Return the best plan found; ``iterations`` counts the solutions the search went through."""
    deadline = Deadline(seconds=budget.seconds)
    if not problem.stops or not problem.vehicles:
        return EngineAnswer(plan=new_draft(problem).plan(), iterations=0)
    parameters = _parameters()
    model = Model(problem, parameters)
    found = [0]
    model.routing.AddAtSolutionCallback(lambda: found.__setitem__(0, found[0] + 1))
    solution = _search(model, parameters, budget, deadline, initial)
    routes = [] if solution is None else model.routes(solution)
    draft, notes = _timed(problem, model.nodes, routes, deadline)
    return EngineAnswer(plan=draft.plan(), iterations=found[0], notes=notes)


def _parameters() -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategies, heuristics = routing_enums_pb2.FirstSolutionStrategy, routing_enums_pb2.LocalSearchMetaheuristic
    parameters.first_solution_strategy = strategies.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = heuristics.GUIDED_LOCAL_SEARCH
    return parameters


def _search(model: Model, parameters: Any, budget: Budget, deadline: Deadline, initial: Plan | None) -> Any | None:
    if budget.iterations is not None:
        parameters.solution_limit = max(budget.iterations, 1)
    left_s = LONGEST_S if budget.seconds is None else deadline.left_s - KEEP_S * budget.seconds
    parameters.time_limit.FromMilliseconds(max(math.floor(left_s * 1000), 1))
    start = None if initial is None else model.assignment(_routes_of(initial, model.nodes))
    if start is not None:
        return model.routing.SolveFromAssignmentWithParameters(start, parameters)
    return model.routing.SolveWithParameters(parameters)


def _routes_of(plan: Plan, nodes: Nodes) -> list[list[int]]:
    """Return a plan as routes of nodes; every tip takes the next free copy of its site."""
    stop_at = {stop.id: k for k, stop in enumerate(nodes.problem.stops)}
    free: dict[str, list[int]] = {}
    for node in range(nodes.first_depot - 1, nodes.stops - 1, -1):
        site = nodes.site(node)
        if site is not None:
            free.setdefault(site.id, []).append(node)
    rounds = {round_.vehicle: round_ for round_ in plan.rounds}
    routes: list[list[int]] = []
    for vehicle in nodes.problem.vehicles:
        visits = rounds[vehicle.id].visits if vehicle.id in rounds else ()
        route = []
        for visit in visits:
            if visit.act is Act.STOP:
                route.append(stop_at[visit.id])
            elif visit.act is Act.TIP and free[visit.id]:
                route.append(free[visit.id].pop())
        routes.append(route)
    return routes


def _timed(
    problem: RoundsProblem, nodes: Nodes, routes: list[list[int]], deadline: Deadline
) -> tuple[Draft, tuple[str, ...]]:
    """Put routes on the exact clock; what then does not fit is inserted elsewhere."""
    draft = new_draft(problem)
    lost = 0
    for vehicle, route in zip(problem.vehicles, routes, strict=False):
        visits = tuple(problem.stops[node].id for node in route if node < nodes.stops)
        while visits:
            tour = best_order(draft.known, Order(vehicle=vehicle.id, visits=visits))
            if tour is not None:
                put(draft, tour)
                break
            visits, lost = visits[:-1], lost + 1
    insert(draft, draft.left(), deadline=deadline, most=MOST_INSERTIONS)
    note = f"{lost} stops did not fit the exact times where the search had put them and were placed again."
    return draft, (note,) if lost else ()
