"""The matrices of the PyVRP model: money and time from location to location, the last tip folded into the way home.

One pair of matrices for each *view*: vehicles that see the same legs, costs, sites and service times. Money is in whole
cost units, ``unit`` of them to a coin, chosen so that a typical leg with its wages counts ``TYPICAL_LEG``; time is in
ticks of ``TICK_MS``, rounded up. What is driven at work, fees and the costs of tips and of work are paid on arriving.

Set-ups that visits to one spot share are in the arcs from elsewhere. If vehicles differ in how long the same work
takes, all of the work is in the arcs that leave.

PyVRP limits only the sum of the money of a route. That is a limit on metres or on driving time if nothing else costs
money; where nothing at all does, the matrix has metres or ticks of driving, which cost nothing; else it is relaxed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.clock import FOREVER_MS
from optimiser.rounds.engines.pyvrp_places import Places, rows_and_columns, ways_at
from optimiser.rounds.engines.working import Works, add_setups, works
from optimiser.rounds.tables import Bools, Floats, Ints, Kind, Site, Tables, useful_sites
from optimiser.travel import UNREACHABLE

TICK_MS = 100
TYPICAL_LEG = 1_000_000
NEAREST = 5
SAMPLE = 400  # stops whose legs are looked at for what is typical
NO_WAY_TICKS = 10_000_000  # eleven days
SHARE = 512  # rows worked on at once


class Measure(StrEnum):
    """What the first matrix of a view holds."""

    MONEY = "money"
    DISTANCE = "distance"  # decimetres, costing nothing
    DRIVING = "driving"  # ticks, costing nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """Matrices by view, the view of each kind, cost units to a coin, and the dearest arc in cost units.

    ``service_ms`` and ``setup_ms`` by location are of the work that is not in the arcs, and of set-ups that are.
    """

    cost: tuple[Ints, ...]
    time: tuple[Ints, ...]
    measure: tuple[Measure, ...]
    view_of: tuple[int, ...]  # by kind
    unit: float
    dearest: int
    service_ms: Ints
    setup_ms: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    """Money and ms of one view, and where there is no way."""

    money: Floats
    time_ms: Ints
    no_way: Bools


def ticks(milliseconds: float) -> int:
    """Return whole ticks, rounded up."""
    return -int(-milliseconds // TICK_MS)


def arcs(known: Tables, spots: Places) -> Arcs:
    """Return the matrices of a problem."""
    views: dict[tuple[object, ...], int] = {}
    view_of = []
    kinds: list[Kind] = []
    for kind in known.kinds:
        key = _view(kind)
        if key not in views:
            views[key] = len(kinds)
            kinds.append(kind)
        view_of.append(views[key])
    done = [works(ways_at(spots, kind)) for kind in kinds]
    folded = any(_differ(spots, done[0], other) for other in done[1:])
    measures = [measure(kind) for kind in kinds]
    unit = 0.0
    cost, time, dearest = [], [], 0
    for kind, work, what in zip(kinds, done, measures, strict=True):
        raw = _raw(known, spots, kind, work, what, folded=folded)
        unit = unit or TYPICAL_LEG / _typical(spots, kind, raw, what)
        coined, far = _whole(raw, unit if what is Measure.MONEY else 1.0)
        cost.append(coined)
        time.append(raw.time_ms)
        dearest = max(dearest, far if what is Measure.MONEY else 1)
    return Arcs(
        cost=tuple(cost),
        time=tuple(time),
        measure=tuple(measures),
        view_of=tuple(view_of),
        unit=unit or 1.0,
        dearest=dearest,
        service_ms=np.max([work.service_ms * (not folded) for work in done], axis=0),
        setup_ms=np.max([work.setup_ms for work in done], axis=0),
    )


def _differ(spots: Places, one: Works, other: Works) -> bool:
    """Return whether the same work takes two kinds of vehicles unlike times; a site may be one's alone."""
    a, b = one.service_ms, other.service_ms
    both = (np.arange(len(a)) < spots.first_site) | ((a > 0) & (b > 0))
    return bool((both & (a != b)).any())


def _view(kind: Kind) -> tuple[object, ...]:
    vehicle = kind.vehicle
    return (
        vehicle.profile,
        vehicle.service_type,
        (kind.per_dm, kind.driving_per_ms, kind.service_per_ms),
        tuple((site.id, site.fee_per_tip) for site in useful_sites(kind)),
        vehicle.must_end_empty,
        measure(kind),
    )


def measure(kind: Kind) -> Measure:
    """Return what the first matrix holds for a kind of vehicle."""
    if kind.per_dm or kind.driving_per_ms or not _only_legs_cost(kind):
        return Measure.MONEY
    if kind.most_dm < FOREVER_MS:
        return Measure.DISTANCE
    return Measure.DRIVING if kind.most_driving_ms < FOREVER_MS else Measure.MONEY


def _only_legs_cost(kind: Kind) -> bool:
    return not (kind.service_per_ms or any(site.fee_per_tip or surcharge(kind, site) for site in kind.sites))


def reach(kind: Kind, unit: float) -> int | None:
    """Return how much of the first matrix a round may use; ``None``: the limits are not stated, or there are none."""
    what = measure(kind)
    if what is Measure.DISTANCE:
        return kind.most_dm
    if what is Measure.DRIVING:
        return kind.most_driving_ms // TICK_MS
    coins = [
        most * own * unit
        for most, own, other in (
            (kind.most_dm, kind.per_dm, kind.driving_per_ms),
            (kind.most_driving_ms, kind.driving_per_ms, kind.per_dm),
        )
        if most < FOREVER_MS and own and not other and _only_legs_cost(kind)
    ]
    return int(min(coins) * (1 + 1e-9)) + 1 if coins else None


def states_reach(kind: Kind) -> bool:
    """Return whether the limits on distance and driving of a kind of vehicle are all stated."""
    limits = (kind.most_dm < FOREVER_MS) + (kind.most_driving_ms < FOREVER_MS)
    return limits == 0 or (limits == 1 and reach(kind, 1.0) is not None and _limits_what_costs(kind))


def _limits_what_costs(kind: Kind) -> bool:
    by_distance = kind.most_dm < FOREVER_MS
    return measure(kind) is not Measure.MONEY or bool(kind.per_dm if by_distance else kind.driving_per_ms)


def _raw(known: Tables, spots: Places, kind: Kind, work: Works, what: Measure, *, folded: bool) -> _Raw:
    rows, columns = rows_and_columns(spots, kind.travel)
    duration, distance = kind.travel.block(np.maximum(rows, 0), np.maximum(columns, 0))
    no_way = (duration >= UNREACHABLE) | (distance >= UNREACHABLE) | (rows < 0)[:, None] | (columns < 0)[None, :]
    time_ms = duration.astype(np.int64)
    money: Floats = distance * np.float64(1.0 if what is Measure.DISTANCE else kind.per_dm)
    driving = 1.0 / TICK_MS if what is Measure.DRIVING else kind.driving_per_ms
    if driving:
        money += time_ms * driving
    money += work.distance_dm * (1.0 if what is Measure.DISTANCE else kind.per_dm)
    money += work.service_ms * kind.service_per_ms
    for site in kind.sites:
        at = spots.site_at[site.id]
        money[:, at : at + len(site.ways)] += site.fee_per_tip + surcharge(kind, site)
    money[no_way], time_ms[no_way] = 0.0, 0
    raw = _Raw(money=money, time_ms=time_ms, no_way=no_way)
    add_setups(work, time_ms, money, kind.service_per_ms)
    ends = np.array(list(spots.ends.values()), dtype=np.intp)
    if kind.vehicle.must_end_empty:
        _fold_last_tip(known, spots, kind, raw, ends)
    if folded:
        np.add(raw.time_ms, work.service_ms[:, None], out=raw.time_ms)
    for start in spots.starts.values():  # a vehicle that stays at home
        raw.money[start, ends], raw.time_ms[start, ends], raw.no_way[start, ends] = 0.0, 0, False
    return raw


def _fold_last_tip(known: Tables, spots: Places, kind: Kind, raw: _Raw, ends: NDArray[np.intp]) -> None:
    """Lead the arcs from stops to depots over the cheapest site, unloading included."""
    loaded = np.zeros(spots.first_site, dtype=bool)
    for k in spots.stops:
        at = spots.stop_at[k]
        loaded[at : at + len(known.problem.stops[k].modes)] = kind.holds[k].any()
    stops = np.flatnonzero(loaded)
    sites = useful_sites(kind)
    via = np.array([spots.site_at[site.id] + m for site in sites for m in range(len(site.ways))], dtype=np.intp)
    service = np.array([way.service_ms + way.setup_ms for site in sites for way in site.ways], dtype=np.int64)
    for end in ends.tolist():
        if not len(via):
            raw.no_way[stops, end] = True
            continue
        money = raw.money[np.ix_(stops, via)] + raw.money[via, end]
        time_ms = raw.time_ms[np.ix_(stops, via)] + service + raw.time_ms[via, end]
        cut_off = raw.no_way[np.ix_(stops, via)] | raw.no_way[via, end]
        best = np.where(cut_off, np.inf, money + kind.wage_per_ms * time_ms).argmin(axis=1)
        each = np.arange(len(stops))
        raw.money[stops, end], raw.time_ms[stops, end] = money[each, best], time_ms[each, best]
        raw.no_way[stops, end] = cut_off[each, best]


def surcharge(kind: Kind, site: Site) -> float:
    """Return what an average load costs at the site beyond the cheapest sites."""
    s = next((n for n, seen in enumerate(kind.sites) if seen.id == site.id), None)
    if s is None or not len(kind.limits):
        return 0.0
    fullness = kind.use.sum(axis=(0, 2)) / np.maximum(kind.limits, 1e-9)
    return float(kind.fees[:, s, :].sum() / max(1.0, fullness.max()))


def _typical(spots: Places, kind: Kind, raw: _Raw, what: Measure) -> float:
    """Return the money and wages of a leg to a near stop; 1 if there is none that costs anything."""
    stops = spots.first_site
    priced = what is Measure.MONEY
    if stops < 2:
        money = float(raw.money.max(initial=0.0)) if priced else 0.0
        return max(money + kind.wage_per_ms * float(raw.time_ms.max(initial=0)), 1e-6)
    rows = np.unique(np.linspace(0, stops - 1, min(stops, SAMPLE)).astype(np.intp))
    legs = (raw.money[rows, :stops] if priced else 0.0) + kind.wage_per_ms * raw.time_ms[rows, :stops]
    legs[raw.no_way[rows, :stops]] = np.inf
    legs[np.arange(len(rows)), rows] = np.inf
    near = np.partition(legs, min(NEAREST, stops - 1) - 1, axis=1)[:, : min(NEAREST, stops - 1)]
    near = near[np.isfinite(near)]
    return max(float(near.mean()) if len(near) else 1.0, 1e-9)


def _whole(raw: _Raw, unit: float) -> tuple[Ints, int]:
    """Return the first matrix in whole numbers and its dearest arc; the times become ticks where they stand.

    Worked out a share of the rows at a time, in the memory that is there: with several ways to serve each stop of a
    town a matrix is some hundred megabytes.
    """
    whole = raw.money.view(np.int64)
    dearest = 1
    for first in range(0, len(whole), SHARE):
        rows = slice(first, first + SHARE)
        coins = np.rint(raw.money[rows] * unit).astype(np.int64)
        dearest = max(dearest, int(coins[~raw.no_way[rows]].max(initial=1)))
        whole[rows] = coins
        raw.time_ms[rows] = -(-raw.time_ms[rows] // TICK_MS)
    whole[raw.no_way], raw.time_ms[raw.no_way] = 30 * dearest + 1000 * TYPICAL_LEG, NO_WAY_TICKS
    np.fill_diagonal(whole, 0)
    np.fill_diagonal(raw.time_ms, 0)
    return whole, dearest
