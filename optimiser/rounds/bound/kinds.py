"""Vehicles that differ in nothing but their id, and what a stop costs such a vehicle wherever it comes from.

What is counted is never more than what :func:`optimiser.rounds.price.price` counts: waiting, breaks and overtime are
left out, a unit of waste is unloaded at the cheapest site that takes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.clock import to_ms
from optimiser.rounds.problem import Limit, Mode, RoundsProblem, Stop, TipSite, Vehicle
from optimiser.travel import UNREACHABLE, Travel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FORGIVEN = 1 + 1e-6  # what the checker forgives of a limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Vehicles alike in all but their id, with the money that a ms and a dm cost them."""

    ids: frozenset[str]
    vehicle: Vehicle
    travels: tuple[Travel, ...]  # one for each period of the day
    sites: tuple[TipSite, ...]
    per_driving_ms: float
    per_service_ms: float
    per_dm: float


def kinds(problem: RoundsProblem) -> tuple[Kind, ...]:
    """Return the kinds of vehicle of a problem, in the order of their first vehicles."""
    alike: dict[str, list[Vehicle]] = {}
    for vehicle in problem.vehicles:
        alike.setdefault(repr(replace(vehicle, id="")), []).append(vehicle)
    return tuple(_kind(problem, vehicles) for vehicles in alike.values())


def _kind(problem: RoundsProblem, vehicles: list[Vehicle]) -> Kind:
    vehicle = vehicles[0]
    periods = problem.periods.get(vehicle.profile, ())
    profiles = sorted({period.travel for period in periods}) or [vehicle.profile]
    costs = vehicle.costs
    return Kind(
        ids=frozenset(v.id for v in vehicles),
        vehicle=vehicle,
        travels=tuple(problem.travel[profile] for profile in profiles),
        sites=tuple(s for s in problem.tip_sites if vehicle.tip_sites is None or s.id in vehicle.tip_sites),
        per_driving_ms=(costs.per_hour + costs.per_driving_hour) / 3.6e6,
        per_service_ms=(costs.per_hour + costs.per_service_hour) / 3.6e6,
        per_dm=costs.per_km / 1e4,
    )


def is_sound(problem: RoundsProblem) -> bool:
    """Return whether leaving things out can only lower the cost: no rate of a vehicle, no fee of a tip is negative."""
    return all(
        site.fee_per_tip + vehicle.costs.per_tip >= 0 for site in problem.tip_sites for vehicle in problem.vehicles
    ) and all(
        min(c.fixed, c.per_hour, c.per_km, c.per_tip, c.overtime_per_hour) >= 0
        and min(c.per_hour + c.per_driving_hour, c.per_hour + c.per_service_hour) >= 0
        for c in (vehicle.costs for vehicle in problem.vehicles)
    )


def may_serve(problem: RoundsProblem, kind: Kind) -> NDArray[np.bool_]:
    """Return by stop whether such a vehicle may serve it, and could hold what it has were it alone."""
    locked = {stop: lock.vehicle for lock in problem.locks for stop in lock.stops}
    vehicle = kind.vehicle
    named = {d for limit in (*vehicle.limits, *(m for way in vehicle.loadings for m in way)) for d in limit.weights}
    accepted = {d for site in kind.sites for d in site.accepts}
    return np.array(
        [
            (stop.vehicles is None or bool(stop.vehicles & kind.ids))
            and stop.needs <= vehicle.skills
            and locked.get(stop.id, vehicle.id) in kind.ids
            and all(d in named for held in (stop.loads, stop.deliveries) for d, amount in held.items() if amount > 0)
            and (not vehicle.must_end_empty or all(d in accepted for d, amount in stop.loads.items() if amount > 0))
            and all(weighed(limit, stop.loads) <= limit.at_most * FORGIVEN + 1e-9 for limit in vehicle.limits)
            and all(weighed(limit, stop.deliveries) <= limit.at_most * FORGIVEN + 1e-9 for limit in vehicle.limits)
            for stop in problem.stops
        ],
        dtype=bool,
    )


def weighed(limit: Limit, held: Mapping[str, float]) -> float:
    """Return what amounts count for a limit."""
    return sum(limit.weights.get(d, 0.0) * amount for d, amount in held.items())


def service_ms(kind: Kind, mode: Mode) -> int:
    """Return how long the work takes such a vehicle, its setup not counted."""
    return to_ms(mode.service_by.get(kind.vehicle.service_type, mode.service_s))


def setup_ms(kind: Kind, mode: Mode) -> int:
    """Return how long the setup takes such a vehicle when it is due."""
    return to_ms(mode.setup_by.get(kind.vehicle.service_type, mode.setup_s))


def fees(kind: Kind, stop: Stop) -> float:
    """Return the least that unloading what a stop has can cost."""
    total = 0.0
    for dimension, amount in stop.loads.items():
        rates = [site.fees.get(dimension, 0.0) for site in kind.sites if dimension in site.accepts]
        least = min(rates, default=0.0)
        total += amount * (least if kind.vehicle.must_end_empty else min(least, 0.0))
    return total


def work_money(problem: RoundsProblem, kind: Kind, stop: Stop) -> Floats:
    """Return by mode what serving a stop costs in itself: its service, fees, way along it, and change of vehicle."""
    moved = stop.usual is not None and stop.usual not in kind.ids
    extra = fees(kind, stop) + (max(problem.aims.change_per_stop, 0.0) if moved else 0.0)
    return np.array(
        [
            kind.per_service_ms * service_ms(kind, mode) + kind.per_dm * 10.0 * mode.distance_m + extra
            for mode in stop.modes
        ]
    )


def tip_money(kind: Kind, site: TipSite) -> Floats:
    """Return by mode what a tip costs in itself; setups at a named place are left out."""
    return np.array(
        [
            kind.per_service_ms * tip_ms(kind, site, mode) + site.fee_per_tip + kind.vehicle.costs.per_tip
            for mode in site.modes
        ]
    )


def tip_ms(kind: Kind, site: TipSite, mode: Mode) -> int:
    """Return how long a tip takes at least: queue and unloading, and a setup that is always due."""
    return to_ms(site.queue_s) + service_ms(kind, mode) + (0 if mode.place else setup_ms(kind, mode))


def legs(kind: Kind, leave: list[str], arrive: list[str]) -> tuple[Floats, Floats]:
    """Return ms and dm of every leg, ``inf`` where there is never a way.

    Of all periods of the day the least, and no more than by way of the places of breaks.
    """
    ms, dm = _legs(kind, leave, arrive)
    rests = [mode for rest in kind.vehicle.breaks for mode in rest.modes]
    if rests:
        to_rest, from_rest = [mode.arrive for mode in rests], [mode.leave for mode in rests]
        parts = zip(
            _legs(kind, leave, to_rest), _legs(kind, from_rest, to_rest), _legs(kind, from_rest, arrive), strict=True
        )
        ms, dm = (_least_by(direct, *part) for direct, part in zip((ms, dm), parts, strict=True))
    return ms, dm


def _least_by(direct: Floats, to: Floats, between: Floats, onward: Floats) -> Floats:
    """Return the least of going directly and by way of other places, one or several."""
    for _ in range(len(between)):
        to = np.minimum(to, (to[:, :, None] + between[None, :, :]).min(axis=1))
    for k in range(len(between)):
        direct = np.minimum(direct, to[:, k, None] + onward[None, k, :])
    return direct


def _legs(kind: Kind, leave: list[str], arrive: list[str]) -> tuple[Floats, Floats]:
    times: Floats | None = None
    lengths: Floats | None = None
    for travel in kind.travels:
        rows = np.array([travel.row(name) for name in leave], dtype=np.intp)
        columns = np.array([travel.column(name) for name in arrive], dtype=np.intp)
        duration, distance = travel.block(rows, columns)
        broken = (duration >= UNREACHABLE) | (distance >= UNREACHABLE)
        ms = np.where(broken, inf, duration.astype(np.float64))
        dm = np.where(broken, inf, distance.astype(np.float64))
        times = ms if times is None else np.minimum(times, ms)
        lengths = dm if lengths is None else np.minimum(lengths, dm)
    assert times is not None
    assert lengths is not None
    return times, lengths


def leg_money(kind: Kind, ms: Floats, dm: Floats) -> Floats:
    """Return what legs cost; ``inf`` where there is no way."""
    money = kind.per_driving_ms * np.where(np.isfinite(ms), ms, 0.0) + kind.per_dm * np.where(np.isfinite(dm), dm, 0.0)
    return np.where(np.isfinite(ms), money, inf)
