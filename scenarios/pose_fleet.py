"""Vehicles and unloading sites of a scenario in the optimiser's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from optimiser.rounds.problem import (
    Break,
    DrivingRest,
    Limit,
    Mode,
    Shift,
    TipSite,
    Vehicle,
    VehicleCosts,
)
from scenarios.hours import ALL_DAY, own_spans
from scenarios.model.fleet import FleetVehicle
from scenarios.model.sites import Facility
from scenarios.model.work import Stream
from scenarios.pose_stops import EMPTY_SKIPS, FULL_SKIPS, windows

SKIPS = (FULL_SKIPS, EMPTY_SKIPS)


def service_type(vehicle: FleetVehicle) -> str:
    """Return the key of a vehicle's own times at stops: its profile, and the factor on them."""
    return vehicle.profile if vehicle.service_factor == 1.0 else f"{vehicle.profile} x{vehicle.service_factor:g}"


def pose_vehicle(vehicle: FleetVehicle, streams: Mapping[str, Stream], *, skips: bool) -> Vehicle:
    """Pose a vehicle; ``skips``: there are skips to exchange, so those it can carry are counted."""
    weights = dict.fromkeys(vehicle.streams, 1.0)
    limits = [Limit(name="payload", weights=weights, at_most=vehicle.payload_kg)]
    if vehicle.volume_m3 is not None:
        limits.append(Limit(name="volume", weights=_m3_per_kg(vehicle, streams), at_most=vehicle.volume_m3))
    limits += _fixed_compartments(vehicle)
    if skips and vehicle.skips:
        limits.append(Limit(name="skips", weights=dict.fromkeys(SKIPS, 1.0), at_most=float(vehicle.skips)))
    return Vehicle(
        id=vehicle.id,
        profile=vehicle.profile,
        start=vehicle.start_depot,
        end=vehicle.end_depot,
        limits=tuple(limits),
        loadings=_loadings(vehicle),
        day_limits=() if vehicle.day_kg is None else (Limit(name="day", weights=weights, at_most=vehicle.day_kg),),
        shift=_shift(vehicle),
        breaks=_breaks(vehicle),
        driving_rest=_driving_rest(vehicle),
        costs=VehicleCosts(
            fixed=vehicle.fixed_per_day,
            per_hour=vehicle.wage_per_hour,
            per_km=vehicle.cost_per_km,
            per_tip=vehicle.cost_per_tip,
            overtime_per_hour=vehicle.overtime_per_hour,
        ),
        tip_sites=frozenset(vehicle.unloads_at) or None,
        max_stops=vehicle.max_stops,
        max_driving_s=None if vehicle.max_driving_hours is None else vehicle.max_driving_hours * 3600.0,
        max_distance_m=None if vehicle.max_km is None else vehicle.max_km * 1000.0,
        must_end_empty=not vehicle.stays_loaded,
        skills=frozenset(vehicle.skills),
        service_type=service_type(vehicle),
    )


def _m3_per_kg(vehicle: FleetVehicle, streams: Mapping[str, Stream]) -> dict[str, float]:
    return {id_: 1.0 / (streams[id_].density_kg_m3 * vehicle.compaction.get(id_, 1.0)) for id_ in vehicle.streams}


def _fixed_compartments(vehicle: FleetVehicle) -> list[Limit]:
    """Return a limit for each stream that has compartments of its own."""
    room: dict[str, float] = {}
    for part in vehicle.compartments:
        if part.stream is not None:
            room[part.stream] = room.get(part.stream, 0.0) + part.at_most_kg
    return [Limit(name=f"compartment {id_}", weights={id_: 1.0}, at_most=kg) for id_, kg in room.items()]


def _loadings(vehicle: FleetVehicle) -> tuple[tuple[Limit, ...], ...]:
    """Return every way to give the open compartments to streams, each distinct one once."""
    open_ = [part.at_most_kg for part in vehicle.compartments if part.stream is None]
    if not open_:
        return ()
    rooms = {
        tuple(sum(kg for kg, stream in zip(open_, given, strict=True) if stream == id_) for id_ in vehicle.streams)
        for given in product(vehicle.streams, repeat=len(open_))
    }
    return tuple(
        tuple(
            Limit(name=f"compartment {id_}", weights={id_: 1.0}, at_most=kg)
            for id_, kg in zip(vehicle.streams, room, strict=True)
        )
        for room in sorted(rooms, reverse=True)
    )


def _shift(vehicle: FleetVehicle) -> Shift:
    return Shift(
        start_s=vehicle.shift_start_s,
        end_s=vehicle.shift_end_s,
        max_duration_s=None if vehicle.max_hours is None else vehicle.max_hours * 3600.0,
        overtime_s=vehicle.overtime_hours * 3600.0,
    )


def _breaks(vehicle: FleetVehicle) -> tuple[Break, ...]:
    breaks = [
        Break(
            id=f"break-{k + 1}",
            duration_s=rest.duration_s,
            earliest_s=rest.earliest_s,
            latest_s=rest.latest_s,
            paid=rest.paid,
        )
        for k, rest in enumerate(vehicle.breaks)
    ]
    if vehicle.pause is not None:
        start, end = vehicle.pause
        depot = Mode(arrive=vehicle.end_depot, leave=vehicle.start_depot, service_s=0.0)
        breaks.append(
            Break(id="pause", duration_s=end - start, earliest_s=start, latest_s=start, paid=False, modes=(depot,))
        )
    return tuple(sorted(breaks, key=lambda rest: rest.earliest_s))


def _driving_rest(vehicle: FleetVehicle) -> DrivingRest | None:
    if vehicle.rest_after_hours is None:
        return None
    return DrivingRest(id="rest", duration_s=vehicle.rest_s, after_s=vehicle.rest_after_hours * 3600.0)


def pose_site(facility: Facility, *, skips: bool) -> TipSite:
    """Pose a facility; where there are skips to exchange, a skip emptied here goes on to the next place."""
    kg = dict.fromkeys(facility.accepts, 1.0)
    rate = (facility.gate_fee_per_tonne + facility.onward_cost_per_tonne) / 1000.0
    spans = own_spans((facility.open_s, facility.close_s))
    return TipSite(
        id=facility.id,
        modes=(Mode(arrive=facility.id, leave=facility.id, service_s=facility.unload_s),),
        queue_s=facility.queue_s,
        accepts=frozenset(facility.accepts) | ({FULL_SKIPS} if skips else set()),
        supplies=frozenset({EMPTY_SKIPS} if skips else ()),
        windows=() if spans == ALL_DAY else windows(spans),
        fee_per_tip=facility.fee_per_tip,
        fees=dict.fromkeys(facility.accepts, rate),
        caps=() if facility.cap_kg_per_day is None else (_cap(facility.cap_kg_per_day, kg),),
    )


def _cap(at_most_kg: float, weights: Mapping[str, float]) -> Limit:
    return Limit(name="daily intake", weights=weights, at_most=at_most_kg)


def service_types(vehicles: Iterable[FleetVehicle]) -> dict[str, float]:
    """Return service type -> factor on the times at stops, for those that are not the usual ones."""
    return {service_type(vehicle): vehicle.service_factor for vehicle in vehicles if vehicle.service_factor != 1.0}


def dimensions(streams: Sequence[Stream], *, skips: bool) -> tuple[str, ...]:
    """Return what is measured on board: each stream in kilograms, and skips where there are any."""
    return (*(stream.id for stream in streams), *(SKIPS if skips else ()))
