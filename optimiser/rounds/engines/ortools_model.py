"""The rounds problem in OR-Tools' routing library, on the same whole milliseconds as schedule, check and price.

Minimise

    sum over vehicles of  fixed + per_km * distance + wage * (end - start) + fees at tips  -  prizes of optional stops

A load dimension per distinct set of limit weights; at a copy of a site that accepts it the cumulated load may fall by
anything, and it must be zero at the end where the vehicle must end its day empty. Of a stop with several modes at most
one is visited. Breaks that the whole fleet has in common are cut out of the clock, which made the search five times
faster; others are interval variables. Not stated: that a tip empties the whole load, that a round that ends before a
break is due needs none, unpaid breaks, and fees by amount (a typical load's fee instead); the exact timing pass
afterwards knows them all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp

from optimiser.rounds.clock import closes_ms, opens_ms
from optimiser.rounds.engines.cut_clock import CutClock, cut_clock, due
from optimiser.rounds.engines.ortools_nodes import Nodes, Weighting, amount, capacities, lay_nodes
from optimiser.rounds.plan import Act, Plan
from optimiser.rounds.problem import RoundsProblem, TipSite, Vehicle, Window
from optimiser.rounds.tables import Kind, Tables

LOAD = 1_000_000  # the largest capacity in whole numbers
MONEY = 1e15  # what leaving everything out costs in whole numbers: sums stay far below 2**63
DAY_H, FAR_KM = 24.0, 1000.0  # no detour for one stop costs more than a day and so many kilometres


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A closed routing model: solve it from routes of nodes, read routes of nodes back.

    ``clock`` has the breaks cut out; ``None`` if vehicles differ in them.
    """

    nodes: Nodes
    manager: Any
    routing: Any
    clock: CutClock | None

    def moment(self, moment_ms: int) -> int:
        """Return a moment of the true day on the model's clock."""
        return moment_ms if self.clock is None else self.clock.cut(moment_ms)

    def routes(self, solution: Any) -> list[list[int]]:
        """Return the nodes that each vehicle visits in a solution, depots left out."""
        routes = []
        for v in range(self.routing.vehicles()):
            route, index = [], solution.Value(self.routing.NextVar(self.routing.Start(v)))
            while not self.routing.IsEnd(index):
                route.append(int(self.manager.IndexToNode(index)))
                index = solution.Value(self.routing.NextVar(index))
            routes.append(route)
        return routes

    def assignment(self, routes: Sequence[Sequence[int]]) -> Any | None:
        """Return routes of nodes as a start for the search, ``None`` if the model cannot hold them."""
        indices = [[int(self.manager.NodeToIndex(node)) for node in route] for route in routes]
        return self.routing.ReadAssignmentFromRoutes(indices, True)


def build(known: Tables, parameters: Any, initial: Plan | None = None) -> Model:
    """Return the model of a problem, large enough for a plan to start from."""
    problem = known.problem
    nodes = lay_nodes(problem, _tips(initial))
    starts = [nodes.start(vehicle) for vehicle in problem.vehicles]
    ends = [nodes.end(vehicle) for vehicle in problem.vehicles]
    manager = pywrapcp.RoutingIndexManager(len(nodes), len(problem.vehicles), starts, ends)
    routing = pywrapcp.RoutingModel(manager)
    model = Model(nodes=nodes, manager=manager, routing=routing, clock=cut_clock(known.kinds))
    scale = MONEY / ((len(problem.stops) + 1) * _leaving_out(problem))
    _add_costs(model, scale)
    _add_time(model, known, scale)
    _add_loads(model)
    _add_choices(model, known, scale)
    model.routing.CloseModelWithParameters(parameters)
    return model


def routes_of(plan: Plan, nodes: Nodes) -> list[list[int]]:
    """Return a plan as routes of nodes by vehicle; every tip takes the next free copy of its site."""
    stop_at = {stop.id: k for k, stop in enumerate(nodes.problem.stops)}
    free: dict[tuple[str, int], list[int]] = {}
    for node in reversed(nodes.tip_nodes):
        free.setdefault((nodes.site(node).id, nodes.tips[node - nodes.first_tip][1]), []).append(node)
    rounds = {tour.vehicle: tour for tour in plan.rounds}
    routes: list[list[int]] = []
    for vehicle in nodes.problem.vehicles:
        route = []
        for visit in rounds[vehicle.id].visits if vehicle.id in rounds else ():
            if visit.act is Act.STOP:
                route.append(nodes.of_stop[stop_at[visit.id]][visit.mode])
            elif visit.act is Act.TIP:
                route.append(free[visit.id, visit.mode].pop())
        routes.append(route)
    return routes


def _tips(plan: Plan | None) -> dict[str, int]:
    visits = [visit.id for tour in plan.rounds for visit in tour.visits if visit.act is Act.TIP] if plan else []
    return {site: visits.count(site) for site in set(visits)}


def _leaving_out(problem: RoundsProblem) -> float:
    """Return the price of leaving out a required stop: beyond any detour and any prize."""
    dearest = max(v.costs.fixed + DAY_H * v.costs.per_hour + FAR_KM * v.costs.per_km for v in problem.vehicles)
    return 10 * (dearest + sum(stop.prize or 0.0 for stop in problem.stops)) + 1


def _add_costs(model: Model, scale: float) -> None:
    evaluators: dict[tuple[str, float], int] = {}
    fees = _fees(model.nodes)
    for v, vehicle in enumerate(model.nodes.problem.vehicles):
        key = (vehicle.profile, vehicle.costs.per_km)
        if key not in evaluators:
            _, distance_dm = model.nodes.travel(vehicle.profile)
            cost = distance_dm * (vehicle.costs.per_km / 10_000 * scale) + fees[None, :] * scale
            evaluators[key] = model.routing.RegisterTransitMatrix(np.rint(cost).astype(np.int64).tolist())
        model.routing.SetArcCostEvaluatorOfVehicle(evaluators[key], v)
        model.routing.SetFixedCostOfVehicle(round(vehicle.costs.fixed * scale), v)


def _fees(nodes: Nodes) -> NDArray[np.float64]:
    """Return money for arriving at each node: the fee per tip, and what a typical load costs beyond the cheapest."""
    problem = nodes.problem
    held: dict[str, list[float]] = {}
    for weighting, capacity in capacities(problem).items():
        for dimension, weight in weighting:
            held.setdefault(dimension, []).append(float(np.mean([*capacity.values()])) / weight)
    cheapest = {d: min((s.fees.get(d, 0.0) for s in problem.tip_sites if d in s.accepts), default=0.0) for d in held}
    fees = np.zeros(len(nodes))
    for node in nodes.tip_nodes:
        site = nodes.site(node)
        extra = [(site.fees.get(d, 0.0) - cheapest[d]) * min(held[d]) for d in held if d in site.accepts]
        fees[node] = site.fee_per_tip + max(extra, default=0.0)
    return fees


def _add_time(model: Model, known: Tables, scale: float) -> None:
    nodes, routing = model.nodes, model.routing
    problem = nodes.problem
    last = max(model.moment(kind.shift[1]) for kind in known.kinds)
    registered: dict[str, int] = {}
    for profile in {vehicle.profile for vehicle in problem.vehicles}:
        duration_ms, _ = nodes.travel(profile)
        registered[profile] = routing.RegisterTransitMatrix((duration_ms + nodes.service_ms[:, None]).tolist())
    evaluators = [registered[vehicle.profile] for vehicle in problem.vehicles]
    routing.AddDimensionWithVehicleTransits(evaluators, last, last, False, "time")
    time = routing.GetDimensionOrDie("time")
    for node in range(nodes.first_depot):
        windows = nodes.site(node).windows if node in nodes.tip_nodes else problem.stops[nodes.works[node][0]].windows
        _open(model, time.CumulVar(model.manager.NodeToIndex(node)), windows, last)
    for v, vehicle in enumerate(problem.vehicles):
        _add_shift(model, time, v, known.kind(vehicle.id), scale)


def _open(model: Model, variable: Any, windows: tuple[Window, ...], last: int) -> None:
    """Restrict a time to windows."""
    spans = [(model.moment(opens_ms(w.open_s)), model.moment(closes_ms(w.close_s))) for w in windows]
    if not spans:
        return
    variable.SetRange(min(spans[0][0], last), min(spans[-1][1], last))
    for (_, closes), (opens, _) in pairwise(spans):
        if closes + 1 < opens:
            variable.RemoveInterval(closes + 1, opens - 1)


def _add_shift(model: Model, time: Any, v: int, kind: Kind, scale: float) -> None:
    routing, solver = model.routing, model.routing.solver()
    start, end = time.CumulVar(routing.Start(v)), time.CumulVar(routing.End(v))
    for moment in (start, end):
        moment.SetRange(model.moment(kind.shift[0]), model.moment(kind.shift[1]))
    longest = kind.longest_ms
    if model.clock is not None:
        longest -= sum(rest.duration_ms for rest in due(kind))
    elif kind.rests:
        rests = [
            solver.FixedDurationIntervalVar(rest.earliest_ms, rest.latest_ms, rest.duration_ms, False, rest.id)
            for rest in kind.rests
        ]
        work = [int(model.nodes.service_ms[model.manager.IndexToNode(i)]) for i in range(routing.Size())]
        time.SetBreakIntervalsOfVehicle(rests, v, work)
    if longest < kind.shift[1] - kind.shift[0]:
        time.SetSpanUpperBoundForVehicle(max(longest, 0), v)
    if kind.vehicle.costs.per_hour > 0:
        time.SetSpanCostCoefficientForVehicle(max(round(kind.wage_per_ms * scale), 1), v)
    routing.AddVariableMinimizedByFinalizer(end)
    routing.AddVariableMaximizedByFinalizer(start)


def _add_loads(model: Model) -> None:
    for k, (weighting, held) in enumerate(capacities(model.nodes.problem).items()):
        _add_load(model, f"load {k}", weighting, held)


def _add_load(model: Model, name: str, weighting: Weighting, held: Mapping[str, float]) -> None:
    nodes, routing, problem = model.nodes, model.routing, model.nodes.problem
    scale = LOAD / (max(held.values()) or 1.0)
    stops = [math.ceil(amount(problem.stops[k].loads, weighting) * scale - 1e-3) for k, _ in nodes.works]
    everything = max(LOAD, sum(stops))
    empties = {node for node in nodes.tip_nodes if any(d in nodes.site(node).accepts for d, _ in weighting)}
    tips = [-everything if node in empties else 0 for node in nodes.tip_nodes]
    evaluator = routing.RegisterUnaryTransitVector(stops + tips + [0] * len(nodes.depots))
    room = [math.floor(held[v.id] * scale + 1e-3) if v.id in held else everything for v in problem.vehicles]
    routing.AddDimensionWithVehicleCapacity(evaluator, everything, room, True, name)
    load = routing.GetDimensionOrDie(name)
    for node in set(range(nodes.first_depot)) - empties:
        load.SlackVar(model.manager.NodeToIndex(node)).SetValue(0)
    for v, vehicle in enumerate(problem.vehicles):
        load.SlackVar(routing.Start(v)).SetValue(0)
        if vehicle.must_end_empty:
            load.CumulVar(routing.End(v)).SetValue(0)


def _may_tip(vehicle: Vehicle, site: TipSite) -> bool:
    return vehicle.tip_sites is None or site.id in vehicle.tip_sites


def _add_choices(model: Model, known: Tables, scale: float) -> None:
    """Every stop may be left out, required ones at a price beyond any detour; every copy of a site for nothing."""
    nodes, routing, manager, problem = model.nodes, model.routing, model.manager, model.nodes.problem
    vehicles = range(len(problem.vehicles))
    for k, stop in enumerate(problem.stops):
        price = _leaving_out(problem) if stop.prize is None else stop.prize
        able = [v for v in vehicles if known.allows(problem.vehicles[v].id, k)]
        modes = [manager.NodeToIndex(node) for node in nodes.of_stop[k]]
        routing.AddDisjunction(modes, round(price * scale))
        for index in modes:
            routing.VehicleVar(index).SetValues([-1, *able])
    for node in nodes.tip_nodes:
        site, index = nodes.site(node), manager.NodeToIndex(node)
        routing.AddDisjunction([index], 0)
        routing.VehicleVar(index).SetValues([-1, *(v for v in vehicles if _may_tip(problem.vehicles[v], site))])
    if any(vehicle.max_stops is not None for vehicle in problem.vehicles):
        most = [len(problem.stops) if v.max_stops is None else v.max_stops for v in problem.vehicles]
        count = [1] * nodes.first_tip + [0] * (len(nodes) - nodes.first_tip)
        routing.AddDimensionWithVehicleCapacity(routing.RegisterUnaryTransitVector(count), 0, most, True, "stops")
