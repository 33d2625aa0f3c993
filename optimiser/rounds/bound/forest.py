"""A bound in seconds for any size: every visit has a leg that leads to it and a leg that leads on.

Let ``c`` be the least that a leg costs with any vehicle and in any way. For ``u, v >= 0`` with ``u_i + v_j <= c_ij`` a
plan whose legs leave every ``i`` and reach every ``j`` costs at least ``sum u + sum v`` (the dual of the assignment
problem; Dell'Amico, Toth 2000, Discrete Applied Mathematics 100). Here ``u`` is the least of a row and ``v`` what is
then left of a column. Stops count once; unloading sites as often as the load needs tips at least, the depot as often as
load, time and limits of the day need vehicles at least. Nothing is counted twice: legs, work, tips and fixed costs are
apart. Travel is looked at in blocks of rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.bound import kinds as of_kind
from optimiser.rounds.bound.capacity import capacity, day_share, waste_share
from optimiser.rounds.bound.kinds import Kind
from optimiser.rounds.bound.scene import longest_ms
from optimiser.rounds.bound.wanted import Wanted
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.problem import Mode, RoundsProblem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BLOCK = 2_000_000  # legs looked at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """What the argument proves: a lower limit on ``net``, least vehicles, least tips."""

    value: float
    vehicles: int
    tips: int


@dataclass(slots=True, kw_only=True)
class _Least:
    """Least legs from (rows) and to (columns) each stop; then the sites (one entry), then the depot."""

    money_out: Floats
    money_in: Floats
    ms_out: Floats
    ms_in: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """A kind's places as columns and rows: which of stops, sites (n) and depot (n + 1) each is."""

    kind: Kind
    leave: list[str]
    arrive: list[str]
    at: Ints
    work: Floats  # money at the end of a leg beyond what is counted apart


def forest(problem: RoundsProblem, fleet: tuple[Kind, ...], work: Wanted, deadline: Deadline) -> Forest:
    """Return the bound; without the legs, if the deadline passes before all of them have been looked at."""
    n = len(problem.stops)
    required = np.isinf(work.forgone) & work.served.any(axis=0)
    required[list(work.chosen)] = False
    chosen = sum(
        cheapest if must else min(cheapest, 0.0)
        for options, must in work.choices
        for cheapest in [min(option.cost for option in options)]
    )
    if not required.any():
        return Forest(value=work.constant + chosen, vehicles=0, tips=0)
    views = [_view(problem, kind, work.base, work.served[k]) for k, kind in enumerate(fleet)]
    least = _Least(**{name: np.full(n + 2, inf) for name in ("money_out", "money_in", "ms_out", "ms_in")})
    whole = _sweep(views, least, deadline)
    tips = _least_tips(problem, fleet, work, required)
    time_ms = _least_ms(problem, fleet, required, least, tips) if whole else 0.0
    vehicles = _least_vehicles(problem, fleet, work, required, time_ms)
    count = np.array([*required, tips, vehicles], dtype=np.float64)
    per_tip = min((float(of_kind.tip_money(k, site).min()) for k in fleet for site in k.sites), default=0.0)
    value = work.constant + chosen + tips * per_tip + vehicles * min(kind.vehicle.costs.fixed for kind in fleet)
    return Forest(value=value + (_legs(views, least, count, deadline) if whole else 0.0), vehicles=vehicles, tips=tips)


def _known(least: Floats) -> Floats:
    """Return the least legs; nothing where there is no way."""
    return np.where(np.isfinite(least), least, 0.0)


def _view(problem: RoundsProblem, kind: Kind, base: Floats, served: NDArray[np.bool_]) -> _View:
    n = len(problem.stops)
    modes, at, money = list[Mode](), list[int](), list[float]()
    for i in np.flatnonzero(served).tolist():
        stop = problem.stops[i]
        modes += stop.modes
        at += [i] * len(stop.modes)
        money += (of_kind.work_money(problem, kind, stop) - base[i]).tolist()
    tips = [mode for site in kind.sites for mode in site.modes]
    return _View(
        kind=kind,
        leave=[*(m.leave for m in (*modes, *tips)), kind.vehicle.start],
        arrive=[*(m.arrive for m in (*modes, *tips)), kind.vehicle.end],
        at=np.array([*at, *([n] * len(tips)), n + 1], dtype=np.int64),
        work=np.array([*money, *([0.0] * len(tips)), 0.0]),
    )


def _blocks(view: _View) -> Iterator[tuple[Ints, Floats, Floats]]:
    """Yield which places some rows are, with money and ms of their legs."""
    step, depot = max(1, BLOCK // len(view.at)), int(view.at[-1])
    for first in range(0, len(view.at), step):
        rows = view.at[first : first + step]
        ms, dm = of_kind.legs(view.kind, view.leave[first : first + step], view.arrive)
        ms[(rows[:, None] == view.at[None, :]) & (rows[:, None] < depot - 1)] = inf
        own = np.arange(len(rows))
        ms[own, first + own] = inf  # no leg from a tip to the same, nor a round without visits
        yield rows, of_kind.leg_money(view.kind, ms, dm) + view.work[None, :], ms


def _sweep(views: list[_View], least: _Least, deadline: Deadline) -> bool:
    """Look at all legs; return whether the time was enough."""
    for view in views:
        for rows, money, ms in _blocks(view):
            np.minimum.at(least.money_out, rows, money.min(axis=1))
            np.minimum.at(least.money_in, view.at, money.min(axis=0))
            np.minimum.at(least.ms_out, rows, ms.min(axis=1))
            np.minimum.at(least.ms_in, view.at, ms.min(axis=0))
            if deadline.passed:
                return False
    return True


def _legs(views: list[_View], least: _Least, count: Floats, deadline: Deadline) -> float:
    """Return what legs cost at least when every place is left and reached ``count`` times."""
    out = np.where(count > 0, _known(least.money_out), 0.0)
    left = np.full(len(count), inf)
    for view in views:
        for rows, money, _ in _blocks(view):
            np.minimum.at(left, view.at, (money - out[rows][:, None]).min(axis=0))
            if deadline.passed:
                return max(float(out @ count), float(_known(least.money_in) @ count))
    return float(out @ count + np.maximum(_known(left), 0.0) @ count)


def _least_tips(problem: RoundsProblem, fleet: tuple[Kind, ...], work: Wanted, required: NDArray[np.bool_]) -> int:
    """Return how often waste must be unloaded at least."""
    shares = np.array([np.where(s, waste_share(problem, k, s), inf) for k, s in zip(fleet, work.served, strict=True)])
    trips = ceil(float(shares.min(axis=0)[required].sum()) - 1e-6)
    kept = sum(len(kind.ids) for kind in fleet if not kind.vehicle.must_end_empty)
    some = any(problem.stops[i].loads.get(d, 0) > 0 for i in np.flatnonzero(required) for d in problem.stops[i].loads)
    return max(trips - kept, int(some and not kept))


def _least_ms(
    problem: RoundsProblem, fleet: tuple[Kind, ...], required: NDArray[np.bool_], least: _Least, tips: int
) -> float:
    """Return how long all rounds together drive and work at least."""
    work = sum(
        min(of_kind.service_ms(kind, mode) for kind in fleet for mode in problem.stops[i].modes)
        for i in np.flatnonzero(required).tolist()
    )
    tip = min(
        (of_kind.tip_ms(kind, site, mode) for kind in fleet for site in kind.sites for mode in site.modes), default=0
    )
    count = np.array([*required, tips, 1], dtype=np.float64)
    return work + tips * tip + max(float(_known(least.ms_out) @ count), float(_known(least.ms_in) @ count))


def _least_vehicles(
    problem: RoundsProblem, fleet: tuple[Kind, ...], work: Wanted, required: NDArray[np.bool_], time_ms: float
) -> int:
    """Return how many rounds are needed at least."""
    longest = max(longest_ms(kind) for kind in fleet)
    parts = [time_ms / longest if 0 < longest < inf else 0.0]
    shares = [day_share(problem, kind) for kind in fleet]
    if not any(kind.sites for kind in fleet):
        parts.append(
            _needed([capacity(problem, k, s).share for k, s in zip(fleet, work.served, strict=True)], work, required)
        )
    parts.append(_needed(shares, work, required))
    return max(1, *(ceil(part - 1e-6) for part in parts))


def _needed(shares: list[Floats], work: Wanted, required: NDArray[np.bool_]) -> float:
    """Return the sum over required stops of the least share with any kind that may serve them."""
    allowed = np.where(work.served, np.array(shares), inf)
    return float(allowed.min(axis=0)[required].sum())
