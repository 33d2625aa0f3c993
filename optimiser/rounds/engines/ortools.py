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
from optimiser.rounds.engines.cut_clock import CutClock, cut_clock
from optimiser.rounds.engines.ending import Ending, end, kept_s
from optimiser.rounds.engines.ortools_bonds import add_bonds
from optimiser.rounds.engines.ortools_costs import add_costs
from optimiser.rounds.engines.ortools_loads import add_loads
from optimiser.rounds.engines.ortools_model import Model, new_model, routes_of
from optimiser.rounds.engines.ortools_notes import notes, unseen
from optimiser.rounds.engines.ortools_times import add_limits_on_the_way, add_time
from optimiser.rounds.merit import left_out
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.tables import Tables
from optimiser.rounds.weighed import weighed

NAME = "ortools"
LONGEST_S = 86_400.0  # the library wants a limit, also where iterations are the budget
BRANCHES_EACH = 60  # of its search tree for an iteration; measured: 5 to 40
MOST = 2**63 - 1
FEW_MISSING = 0.05  # of the stops
MOST_WAYS = 3_000  # a matrix is a list of lists on the way in: 300 MB
SMALL = 60  # stops; breaks are stated as they are
MOST_INSERTED = 600  # stops: measured, 300 take it a second from nothing, 1,500 more than a minute


def version() -> str:
    """Return the version of the library."""
    return installed("ortools")


def supports(problem: RoundsProblem) -> tuple[str, ...]:
    """Return what it cannot state."""
    if not problem.vehicles or not problem.stops:
        return ("there is nothing to plan",)
    ways = sum(len(stop.modes) for stop in problem.stops)
    if ways > MOST_WAYS:
        return (f"{ways} ways to serve the stops are more than the {MOST_WAYS} that its matrices can hold",)
    paired = {stop for shipment in problem.shipments for stop in (shipment.pickup, shipment.delivery)}
    if any(paired.intersection(option) for choice in problem.choices for option in choice.options):
        return ("a choice has a stop of a shipment",)
    return ()


def solve(
    problem: RoundsProblem,
    *,
    budget: Budget,
    seed: int,  # the library has none; it is for the improvement afterwards
    initial: Plan | None,
    on_progress: OnProgress[Plan],  # the interpreter is held during the search: news comes at the end
) -> EngineAnswer:
    """Return the timed and repaired plan of the best solution; ``iterations`` counts the solutions gone through."""
    deadline = Deadline(seconds=budget.seconds)
    posed = weighed(problem)
    draft = new_draft(posed)
    start = initial if initial is not None and _worth_starting_from(posed, initial) else None
    model = build(draft.known, start)
    exact = not unseen(model)
    kept = kept_s(budget, len(problem.stops), exact=exact)
    parameters = _parameters(budget, deadline.sooner(kept))
    model.routing.CloseModelWithParameters(parameters)
    found = [0]
    model.routing.AddAtSolutionCallback(lambda: found.__setitem__(0, found[0] + 1))
    if budget.iterations is not None:
        _stop_turning(model, budget.iterations)
    solution = _search(model, _parameters(budget, deadline.sooner(kept)), start)
    ending = Ending(
        name=NAME,
        budget=budget,
        deadline=deadline,
        seed=seed,
        initial=initial,
        on_progress=on_progress,
        exact=exact,
    )
    plan, given_up = end(draft, [] if solution is None else _orders(model, solution), ending)
    return EngineAnswer(plan=plan, iterations=found[0], notes=notes(model, given_up))


def build(known: Tables, initial: Plan | None = None) -> Model:
    """Return the model of a problem, still open, large enough for a plan to start from."""
    model = new_model(known, shared_clock(known), initial)
    add_costs(model)
    time = add_time(model)
    add_limits_on_the_way(model)
    add_loads(model)
    add_bonds(model, time)
    return model


def shared_clock(known: Tables) -> CutClock | None:
    """Return the clock with the fleet's breaks cut out; ``None`` if they are better stated as they are."""
    if len(known.problem.stops) <= SMALL or any(
        rest.always or len(rest.spans) > 1 for kind in known.kinds for rest in kind.rests
    ):
        return None
    return cut_clock(known.kinds)


def _worth_starting_from(problem: RoundsProblem, plan: Plan) -> bool:
    """Return whether a plan is a better start than the library's own, which serves more but takes long if large.

    Bringing in one stop after the other is the slowest thing that its local search does.
    """
    missing = len(left_out(problem, plan))
    return len(problem.stops) > MOST_INSERTED or missing <= FEW_MISSING * len(problem.stops)


def _parameters(budget: Budget, search_end: Deadline) -> Any:
    """Return how to search until then, or for so many solutions."""
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategies, heuristics = routing_enums_pb2.FirstSolutionStrategy, routing_enums_pb2.LocalSearchMetaheuristic
    parameters.first_solution_strategy = strategies.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = heuristics.GUIDED_LOCAL_SEARCH
    if budget.iterations is not None:
        parameters.solution_limit = max(budget.iterations, 1)
    left_s = min(search_end.left_s, LONGEST_S)
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
