"""Sets of sites exchanged one for one, each judged by dividing demand exactly between the sites of the set.

Given the set, who goes where is a linear program (transport with capacities). It is loaded once over all pairs; a set
is bounds on its columns, so the basis of the last set begins the next. Its prices u of demand and l of room say which
exchange promises most: with site k gone its people fall back on ``min_j c_ij + l_j load_i`` of the others, and a new
site j takes up to its room of whom it saves most (a knapsack that may be cut). The most promising are judged.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from optimiser.hubs.siting.capacitated.posed import Bools, Posed
from optimiser.hubs.siting.core import CLOSED, OPEN
from optimiser.hubs.siting.engines.rest import SHARE, Found
from optimiser.hubs.siting.problem import Floats, Ints

LARGEST = 400_000  # pairs
JUDGED = 12  # exchanges of a round
BETTER = 1e-9  # relative


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """A set of sites with its best flows: what it costs, prices of demand (u) and of room (l, at least 0)."""

    is_open: Bools
    cost: float
    share: Floats
    u: Floats
    l: Floats  # noqa: E741 as in the formula


@dataclass(slots=True)
class Desk:
    """The linear program and what is known of its pairs."""

    posed: Posed
    solver: highspy.Highs
    row: Ints
    column: Ints
    cost: Floats
    end: float
    seen: dict[bytes, float] = field(default_factory=dict)


def improved(
    posed: Posed, sets: tuple[Bools, ...], *, end: float, seed: int, rounds: int | None = None
) -> Found | None:
    """Return the best plan found from several sets of sites; ``None`` when none of them has room or time is up.

    ``end`` is on the clock of ``time.monotonic``; ``rounds`` limits the exchanges.
    """
    usable = np.isfinite(posed.cost) & (posed.status != CLOSED)
    if usable.sum() > LARGEST:
        return None
    desk = _desk(posed, usable, end, seed)
    found = [divided for each in sets if (divided := _divided(desk, each)) is not None]
    if not found:
        return None
    best = min(found, key=lambda divided: divided.cost)
    made = 0
    while (rounds is None or made < rounds) and (better := _exchanged(desk, best)) is not None:
        best, made = better, made + 1
    return _told(desk, best)


def _desk(posed: Posed, usable: Bools, end: float, seed: int) -> Desk:
    """Return the program over all usable pairs, every site closed."""
    row, column = np.nonzero(usable)
    n, m, many = len(posed.load), len(posed.room), len(row)
    pair = np.arange(many)
    held = csr_array((posed.load[row], (column, pair)), shape=(m, many))
    rows = csc_array(vstack([csr_array((np.ones(many), (row, pair)), shape=(n, many)), held]))
    cost = posed.cost[row, column]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.col_cost_ = many, n + m, cost
    lp.col_lower_, lp.col_upper_ = np.zeros(many), np.zeros(many)
    lp.row_lower_, lp.row_upper_ = np.r_[np.ones(n), np.full(m, -np.inf)], np.r_[np.ones(n), posed.room]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    solver = highspy.Highs()
    for option, setting in {"output_flag": False, "threads": 1, "random_seed": seed}.items():
        solver.setOptionValue(option, setting)
    solver.passModel(lp)
    return Desk(posed=posed, solver=solver, row=row, column=column, cost=cost, end=end)


def _divided(desk: Desk, is_open: Bools) -> Divided | None:
    """Return the best flows of a set; ``None`` when it is too many, has no room, was seen or time is up."""
    posed, key = desk.posed, is_open.tobytes()
    left = desk.end - time.monotonic()
    if key in desk.seen or is_open.sum() > posed.most or left <= 0:
        return None
    many, solver = len(desk.row), desk.solver
    solver.changeColsBounds(
        many, np.arange(many, dtype=np.int32), np.zeros(many), is_open[desk.column].astype(np.float64)
    )
    solver.setOptionValue("time_limit", float(solver.getRunTime()) + left if np.isfinite(left) else np.inf)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        desk.seen[key] = np.inf
        return None
    found, n = solver.getSolution(), len(posed.load)
    share, dual = np.asarray(found.col_value, dtype=np.float64), np.asarray(found.row_dual, dtype=np.float64)
    cost = float(desk.cost @ share + posed.fixed[is_open].sum())
    desk.seen[key] = cost
    return Divided(is_open=is_open, cost=cost, share=share, u=dual[:n], l=np.maximum(-dual[n:], 0.0))


def _exchanged(desk: Desk, now: Divided) -> Divided | None:
    """Return a better set one exchange away, the most promising that is; ``None`` when none is found."""
    for is_open in _promising(desk, now):
        found = _divided(desk, is_open)
        if found is not None and found.cost < now.cost - BETTER * max(1.0, abs(now.cost)):
            return found
    return None


def _promising(desk: Desk, now: Divided) -> Iterator[Bools]:
    """Yield sets with a site less, more or exchanged, the most promising first."""
    posed = desk.posed
    fall = _fall_back(desk, now)
    leave = [k for k in np.flatnonzero(now.is_open).tolist() if posed.status[k] != OPEN]
    enter = np.flatnonzero(~now.is_open & (posed.status != CLOSED)).tolist()
    room = now.is_open.sum() < posed.most
    promise: list[tuple[float, int, int]] = []
    for k in [*leave, -1]:
        price = now.u if k < 0 else fall[k]
        lost = 0.0 if k < 0 else float((price - now.u).sum()) - posed.fixed[k]
        if k >= 0:
            promise.append((lost, k, -1))
        if k >= 0 or room:
            promise += [(lost - gain, k, j) for j, gain in zip(enter, _gains(desk, price, enter), strict=True)]
    for _, k, j in sorted(promise)[:JUDGED]:
        changed = now.is_open.copy()
        if k >= 0:
            changed[k] = False
        if j >= 0:
            changed[j] = True
        yield changed


def _fall_back(desk: Desk, now: Divided) -> dict[int, Floats]:
    """Return the prices of demand if each open site were gone: the best of the others, at their prices of room."""
    posed = desk.posed
    full = np.where(now.is_open[None, :], posed.cost + posed.load[:, None] * now.l[None, :], np.inf)
    first = np.argmin(full, axis=1)
    least = full[np.arange(len(full)), first]
    full[np.arange(len(full)), first] = np.inf
    second = full.min(axis=1)
    dear = float(posed.cost[np.isfinite(posed.cost)].max(initial=0.0))
    second = np.where(np.isfinite(second), second, least + dear)
    return {int(k): now.u + np.where(first == k, second - least, 0.0) for k in np.flatnonzero(now.is_open)}


def _gains(desk: Desk, price: Floats, enter: list[int]) -> list[float]:
    """Return what each closed site would save at prices of demand, less its fixed cost."""
    posed, gains = desk.posed, []
    for j in enter:
        saved = price - posed.cost[:, j]
        who = np.flatnonzero(saved > 0)
        who = who[np.argsort(-saved[who] / np.maximum(posed.load[who], 1e-12), kind="stable")]
        before = np.r_[0.0, np.cumsum(posed.load[who])[:-1]]
        part = np.clip((posed.room[j] - before) / np.maximum(posed.load[who], 1e-12), 0.0, 1.0)
        gains.append(float(saved[who] @ np.where(posed.load[who] > 0, part, 1.0)) - float(posed.fixed[j]))
    return gains


def _told(desk: Desk, best: Divided) -> Found:
    """Return a set with its flows as a plan."""
    kept = np.flatnonzero(best.share > SHARE)
    row = desk.row[kept]
    share = best.share[kept] / np.bincount(row, weights=best.share[kept], minlength=len(desk.posed.load))[row]
    cost = float(desk.posed.fixed[best.is_open].sum() + desk.cost[kept] @ share)
    return Found(
        row=row, column=desk.column[kept], share=share, is_open=best.is_open, cost=cost, bound=-np.inf, done=False
    )
