"""A rounds problem as numbers: what timing, repair and engines need, worked out once.

Vehicles that differ in nothing but their id share a :class:`Kind`. For a kind, dimensions that the same sites accept
travel together and form a *class*: a tip empties whole classes, so the load on board is known from the last tip of
each class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.clock import FOREVER_MS, closes_ms, opens_ms, to_ms
from optimiser.rounds.problem import Mode, RoundsProblem, TipSite, Vehicle, Window
from optimiser.travel import Travel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Spans = tuple[tuple[int, int], ...]

# Money per ms when the crew costs nothing: settles ties towards the shorter round, a millionth of a coin an hour.
TIE_WAGE_PER_MS = 1e-6 / 3.6e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A mode as numbers of one profile: column of arriving, row of leaving, service in ms."""

    column: int
    row: int
    service_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A break in ms; ``saves`` is the money not paid while it lasts."""

    id: str
    duration_ms: int
    earliest_ms: int
    latest_ms: int
    saves: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A tip site as one kind of vehicle sees it; ``accepts`` is per class."""

    id: str
    ways: tuple[Way, ...]
    spans: Spans
    accepts: Bools
    fee_per_tip: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Vehicles alike in all but their id.

    ``use[i, m, k]`` is what stop ``i`` adds to limit ``m`` in class ``k``; ``holds[i, k]`` whether it has anything in
    class ``k``; ``fees[i, s, k]`` what class ``k`` of stop ``i`` costs at site ``s`` beyond the cheapest site.
    """

    vehicle: Vehicle
    travel: Travel
    start_row: int
    end_column: int
    shift: tuple[int, int]
    longest_ms: int
    rests: tuple[Rest, ...]
    wage_per_ms: float
    per_dm: float
    limits: Floats
    use: Floats
    holds: Bools
    fees: Floats
    carries: Bools
    sites: tuple[Site, ...]
    ways: tuple[tuple[Way, ...], ...]  # by stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """A problem as numbers; ``stop_at`` is the position of a stop in ``problem.stops``."""

    problem: RoundsProblem
    stop_at: Mapping[str, int]
    spans: tuple[Spans, ...]  # by stop
    kinds: tuple[Kind, ...]
    kind_of: Mapping[str, int]  # vehicle -> position in kinds

    def kind(self, vehicle: str) -> Kind:
        """Return the kind of a vehicle."""
        return self.kinds[self.kind_of[vehicle]]

    def allows(self, vehicle: str, stop: int) -> bool:
        """Return whether the vehicle may serve the stop and can hold what it has, were it alone."""
        allowed = self.problem.stops[stop].vehicles
        return bool(self.kind(vehicle).carries[stop]) and (allowed is None or vehicle in allowed)


def useful_sites(kind: Kind) -> tuple[Site, ...]:
    """Return the sites that take all that such a vehicle may have on board; if none does, those that take some."""
    aboard = kind.holds[kind.carries].any(axis=0)
    return tuple(site for site in kind.sites if not (aboard & ~site.accepts).any()) or tuple(
        site for site in kind.sites if (aboard & site.accepts).any()
    )


def tables(problem: RoundsProblem) -> Tables:
    """Return the problem as numbers."""
    alike: dict[str, int] = {}
    kinds: list[Kind] = []
    kind_of: dict[str, int] = {}
    ways: dict[str, tuple[tuple[Way, ...], ...]] = {}
    for vehicle in problem.vehicles:
        key = repr(replace(vehicle, id=""))
        if key not in alike:
            if vehicle.profile not in ways:
                travel = problem.travel[vehicle.profile]
                ways[vehicle.profile] = tuple(_ways(travel, stop.modes) for stop in problem.stops)
            alike[key] = len(kinds)
            kinds.append(_kind(problem, vehicle, ways[vehicle.profile]))
        kind_of[vehicle.id] = alike[key]
    return Tables(
        problem=problem,
        stop_at={stop.id: k for k, stop in enumerate(problem.stops)},
        spans=tuple(_spans(stop.windows) for stop in problem.stops),
        kinds=tuple(kinds),
        kind_of=kind_of,
    )


def _ways(travel: Travel, modes: tuple[Mode, ...]) -> tuple[Way, ...]:
    return tuple(
        Way(column=travel.column(mode.arrive), row=travel.row(mode.leave), service_ms=to_ms(mode.service_s))
        for mode in modes
    )


def _spans(windows: tuple[Window, ...]) -> Spans:
    """Return windows in whole ms; one without end if there are none."""
    if not windows:
        return ((0, FOREVER_MS),)
    return tuple((opens_ms(w.open_s), closes_ms(w.close_s)) for w in windows)


def _kind(problem: RoundsProblem, vehicle: Vehicle, ways: tuple[tuple[Way, ...], ...]) -> Kind:
    travel = problem.travel[vehicle.profile]
    sites = [s for s in problem.tip_sites if vehicle.tip_sites is None or s.id in vehicle.tip_sites]
    amounts = np.array(
        [[stop.loads.get(d, 0.0) for d in problem.dimensions] for stop in problem.stops], dtype=np.float64
    ).reshape(len(problem.stops), len(problem.dimensions))
    accepts = np.array([[d in s.accepts for d in problem.dimensions] for s in sites], dtype=bool).reshape(
        len(sites), len(problem.dimensions)
    )
    patterns, class_of = np.unique(accepts, axis=1, return_inverse=True)
    member = class_of.reshape(1, -1) == np.arange(patterns.shape[1])[:, None]  # class x dimension
    weights = np.array(
        [[limit.weights.get(d, 0.0) for d in problem.dimensions] for limit in vehicle.limits], dtype=np.float64
    ).reshape(len(vehicle.limits), len(problem.dimensions))
    named = {d for limit in vehicle.limits for d in limit.weights}
    foreign = np.array([d not in named for d in problem.dimensions], dtype=bool)
    use = np.einsum("id,md,kd->imk", amounts, weights, member.astype(np.float64))
    limits = np.array([limit.at_most for limit in vehicle.limits], dtype=np.float64)
    limits += 1e-9 * np.maximum(limits, 1.0)  # rounding of sums, a thousandth of what the checker forgives
    wage = vehicle.costs.per_hour / 3.6e6
    longest = vehicle.shift.max_duration_s
    return Kind(
        vehicle=vehicle,
        travel=travel,
        start_row=travel.row(vehicle.start),
        end_column=travel.column(vehicle.end),
        shift=(opens_ms(vehicle.shift.start_s), closes_ms(vehicle.shift.end_s)),
        longest_ms=FOREVER_MS if longest is None else closes_ms(longest),
        rests=_rests(vehicle, wage),
        wage_per_ms=max(wage, TIE_WAGE_PER_MS),
        per_dm=vehicle.costs.per_km / 1e4,
        limits=limits,
        use=use,
        holds=(amounts @ member.T.astype(np.float64)) > 0,
        fees=_surcharges(problem, sites, accepts, member, amounts, must_tip=vehicle.must_end_empty),
        carries=~((amounts > 0) & foreign).any(axis=1) & (use.sum(axis=2) <= limits).all(axis=1),
        sites=tuple(_site(travel, site, patterns[s]) for s, site in enumerate(sites)),
        ways=ways,
    )


def _rests(vehicle: Vehicle, wage_per_ms: float) -> tuple[Rest, ...]:
    return tuple(
        Rest(
            id=rest.id,
            duration_ms=to_ms(rest.duration_s),
            earliest_ms=opens_ms(rest.earliest_s),
            latest_ms=closes_ms(rest.latest_s),
            saves=0.0 if rest.paid else max(wage_per_ms, TIE_WAGE_PER_MS) * to_ms(rest.duration_s),
        )
        for rest in vehicle.breaks
    )


def _site(travel: Travel, site: TipSite, accepts: Bools) -> Site:
    return Site(
        id=site.id,
        ways=_ways(travel, site.modes),
        spans=_spans(site.windows),
        accepts=accepts,
        fee_per_tip=site.fee_per_tip,
    )


def _surcharges(
    problem: RoundsProblem,
    sites: list[TipSite],
    accepts: Bools,
    member: Bools,
    amounts: Floats,
    *,
    must_tip: bool,
) -> Floats:
    """Return gate fees beyond the cheapest site that accepts, by stop, site and class.

    The cheapest fee is paid in any case, so leaving it out makes plans that have tipped comparable with plans that
    have not. A vehicle that may keep its load need not pay at all: only then is nothing left out but a revenue.
    """
    rates = np.array([[s.fees.get(d, 0.0) for d in problem.dimensions] for s in sites], dtype=np.float64).reshape(
        accepts.shape
    )
    cheapest = np.where(accepts, rates, np.inf).min(axis=0, initial=np.inf)
    cheapest = np.where(np.isfinite(cheapest), cheapest, 0.0)
    if not must_tip:
        cheapest = np.minimum(cheapest, 0.0)
    extra = np.where(accepts, rates - cheapest, 0.0)
    return np.asarray(np.einsum("id,sd,kd->isk", amounts, extra, member.astype(np.float64)))
