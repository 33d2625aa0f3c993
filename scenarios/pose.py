"""From the planner's words to problems: the only place where streets and optimiser meet."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from network.profiles import PROFILES
from network.snap import snap
from network.streets import StreetNetwork
from network.walking import distances_within
from optimiser.hubs.problem import Aim, Candidate, DemandPoint, HubProblem
from optimiser.rounds.problem import (
    Break,
    Limit,
    Mode,
    RoundsProblem,
    Shift,
    Stop,
    TipSite,
    Vehicle,
    VehicleCosts,
    Window,
)
from scenarios.data.defaults import lookup
from scenarios.ground import Ground, coordinates
from scenarios.loads import SINGLE_DAY
from scenarios.model.fleet import FleetVehicle
from scenarios.model.sites import Facility
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint, Residents
from scenarios.scenario import Scenario

DAY_S = 24 * 3600.0


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

    Every stream is one dimension in kilograms; payload and volume are limits over them (volume through the stream's
    density on the vehicle). Stops, sites and depots are named by the planner's ids; a stop has a mode for each stance.

    Parameters
    ----------
    loads_kg
        Point id -> kg to collect that day; points without an entry or with nothing are not visited.
    service_factor
        Calibration of all service times at points.
    visited
        Points that belong to the problem even with nothing to collect (today's rounds go there).
    """
    densities = {stream.id: stream.density_kg_m3 for stream in system.streams}
    margins = {stream.id: stream.sale_price_per_kg for stream in system.streams}
    vehicles = [v for v in system.vehicles if day == SINGLE_DAY or not v.days or day in v.days]
    return RoundsProblem(
        dimensions=tuple(stream.id for stream in system.streams),
        stops=tuple(
            _stop(
                point,
                ground.stances[point.id],
                loads_kg.get(point.id, 0.0),
                margins[point.stream],
                service_s(point, scenario) * service_factor,
            )
            for point in system.points
            if loads_kg.get(point.id, 0.0) > 0.0 or point.id in visited
        ),
        tip_sites=tuple(_tip_site(facility) for facility in system.facilities),
        vehicles=tuple(_vehicle(vehicle, densities) for vehicle in vehicles),
        travel={name: ground.travel[name] for name in sorted({v.profile for v in vehicles})},
    )


def service_s(point: CollectionPoint, scenario: Scenario) -> float:
    """Return the time at a point: given, or set-up plus containers x lift from the defaults."""
    if point.service_s is not None:
        return point.service_s
    setup = lookup("service-setup-s", scenario.country).value
    return setup + point.containers * lookup("service-per-container-s", scenario.country).value


def _window(open_s: float | None, close_s: float | None) -> tuple[Window, ...]:
    if open_s is None and close_s is None:
        return ()
    return (Window(open_s=open_s or 0.0, close_s=DAY_S if close_s is None else close_s),)


def _stop(
    point: CollectionPoint, stances: tuple[str, ...], kg: float, sale_price: float | None, service: float
) -> Stop:
    margin = (sale_price or 0.0) - (point.buying_price_per_kg or 0.0)
    return Stop(
        id=point.id,
        modes=tuple(Mode(arrive=stance, leave=stance, service_s=service) for stance in stances),
        loads={point.stream: kg},
        windows=_window(point.open_s, point.close_s),
        prize=max(margin * kg, 0.0) if point.optional else None,
    )


def _tip_site(facility: Facility) -> TipSite:
    return TipSite(
        id=facility.id,
        modes=(Mode(arrive=facility.id, leave=facility.id, service_s=facility.unload_s),),
        accepts=frozenset(facility.accepts),
        windows=_window(facility.open_s, facility.close_s),
        fee_per_tip=facility.fee_per_tip,
        fees=dict.fromkeys(facility.accepts, facility.gate_fee_per_tonne / 1000.0),
    )


def _vehicle(vehicle: FleetVehicle, densities: Mapping[str, float]) -> Vehicle:
    limits = [Limit(name="payload", weights=dict.fromkeys(vehicle.streams, 1.0), at_most=vehicle.payload_kg)]
    if vehicle.volume_m3 is not None:
        weights = {stream: 1.0 / densities[stream] for stream in vehicle.streams}
        limits.append(Limit(name="volume", weights=weights, at_most=vehicle.volume_m3))
    return Vehicle(
        id=vehicle.id,
        profile=vehicle.profile,
        start=vehicle.start_depot,
        end=vehicle.end_depot,
        limits=tuple(limits),
        shift=Shift(
            start_s=vehicle.shift_start_s,
            end_s=vehicle.shift_end_s,
            max_duration_s=None if vehicle.max_hours is None else vehicle.max_hours * 3600.0,
        ),
        breaks=tuple(
            Break(
                id=f"break-{k + 1}",
                duration_s=rest.duration_s,
                earliest_s=rest.earliest_s,
                latest_s=rest.latest_s,
                paid=rest.paid,
            )
            for k, rest in enumerate(vehicle.breaks)
        ),
        costs=VehicleCosts(fixed=vehicle.fixed_per_day, per_hour=vehicle.wage_per_hour, per_km=vehicle.cost_per_km),
    )


def hub_users(system: WasteSystem) -> tuple[Residents | CollectionPoint, ...]:
    """Return those who could walk to a hub: the residents known, else the collection points with their people."""
    return system.residents or tuple(point for point in system.points if point.people > 0)


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
