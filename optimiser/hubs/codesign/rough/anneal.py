"""Ruin and recreate on rounds with sites, accepted as in annealing.

Ruin takes out strings of neighbouring stops (Christiaens, Vanden Berghe 2020, Transp. Science 54), recreate puts each
back where it costs least; now and then a round, two rounds or all rounds of a site change sites instead.
"""

from __future__ import annotations

import math

import numpy as np

from optimiser.hubs.codesign.rough.layout import Land, Tours
from optimiser.hubs.codesign.rough.moves import FULL, base_at, insert, take, weight
from optimiser.hubs.compiled import inner, kernel, plain

MEAN_GONE = 10.0  # stops taken out, on average
LONGEST = 10.0  # of a string
REBASE, MOVE_ALL, CLOSE = 0.10, 0.01, 0.005  # how often: a round, all rounds of a site, take out all stops of a site


@plain
def write(a: Tours, b: Tours) -> None:
    """Write rounds over others."""
    for v in range(a.after.size):
        a.after[v] = b.after[v]
        a.before[v] = b.before[v]
    for v in range(a.of.size):
        a.of[v] = b.of[v]
    for r in range(a.site.size):
        a.site[r] = b.site[r]
        a.load[r] = b.load[r]
        a.stops[r] = b.stops[r]
    for s in range(a.held.size):
        a.held[s] = b.held[s]
        a.rounds[s] = b.rounds[s]
    a.purse[0] = b.purse[0]


@plain
def rebase(g: Land, t: Tours) -> None:
    """Base a round elsewhere; where there is no room, a round from there comes back in exchange."""
    r = np.random.randint(t.site.size)  # noqa: NPY002 - inside a kernel
    s = np.random.randint(g.room.size)  # noqa: NPY002
    old = t.site[r]
    if t.stops[r] == 0 or s == old or g.allowed[s] == 0:
        return
    wanted = weight(g, t, r, s)
    if t.rounds[s] < g.most[s] and t.held[s] + wanted <= g.room[s] * FULL:
        base_at(g, t, r, s)
        return
    k = np.random.randint(t.site.size)  # noqa: NPY002
    if t.stops[k] == 0 or t.site[k] != s:
        return
    here = t.held[s] + wanted - weight(g, t, k, s)
    there = t.held[old] - weight(g, t, r, old) + weight(g, t, k, old)
    if here <= g.room[s] * FULL and there <= g.room[old] * FULL:
        base_at(g, t, r, s)
        base_at(g, t, k, old)


@plain
def move_all(g: Land, t: Tours) -> None:
    """Base the rounds of a site at another, as many as it has room for."""
    a = t.site[np.random.randint(t.site.size)]  # noqa: NPY002 - inside a kernel
    b = np.random.randint(g.room.size)  # noqa: NPY002
    if a == b or g.allowed[b] == 0:
        return
    for r in range(t.site.size):
        if t.stops[r] == 0 or t.site[r] != a or t.rounds[b] >= g.most[b]:
            continue
        if t.held[b] + weight(g, t, r, b) <= g.room[b] * FULL:
            base_at(g, t, r, b)


@plain
def string(g: Land, t: Tours, c: int, most: float, gone: np.ndarray, count: int) -> int:
    """Take out a string of stops with ``c`` in it; return how many are gone by now."""
    n = t.of.size
    r = t.of[c]
    length = int(np.random.random() * min(float(t.stops[r]), most) + 1.0)  # noqa: NPY002 - inside a kernel
    v = c
    for _ in range(np.random.randint(length)):  # noqa: NPY002
        if t.before[v] >= n:
            break
        v = t.before[v]
    for _ in range(length):
        if v >= n:
            break
        q = t.after[v]
        take(g, t, v)
        gone[count] = v
        count += 1
        v = q
    return count


@plain
def ruin(g: Land, t: Tours, gone: np.ndarray, marks: np.ndarray, mark: int) -> int:
    """Take out strings around a stop, or all stops of a site; return how many are gone, those left out included."""
    n = t.of.size
    count = 0
    for v in range(n):
        if t.of[v] < 0:
            gone[count] = v
            count += 1
    busy = 0
    for r in range(t.site.size):
        busy += t.stops[r] > 0
    if np.random.random() < CLOSE:  # noqa: NPY002 - inside a kernel
        s = t.site[np.random.randint(t.site.size)]  # noqa: NPY002
        for v in range(n):
            if t.of[v] >= 0 and t.site[t.of[v]] == s:
                take(g, t, v)
                gone[count] = v
                count += 1
        return count
    most = max(1.0, min(LONGEST, n / max(1, busy)))
    strings = int(np.random.random() * (4.0 * MEAN_GONE / (1.0 + most) - 1.0) + 1.0)  # noqa: NPY002
    seed = np.random.randint(n)  # noqa: NPY002
    for x in range(-1, g.near.shape[1]):
        if strings <= 0:
            break
        c = seed if x < 0 else g.near[seed, x]
        r = t.of[c]
        if r >= 0 and marks[r] != mark:
            marks[r] = mark
            count = string(g, t, c, most, gone, count)
            strings -= 1
    return count


@inner
def order(g: Land, gone: np.ndarray, count: int) -> np.ndarray:
    """Return what is gone in the order in which it is put back: by chance, by load, far ones or near ones first."""
    some = gone[:count]
    how = np.random.random()  # noqa: NPY002 - inside a kernel
    key = np.random.random(count)  # noqa: NPY002
    for k in range(count):
        if how < 0.36:
            key[k] = -g.use[some[k]]
        elif how < 0.64:
            nearest = 1e30
            for s in range(g.room.size):
                if g.allowed[s]:
                    nearest = min(nearest, g.out[s, some[k]])
            key[k] = nearest if how < 0.46 else -nearest
    return some[np.argsort(key)]


@kernel
def anneal(g: Land, t: Tours, best: Tours, steps: int, hot: float, cold: float, seed: int) -> None:
    """Take so many steps from ``hot`` to ``cold`` (money); the best rounds met so far stand in ``best``."""
    np.random.seed(seed)  # noqa: NPY002 - inside a kernel
    n = t.of.size
    kept = Tours(
        t.after.copy(), t.before.copy(), t.of.copy(), t.site.copy(), t.load.copy(), t.stops.copy(), t.held.copy(),
        t.rounds.copy(), t.purse.copy(),
    )  # fmt: skip
    gone = np.empty(n, np.int64)
    marks = np.full(t.site.size, -1, np.int64)
    heat, cooling = hot, (cold / hot) ** (1.0 / max(1, steps))
    for step in range(steps):
        heat *= cooling
        way = np.random.random()  # noqa: NPY002
        if way < REBASE:
            rebase(g, t)
        elif way < REBASE + MOVE_ALL:
            move_all(g, t)
        else:
            count = ruin(g, t, gone, marks, step)
            for v in order(g, gone, count):
                insert(g, t, v)
        if t.purse[0] < kept.purse[0] - heat * math.log(max(np.random.random(), 1e-300)):  # noqa: NPY002
            write(kept, t)
            if t.purse[0] < best.purse[0] - 1e-9:
                write(best, t)
        else:
            write(t, kept)
