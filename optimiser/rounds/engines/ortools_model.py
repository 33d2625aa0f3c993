"""The rounds problem in OR-Tools' routing library, on the same whole milliseconds as schedule, check and price.

Minimise

    sum over vehicles of  fixed + per_km * distance + wage * (end - start) + overtime + money for driving, work and tips
    - prizes of optional stops + changes against today

What is stated where: costs in ``ortools_costs.py``; windows, shifts, overtime, breaks and rests in
``ortools_times.py``; loads, goods, shipments and tips in ``ortools_loads.py``; who may serve what, choices, shipments,
locks, what goes together or apart in ``ortools_bonds.py``. ``ortools_notes.py`` says what is not stated; the exact
timing pass afterwards knows it all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ortools.constraint_solver import pywrapcp

from optimiser.rounds.engines.cut_clock import CutClock
from optimiser.rounds.engines.ortools_nodes import Nodes, lay_nodes
from optimiser.rounds.plan import Act, Plan
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.tables import Kind, Tables

MONEY = 1e15  # what leaving everything out costs in whole numbers: sums stay far below 2**63
DAY_H, FAR_KM = 24.0, 1000.0  # no detour for one stop costs more than a day and so many kilometres
RATIO = 1_000.0  # weights of stops further apart than this are not told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A routing model: solve it from routes of nodes, read routes of nodes back.

    ``clock`` has the breaks cut out; ``None`` if they are stated as they are. ``scale`` is whole numbers to a coin.
    """

    nodes: Nodes
    manager: Any
    routing: Any
    clock: CutClock | None
    scale: float

    @property
    def problem(self) -> RoundsProblem:
        """The problem that is modelled."""
        return self.nodes.problem

    def kind(self, vehicle: int) -> Kind:
        """Return the kind of a vehicle, by position."""
        return self.nodes.known.kind(self.problem.vehicles[vehicle].id)

    def index(self, node: int) -> int:
        """Return the library's index of a node that is no depot."""
        return int(self.manager.NodeToIndex(node))

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
        indices = [[self.index(node) for node in route] for route in routes]
        return self.routing.ReadAssignmentFromRoutes(indices, True)


def new_model(known: Tables, clock: CutClock | None, initial: Plan | None = None) -> Model:
    """Return a model with places and vehicles and nothing else, large enough for a plan to start from."""
    nodes = lay_nodes(known, _tips(initial))
    vehicles = known.problem.vehicles
    starts, ends = [nodes.start(vehicle) for vehicle in vehicles], [nodes.end(vehicle) for vehicle in vehicles]
    manager = pywrapcp.RoutingIndexManager(len(nodes), len(vehicles), starts, ends)
    scale = MONEY / (1.0 + sum(leaving_out(known.problem)))
    return Model(nodes=nodes, manager=manager, routing=pywrapcp.RoutingModel(manager), clock=clock, scale=scale)


def leaving_out(problem: RoundsProblem) -> list[float]:
    """Return the price of leaving out each stop: a required one's beyond any detour and any prize, by its weight."""
    weights = [stop.weight for stop in problem.stops if stop.prize is None and stop.weight > 0]
    least = max(min(weights, default=1.0), max(weights, default=1.0) / RATIO)
    dearest = max(
        v.costs.fixed
        + DAY_H * (v.costs.per_hour + v.costs.per_driving_hour + v.costs.per_service_hour + v.costs.overtime_per_hour)
        + FAR_KM * v.costs.per_km
        for v in problem.vehicles
    )
    price = 10 * (dearest + sum(stop.prize or 0.0 for stop in problem.stops)) + 1
    return [price * max(stop.weight / least, 1.0) if stop.prize is None else stop.prize for stop in problem.stops]


def routes_of(plan: Plan, nodes: Nodes) -> list[list[int]]:
    """Return a plan as routes of nodes by vehicle; every tip takes the next free copy of its site."""
    stop_at = nodes.known.stop_at
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
