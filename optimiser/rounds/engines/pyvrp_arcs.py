"""The matrices of the PyVRP model: money and time from location to location, the last tip folded into the way home.

One pair of matrices for each *view*: a profile with its cost per km, the sites of use, and whether the day must end
empty. Money is in whole cost units, ``unit`` of them to a coin, chosen so that a typical leg with its wages counts
``TYPICAL_LEG``; time is in ticks of ``TICK_MS``, rounded up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.engines.pyvrp_places import Places, rows_and_columns
from optimiser.rounds.problem import TipSite
from optimiser.rounds.tables import Bools, Floats, Kind, Tables, useful_sites
from optimiser.travel import UNREACHABLE

TICK_MS = 100
TYPICAL_LEG = 1_000_000
NEAREST = 5
NO_WAY_TICKS = 10_000_000  # eleven days

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """Matrices by view, the view of each kind, cost units to a coin, and the dearest arc in cost units."""

    cost: tuple[Whole, ...]
    time: tuple[Whole, ...]
    view_of: tuple[int, ...]  # by kind
    unit: float
    dearest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    """Money and ms of one view, and where there is no way."""

    money: Floats
    time_ms: Floats
    no_way: Bools


def ticks(milliseconds: float) -> int:
    """Return whole ticks, rounded up."""
    return -int(-milliseconds // TICK_MS)


def arcs(known: Tables, spots: Places) -> Arcs:
    """Return the matrices of a problem."""
    views: dict[tuple[str, float, tuple[str, ...], bool], int] = {}
    view_of = []
    kinds: list[Kind] = []
    for kind in known.kinds:
        vehicle = kind.vehicle
        key = vehicle.profile, kind.per_dm, tuple(site.id for site in useful_sites(kind)), vehicle.must_end_empty
        if key not in views:
            views[key] = len(kinds)
            kinds.append(kind)
        view_of.append(views[key])
    unit = 0.0
    cost, time, dearest = [], [], 0
    for kind in kinds:
        raw = _raw(known, spots, kind)
        unit = unit or TYPICAL_LEG / _typical(spots, kind, raw)
        money, ticked, far = _whole(raw, unit)
        cost.append(money)
        time.append(ticked)
        dearest = max(dearest, far)
    return Arcs(cost=tuple(cost), time=tuple(time), view_of=tuple(view_of), unit=unit or 1.0, dearest=dearest)


def _raw(known: Tables, spots: Places, kind: Kind) -> _Raw:
    rows, columns = rows_and_columns(spots, kind.travel)
    duration, distance = kind.travel.block(np.maximum(rows, 0), np.maximum(columns, 0))
    no_way = (duration >= UNREACHABLE) | (distance >= UNREACHABLE) | (rows < 0)[:, None] | (columns < 0)[None, :]
    money = np.where(no_way, 0.0, distance * kind.per_dm)
    time_ms = np.where(no_way, 0.0, duration.astype(np.float64))
    ends = np.array(list(spots.ends.values()), dtype=np.intp)
    for site in known.problem.tip_sites:
        at = spots.site_at[site.id]
        money[:, at : at + len(site.modes)] += site.fee_per_tip + _surcharge(kind, site)
    raw = _Raw(money=money, time_ms=time_ms, no_way=no_way)
    if kind.vehicle.must_end_empty:
        _fold_last_tip(known, spots, kind, raw, ends)
    for start in spots.starts.values():  # a vehicle that stays at home
        raw.money[start, ends], raw.time_ms[start, ends], raw.no_way[start, ends] = 0.0, 0.0, False
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
    service = np.array([way.service_ms for site in sites for way in site.ways], dtype=np.float64)
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


def _surcharge(kind: Kind, site: TipSite) -> float:
    """Return what an average load costs at the site beyond the cheapest sites."""
    s = next((n for n, seen in enumerate(kind.sites) if seen.id == site.id), None)
    if s is None or not len(kind.limits):
        return 0.0
    fullness = kind.use.sum(axis=(0, 2)) / np.maximum(kind.limits, 1e-9)
    return float(kind.fees[:, s, :].sum() / max(1.0, fullness.max()))


def _typical(spots: Places, kind: Kind, raw: _Raw) -> float:
    """Return the money and wages of a leg to a near stop; 1 if there is none that costs anything."""
    stops = spots.first_site
    if stops < 2:
        return max(float(raw.money.max(initial=0.0) + kind.wage_per_ms * raw.time_ms.max(initial=0.0)), 1e-6)
    legs = (raw.money + kind.wage_per_ms * raw.time_ms)[:stops, :stops]
    legs = np.where(raw.no_way[:stops, :stops] | np.eye(stops, dtype=bool), np.inf, legs)
    near = np.partition(legs, min(NEAREST, stops - 1) - 1, axis=1)[:, : min(NEAREST, stops - 1)]
    near = near[np.isfinite(near)]
    return max(float(near.mean()) if len(near) else 1.0, 1e-9)


def _whole(raw: _Raw, unit: float) -> tuple[Whole, Whole, int]:
    money = np.rint(raw.money * unit).astype(np.int64)
    time = -(-raw.time_ms.astype(np.int64) // TICK_MS)
    dearest = int(money[~raw.no_way].max(initial=1))
    money[raw.no_way], time[raw.no_way] = 30 * dearest + 1000 * TYPICAL_LEG, NO_WAY_TICKS
    np.fill_diagonal(money, 0)
    np.fill_diagonal(time, 0)
    return money, time, dearest
