"""The places of OR-Tools' model: ways to serve the stops, copies of the sites to tip at, and the depots."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.clock import to_ms
from optimiser.rounds.problem import Mode, RoundsProblem, TipSite, Vehicle
from optimiser.travel import UNREACHABLE

Matrix = NDArray[np.int64]
Weighting = tuple[tuple[str, float], ...]

NO_WAY_MS = 10**10  # four months: no shift holds it
SPARE_TIPS = 2  # copies of a site beyond what full loads would need: half as many copies again cost 5 % in 15 s


@dataclass(frozen=True, kw_only=True)
class Nodes:
    """Positions in the model: every mode of every stop, then copies of sites, then depots.

    Parameters
    ----------
    works
        Of each stop node, the position of the stop and of the mode.
    tips
        Of each tip node, the position of the site and of the mode.
    """

    problem: RoundsProblem
    works: tuple[tuple[int, int], ...]
    tips: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        """Return the number of nodes."""
        return self.first_depot + len(self.depots)

    @property
    def first_tip(self) -> int:
        """Position of the first copy of a site."""
        return len(self.works)

    @property
    def first_depot(self) -> int:
        """Position of the first depot."""
        return len(self.works) + len(self.tips)

    @property
    def tip_nodes(self) -> range:
        """Positions of the copies of sites."""
        return range(self.first_tip, self.first_depot)

    @cached_property
    def depots(self) -> tuple[tuple[str, str], ...]:
        """Distinct (row to leave, column to arrive) of depots, one of the two empty."""
        return tuple(dict.fromkeys(pair for v in self.problem.vehicles for pair in ((v.start, ""), ("", v.end))))

    @cached_property
    def of_stop(self) -> tuple[tuple[int, ...], ...]:
        """Stop -> its nodes, by mode."""
        nodes: list[list[int]] = [[] for _ in self.problem.stops]
        for node, (stop, _) in enumerate(self.works):
            nodes[stop].append(node)
        return tuple(tuple(modes) for modes in nodes)

    def start(self, vehicle: Vehicle) -> int:
        """Return the node a vehicle starts from."""
        return self.first_depot + self.depots.index((vehicle.start, ""))

    def end(self, vehicle: Vehicle) -> int:
        """Return the node a vehicle ends at."""
        return self.first_depot + self.depots.index(("", vehicle.end))

    def site(self, tip_node: int) -> TipSite:
        """Return the site that a tip node is a copy of."""
        return self.problem.tip_sites[self.tips[tip_node - self.first_tip][0]]

    @cached_property
    def _modes(self) -> list[Mode]:
        stops, sites = self.problem.stops, self.problem.tip_sites
        return [*(stops[k].modes[m] for k, m in self.works), *(sites[k].modes[m] for k, m in self.tips)]

    @cached_property
    def service_ms(self) -> Matrix:
        """Milliseconds of work at each node."""
        return np.array([to_ms(mode.service_s) for mode in self._modes] + [0] * len(self.depots), dtype=np.int64)

    def travel(self, profile: str) -> tuple[Matrix, Matrix]:
        """Return milliseconds and decimetres between all nodes; a depot only leaves or only arrives."""
        travel = self.problem.travel[profile]
        rows, columns = set(travel.leaving), set(travel.arriving)
        leave = [m.leave for m in self._modes] + [row for row, _ in self.depots]
        arrive = [m.arrive for m in self._modes] + [column for _, column in self.depots]
        at = np.array([travel.row(r) if r in rows else -1 for r in leave], dtype=np.intp)
        to = np.array([travel.column(c) if c in columns else -1 for c in arrive], dtype=np.intp)
        duration_ms, distance_dm = travel.block(np.maximum(at, 0), np.maximum(to, 0))
        none = (duration_ms == UNREACHABLE) | (at < 0)[:, None] | (to < 0)[None, :]
        return np.where(none, NO_WAY_MS, duration_ms.astype(np.int64)), np.where(none, 0, distance_dm.astype(np.int64))


def lay_nodes(problem: RoundsProblem, tips: Mapping[str, int] | None = None) -> Nodes:
    """Return the nodes, with enough copies of every site for all the loads there are or a tip for each vehicle.

    Parameters
    ----------
    tips
        Site id -> how many tips a plan to start from makes there: so many copies there are at least.
    """
    works = [(k, m) for k, stop in enumerate(problem.stops) for m in range(len(stop.modes))]
    copies = [max(_copies(problem, site), (tips or {}).get(site.id, 0)) for site in problem.tip_sites]
    sites = [
        (k, m) for k, site in enumerate(problem.tip_sites) for m in range(len(site.modes)) for _ in range(copies[k])
    ]
    return Nodes(problem=problem, works=tuple(works), tips=tuple(sites))


def _copies(problem: RoundsProblem, site: TipSite) -> int:
    """Return how many tips at a site there is room for: as for all loads, where no two heavy stops share a trip."""
    trips = 0.0
    for weighting, capacity in capacities(problem).items():
        if any(d in site.accepts for d, _ in weighting):
            loads = np.array([amount(stop.loads, weighting) for stop in problem.stops])
            typical = float(np.median([c for c in capacity.values() if c > 0] or [1.0]))
            trips = max(trips, loads.sum() / typical, float((loads > typical / 2).sum()))
    return min(max(math.ceil(trips) + SPARE_TIPS, len(problem.vehicles)), len(problem.stops))


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


def partly_accepted(problem: RoundsProblem) -> bool:
    """Return whether a site takes only part of what shares one limit on a vehicle."""
    shared = [{d for d, _ in weighting} for weighting in capacities(problem)]
    return any(both & site.accepts and both - site.accepts for both in shared for site in problem.tip_sites)
