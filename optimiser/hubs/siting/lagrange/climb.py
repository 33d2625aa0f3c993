"""The bound: sum over demand of prices, less what the best sites make of them, and prices that climb."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimiser.hubs.compiled import kernel, plain
from optimiser.hubs.siting.lagrange.rows import Bools, Columns, Rows, smallest
from optimiser.hubs.siting.problem import Floats, Ints

DEFLECTION = 0.9  # of the last direction in the next (Camerini, Fratta and Maffioli 1975)
WEAKENED = 0.6  # the step, after a while without a better bound
WEAKEST = 1e-3  # step at which to stop
RISE = 1e-6  # relative: less is no better bound
MEMORY = 0.95  # of the average of chosen sites


@plain
def worth(rows: Rows, u: Floats, rho: Floats, head: Ints) -> float:
    """Write what each site makes of the prices, and where each row reaches its price; return the sum of prices."""
    start, site, cost, far, fixed = rows
    for j in range(len(fixed)):
        rho[j] = fixed[j]
    total = 0.0
    for i in range(len(far)):
        price = u[i]
        total += price
        t, end = start[i], start[i + 1]
        while t < end and cost[t] < price:
            rho[site[t]] += cost[t] - price
            t += 1
        head[i] = t
    return total


@plain
def choose(rho: Floats, most: int, spare: Floats, chosen: Bools) -> tuple[float, float, float]:
    """Choose at most ``most`` sites of the least rho below 0.

    Return their sum, and the rho (0 at most) of the last one in and of the first one out.
    """
    m = len(rho)
    for j in range(m):
        spare[j] = rho[j]
    last = min(smallest(spare, most - 1), 0.0) if most <= m else 0.0
    total, count = 0.0, 0
    for j in range(m):
        chosen[j] = rho[j] < last
        if chosen[j]:
            total += rho[j]
            count += 1
    for j in range(m):
        if count >= most or last >= 0.0:
            break
        if rho[j] == last and not chosen[j]:
            chosen[j] = True
            total += rho[j]
            count += 1
    first = 0.0
    for j in range(m):
        if not chosen[j]:
            first = min(first, rho[j])
    return total, last, first


@plain
def missing(rows: Rows, columns: Columns, u: Floats, head: Ints, chosen: Bools, g: Floats) -> float:
    """Write how often each demand is not yet (1) or too often (below 0) served; return the sum of squares."""
    n, through, by_row = len(u), 0, 0
    for j in range(len(chosen)):
        if chosen[j]:
            through += columns.start[j + 1] - columns.start[j]
    for i in range(n):
        g[i] = 1.0
        by_row += head[i] - rows.start[i]
    if through < by_row:
        for j in range(len(chosen)):
            if chosen[j]:
                for t in range(columns.start[j], columns.start[j + 1]):
                    i = columns.row[t]
                    if columns.cost[t] < u[i]:
                        g[i] -= 1.0
    else:
        _by_row(rows, head, chosen, g)
    total = 0.0
    for i in range(n):
        total += g[i] * g[i]
    return total


@plain
def _by_row(rows: Rows, head: Ints, chosen: Bools, g: Floats) -> None:
    for i in range(len(g)):
        count = 0
        for t in range(rows.start[i], head[i]):
            count += chosen[rows.site[t]]
        g[i] -= count


@plain
def paid(rows: Rows, chosen: Bools) -> float:
    """Return what a set of sites costs."""
    total = 0.0
    for j in range(len(chosen)):
        if chosen[j]:
            total += rows.fixed[j]
    for i in range(len(rows.far)):
        least = rows.far[i]
        for t in range(rows.start[i], rows.start[i + 1]):
            if chosen[rows.site[t]]:
                least = rows.cost[t]
                break
        total += least
    return total


class Ascent(NamedTuple):
    """Where a climb stands, so that it can go on: prices now, last direction, step, waiting, best bound so far."""

    now: Floats
    way: Floats
    memo: Floats  # THETA, WAITED, MARK, BOUND, CHEAPEST


THETA, WAITED, MARK, BOUND, CHEAPEST = range(5)


def begun(u: Floats, theta: float) -> Ascent:
    """Return an ascent that starts from prices ``u``."""
    memo = np.full(5, -np.inf)
    memo[THETA], memo[WAITED], memo[CHEAPEST] = theta, 0.0, np.inf
    return Ascent(u.copy(), np.zeros(len(u)), memo)


@plain
def _noted(rows: Rows, ascent: Ascent, limit: float, u: Floats, chosen: Bools, found: Bools, look: bool) -> None:
    """Keep prices of a better bound, and sites that cost less than those found before."""
    memo = ascent.memo
    memo[WAITED] += 1
    if limit <= memo[BOUND]:
        return
    memo[BOUND] = limit
    for i in range(len(u)):
        u[i] = ascent.now[i]
    if limit > memo[MARK] + RISE * abs(memo[MARK]) or memo[MARK] == -np.inf:
        memo[MARK], memo[WAITED] = limit, 0.0
        if look:
            cost = paid(rows, chosen)
            if cost < memo[CHEAPEST]:
                memo[CHEAPEST] = cost
                for j in range(len(found)):
                    found[j] = chosen[j]


@plain
def _turn(rows: Rows, ascent: Ascent, g: Floats) -> float:
    """Turn the direction towards what is missing; return its square."""
    now, way, length = ascent.now, ascent.way, 0.0
    for i in range(len(now)):
        x = g[i] + DEFLECTION * way[i]
        if x > 0.0 and now[i] >= rows.far[i]:
            x = 0.0
        way[i] = x
        length += x * x
    return length


@kernel
def climb(
    rows: Rows, columns: Columns, most: int, ascent: Ascent, u: Floats, best: float, cutoff: float, iterations: int,
    patience: int, share: Floats, found: Bools, made: Floats,
) -> int:  # fmt: skip
    """Raise the bound by a deflected subgradient with Polyak's step; ``u`` becomes the prices of the best bound.

    ``best`` is what the best plan costs; above ``cutoff`` nothing better is left. ``share`` becomes how often each site
    is chosen, ``found`` the best set on the way, ``made`` what each site makes of the best prices (rho). Returns the
    iterations; fewer than asked for: there is no way up.
    """
    n, m = len(rows.far), len(rows.fixed)
    now, memo, g = ascent.now, ascent.memo, np.empty(n)
    rho, spare, head, chosen = np.empty(m), np.empty(m), np.empty(n, np.int64), np.zeros(m, np.bool_)
    for done in range(iterations):
        limit = worth(rows, now, rho, head)
        limit += choose(rho, most, spare, chosen)[0]
        for j in range(m):
            share[j] = MEMORY * share[j] + (1.0 - MEMORY) * chosen[j]
        if limit > memo[BOUND]:
            for j in range(m):
                made[j] = rho[j]
        _noted(rows, ascent, limit, u, chosen, found, done % 4 == 0)
        if memo[BOUND] > cutoff or memo[THETA] < WEAKEST:
            return done
        if memo[WAITED] >= patience:
            memo[THETA] *= WEAKENED
            memo[WAITED] = 0.0
            now[:] = u
            continue
        if missing(rows, columns, now, head, chosen, g) == 0.0:
            return done
        length = _turn(rows, ascent, g)
        if length < 1e-12:
            return done
        step = memo[THETA] * max(best - limit, 1e-9 * abs(best)) / length
        for i in range(n):
            now[i] = min(now[i] + step * ascent.way[i], rows.far[i])
    return iterations
