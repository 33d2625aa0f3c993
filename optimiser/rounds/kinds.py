"""Kinds of vehicles (alike in all but their id), and the whole problem as each sees it, in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from optimiser.rounds.clock import FOREVER_MS, closes_ms, opens_ms, to_ms
from optimiser.rounds.nodes import Nodes, nodes_of
from optimiser.rounds.problem import RoundsProblem, Stop, TipSite, Vehicle
from optimiser.rounds.scales import Amounts, Scales, carriable, classes, scales
from optimiser.rounds.ways import (
    TIE_WAGE_PER_MS,
    Bools,
    Floats,
    Ints,
    Rest,
    Site,
    Way,
    rests_of,
    site_of,
    spans_of,
    ways_of,
)
from optimiser.travel import Travel

Timetable = tuple[Travel, Ints | None, Ints | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Vehicles alike in all but their id.

    Parameters
    ----------
    travels, starts_ms
        The travel of each period of the day and when it starts. Rows and columns are everywhere those of ``travel``;
        a :data:`Timetable` says where they stand in its own (``None``: in the same places).
    shift, longest_ms
        When it may be out and how long, overtime not counted; ``overtime_ms`` is by how much either may be exceeded.
    wage_per_ms, per_dm
        Money for time and for distance; ``driving_per_ms``, ``service_per_ms``, ``overtime_per_ms`` come on top.
    most_driving_ms, most_dm
        In the whole round; ``FOREVER_MS`` if there is no limit.
    limits, use
        ``use[i, m, k]`` is what stop ``i`` adds to limit ``m`` (those that always hold) in class ``k``.
    scales
        The same for goods and shipments, with the limits of loadings, breaks and the day.
    site_at
        Position among ``sites`` of each site of the problem, -1 if such a vehicle may not use it.
    holds, brings
        Whether stop ``i`` has anything in class ``k``; whether goods of class ``g`` are delivered there.
    fees, unsold
        ``fees[i, s, k]`` is what class ``k`` of stop ``i`` costs at site ``s`` beyond the cheapest site, ``unsold[i,
        k]`` what it costs to keep it on board.
    carries
        By stop: whether such a vehicle can hold what it has, were it alone, and has the skills.
    """

    vehicle: Vehicle
    travel: Travel
    travels: tuple[Timetable, ...]
    starts_ms: tuple[int, ...]
    start_row: int
    end_column: int
    shift: tuple[int, int]
    longest_ms: int
    overtime_ms: int
    rests: tuple[Rest, ...]
    wage_per_ms: float
    per_dm: float
    driving_per_ms: float
    service_per_ms: float
    overtime_per_ms: float
    most_driving_ms: int
    most_dm: int
    limits: Floats
    use: Floats
    scales: Scales
    holds: Bools
    brings: Bools
    fees: Floats
    unsold: Floats
    carries: Bools
    sites: tuple[Site, ...]
    site_at: Ints
    ways: tuple[tuple[Way, ...], ...]  # by stop
    nodes: Nodes


def useful_sites(kind: Kind) -> tuple[Site, ...]:
    """Return the sites that take all that such a vehicle may have on board; if none does, those that take some."""
    aboard = kind.holds[kind.carries].any(axis=0)
    return tuple(site for site in kind.sites if not (aboard & ~site.accepts).any()) or tuple(
        site for site in kind.sites if (aboard & site.accepts).any()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What kinds share: the work in numbers of each profile and service type."""

    problem: RoundsProblem
    held: Amounts
    spots: Mapping[str, int]
    nodes: dict[tuple[str, str], tuple[tuple[tuple[Way, ...], ...], Nodes]] = field(default_factory=dict)


def _work(common: Common, vehicle: Vehicle) -> tuple[tuple[tuple[Way, ...], ...], Nodes]:
    """Return the modes of all stops, and the flat arrays of stops and sites, of a profile and service type."""
    key = vehicle.profile, vehicle.service_type
    if key not in common.nodes:
        problem, travel = common.problem, common.problem.travel[vehicle.profile]
        stops = tuple(ways_of(travel, stop.modes, common.spots, vehicle.service_type) for stop in problem.stops)
        sites = [
            ways_of(travel, site.modes, common.spots, vehicle.service_type, queue_ms=to_ms(site.queue_s))
            for site in problem.tip_sites
        ]
        works: tuple[Stop | TipSite, ...] = (*problem.stops, *problem.tip_sites)
        spans = [spans_of(work.windows) for work in works]
        common.nodes[key] = stops, nodes_of([*stops, *sites], spans)
    return common.nodes[key]


def kind_of(common: Common, vehicle: Vehicle) -> Kind:
    """Return the kind of a vehicle."""
    problem, held = common.problem, common.held
    travel = problem.travel[vehicle.profile]
    allowed = [vehicle.tip_sites is None or site.id in vehicle.tip_sites for site in problem.tip_sites]
    sites = [s for s in problem.tip_sites if vehicle.tip_sites is None or s.id in vehicle.tip_sites]
    accepts, member = classes(problem, sites, goods=False)
    supplies, goods = classes(problem, sites, goods=True)
    weighed = scales(problem, vehicle, held, member, goods)
    ways, nodes = _work(common, vehicle)
    fees, unsold = _surcharges(problem, sites, member, held.loads, must_tip=vehicle.must_end_empty)
    wage = vehicle.costs.per_hour / 3.6e6
    shift, most = vehicle.shift, len(vehicle.limits)
    skilled = np.array([stop.needs <= vehicle.skills for stop in problem.stops], dtype=bool)
    return Kind(
        vehicle=vehicle,
        travel=travel,
        travels=_travels(problem, vehicle.profile),
        starts_ms=tuple(to_ms(p.from_s) for p in problem.periods.get(vehicle.profile, ())) or (0,),
        start_row=travel.row(vehicle.start),
        end_column=travel.column(vehicle.end),
        shift=(opens_ms(shift.start_s), closes_ms(shift.end_s)),
        longest_ms=_most(shift.max_duration_s),
        overtime_ms=closes_ms(shift.overtime_s),
        rests=rests_of(travel, vehicle, wage),
        wage_per_ms=max(wage, TIE_WAGE_PER_MS),
        per_dm=vehicle.costs.per_km / 1e4,
        driving_per_ms=vehicle.costs.per_driving_hour / 3.6e6,
        service_per_ms=vehicle.costs.per_service_hour / 3.6e6,
        overtime_per_ms=vehicle.costs.overtime_per_hour / 3.6e6,
        most_driving_ms=_most(vehicle.max_driving_s),
        most_dm=FOREVER_MS if vehicle.max_distance_m is None else int(round(vehicle.max_distance_m * 10.0, 3)),
        limits=weighed.ceilings[0, :most],
        use=weighed.waste[:, :most, :],
        scales=weighed,
        holds=(held.loads @ member.T.astype(np.float64)) > 0,
        brings=(held.deliveries @ goods.T.astype(np.float64)) > 0,
        fees=fees,
        unsold=unsold,
        carries=carriable(problem, vehicle, held, weighed) & skilled,
        sites=tuple(
            site_of(travel, vehicle, site, common.spots, accepts[s], supplies[s]) for s, site in enumerate(sites)
        ),
        site_at=np.where(allowed, np.cumsum(allowed) - 1, -1).astype(np.int64),
        ways=ways,
        nodes=nodes,
    )


def _travels(problem: RoundsProblem, profile: str) -> tuple[Timetable, ...]:
    """Return the travel of each period, with where the rows and columns of the profile's stand in it."""
    given = problem.travel[profile]
    found: list[Timetable] = []
    for name in [period.travel for period in problem.periods.get(profile, ())] or [profile]:
        travel = problem.travel[name]
        same = travel is given
        rows = None if same else np.array([travel.row(leave) for leave in given.leaving], dtype=np.int64)
        columns = None if same else np.array([travel.column(arrive) for arrive in given.arriving], dtype=np.int64)
        found.append((travel, rows, columns))
    return tuple(found)


def _most(seconds: float | None) -> int:
    return FOREVER_MS if seconds is None else closes_ms(seconds)


def _surcharges(
    problem: RoundsProblem, sites: Sequence[TipSite], member: Bools, loads: Floats, *, must_tip: bool
) -> tuple[Floats, Floats]:
    """Return gate fees beyond the cheapest site that accepts, by stop, site and class; and what keeping it on board is.

    The cheapest fee is paid in any case, so leaving it out makes plans that have tipped comparable with plans that
    have not. A vehicle that may keep its load need not pay at all: then only what a site pays for it is left out, and
    who keeps it goes without that.
    """
    shape = len(sites), len(problem.dimensions)
    accepts = np.array([[d in s.accepts for d in problem.dimensions] for s in sites], dtype=bool).reshape(shape)
    rates = np.array([[s.fees.get(d, 0.0) for d in problem.dimensions] for s in sites], dtype=np.float64).reshape(shape)
    cheapest = np.where(accepts, rates, np.inf).min(axis=0, initial=np.inf)
    cheapest = np.where(np.isfinite(cheapest), cheapest, 0.0)
    if not must_tip:
        cheapest = np.minimum(cheapest, 0.0)
    extra = np.where(accepts, rates - cheapest, 0.0)
    classes_of = member.astype(np.float64)
    kept = np.zeros_like(cheapest) if must_tip else -cheapest
    return np.einsum("id,sd,kd->isk", loads, extra, classes_of), np.einsum("id,d,kd->ik", loads, kept, classes_of)
