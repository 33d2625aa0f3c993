"""The rounds problem: work to do, vehicles to do it with, and sites to unload at.

Times are seconds since midnight of the day planned; money is in the scenario's own currency. References are string
ids. A *dimension* is one measure of one stream ("organic kg", "organic l"); what a vehicle can carry is a set of
linear limits over dimensions, so payload, volume, compaction and compartments are all the same thing.

The nouns stand in ``work.py``, ``sites.py``, ``fleet.py``, ``aims.py`` and ``pace.py``, and can be had from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from optimiser.rounds.aims import Aim, Aims, Balance, Measure
from optimiser.rounds.fleet import Break, DrivingRest, Shift, Vehicle, VehicleCosts
from optimiser.rounds.pace import Period
from optimiser.rounds.sites import Limit, TipSite
from optimiser.rounds.work import Choice, Lock, Mode, Shipment, Stop, Window
from optimiser.travel import Travel

__all__ = [
    "Aim",
    "Aims",
    "Balance",
    "Break",
    "Choice",
    "DrivingRest",
    "Limit",
    "Lock",
    "Measure",
    "Mode",
    "Period",
    "RoundsProblem",
    "Shift",
    "Shipment",
    "Stop",
    "TipSite",
    "Vehicle",
    "VehicleCosts",
    "Window",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsProblem:
    """All that a rounds engine or judge needs to know; checks its own references.

    Parameters
    ----------
    travel
        Profile (or whatever ``periods`` name) -> times and distances.
    periods
        Profile -> periods of the day, the first from 0; a profile without any is the same all day. ``travel[profile]``
        is then only an estimate for those who cannot look at the clock.
    shipments, choices
        No stop is in two shipments, nor in two choices.
    together, apart
        Sets of stops: those served of a set are served by the same vehicle; no two of a set by the same.
    locks
        What a planner has fixed by hand.
    aims
        What makes a plan better beside money.

    Raises
    ------
    ValueError
        With every broken reference, if ids are doubled or point to nothing.
    """

    dimensions: tuple[str, ...]
    stops: tuple[Stop, ...]
    tip_sites: tuple[TipSite, ...]
    vehicles: tuple[Vehicle, ...]
    travel: Mapping[str, Travel]
    periods: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    shipments: tuple[Shipment, ...] = ()
    choices: tuple[Choice, ...] = ()
    together: tuple[frozenset[str], ...] = ()
    apart: tuple[frozenset[str], ...] = ()
    locks: tuple[Lock, ...] = ()
    aims: Aims = field(default_factory=Aims)

    def __post_init__(self) -> None:
        if wrong := [
            *_doubled(self),
            *_unknown_dimensions(self),
            *_unknown_places(self),
            *_unknown_periods(self),
            *_unknown_stops(self),
        ]:
            raise ValueError("; ".join(wrong))


def _doubled(problem: RoundsProblem) -> list[str]:
    places: tuple[Stop | TipSite, ...] = (*problem.stops, *problem.tip_sites)
    work = [item.id for item in places]
    vehicles = [vehicle.id for vehicle in problem.vehicles]
    return [
        f"{what} ids are not unique"
        for what, ids in (
            ("stop and tip site", work),
            ("vehicle", vehicles),
            ("dimension", list(problem.dimensions)),
        )
        if len(set(ids)) != len(ids)
    ]


def _unknown_dimensions(problem: RoundsProblem) -> list[str]:
    known = set(problem.dimensions)
    used = {
        **{f"stop {stop.id}": set(stop.loads) | set(stop.deliveries) for stop in problem.stops},
        **{f"shipment {shipment.id}": set(shipment.loads) for shipment in problem.shipments},
        **{f"tip site {site.id}": _named(site) for site in problem.tip_sites},
        **{
            f"vehicle {vehicle.id}": {d for limit in _limits(vehicle) for d in limit.weights}
            for vehicle in problem.vehicles
        },
        "the balance": {d for balance in problem.aims.balance for d in balance.weights},
    }
    return [f"{who} names unknown dimensions {sorted(names - known)}" for who, names in used.items() if names - known]


def _named(site: TipSite) -> set[str]:
    return set(site.accepts) | site.supplies | set(site.fees) | {d for cap in site.caps for d in cap.weights}


def _limits(vehicle: Vehicle) -> Iterator[Limit]:
    """Yield every limit of a vehicle."""
    yield from vehicle.limits
    yield from vehicle.day_limits
    for loading in vehicle.loadings:
        yield from loading
    for rest in vehicle.breaks:
        yield from rest.limits


def _unknown_places(problem: RoundsProblem) -> list[str]:
    wrong = [
        f"vehicle {vehicle.id} has no travel for profile {vehicle.profile}"
        for vehicle in problem.vehicles
        if vehicle.profile not in problem.travel
    ]
    places: tuple[Stop | TipSite, ...] = (*problem.stops, *problem.tip_sites)
    modes = {(mode.arrive, mode.leave) for item in places for mode in item.modes}
    rests = {(mode.arrive, mode.leave) for v in problem.vehicles for rest in v.breaks for mode in rest.modes}
    modes |= rests
    for profile, travel in problem.travel.items():
        leaving, arriving = set(travel.leaving), set(travel.arriving)
        missing = {a for a, _ in modes if a not in arriving} | {b for _, b in modes if b not in leaving}
        for vehicle in problem.vehicles:
            if vehicle.profile == profile:
                missing |= {vehicle.start} - leaving | {vehicle.end} - arriving
        if missing:
            wrong.append(f"travel of {profile} lacks {sorted(missing)}")
    sites = {site.id for site in problem.tip_sites}
    wrong += [
        f"vehicle {vehicle.id} names unknown tip sites {sorted(vehicle.tip_sites - sites)}"
        for vehicle in problem.vehicles
        if vehicle.tip_sites is not None and vehicle.tip_sites - sites
    ]
    return wrong


def _unknown_periods(problem: RoundsProblem) -> Iterator[str]:
    for profile, periods in problem.periods.items():
        starts = [period.from_s for period in periods]
        if not starts or starts[0] != 0 or any(a >= b for a, b in pairwise(starts)):
            yield f"periods of {profile} must begin at 0 and follow each other"
        if unknown := sorted({period.travel for period in periods} - set(problem.travel)):
            yield f"periods of {profile} name unknown travel {unknown}"


def _unknown_stops(problem: RoundsProblem) -> Iterator[str]:
    """Yield what shipments, choices, sets and locks name that there is not, and stops named twice."""
    stops, vehicles = {stop.id for stop in problem.stops}, {vehicle.id for vehicle in problem.vehicles}
    paired = [stop for shipment in problem.shipments for stop in (shipment.pickup, shipment.delivery)]
    chosen = [stop for choice in problem.choices for option in choice.options for stop in option]
    named = {
        "shipments": set(paired),
        "choices": set(chosen),
        "sets to go together": set[str]().union(*problem.together),
        "sets to stay apart": set[str]().union(*problem.apart),
        "locks": {stop for lock in problem.locks for stop in lock.stops},
    }
    for what, ids in named.items():
        if ids - stops:
            yield f"{what} name unknown stops {sorted(ids - stops)}"
    if len(set(paired)) != len(paired):
        yield "a stop is in two shipments"
    if len(set(chosen)) != len(chosen):
        yield "a stop is in two choices"
    if unknown := sorted({lock.vehicle for lock in problem.locks} - vehicles):
        yield f"locks name unknown vehicles {unknown}"
