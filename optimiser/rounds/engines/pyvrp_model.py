"""The rounds problem as PyVRP can state it: a relaxation, whose plans the exact timing pass puts right.

What is stated exactly: distance and wage costs, fixed costs, prizes, load limits (each distinct set of weights is a
load dimension), windows (a stop with several windows or modes is a group of alternatives), shifts, who may serve what
(a load dimension that others have no room in), asymmetric travel by profile.

What is relaxed (PyVRP 0.14 has no breaks, no tip before the garage, and empties everything at every reload depot):

- A tip site is a reload depot; ``service_duration`` is charged when leaving it. It empties all dimensions, also those
  that the site does not accept (a vehicle is offered the sites that take all it may have on board, or, if there are
  none, those that take some of it); of several opening hours only the hull counts.
- The last tip is folded into the way home: from a stop to the depot the arc leads over the cheapest site, unloading
  and fees included, opening hours not.
- Breaks are cut out of the clock if the fleet has them in common, else they shorten the shift.
- Gate fees: the cheapest fee per unit is paid in any case and is left out (taken off the prize of an optional stop);
  what a dearer site costs more is charged per tip for an average load.

Costs are whole numbers so fine that the typical leg counts a million; times are tenths of a second, rounded up; loads
are scaled to a mean of a thousand per stop, rounded up.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import pyvrp

from optimiser.rounds.clock import FOREVER_MS, to_ms
from optimiser.rounds.engines.cut_clock import CutClock, cut_clock, due
from optimiser.rounds.engines.pyvrp_arcs import TICK_MS, Arcs, arcs, ticks
from optimiser.rounds.engines.pyvrp_loads import Loads, capacity, loads, pickup
from optimiser.rounds.engines.pyvrp_places import Places, places
from optimiser.rounds.problem import Stop
from optimiser.rounds.tables import Tables, useful_sites

HORIZON_TICKS = 4 * 864_000
LEFT_OUT = 2  # what leaving out a required stop costs, in times the dearest way to serve one stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A client: a stop in one of its modes, in one of its windows (ms on the true clock)."""

    stop: int
    mode: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Vehicles that PyVRP need not tell apart: of one kind, allowed the same."""

    kind: int
    vehicles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """The model and the way back: which stop each client is, which vehicles each vehicle type has.

    ``site_depots`` is the depot number of each way of each site.
    """

    data: pyvrp.ProblemData
    choices: tuple[Choice, ...]
    teams: tuple[Team, ...]
    site_depots: dict[tuple[str, int], int]
    stop_ids: tuple[str, ...]  # by position in the problem


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What clients, depots and vehicle types are made from; ``common`` is ``None`` if the fleet's breaks differ."""

    known: Tables
    spots: Places
    ways: Arcs
    dimensions: Loads
    common: CutClock | None

    def tick(self, moment_ms: int, *, up: bool) -> int:
        """Return a moment of the true day in ticks of the model's clock."""
        if moment_ms >= FOREVER_MS:
            return HORIZON_TICKS
        cut = self.common.cut(moment_ms) if self.common else moment_ms
        return min(ticks(cut) if up else cut // TICK_MS, HORIZON_TICKS)

    def coins(self, money: float) -> int:
        """Return money in whole cost units."""
        return round(money * self.ways.unit)


def relax(known: Tables) -> Relaxation:
    """Return the problem as PyVRP can state it.

    Required stops may be left out too, at more than it costs to serve any one of them alone: a fleet may be too small,
    and moves that take a stop out for a while made the search better, not worse.
    """
    spots = places(known)
    parts = _Parts(
        known=known,
        spots=spots,
        ways=arcs(known, spots),
        dimensions=loads(known, spots.stops),
        common=cut_clock(known.kinds),
    )
    choices = [
        Choice(stop=k, mode=mode, opens=opens, closes=closes)
        for k in spots.stops
        for mode, (opens, closes) in product(range(len(known.problem.stops[k].modes)), known.spans[k])
    ]
    clients, groups = _clients(parts, choices)
    depots, site_depots = _depots(parts)
    teams = _teams(parts)
    return Relaxation(
        data=pyvrp.ProblemData(
            [pyvrp.Location(0, 0) for _ in range(len(spots))],
            clients,
            depots,
            [_vehicle_type(parts, team, site_depots) for team in teams],
            list[Any](parts.ways.cost),  # the stubs of 0.14 name a type of matrix that does not exist
            list[Any](parts.ways.time),
            groups,
        ),
        choices=tuple(choices),
        teams=tuple(teams),
        site_depots=site_depots,
        stop_ids=tuple(stop.id for stop in known.problem.stops),
    )


def _clients(parts: _Parts, choices: list[Choice]) -> tuple[list[pyvrp.Client], list[pyvrp.ClientGroup]]:
    """Return the clients, and a group for each stop with alternatives."""
    stops = parts.known.problem.stops
    left_out = LEFT_OUT * _dearest_service(parts) + max((parts.coins(s.prize) for s in stops if s.prize), default=0)
    clients: list[pyvrp.Client] = []
    groups: list[pyvrp.ClientGroup] = []
    grouped: dict[int, int] = {}
    for n, choice in enumerate(choices):
        stop = stops[choice.stop]
        alone = len(stop.modes) * len(parts.known.spans[choice.stop]) == 1
        if not alone and choice.stop not in grouped:
            grouped[choice.stop] = len(groups)
            groups.append(pyvrp.ClientGroup(required=False))
        if not alone:
            groups[grouped[choice.stop]].add_client(n)
        prize = left_out if stop.prize is None else max(parts.coins(stop.prize - _least_fee(parts, choice.stop)), 0)
        clients.append(
            pyvrp.Client(
                parts.spots.stop_at[choice.stop] + choice.mode,
                pickup=pickup(parts.known, parts.dimensions, choice.stop),
                service_duration=ticks(to_ms(stop.modes[choice.mode].service_s)),
                tw_early=parts.tick(choice.opens, up=True),
                tw_late=max(parts.tick(choice.closes, up=False), parts.tick(choice.opens, up=True)),
                prize=prize,
                required=False,
                group=None if alone else grouped[choice.stop],
            )
        )
    return clients, groups


def _dearest_service(parts: _Parts) -> int:
    """Return what no vehicle exceeds that serves one stop alone: out, unload, home, and a whole day's wages."""
    return 3 * parts.ways.dearest + max(
        parts.coins(kind.vehicle.costs.fixed + kind.wage_per_ms * min(kind.longest_ms, kind.shift[1] - kind.shift[0]))
        for kind in parts.known.kinds
    )


def _least_fee(parts: _Parts, k: int) -> float:
    """Return the gate fees that the load of a stop costs at the cheapest sites."""
    stop: Stop = parts.known.problem.stops[k]
    fees = {
        d: min((s.fees.get(d, 0.0) for s in parts.known.problem.tip_sites if d in s.accepts), default=0.0)
        for d in stop.loads
    }
    return sum(fees[d] * amount for d, amount in stop.loads.items())


def _depots(parts: _Parts) -> tuple[list[pyvrp.Depot], dict[tuple[str, int], int]]:
    """Return the depots: starts, ends, and each way of each site; and the numbers of the latter."""
    depots = [pyvrp.Depot(n) for n in (*parts.spots.starts.values(), *parts.spots.ends.values())]
    site_depots: dict[tuple[str, int], int] = {}
    for site in parts.known.problem.tip_sites:
        opens = to_ms(site.windows[0].open_s) if site.windows else 0
        closes = to_ms(site.windows[-1].close_s) if site.windows else FOREVER_MS
        for m, mode in enumerate(site.modes):
            site_depots[site.id, m] = len(depots)
            early = parts.tick(opens, up=True)
            depots.append(
                pyvrp.Depot(
                    parts.spots.site_at[site.id] + m,
                    tw_early=early,
                    tw_late=max(parts.tick(closes, up=False), early),
                    service_duration=ticks(to_ms(mode.service_s)),
                )
            )
    return depots, site_depots


def _teams(parts: _Parts) -> list[Team]:
    alike: dict[tuple[int, tuple[bool, ...]], list[str]] = {}
    for n, vehicle in enumerate(parts.known.problem.vehicles):
        allowed = tuple(group[n] for group in parts.dimensions.restrictions)
        alike.setdefault((parts.known.kind_of[vehicle.id], allowed), []).append(vehicle.id)
    return [Team(kind=kind, vehicles=tuple(vehicles)) for (kind, _), vehicles in alike.items()]


def _vehicle_type(parts: _Parts, team: Team, site_depots: dict[tuple[str, int], int]) -> pyvrp.VehicleType:
    kind = parts.known.kinds[team.kind]
    vehicle, spots = kind.vehicle, parts.spots
    resting = sum(rest.duration_ms for rest in due(kind))
    opens, closes = parts.tick(kind.shift[0], up=True), parts.tick(kind.shift[1], up=False)
    longest = kind.longest_ms
    if parts.common is None:  # breaks shorten the day, wherever it begins
        longest = min(longest, kind.shift[1] - kind.shift[0])
    depots = list(spots.starts), list(spots.ends)
    return pyvrp.VehicleType(
        num_available=len(team.vehicles),
        capacity=capacity(parts.known, parts.dimensions, team.vehicles[0], len(spots.stops)),
        start_depot=depots[0].index(vehicle.start),
        end_depot=len(depots[0]) + depots[1].index(vehicle.end),
        fixed_cost=parts.coins(vehicle.costs.fixed),
        tw_early=opens,
        tw_late=max(closes, opens),
        shift_duration=min(max(longest - resting, 0) // TICK_MS, HORIZON_TICKS),
        unit_distance_cost=1,
        unit_duration_cost=parts.coins(vehicle.costs.per_hour / 3.6e6 * TICK_MS),
        profile=parts.ways.view_of[team.kind],
        reload_depots=[site_depots[site.id, m] for site in useful_sites(kind) for m in range(len(site.ways))],
    )
