"""Prices on demand rows that climb by a subgradient; each site answers with its best knapsack at these prices."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimiser.hubs.compiled import kernel, plain
from optimiser.hubs.siting.capacitated.knapsack import by_ratio, relaxed, whole
from optimiser.hubs.siting.capacitated.posed import I8, Bools
from optimiser.hubs.siting.problem import Floats, Ints

DEFLECTION = 0.3
WEAKENED, WEAKEST = 0.7, 2e-4
RISE = 1e-4  # of what is missing to the target: a rise that counts
MEMORY = 0.97
THETA, WAITED, BOUND, MARK = range(4)


class Sites(NamedTuple):
    """The minimisation in arrays; ``cost`` is site by demand, endless where nobody may go."""

    cost: Floats
    load: Floats
    room: Floats
    fixed: Floats
    status: I8
    need: float  # all loads
    least: int  # sites that have to be open at least
    most: int
    single: bool


class Desk(NamedTuple):
    """Room to work in."""

    profit: Floats
    ratio: Floats
    item: Ints
    take: Floats
    now: Floats
    rho: Floats  # what each site makes, opening included
    given: Floats  # site by demand: how much of each it takes
    chosen: Floats  # how much each site is open
    left: Floats
    order: Ints


def desk(n: int, m: int) -> Desk:
    """Return an empty desk."""
    k = max(n, m)
    return Desk(
        np.zeros(k), np.zeros(k), np.zeros(k, np.int64), np.zeros(k), np.zeros(k), np.zeros(m), np.zeros((m, n)),
        np.zeros(m), np.zeros(m), np.zeros(m, np.int64),
    )  # fmt: skip


@plain
def made(sites: Sites, u: Floats, j: int, exact: bool, d: Desk) -> float:
    """Return what site ``j`` makes at prices ``u`` (at least that little, where not exact), and write what it takes."""
    many, n = 0, len(u)
    for i in range(n):
        gain = u[i] - sites.cost[j, i]
        d.given[j, i] = 0.0
        if gain > 0.0:
            d.profit[i] = gain
            d.item[many] = i
            many += 1
    by_ratio(d.profit, sites.load, d.ratio, d.item, many)
    worth = relaxed(d.profit, sites.load, d.item, many, sites.room[j], d.take)
    if exact and sites.fixed[j] - worth < 0.02 * worth:
        worth = whole(d.profit, sites.load, d.item, many, sites.room[j], d.take, d.now)
    for k in range(many):
        d.given[j, d.item[k]] = d.take[k]
    return float(sites.fixed[j]) - worth


@plain
def choose(sites: Sites, status: I8, d: Desk) -> float:
    """Return the least sum of what sites make that is open enough and not too much; write ``d.chosen``.

    With a binding number of sites the room is counted in sites; otherwise the sites that are left closed fill the room
    that is not needed (a knapsack, relaxed where it takes long).
    """
    m, total, count, room, many = len(sites.fixed), 0.0, 0, 0.0, 0
    for j in range(m):
        d.chosen[j] = 0.0
        if status[j] == 1 or (status[j] == 0 and d.rho[j] < 0.0):
            d.chosen[j] = 1.0
            total += d.rho[j]
            count += 1
            room += sites.room[j]
    if count > sites.most or (sites.most < m and count < sites.least):
        return _counted(sites, status, d)
    if room >= sites.need:
        return total
    for j in range(m):
        if status[j] == 0 and d.chosen[j] == 0.0:
            d.item[many] = j
            d.left[j] = d.rho[j]
            room += sites.room[j]
            total += d.rho[j]
            many += 1
    if room < sites.need:
        return np.inf
    by_ratio(d.left, sites.room, d.ratio, d.item, many)
    total -= whole(d.left, sites.room, d.item, many, room - sites.need, d.take, d.now)
    for k in range(many):
        d.chosen[d.item[k]] = 1.0 - d.take[k]
    return total


@plain
def _counted(sites: Sites, status: I8, d: Desk) -> float:
    """Choose between the least and the greatest number of sites, those that make most first."""
    m, many, count, total = len(sites.fixed), 0, 0, 0.0
    for j in range(m):
        d.chosen[j] = 0.0
        if status[j] == 1:
            d.chosen[j] = 1.0
            total += d.rho[j]
            count += 1
        elif status[j] == 0:
            d.left[j] = -d.rho[j]
            d.order[many] = j
            many += 1
    if count > sites.most:
        return np.inf
    for j in range(m):
        d.profit[j] = 1.0
    by_ratio(d.left, d.profit, d.ratio, d.order, many)
    for k in range(many):
        j = d.order[k]
        if count >= sites.most or (d.rho[j] >= 0.0 and count >= sites.least):
            break
        d.chosen[j] = 1.0
        total += d.rho[j]
        count += 1
    return total


@plain
def evaluate(sites: Sites, u: Floats, exact: bool, d: Desk) -> float:
    """Return the bound at prices ``u``."""
    total = 0.0
    for i in range(len(u)):
        total += u[i]
    for j in range(len(sites.fixed)):
        d.rho[j] = made(sites, u, j, exact, d) if sites.status[j] >= 0 else np.inf
    return total + choose(sites, sites.status, d)


@plain
def missing(sites: Sites, d: Desk, g: Floats) -> float:
    """Write how much of each demand nobody takes (below 0: too much); return the sum of squares."""
    total = 0.0
    for i in range(len(g)):
        g[i] = 1.0
    for j in range(len(sites.fixed)):
        if d.chosen[j] > 0.0:
            for i in range(len(g)):
                g[i] -= d.chosen[j] * d.given[j, i]
    for i in range(len(g)):
        total += g[i] * g[i]
    return total


@plain
def _noted(memo: Floats, limit: float, target: float) -> bool:
    """Note a bound; return whether it is the best so far."""
    memo[WAITED] += 1.0
    if limit <= memo[BOUND]:
        return False
    memo[BOUND] = limit
    if limit > memo[MARK] + RISE * (target - memo[MARK]) or memo[MARK] == -np.inf:
        memo[MARK], memo[WAITED] = limit, 0.0
    return True


@plain
def _stepped(now: Floats, way: Floats, g: Floats, ahead: float) -> None:
    """Turn the direction towards what is missing, and go that way by Polyak's step."""
    length = 0.0
    for i in range(len(g)):
        way[i] = g[i] + DEFLECTION * way[i]
        length += way[i] * way[i]
    for i in range(len(g)):
        now[i] = max(now[i] + ahead / max(length, 1e-12) * way[i], 0.0)


@kernel
def climb(
    sites: Sites, d: Desk, now: Floats, way: Floats, memo: Floats, u: Floats, target: float, exact: bool,
    iterations: int, patience: int, share: Floats,
) -> int:  # fmt: skip
    """Raise the bound by a deflected subgradient with Polyak's step towards ``target``; ``u`` becomes the best prices.

    ``share`` becomes how much each site is open on the way. Returns the iterations; fewer than asked for: there is no
    way up.
    """
    g = np.empty(len(u))
    for done in range(iterations):
        limit = evaluate(sites, now, exact, d)
        for j in range(len(share)):
            share[j] = MEMORY * share[j] + (1.0 - MEMORY) * d.chosen[j]
        if _noted(memo, limit, target):
            u[:] = now
        if memo[BOUND] >= target or memo[THETA] < WEAKEST:
            return done
        if memo[WAITED] >= patience:
            memo[THETA] *= WEAKENED
            memo[WAITED] = 0.0
            now[:] = u
            way[:] = 0.0
            continue
        if missing(sites, d, g) < 1e-12:
            return done
        _stepped(now, way, g, memo[THETA] * max(target - limit, 1e-9 * abs(target)))
    return iterations


@plain
def _turned(sites: Sites, d: Desk, total: float, status: I8, site: Floats, opened: Floats, forced: Bools) -> None:
    """Write the bound with each free site open, and with it turned over; ``status`` is left as it was."""
    for j in range(len(site)):
        site[j], opened[j] = np.inf, np.inf
        if status[j] == 1:
            opened[j] = total + choose(sites, status, d)
        elif status[j] == 0:
            status[j] = 1
            opened[j] = total + choose(sites, status, d)
            site[j] = opened[j]
            if forced[j]:
                status[j] = -1
                site[j] = total + choose(sites, status, d)
            status[j] = 0


@plain
def _paired(sites: Sites, d: Desk, u: Floats, j: int, opened: float, pair: Floats) -> None:
    """Write the bound with each demand wholly at site ``j``, which is open."""
    many = 0
    for i in range(len(u)):
        pair[j, i] = np.inf
        d.profit[i] = u[i] - sites.cost[j, i]
        if d.profit[i] > 0.0:
            d.item[many] = i
            many += 1
    if opened == np.inf:
        return
    by_ratio(d.profit, sites.load, d.ratio, d.item, many)
    for i in range(len(u)):
        if sites.cost[j, i] < np.inf and sites.load[i] <= sites.room[j]:
            best = _with(d.profit, sites.load, d.item, many, sites.room[j], i)
            pair[j, i] = opened + max(sites.fixed[j] - best - d.rho[j], 0.0)


@kernel
def reduced(sites: Sites, d: Desk, u: Floats, exact: bool, site: Floats, pair: Floats, forced: Bools) -> float:
    """Return the bound at ``u``; write the bound with each site turned over, and with each pair in use.

    ``site[j]`` is the bound if ``j`` is closed where the relaxation opens it (``forced``), else if it is open;
    ``pair`` (site by demand) if demand ``i`` goes wholly to ``j``.
    """
    bound, opened = evaluate(sites, u, exact, d), np.empty(len(site))
    for j in range(len(site)):
        forced[j] = d.chosen[j] > 0.5
    _turned(sites, d, u.sum(), sites.status.copy(), site, opened, forced)
    for j in range(len(site)):
        _paired(sites, d, u, j, opened[j], pair)
    return bound


@plain
def _with(profit: Floats, load: Floats, item: Ints, many: int, room: float, one: int) -> float:
    """Return the relaxed profit of a knapsack that holds one item for certain."""
    left, total = room - load[one], profit[one]
    for k in range(many):
        i = item[k]
        if i == one:
            continue
        if load[i] > left:
            return float(total + profit[i] * left / load[i])
        left -= load[i]
        total += profit[i]
    return float(total)
