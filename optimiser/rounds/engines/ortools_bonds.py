"""Who may serve what, and what belongs together, in OR-Tools' model.

A stop that is left out has no vehicle (the library's -1). Of a choice, *columns* of one stop from each option are
disjunctions: both sides at once or each side apart is {both, left} and {both, right}, so that a whole option fills all
columns, and stops of two options never go together.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import numpy as np

from optimiser.rounds.engines.carrying import who_may
from optimiser.rounds.engines.ortools_model import Model, leaving_out
from optimiser.rounds.problem import Lock


def add_bonds(model: Model, time: Any) -> None:
    """State who may serve what, prizes, choices, shipments, sets and locks."""
    _add_vehicles(model)
    _add_visits(model)
    _add_shipments(model, time)
    for group in model.problem.together:
        _add_together(model, sorted(group))
    for group in model.problem.apart:
        nodes = [node for stop in sorted(group) for node in _nodes(model, stop)]
        _add_apart(model, nodes)
    if model.problem.locks or any(vehicle.max_stops is not None for vehicle in model.problem.vehicles):
        rank = _add_rank(model)
        for lock in model.problem.locks:
            _add_lock(model, rank, lock)


def _nodes(model: Model, stop: str) -> tuple[int, ...]:
    return model.nodes.of_stop[model.nodes.known.stop_at[stop]]


def _vehicle(model: Model, node: int) -> Any:
    return model.routing.VehicleVar(model.index(node))


def _add_vehicles(model: Model) -> None:
    may = who_may(model.nodes.known)
    for k, nodes in enumerate(model.nodes.of_stop):
        for node in nodes:
            _vehicle(model, node).SetValues([-1, *np.flatnonzero(may[k]).tolist()])
    for node in model.nodes.tip_nodes:
        site = model.nodes.site(node).id
        able = [v for v, own in enumerate(model.problem.vehicles) if own.tip_sites is None or site in own.tip_sites]
        _vehicle(model, node).SetValues([-1, *able])


def _add_visits(model: Model) -> None:
    """Every stop may be left out, required ones at a price beyond any detour; every copy of a site for nothing."""
    prices = leaving_out(model.problem)
    free = set(range(len(model.problem.stops)))
    for choice in model.problem.choices:
        options = [[model.nodes.known.stop_at[stop] for stop in option] for option in choice.options]
        free -= {k for option in options for k in option}
        _add_choice(model, options, prices)
    for k in sorted(free):
        indices = [model.index(node) for node in model.nodes.of_stop[k]]
        model.routing.AddDisjunction(indices, round(prices[k] * model.scale))
    for node in model.nodes.tip_nodes:
        model.routing.AddDisjunction([model.index(node)], 0)


def _add_choice(model: Model, options: list[list[int]], prices: list[float]) -> None:
    columns = max(map(len, options))
    filled = [[option[n * len(option) // columns] for option in options] for n in range(columns)]
    price = sum(prices[k] for k in options[0]) / columns
    for column in filled:
        indices = [model.index(node) for k in dict.fromkeys(column) for node in model.nodes.of_stop[k]]
        model.routing.AddDisjunction(indices, round(price * model.scale))
    seen = {frozenset(pair) for column in filled for pair in combinations(set(column), 2)}
    for one, other in combinations(options, 2):
        for pair in product(one, other):
            if frozenset(pair) not in seen:
                active = [model.routing.ActiveVar(model.index(node)) for k in pair for node in model.nodes.of_stop[k]]
                model.routing.solver().Add(model.routing.solver().Sum(active) <= 1)


def _add_shipments(model: Model, time: Any) -> None:
    routing, solver = model.routing, model.routing.solver()
    for shipment in model.problem.shipments:
        first, last = _nodes(model, shipment.pickup), _nodes(model, shipment.delivery)
        if len(first) == len(last) == 1:
            routing.AddPickupAndDelivery(model.index(first[0]), model.index(last[0]))
        else:
            sets = [routing.GetDisjunctionIndices(model.index(nodes[0]))[0] for nodes in (first, last)]
            routing.AddPickupAndDeliverySets(*sets)
        ends = [solver.Max([_vehicle(model, node) for node in nodes]) for nodes in (first, last)]
        solver.Add(ends[0] == ends[1])
        for a, b in product(first, last):
            both = routing.ActiveVar(model.index(a)) * routing.ActiveVar(model.index(b))
            solver.Add(time.CumulVar(model.index(a)) * both <= time.CumulVar(model.index(b)))


def _add_together(model: Model, stops: list[str]) -> None:
    """Those of the stops that are served are served by one vehicle."""
    solver = model.routing.solver()
    same = solver.IntVar(0, len(model.problem.vehicles) - 1, f"together {stops[0]}")
    for stop in stops:
        for node in _nodes(model, stop):
            vehicle = _vehicle(model, node)
            solver.Add((vehicle == same) + (vehicle == -1) >= 1)


def _add_apart(model: Model, nodes: list[int]) -> None:
    """No two of the stops are served by one vehicle; of each only one way is taken anyway."""
    if len(nodes) > 1:
        solver = model.routing.solver()
        solver.Add(solver.AllDifferentExcept([_vehicle(model, node) for node in nodes], -1))


def _add_rank(model: Model) -> Any:
    """Return the dimension of how many stops a round has made, with the most that each may make."""
    routing, stops = model.routing, len(model.problem.stops)
    most = [stops if vehicle.max_stops is None else vehicle.max_stops for vehicle in model.problem.vehicles]
    count = [1] * model.nodes.first_tip + [0] * (len(model.nodes) - model.nodes.first_tip)
    evaluator = routing.RegisterUnaryTransitVector(count)
    routing.AddDimensionWithVehicleCapacity(evaluator, 0, most, True, "stops")
    return routing.GetDimensionOrDie("stops")


def _add_lock(model: Model, rank: Any, lock: Lock) -> None:
    """The stops of a lock follow each other; how, only where both are served."""
    routing, solver = model.routing, model.routing.solver()
    for a, b in combinations(range(len(lock.stops)), 2):
        for one, other in product(_nodes(model, lock.stops[a]), _nodes(model, lock.stops[b])):
            one_index, other_index = model.index(one), model.index(other)
            before, after = rank.CumulVar(one_index), rank.CumulVar(other_index)
            both = routing.ActiveVar(one_index) * routing.ActiveVar(other_index)
            solver.Add(after - before >= both - (1 - both) * len(model.problem.stops))
            if lock.adjacent or lock.first:
                most = (b - a) + (1 - both) * len(model.problem.stops)
                solver.Add(after - before <= most)
    if lock.first:
        for place, stop in enumerate(lock.stops):
            for node in _nodes(model, stop):
                active = routing.ActiveVar(model.index(node))
                solver.Add(rank.CumulVar(model.index(node)) * active <= place)
