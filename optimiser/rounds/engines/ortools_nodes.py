"""The places of OR-Tools' model: ways to serve the stops, copies of the sites to tip at, and the depots."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.engines.carrying import chosen_limits, on_board
from optimiser.rounds.engines.working import Works, works
from optimiser.rounds.problem import Mode, RoundsProblem, TipSite, Vehicle
from optimiser.rounds.scales import amounts
from optimiser.rounds.tables import Kind, Tables
from optimiser.rounds.ways import Way
from optimiser.travel import UNREACHABLE

Matrix = NDArray[np.int64]

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

    known: Tables
    works: tuple[tuple[int, int], ...]
    tips: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        """Return the number of nodes."""
        return self.first_depot + len(self.depots)

    @property
    def problem(self) -> RoundsProblem:
        """The problem whose places these are."""
        return self.known.problem

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

    @cached_property
    def stops(self) -> Matrix:
        """Of each stop node, the position of the stop."""
        return np.array([stop for stop, _ in self.works], dtype=np.int64)

    def start(self, vehicle: Vehicle) -> int:
        """Return the node a vehicle starts from."""
        return self.first_depot + self.depots.index((vehicle.start, ""))

    def end(self, vehicle: Vehicle) -> int:
        """Return the node a vehicle ends at."""
        return self.first_depot + self.depots.index(("", vehicle.end))

    def site(self, tip_node: int) -> TipSite:
        """Return the site that a tip node is a copy of."""
        return self.problem.tip_sites[self.tips[tip_node - self.first_tip][0]]

    def done_by(self, kind: Kind) -> Works:
        """Return what a kind of vehicle does at each node."""
        sites = {site.id: site.ways for site in kind.sites}
        at_tips = [sites.get(self.problem.tip_sites[k].id) for k, _ in self.tips]
        ways: list[Way | None] = [kind.ways[k][m] for k, m in self.works]
        ways += [own[m] if own else None for own, (_, m) in zip(at_tips, self.tips, strict=True)]
        return works([*ways, *([None] * len(self.depots))])

    @cached_property
    def _modes(self) -> list[Mode]:
        stops, sites = self.problem.stops, self.problem.tip_sites
        return [*(stops[k].modes[m] for k, m in self.works), *(sites[k].modes[m] for k, m in self.tips)]

    def travel(self, profile: str) -> tuple[Matrix, Matrix]:
        """Return milliseconds and decimetres between all nodes; a depot only leaves or only arrives."""
        travel = self.problem.travel[profile]
        rows, columns = set(travel.leaving), set(travel.arriving)
        leave = [m.leave for m in self._modes] + [row for row, _ in self.depots]
        arrive = [m.arrive for m in self._modes] + [column for _, column in self.depots]
        at = np.array([travel.row(r) if r in rows else -1 for r in leave], dtype=np.intp)
        to = np.array([travel.column(c) if c in columns else -1 for c in arrive], dtype=np.intp)
        duration_ms, distance_dm = travel.block(np.maximum(at, 0), np.maximum(to, 0))
        none = (duration_ms == UNREACHABLE) | (distance_dm == UNREACHABLE) | (at < 0)[:, None] | (to < 0)[None, :]
        return np.where(none, NO_WAY_MS, duration_ms.astype(np.int64)), np.where(none, 0, distance_dm.astype(np.int64))


def lay_nodes(known: Tables, tips: Mapping[str, int] | None = None) -> Nodes:
    """Return the nodes, with enough copies of every site for all the loads there are or a tip for each vehicle.

    Parameters
    ----------
    tips
        Site id -> how many tips a plan to start from makes there: so many copies there are at least.
    """
    problem = known.problem
    work = [(k, m) for k, stop in enumerate(problem.stops) for m in range(len(stop.modes))]
    copies = [max(_copies(known, site), (tips or {}).get(site.id, 0)) for site in problem.tip_sites]
    sites = [
        (k, m) for k, site in enumerate(problem.tip_sites) for m in range(len(site.modes)) for _ in range(copies[k])
    ]
    return Nodes(known=known, works=tuple(work), tips=tuple(sites))


def _copies(known: Tables, site: TipSite) -> int:
    """Return how many tips at a site there is room for: as for all loads, where no two heavy stops share a trip."""
    held, trips = amounts(known.problem), 0.0
    limits = [chosen_limits(known.kind(vehicle.id)) for vehicle in known.problem.vehicles]
    for weights in dict.fromkeys(key for own in limits for key in own):
        waste, goods, _ = on_board(known, held, weights)
        loads = waste * any(d in site.accepts for d, _ in weights) + goods * any(d in site.supplies for d, _ in weights)
        room = [own[weights] for own in limits if own.get(weights, 0) > 0]
        typical = float(np.median(room or [1.0]))
        trips = max(trips, loads.sum() / typical, float((loads > typical / 2).sum()))
    return min(max(math.ceil(trips) + SPARE_TIPS, len(known.problem.vehicles)), len(known.problem.stops))
