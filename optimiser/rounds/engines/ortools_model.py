"""The rounds problem in OR-Tools' routing library.

Nodes are the stops, copies of the tip sites and the depots. Minimise

    sum over vehicles of  fixed + per_km * distance + wage * (end - start) + fees at tips  -  prizes of optional stops

A load dimension per distinct set of limit weights; at a copy of a site that accepts it the cumulated load may fall by
anything, and it must be zero at the end, so a vehicle ends its day empty. Times are whole seconds, rounded up; the
exact timing pass puts the plan on the true clock afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp

from optimiser.rounds.problem import Mode, RoundsProblem, TipSite, Vehicle, Window
from optimiser.travel import UNREACHABLE

MONEY = 10_000  # whole numbers per unit of money
LOAD = 1_000_000  # the largest capacity in whole numbers
NO_WAY_S = 10_000_000
SPARE_TIPS = 1.25  # copies of sites beyond what full loads would need

Weighting = tuple[tuple[str, float], ...]
Matrix = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """Positions in the model: stops first, then copies of sites, then depots."""

    problem: RoundsProblem
    copies: tuple[int, ...]  # of each tip node, the position of its site

    @property
    def stops(self) -> int:
        """Number of stops."""
        return len(self.problem.stops)

    @cached_property
    def depots(self) -> tuple[tuple[str, str], ...]:
        """Distinct (row to leave, column to arrive) of depots."""
        return tuple(dict.fromkeys(pair for v in self.problem.vehicles for pair in ((v.start, ""), ("", v.end))))

    @property
    def first_depot(self) -> int:
        """Position of the first depot."""
        return self.stops + len(self.copies)

    def __len__(self) -> int:
        return self.first_depot + len(self.depots)

    def start(self, vehicle: Vehicle) -> int:
        """Node a vehicle starts from."""
        return self.first_depot + self.depots.index((vehicle.start, ""))

    def end(self, vehicle: Vehicle) -> int:
        """Node a vehicle ends at."""
        return self.first_depot + self.depots.index(("", vehicle.end))

    def site(self, node: int) -> TipSite | None:
        """Return the site a node is a copy of, ``None`` for stops and depots."""
        copy = node - self.stops
        return self.problem.tip_sites[self.copies[copy]] if 0 <= copy < len(self.copies) else None

    @property
    def _modes(self) -> list[Mode]:
        sites = (self.problem.tip_sites[k] for k in self.copies)
        return [*(stop.modes[0] for stop in self.problem.stops), *(site.modes[0] for site in sites)]

    @cached_property
    def service_s(self) -> Matrix:
        """Whole seconds of work at each node."""
        work = [math.ceil(mode.service_s) for mode in self._modes]
        return np.array(work + [0] * len(self.depots), dtype=np.int64)

    def travel(self, profile: str) -> tuple[Matrix, Matrix]:
        """Return whole seconds (rounded up) and decimetres between all nodes; a depot only leaves or only arrives."""
        travel = self.problem.travel[profile]
        modes = self._modes
        leave = [m.leave for m in modes] + [row or self._any_row(profile) for row, _ in self.depots]
        arrive = [m.arrive for m in modes] + [column or self._any_column(profile) for _, column in self.depots]
        known_rows, known_columns = set(travel.leaving), set(travel.arriving)
        rows = np.array([travel.row(r) if r in known_rows else 0 for r in leave], dtype=np.intp)
        columns = np.array([travel.column(c) if c in known_columns else 0 for c in arrive], dtype=np.intp)
        duration_ms, distance_dm = travel.block(rows, columns)
        none = duration_ms == UNREACHABLE
        seconds = -(-duration_ms.astype(np.int64) // 1000)
        return np.where(none, NO_WAY_S, seconds), np.where(none, 0, distance_dm.astype(np.int64))

    def _any_row(self, profile: str) -> str:
        return self.problem.travel[profile].leaving[0]

    def _any_column(self, profile: str) -> str:
        return self.problem.travel[profile].arriving[0]


def lay_nodes(problem: RoundsProblem) -> Nodes:
    """Return the nodes, with enough copies of every site for the loads there are and a last tip for each vehicle."""
    copies: list[int] = []
    for k, site in enumerate(problem.tip_sites):
        fillings = 0.0
        for weighting, capacity in capacities(problem).items():
            if any(d in site.accepts for d, _ in weighting):
                load = sum(amount(stop.loads, weighting) for stop in problem.stops)
                typical = np.median([c for c in capacity.values() if c > 0] or [1.0])
                fillings = max(fillings, load / float(typical))
        wanted = min(math.ceil(SPARE_TIPS * fillings), len(problem.stops)) + len(problem.vehicles)
        copies += [k] * wanted
    return Nodes(problem=problem, copies=tuple(copies))


def amount(loads: Mapping[str, float], weighting: Weighting) -> float:
    """Return what loads come to under a weighting."""
    return sum(weight * loads.get(dimension, 0.0) for dimension, weight in weighting)


def capacities(problem: RoundsProblem) -> dict[Weighting, dict[str, float]]:
    """Return weighting -> vehicle id -> capacity, for every distinct weighting of the fleet's limits."""
    found: dict[Weighting, dict[str, float]] = {}
    for vehicle in problem.vehicles:
        for limit in vehicle.limits:
            weighting = tuple(sorted((d, w) for d, w in limit.weights.items() if w > 0))
            held = found.setdefault(weighting, {})
            held[vehicle.id] = min(held.get(vehicle.id, math.inf), limit.at_most)
    return found


def can_carry(problem: RoundsProblem, vehicle: Vehicle, stop: int) -> bool:
    """Whether a vehicle may serve a stop: allowed, and every dimension it holds stands in one of its limits."""
    wanted = problem.stops[stop]
    named = {d for limit in vehicle.limits for d in limit.weights}
    allowed = wanted.vehicles is None or vehicle.id in wanted.vehicles
    return allowed and all(d in named for d, held in wanted.loads.items() if held > 0)


class Model:
    """The closed routing model of a problem: solve it from routes of nodes, read routes of nodes back."""

    def __init__(self, problem: RoundsProblem, parameters: Any) -> None:
        self.nodes = lay_nodes(problem)
        vehicles = problem.vehicles
        self.manager = pywrapcp.RoutingIndexManager(
            len(self.nodes),
            len(vehicles),
            [self.nodes.start(v) for v in vehicles],
            [self.nodes.end(v) for v in vehicles],
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self._add_costs(problem)
        self._add_time(problem)
        self._add_loads(problem)
        self._add_choices(problem)
        self.routing.CloseModelWithParameters(parameters)

    def index(self, node: int) -> int:
        """Return the model's index of a stop or tip node."""
        return int(self.manager.NodeToIndex(node))

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

    def _add_costs(self, problem: RoundsProblem) -> None:
        evaluators: dict[tuple[str, float], int] = {}
        for v, vehicle in enumerate(problem.vehicles):
            key = (vehicle.profile, vehicle.costs.per_km)
            if key not in evaluators:
                _, distance_dm = self.nodes.travel(vehicle.profile)
                cost = distance_dm * (vehicle.costs.per_km / 10_000 * MONEY) + self._fees(problem)[None, :] * MONEY
                evaluators[key] = self.routing.RegisterTransitMatrix(np.rint(cost).astype(np.int64).tolist())
            self.routing.SetArcCostEvaluatorOfVehicle(evaluators[key], v)
            self.routing.SetFixedCostOfVehicle(round(vehicle.costs.fixed * MONEY), v)

    def _fees(self, problem: RoundsProblem) -> NDArray[np.float64]:
        """Return money for arriving at each node: the fee per tip, and what a typical load costs beyond the cheapest.

        A fee per unit depends on the load, which an arc cannot know; the true fee is in the price.
        """
        typical = {
            d: np.mean(
                [min(limit.at_most / limit.weights[d] for limit in v.limits if limit.weights.get(d)) for v in who]
            )
            for d in problem.dimensions
            if (who := [v for v in problem.vehicles if any(limit.weights.get(d) for limit in v.limits)])
        }
        fees = np.zeros(len(self.nodes))
        for node in range(self.nodes.stops, self.nodes.first_depot):
            site = self.nodes.site(node)
            if site is None:
                continue
            extra = [
                (rate - min(s.fees.get(d, 0.0) for s in problem.tip_sites if d in s.accepts)) * typical.get(d, 0.0)
                for d, rate in site.fees.items()
                if d in site.accepts
            ]
            fees[node] = site.fee_per_tip + max(extra, default=0.0)
        return fees

    def _add_time(self, problem: RoundsProblem) -> None:
        last = math.ceil(max(v.shift.end_s for v in problem.vehicles))
        registered: dict[str, int] = {}
        for vehicle in problem.vehicles:
            if vehicle.profile not in registered:
                seconds, _ = self.nodes.travel(vehicle.profile)
                seconds = seconds + self.nodes.service_s[:, None]
                registered[vehicle.profile] = self.routing.RegisterTransitMatrix(seconds.tolist())
        evaluators = [registered[vehicle.profile] for vehicle in problem.vehicles]
        self.routing.AddDimensionWithVehicleTransits(evaluators, last, last, False, "time")
        time = self.routing.GetDimensionOrDie("time")
        for k, stop in enumerate(problem.stops):
            _open(time.CumulVar(self.index(k)), stop.windows, last)
        for node in range(self.nodes.stops, self.nodes.first_depot):
            site = self.nodes.site(node)
            _open(time.CumulVar(self.index(node)), site.windows if site else (), last)
        for v, vehicle in enumerate(problem.vehicles):
            self._add_shift(time, v, vehicle)

    def _add_shift(self, time: Any, v: int, vehicle: Vehicle) -> None:
        shift = vehicle.shift
        for index in (self.routing.Start(v), self.routing.End(v)):
            time.CumulVar(index).SetRange(math.ceil(shift.start_s), math.floor(shift.end_s))
        if shift.max_duration_s is not None:
            time.SetSpanUpperBoundForVehicle(math.floor(shift.max_duration_s), v)
        wage = vehicle.costs.per_hour / 3600 * MONEY
        time.SetSpanCostCoefficientForVehicle(max(round(wage), 1 if wage > 0 else 0), v)
        self.routing.AddVariableMinimizedByFinalizer(time.CumulVar(self.routing.End(v)))
        self.routing.AddVariableMaximizedByFinalizer(time.CumulVar(self.routing.Start(v)))
        if vehicle.breaks:
            solver = self.routing.solver()
            intervals = [
                solver.FixedDurationIntervalVar(
                    math.ceil(rest.earliest_s),
                    math.floor(rest.latest_s),
                    math.ceil(rest.duration_s),
                    False,
                    f"{vehicle.id} {rest.id}",
                )
                for rest in vehicle.breaks
            ]
            work = [int(self.nodes.service_s[self.manager.IndexToNode(i)]) for i in range(self.routing.Size())]
            time.SetBreakIntervalsOfVehicle(intervals, v, work)

    def _add_loads(self, problem: RoundsProblem) -> None:
        for k, (weighting, held) in enumerate(capacities(problem).items()):
            most = max(held.values()) or 1.0
            scale = LOAD / most
            stops = [math.ceil(amount(stop.loads, weighting) * scale - 1e-6) for stop in problem.stops]
            unlimited = max(LOAD, sum(stops))
            tips = [-unlimited if self._empties(node, weighting) else 0 for node in self._tip_nodes()]
            evaluator = self.routing.RegisterUnaryTransitVector(stops + tips + [0] * len(self.nodes.depots))
            room = [math.floor(held[v.id] * scale + 1e-6) if v.id in held else unlimited for v in problem.vehicles]
            name = f"load {k}"
            self.routing.AddDimensionWithVehicleCapacity(evaluator, unlimited, room, True, name)
            load = self.routing.GetDimensionOrDie(name)
            for node in [*range(self.nodes.stops), *self._tip_nodes()]:
                if node < self.nodes.stops or not self._empties(node, weighting):
                    load.SlackVar(self.index(node)).SetValue(0)
            for v, vehicle in enumerate(problem.vehicles):
                load.SlackVar(self.routing.Start(v)).SetValue(0)
                if vehicle.must_end_empty:
                    load.CumulVar(self.routing.End(v)).SetValue(0)

    def _tip_nodes(self) -> range:
        return range(self.nodes.stops, self.nodes.first_depot)

    def _empties(self, node: int, weighting: Weighting) -> bool:
        site = self.nodes.site(node)
        return site is not None and all(d in site.accepts for d, _ in weighting)

    def _add_choices(self, problem: RoundsProblem) -> None:
        """Every stop may be left out, required ones at a price beyond any detour; every copy of a site for nothing."""
        dearest = sum(stop.prize or 0.0 for stop in problem.stops)
        dearest += max(v.costs.fixed + 24 * v.costs.per_hour + 1000 * v.costs.per_km for v in problem.vehicles)
        for k, stop in enumerate(problem.stops):
            prize = 10 * dearest + 1 if stop.prize is None else stop.prize
            self.routing.AddDisjunction([self.index(k)], round(prize * MONEY))
            able = [v for v, vehicle in enumerate(problem.vehicles) if can_carry(problem, vehicle, k)]
            if len(able) < len(problem.vehicles):
                self.routing.VehicleVar(self.index(k)).SetValues([-1, *able])
        for node in self._tip_nodes():
            self.routing.AddDisjunction([self.index(node)], 0)
            site = self.nodes.site(node)
            able = [
                v
                for v, vehicle in enumerate(problem.vehicles)
                if site and (vehicle.tip_sites is None or site.id in vehicle.tip_sites)
            ]
            if len(able) < len(problem.vehicles):
                self.routing.VehicleVar(self.index(node)).SetValues([-1, *able])
        for v, vehicle in enumerate(problem.vehicles):
            if vehicle.max_stops is not None:
                self._bound_stops(v, vehicle.max_stops)

    def _bound_stops(self, v: int, most: int) -> None:
        solver = self.routing.solver()
        served = [solver.IsEqualCstVar(self.routing.VehicleVar(self.index(k)), v) for k in range(self.nodes.stops)]
        solver.Add(solver.Sum(served) <= most)


def _open(variable: Any, windows: tuple[Window, ...], last: int) -> None:
    """Restrict a time to windows."""
    if not windows:
        return
    variable.SetRange(math.ceil(windows[0].open_s), min(math.floor(windows[-1].close_s), last))
    for a, b in pairwise(windows):
        if math.floor(a.close_s) + 1 <= math.ceil(b.open_s) - 1:
            variable.RemoveInterval(math.floor(a.close_s) + 1, math.ceil(b.open_s) - 1)
