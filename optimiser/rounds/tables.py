"""A rounds problem as numbers: what timing, repair and engines need, worked out once.

Vehicles that differ in nothing but their id share a :class:`Kind`. See ``ways.py`` for modes, windows and breaks as
numbers, ``scales.py`` for limits, ``nodes.py`` for the flat arrays that the compiled pass reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from optimiser.rounds.clock import FOREVER_MS, closes_ms, opens_ms, to_ms
from optimiser.rounds.nodes import Nodes, nodes_of
from optimiser.rounds.problem import RoundsProblem, Stop, TipSite, Vehicle
from optimiser.rounds.scales import Amounts, Scales, amounts, carriable, classes, scales
from optimiser.rounds.ways import (
    TIE_WAGE_PER_MS,
    Bools,
    Floats,
    Ints,
    Rest,
    Site,
    Spans,
    Way,
    rests_of,
    site_of,
    spans_of,
    ways_of,
)
from optimiser.travel import Travel

__all__ = [
    "TIE_WAGE_PER_MS",
    "Bools",
    "Floats",
    "Ints",
    "Kind",
    "Rest",
    "Site",
    "Spans",
    "Tables",
    "Way",
    "tables",
    "useful_sites",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Vehicles alike in all but their id.

    Parameters
    ----------
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
    holds, fees
        ``holds[i, k]`` whether stop ``i`` has anything in class ``k``; ``fees[i, s, k]`` what class ``k`` of it costs
        at site ``s`` beyond the cheapest site; ``brings[i, g]`` whether goods of class ``g`` are delivered there.
    carries
        By stop: whether such a vehicle can hold what it has, were it alone, and has the skills.
    """

    vehicle: Vehicle
    travel: Travel
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
    carries: Bools
    sites: tuple[Site, ...]
    ways: tuple[tuple[Way, ...], ...]  # by stop
    nodes: Nodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """A problem as numbers; ``stop_at`` is the position of a stop in ``problem.stops``.

    ``partner`` leads from a stop of a shipment to the other one (-1: none), ``fetched`` says which stops are the first
    of their shipment; ``release_ms`` is before when the trip that serves a stop does not set out.
    """

    problem: RoundsProblem
    stop_at: Mapping[str, int]
    spans: tuple[Spans, ...]  # by stop
    kinds: tuple[Kind, ...]
    kind_of: Mapping[str, int]  # vehicle -> position in kinds
    partner: Ints
    fetched: Bools
    release_ms: Ints

    def kind(self, vehicle: str) -> Kind:
        """Return the kind of a vehicle."""
        return self.kinds[self.kind_of[vehicle]]

    def allows(self, vehicle: str, stop: int) -> bool:
        """Return whether the vehicle may serve the stop, has the skills, and can hold what it has, were it alone."""
        allowed = self.problem.stops[stop].vehicles
        return bool(self.kind(vehicle).carries[stop]) and (allowed is None or vehicle in allowed)


def useful_sites(kind: Kind) -> tuple[Site, ...]:
    """Return the sites that take all that such a vehicle may have on board; if none does, those that take some."""
    aboard = kind.holds[kind.carries].any(axis=0)
    return tuple(site for site in kind.sites if not (aboard & ~site.accepts).any()) or tuple(
        site for site in kind.sites if (aboard & site.accepts).any()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    """What kinds share: the work in numbers of each profile and service type."""

    problem: RoundsProblem
    held: Amounts
    spots: Mapping[str, int]
    nodes: dict[tuple[str, str], tuple[tuple[tuple[Way, ...], ...], Nodes]] = field(default_factory=dict)


def tables(problem: RoundsProblem) -> Tables:
    """Return the problem as numbers."""
    alike: dict[str, int] = {}
    kinds: list[Kind] = []
    kind_of: dict[str, int] = {}
    works: tuple[Stop | TipSite, ...] = (*problem.stops, *problem.tip_sites)
    named = sorted({mode.place for work in works for mode in work.modes} - {""})
    common = _Common(problem=problem, held=amounts(problem), spots={name: k for k, name in enumerate(named)})
    for vehicle in problem.vehicles:
        key = repr(replace(vehicle, id=""))
        if key not in alike:
            alike[key] = len(kinds)
            kinds.append(_kind(common, vehicle))
        kind_of[vehicle.id] = alike[key]
    stop_at = {stop.id: k for k, stop in enumerate(problem.stops)}
    partner, fetched = np.full(len(stop_at), -1, dtype=np.int64), np.zeros(len(stop_at), dtype=bool)
    for shipment in problem.shipments:
        first, last = stop_at[shipment.pickup], stop_at[shipment.delivery]
        partner[first], partner[last], fetched[first] = last, first, True
    return Tables(
        problem=problem,
        stop_at=stop_at,
        spans=tuple(spans_of(stop.windows) for stop in problem.stops),
        kinds=tuple(kinds),
        kind_of=kind_of,
        partner=partner,
        fetched=fetched,
        release_ms=np.array([opens_ms(stop.release_s) for stop in problem.stops], dtype=np.int64),
    )


def _work(common: _Common, vehicle: Vehicle) -> tuple[tuple[tuple[Way, ...], ...], Nodes]:
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


def _kind(common: _Common, vehicle: Vehicle) -> Kind:
    problem, held = common.problem, common.held
    travel = problem.travel[vehicle.profile]
    sites = [s for s in problem.tip_sites if vehicle.tip_sites is None or s.id in vehicle.tip_sites]
    accepts, member = classes(problem, sites, goods=False)
    supplies, goods = classes(problem, sites, goods=True)
    weighed = scales(problem, vehicle, held, member, goods)
    ways, nodes = _work(common, vehicle)
    wage = vehicle.costs.per_hour / 3.6e6
    shift, most = vehicle.shift, len(vehicle.limits)
    skilled = np.array([stop.needs <= vehicle.skills for stop in problem.stops], dtype=bool)
    return Kind(
        vehicle=vehicle,
        travel=travel,
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
        limits=weighed.at_most[0, :most] if most else np.zeros(0),
        use=weighed.waste[:, :most, :],
        scales=weighed,
        holds=(held.loads @ member.T.astype(np.float64)) > 0,
        brings=(held.deliveries @ goods.T.astype(np.float64)) > 0,
        fees=_surcharges(problem, sites, member, held.loads, must_tip=vehicle.must_end_empty),
        carries=carriable(problem, vehicle, held, weighed) & skilled,
        sites=tuple(
            site_of(travel, vehicle, site, common.spots, accepts[s], supplies[s]) for s, site in enumerate(sites)
        ),
        ways=ways,
        nodes=nodes,
    )


def _most(seconds: float | None) -> int:
    return FOREVER_MS if seconds is None else closes_ms(seconds)


def _surcharges(
    problem: RoundsProblem, sites: Sequence[TipSite], member: Bools, loads: Floats, *, must_tip: bool
) -> Floats:
    """Return gate fees beyond the cheapest site that accepts, by stop, site and class.

    The cheapest fee is paid in any case, so leaving it out makes plans that have tipped comparable with plans that
    have not. A vehicle that may keep its load need not pay at all: only then is nothing left out but a revenue.
    """
    shape = len(sites), len(problem.dimensions)
    accepts = np.array([[d in s.accepts for d in problem.dimensions] for s in sites], dtype=bool).reshape(shape)
    rates = np.array([[s.fees.get(d, 0.0) for d in problem.dimensions] for s in sites], dtype=np.float64).reshape(shape)
    cheapest = np.where(accepts, rates, np.inf).min(axis=0, initial=np.inf)
    cheapest = np.where(np.isfinite(cheapest), cheapest, 0.0)
    if not must_tip:
        cheapest = np.minimum(cheapest, 0.0)
    extra = np.where(accepts, rates - cheapest, 0.0)
    return np.asarray(np.einsum("id,sd,kd->isk", loads, extra, member.astype(np.float64)))
