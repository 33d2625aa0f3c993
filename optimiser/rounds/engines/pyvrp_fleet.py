"""Depots, reload depots and vehicle types of the PyVRP model."""

from __future__ import annotations

from dataclasses import dataclass

import pyvrp

from optimiser.rounds.clock import FOREVER_MS, to_ms
from optimiser.rounds.engines.cut_clock import longest_ms, resting_ms
from optimiser.rounds.engines.pyvrp_arcs import TICK_MS, Measure, reach, ticks
from optimiser.rounds.engines.pyvrp_parts import HORIZON_TICKS, Parts
from optimiser.rounds.tables import Kind, Site, useful_sites

NO_LIMIT = 2**63 - 1  # the library's own

SiteDepots = dict[tuple[str, int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Vehicles that PyVRP need not tell apart: of one kind, allowed the same."""

    kind: int
    vehicles: tuple[str, ...]


def depots(parts: Parts) -> tuple[list[pyvrp.Depot], SiteDepots]:
    """Return the depots: starts, ends, and each way of each site; and the numbers of the latter."""
    found = [pyvrp.Depot(n) for n in (*parts.spots.starts.values(), *parts.spots.ends.values())]
    numbers: SiteDepots = {}
    for site in parts.known.problem.tip_sites:
        opens = to_ms(site.windows[0].open_s) if site.windows else 0
        closes = to_ms(site.windows[-1].close_s) if site.windows else FOREVER_MS
        early, late = parts.span(opens, closes)
        for m in range(len(site.modes)):
            numbers[site.id, m] = len(found)
            place = parts.spots.site_at[site.id] + m
            service = ticks(int(parts.ways.service_ms[place]))
            found.append(pyvrp.Depot(place, tw_early=early, tw_late=late, service_duration=service))
    return found, numbers


def teams(parts: Parts) -> list[Team]:
    """Return the vehicles by kind and by what they may serve."""
    alike: dict[tuple[int, tuple[bool, ...]], list[str]] = {}
    for n, vehicle in enumerate(parts.known.problem.vehicles):
        allowed = tuple(group[n] for group in parts.dimensions.restrictions)
        alike.setdefault((parts.known.kind_of[vehicle.id], allowed), []).append(vehicle.id)
    return [Team(kind=kind, vehicles=tuple(vehicles)) for (kind, _), vehicles in alike.items()]


def vehicle_type(parts: Parts, team: Team, site_depots: SiteDepots) -> pyvrp.VehicleType:
    """Return the vehicles of a team."""
    kind = parts.known.kinds[team.kind]
    vehicle, spots, view = kind.vehicle, parts.spots, parts.ways.view_of[team.kind]
    early, late = parts.span(kind.shift[0], kind.shift[1] + kind.overtime_ms)
    longest = longest_ms(kind) if parts.common is None or kind.overtime_ms else kind.longest_ms
    starts, ends = list(spots.starts), list(spots.ends)
    position = [v.id for v in parts.known.problem.vehicles].index(team.vehicles[0])
    most = reach(kind, parts.ways.unit)
    return pyvrp.VehicleType(
        num_available=len(team.vehicles),
        capacity=parts.dimensions.capacity(parts.known, position),
        start_depot=starts.index(vehicle.start),
        end_depot=len(starts) + ends.index(vehicle.end),
        fixed_cost=parts.coins(vehicle.costs.fixed),
        tw_early=early,
        tw_late=late,
        shift_duration=min(max(longest - resting_ms(kind), 0) // TICK_MS, HORIZON_TICKS),
        max_distance=NO_LIMIT if most is None else most,
        unit_distance_cost=int(parts.ways.measure[view] is Measure.MONEY),
        unit_duration_cost=parts.coins(vehicle.costs.per_hour / 3.6e6 * TICK_MS),
        profile=view,
        reload_depots=[site_depots[site.id, m] for site in reloads(kind) for m in range(len(site.ways))],
        max_overtime=min(kind.overtime_ms // TICK_MS, HORIZON_TICKS),
        unit_overtime_cost=parts.coins(kind.overtime_per_ms * TICK_MS),
    )


def reloads(kind: Kind) -> tuple[Site, ...]:
    """Return the sites where a trip may end: useful ones, and those that supply goods that are to be delivered."""
    useful = {site.id for site in useful_sites(kind)}
    wanted = kind.brings[kind.carries].any(axis=0)
    return tuple(site for site in kind.sites if site.id in useful or (wanted & site.supplies).any())
