"""The rounds problem: work to do, vehicles to do it with, and sites to unload at.

Times are seconds since midnight of the day planned; money is in the scenario's own currency. References are string
ids. A *dimension* is one measure of one stream ("organic kg", "organic l"); what a vehicle can carry is a set of
linear limits over dimensions, so payload, volume, compaction and compartments are all the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optimiser.travel import Travel


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From ``open_s`` to ``close_s``, both ends included; service may *begin* inside it."""

    open_s: float
    close_s: float

    def __post_init__(self) -> None:
        if not 0 <= self.open_s <= self.close_s:
            raise ValueError(f"window {self.open_s} to {self.close_s} is not a span of time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A way to do a piece of work: arrive in this street state, leave in that one, take so long.

    ``arrive`` is a column id and ``leave`` a row id of every :class:`~optimiser.travel.Travel` of the problem.
    """

    arrive: str
    leave: str
    service_s: float

    def __post_init__(self) -> None:
        if self.service_s < 0:
            raise ValueError("service_s cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Work to do at a place: a container, a bring point, later a street side.

    Parameters
    ----------
    id
        Unique among stops and tip sites.
    modes
        One or more ways to do it; the plan says which was used.
    loads
        Dimension id -> amount picked up.
    windows
        When service may begin; empty means any time.
    prize
        ``None``: required. A number: optional, worth that much money when served.
    vehicles
        Ids of the vehicles that may serve it; ``None`` means all.
    """

    id: str
    modes: tuple[Mode, ...]
    loads: Mapping[str, float] = field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    prize: float | None = None
    vehicles: frozenset[str] | None = None

    def __post_init__(self) -> None:
        if not self.modes:
            raise ValueError(f"stop {self.id} has no mode")
        if any(amount < 0 for amount in self.loads.values()):
            raise ValueError(f"stop {self.id} has a negative load")
        if any(a.close_s >= b.open_s for a, b in zip(self.windows, self.windows[1:], strict=False)):
            raise ValueError(f"windows of stop {self.id} must be in order and apart")


@dataclass(frozen=True, slots=True, kw_only=True)
class TipSite:
    """Where a vehicle may unload. The act of unloading is a *tip*; it empties every accepted dimension on board.

    Parameters
    ----------
    id
        Unique among stops and tip sites.
    modes
        Ways to arrive and leave; ``service_s`` is unloading time with queue and weighbridge.
    accepts
        Dimension ids that may be unloaded here.
    windows
        Opening hours, in which unloading may begin; empty means always.
    fee_per_tip
        Money for each tip.
    fees
        Dimension id -> money per unit unloaded (gate fee).
    """

    id: str
    modes: tuple[Mode, ...]
    accepts: frozenset[str]
    windows: tuple[Window, ...] = ()
    fee_per_tip: float = 0.0
    fees: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.modes:
            raise ValueError(f"tip site {self.id} has no mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At no moment may ``sum(weights[d] * load[d])`` exceed ``at_most``; dimensions not named weigh nothing."""

    name: str
    weights: Mapping[str, float]
    at_most: float

    def __post_init__(self) -> None:
        if self.at_most < 0 or any(weight < 0 for weight in self.weights.values()):
            raise ValueError(f"limit {self.name} is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A rest of ``duration_s`` that must begin between ``earliest_s`` and ``latest_s``.

    It is taken where the vehicle stands, between two visits, and is due only when the round reaches past
    ``latest_s`` (a round that ends before ``latest_s`` needs none).
    """

    id: str
    duration_s: float
    earliest_s: float
    latest_s: float
    paid: bool = True

    def __post_init__(self) -> None:
        if self.duration_s <= 0 or not 0 <= self.earliest_s <= self.latest_s:
            raise ValueError(f"break {self.id} is not a span of time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """When a vehicle may be out: not before ``start_s``, back by ``end_s``, at most ``max_duration_s`` in all."""

    start_s: float
    end_s: float
    max_duration_s: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start_s < self.end_s:
            raise ValueError("a shift must end after it starts")
        if self.max_duration_s is not None and self.max_duration_s <= 0:
            raise ValueError("max_duration_s must be positive")


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleCosts:
    """What a round costs: fixed if used, per paid hour (whole crew), per kilometre."""

    fixed: float = 0.0
    per_hour: float = 0.0
    per_km: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One vehicle with its crew for one day.

    Parameters
    ----------
    id
        Unique among vehicles.
    profile
        Key into :attr:`RoundsProblem.travel`.
    start, end
        Row id it starts from and column id it must come back to (its depots).
    limits
        What it can carry. A dimension in no limit cannot be carried at all.
    shift, breaks
        Breaks in order of time, not overlapping.
    tip_sites
        Where it may unload; ``None`` means everywhere that accepts.
    max_stops
        At most so many stops in the round, tips not counted.
    must_end_empty
        The vehicle ends its day empty: a tip is needed before the depot (unless it carries nothing).
    """

    id: str
    profile: str
    start: str
    end: str
    limits: tuple[Limit, ...]
    shift: Shift
    breaks: tuple[Break, ...] = ()
    costs: VehicleCosts = VehicleCosts()
    tip_sites: frozenset[str] | None = None
    max_stops: int | None = None
    must_end_empty: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsProblem:
    """All that a rounds engine or judge needs to know; checks its own references.

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

    def __post_init__(self) -> None:
        if wrong := [*_doubled(self), *_unknown_dimensions(self), *_unknown_places(self)]:
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
        **{f"stop {stop.id}": set(stop.loads) for stop in problem.stops},
        **{f"tip site {site.id}": site.accepts | set(site.fees) for site in problem.tip_sites},
        **{
            f"vehicle {vehicle.id}": {d for limit in vehicle.limits for d in limit.weights}
            for vehicle in problem.vehicles
        },
    }
    return [f"{who} names unknown dimensions {sorted(names - known)}" for who, names in used.items() if names - known]


def _unknown_places(problem: RoundsProblem) -> list[str]:
    wrong = [
        f"vehicle {vehicle.id} has no travel for profile {vehicle.profile}"
        for vehicle in problem.vehicles
        if vehicle.profile not in problem.travel
    ]
    places: tuple[Stop | TipSite, ...] = (*problem.stops, *problem.tip_sites)
    modes = {(mode.arrive, mode.leave) for item in places for mode in item.modes}
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
