"""From the planner's words to problems: the only place where streets and optimiser meet."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from network.profiles import PROFILES
from network.snap import snap
from network.streets import StreetNetwork
from network.walking import distances_within
from optimiser.hubs.problem import Aim, Candidate, DemandPoint, HubProblem
from optimiser.rounds.problem import RoundsProblem
from scenarios.ground import Ground, coordinates
from scenarios.loads import SINGLE_DAY
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint, Residents
from scenarios.pose_aims import pose_aims
from scenarios.pose_fleet import dimensions, pose_site, pose_vehicle, service_types
from scenarios.pose_kerbside import pose_kerbside
from scenarios.pose_stops import StopBook, kept_by_hand, locks, pose_stop, sets, usual_vehicles
from scenarios.scenario import Scenario


def pose_rounds(
    system: WasteSystem,
    ground: Ground,
    scenario: Scenario,
    *,
    day: str,
    loads_kg: Mapping[str, float],
    service_factor: float = 1.0,
    visited: frozenset[str] = frozenset(),
) -> RoundsProblem:
    """Pose the rounds of one day.

    Every stream is one dimension in kilograms; payload, volume (through the stream's density on the vehicle) and
    compartments are limits over them. Skips to exchange are counted in dimensions of their own. Stops, sites and depots
    are named by the planner's ids; a stop has a mode for each stance.

    Parameters
    ----------
    loads_kg
        Point id -> kg to collect that day; points without an entry or with nothing are not visited.
    service_factor
        Calibration of all service times at points.
    visited
        Points that belong to the problem even with nothing to collect (today's rounds go there).
    """
    vehicles = [v for v in system.vehicles if day == SINGLE_DAY or not v.days or day in v.days]
    profiles = sorted({vehicle.profile for vehicle in vehicles})
    streams = {stream.id: stream for stream in system.streams}
    book = StopBook(
        system=system,
        scenario=scenario,
        day=day,
        stances=ground.stances,
        service_factor=service_factor,
        service_types=service_types(vehicles),
        usual=usual_vehicles(system, day),
    )
    points = [p for p in system.points if loads_kg.get(p.id, 0.0) > 0.0 or p.id in visited]
    stops = tuple(pose_stop(book, point, loads_kg.get(point.id, 0.0)) for point in points)
    streets, choices = pose_kerbside(book, ground, vehicles, loads_kg)
    streets = tuple(kept_by_hand(book, stop) for stop in streets)
    posed = {stop.id for stop in (*stops, *streets)}
    skips = any(stop.deliveries for stop in stops)
    return RoundsProblem(
        dimensions=dimensions(system.streams, skips=skips),
        stops=(*stops, *streets),
        choices=choices,
        tip_sites=tuple(pose_site(facility, skips=skips) for facility in system.facilities),
        vehicles=tuple(pose_vehicle(vehicle, streams, skips=skips) for vehicle in vehicles),
        travel={key: travel for name in profiles for key, travel in ground.travels(name).items()},
        periods={name: periods for name in profiles if (periods := ground.periods(name))},
        together=sets(points, posed, "group"),
        apart=sets(points, posed, "apart"),
        locks=locks(scenario, day, posed, {vehicle.id for vehicle in vehicles}),
        aims=pose_aims(scenario.aims, system.streams),
    )


def hub_users(system: WasteSystem) -> tuple[Residents | CollectionPoint, ...]:
    """Return those who could walk to a hub: the residents known, else the collection points with their people.

    Where only those of kerbside streets are known, both.
    """
    points = tuple(point for point in system.points if point.people > 0)
    return system.residents if any(not r.kerbside for r in system.residents) else (*system.residents, *points)


def pose_hubs(system: WasteSystem, network: StreetNetwork, scenario: Scenario) -> HubProblem:
    """Pose the placement of hubs: who is within walking reach of which candidate, on the walking streets."""
    choice = scenario.hubs
    if choice is None:
        raise ValueError("the scenario asks for no hubs")
    users, foot = hub_users(system), PROFILES["foot"]
    from_ = snap(network, foot, *coordinates(users), limit_m=scenario.snap_limit_m)
    to = snap(network, foot, *coordinates(system.hub_sites), limit_m=scenario.snap_limit_m)
    distance_m = distances_within(network, foot, from_, to, limit_m=choice.reach_m)
    off_street = from_.distance_m[:, None] + to.distance_m[None, :]
    distance_m = np.where(np.isfinite(distance_m), distance_m + off_street, np.inf)
    return HubProblem(
        demand=tuple(
            DemandPoint(id=user.id, people=user.people, kg_per_day=user.kg_per_day * choice.share_brought)
            for user in users
        ),
        candidates=tuple(
            Candidate(
                id=site.id,
                capacity_kg_per_day=site.capacity_kg_per_day,
                fixed_cost_per_day=site.fixed_cost_per_day,
                cost_per_tonne=site.cost_per_tonne,
                existing=site.existing,
            )
            for site in system.hub_sites
        ),
        distance_m=distance_m,
        reach_m=choice.reach_m,
        aim=Aim(choice.aim),
        at_most=choice.at_most,
        budget_per_day=choice.budget_per_day,
        unserved_cost_per_tonne=choice.unserved_cost_per_tonne,
    )
