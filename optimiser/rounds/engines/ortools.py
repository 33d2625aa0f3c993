"""OR-Tools' routing library: the second opinion.

It states tips, breaks, windows, modes and prizes itself (see ``ortools_model.py``) and searches by guided local search
from the plan it is given. It has no seed: an iteration is a solution it goes through, and the same number of them gives
the same plan. It holds the interpreter for the whole solve, so a service must solve in a process of its own.
"""

from __future__ import annotations

import math
from importlib.metadata import version as installed
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from optimiser.result import Budget, OnProgress
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import new_draft
from optimiser.rounds.engines import EngineAnswer
from optimiser.rounds.engines.ortools_model import Model, build, routes_of
from optimiser.rounds.engines.ortools_nodes import partly_accepted
from optimiser.rounds.finish import polish, settle
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem

NAME = "ortools"
FINISH_SHARE = 0.1  # of the seconds, kept for exact timing and repair
FINISH_S_PER_STOP = 0.002
LONGEST_S = 86_400.0  # the library wants a limit, also where iterations are the budget
BRANCHES_EACH = 200  # of its search tree for an iteration; measured: 5 to 40
MOST = 2**63 - 1
FEW_MISSING = 0.05  # of the stops
MOST_INSERTED = 600  # stops: measured, 300 take it a second from nothing, 1,500 more than a minute


def version() -> str:
    """Return the version of the library."""
    return installed("ortools")


def supports(problem: RoundsProblem) -> tuple[str, ...]:
    """Return what it cannot state."""
    if not problem.vehicles or not problem.stops:
        return ("there is nothing to plan",)
    if partly_accepted(problem):
        return ("a site takes only part of what shares one limit on a vehicle",)
    return ()


def solve(
    problem: RoundsProblem,
    *,
    budget: Budget,
    seed: int,  # noqa: ARG001 (the library has none)
    initial: Plan | None,
    on_progress: OnProgress[Plan],  # noqa: ARG001 (the interpreter is held: there is one plan, at the end)
) -> EngineAnswer:
    """Return the timed and repaired plan of the best solution; ``iterations`` counts the solutions gone through."""
    deadline = Deadline(seconds=budget.seconds)
    draft = new_draft(problem)
    start = initial if initial is not None and _worth_starting_from(problem, initial) else None
    parameters = _parameters(problem, budget, deadline)
    model = build(draft.known, parameters, start)
    found = [0]
    model.routing.AddAtSolutionCallback(lambda: found.__setitem__(0, found[0] + 1))
    if budget.iterations is not None:
        _stop_turning(model, budget.iterations)
    solution = _search(model, _parameters(problem, budget, deadline), start)
    given_up = settle(draft, [] if solution is None else _orders(model, solution), deadline=deadline)
    polish(draft, deadline)
    note = f"{given_up} stops did not fit the exact times after OR-Tools' search and were placed again if possible."
    return EngineAnswer(plan=draft.plan(), iterations=found[0], notes=(note,) if given_up else ())


def _worth_starting_from(problem: RoundsProblem, plan: Plan) -> bool:
    """Return whether a plan is a better start than the library's own, which serves more but takes long if large.

    Bringing in one stop after the other is the slowest thing that its local search does.
    """
    served = {stop for tour in plan.rounds for stop in tour.stops}
    missing = sum(stop.prize is None and stop.id not in served for stop in problem.stops)
    return len(problem.stops) > MOST_INSERTED or missing <= FEW_MISSING * len(problem.stops)


def _parameters(problem: RoundsProblem, budget: Budget, deadline: Deadline) -> Any:
    """Return how to search, with what is left of the budget."""
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategies, heuristics = routing_enums_pb2.FirstSolutionStrategy, routing_enums_pb2.LocalSearchMetaheuristic
    parameters.first_solution_strategy = strategies.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = heuristics.GUIDED_LOCAL_SEARCH
    if budget.iterations is not None:
        parameters.solution_limit = max(budget.iterations, 1)
    left_s = LONGEST_S
    if budget.seconds is not None:
        finish = max(FINISH_SHARE * budget.seconds, FINISH_S_PER_STOP * len(problem.stops))
        left_s = deadline.left_s - min(finish, 0.4 * budget.seconds)
    parameters.time_limit.FromMilliseconds(max(math.floor(left_s * 1000), 1))
    return parameters


def _stop_turning(model: Model, iterations: int) -> None:
    """Stop a search that counts iterations but finds no more solutions: it would look on for ever."""
    solver = model.routing.solver()
    branches = BRANCHES_EACH * (iterations + len(model.nodes))
    model.routing.AddSearchMonitor(solver.Limit(MOST, branches, MOST, MOST))


def _search(model: Model, parameters: Any, start: Plan | None) -> Any | None:
    begun = None if start is None else model.assignment(routes_of(start, model.nodes))
    if begun is not None:
        return model.routing.SolveFromAssignmentWithParameters(begun, parameters)
    return model.routing.SolveWithParameters(parameters)


def _orders(model: Model, solution: Any) -> list[tuple[str, list[str]]]:
    """Return who serves what in which order; tips are left to the timing pass."""
    nodes = model.nodes
    return [
        (vehicle.id, [nodes.problem.stops[nodes.works[node][0]].id for node in route if node < nodes.first_tip])
        for vehicle, route in zip(nodes.problem.vehicles, model.routes(solution), strict=True)
    ]
