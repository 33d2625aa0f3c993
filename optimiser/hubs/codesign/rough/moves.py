"""Compiled steps on rounds: take a stop out, put one in at its best place, base a round at another site."""

from __future__ import annotations

import numpy as np

from optimiser.hubs.codesign.rough.layout import Land, Tours
from optimiser.hubs.compiled import plain

FULL = 1.0 + 1e-9
BLINK = 0.01  # how often a place to put a stop in is passed over
FAR = 1e30


@plain
def leg(g: Land, t: Tours, u: int, v: int) -> float:
    """Return the money from one node of a round to the next."""
    n = t.of.size
    if u >= n:
        return 0.0 if v >= n else float(g.out[t.site[u - n], v])
    return float(g.back[t.site[v - n], u] if v >= n else g.legs[u, v])


@plain
def take(g: Land, t: Tours, v: int) -> None:
    """Take a stop out of its round; a site without rounds closes."""
    r = t.of[v]
    s, p, q = t.site[r], t.before[v], t.after[v]
    change = leg(g, t, p, q) - leg(g, t, p, v) - leg(g, t, v, q) + g.miss[v]
    t.after[p] = q
    t.before[q] = p
    t.of[v] = -1
    t.load[r] -= g.use[v]
    t.stops[r] -= 1
    t.held[s] -= g.held[s, v]
    if t.stops[r] == 0:
        t.load[r] = 0.0
        t.rounds[s] -= 1
        change -= g.fixed[s]
        if t.rounds[s] == 0:
            t.held[s] = 0.0
            change -= g.opening[s]
    t.purse[0] += change


@plain
def put(g: Land, t: Tours, v: int, r: int, p: int) -> None:
    """Put a stop into a round after ``p``; an idle round has its site set before."""
    s, q = t.site[r], t.after[p]
    change = leg(g, t, p, v) + leg(g, t, v, q) - leg(g, t, p, q) - g.miss[v]
    if t.stops[r] == 0:
        change += g.fixed[s]
        if t.rounds[s] == 0:
            change += g.opening[s]
        t.rounds[s] += 1
    t.after[p] = v
    t.before[v] = p
    t.after[v] = q
    t.before[q] = v
    t.of[v] = r
    t.load[r] += g.use[v]
    t.stops[r] += 1
    t.held[s] += g.held[s, v]
    t.purse[0] += change


@plain
def fits(g: Land, t: Tours, v: int, r: int) -> bool:
    """Return whether a round and its site have room for a stop."""
    s = t.site[r]
    return bool(t.load[r] + g.use[v] <= FULL and t.held[s] + g.held[s, v] <= g.room[s] * FULL)


@plain
def longer(g: Land, t: Tours, v: int, p: int) -> float:
    """Return the money that a stop after ``p`` adds to the legs of a round."""
    q = t.after[p]
    return leg(g, t, p, v) + leg(g, t, v, q) - leg(g, t, p, q)


@plain
def insert(g: Land, t: Tours, v: int) -> bool:  # noqa: C901, PLR0912 - one loop of the kernel
    """Put a stop where it costs least: beside its neighbours, at the ends of rounds, in a round of its own."""
    n, rounds = t.of.size, t.site.size
    best, at, where, based = g.miss[v], -1, -1, -1
    for x in range(g.near.shape[1]):
        j = g.near[v, x]
        r = t.of[j]
        if r < 0 or not fits(g, t, v, r):
            continue
        for p in (j, t.before[j]):
            if np.random.random() >= BLINK:  # noqa: NPY002 - inside a kernel
                cost = longer(g, t, v, p)
                if cost < best:
                    best, at, where = cost, p, r
    idle = -1
    for r in range(rounds):
        if t.stops[r] == 0:
            idle = r if idle < 0 else idle
            continue
        if fits(g, t, v, r):
            for p in (n + r, t.before[n + r]):
                cost = longer(g, t, v, p)
                if cost < best:
                    best, at, where = cost, p, r
    if idle >= 0:
        for s in range(g.room.size):
            if g.allowed[s] and t.rounds[s] < g.most[s] and t.held[s] + g.held[s, v] <= g.room[s] * FULL:
                cost = g.out[s, v] + g.back[s, v] + g.fixed[s]
                if t.rounds[s] == 0:
                    cost += g.opening[s]
                if cost < best and g.use[v] <= FULL:
                    best, at, where, based = cost, n + idle, idle, s
    if at < 0:
        return False
    if where == idle:
        t.site[idle] = based
    put(g, t, v, where, at)
    return True


@plain
def base_at(g: Land, t: Tours, r: int, s: int) -> None:
    """Base a round at another site, cut open where that costs least; room is looked at by the caller."""
    n, old = t.of.size, t.site[r]
    head = n + r
    first, last = t.after[head], t.before[head]
    before = g.out[old, first] + g.back[old, last]
    joined = g.legs[last, first] if first != last else 0.0
    best, cut = FAR, last
    v = first
    while v < n:
        q = t.after[v] if t.after[v] < n else first
        gap = joined if v == last else g.legs[v, q]
        cost = g.back[s, v] + g.out[s, q] - gap
        if cost < best:
            best, cut = cost, v
        t.held[old] -= g.held[old, v]
        t.held[s] += g.held[s, v]
        v = t.after[v]
    change = best + joined - before + g.fixed[s] - g.fixed[old]
    t.rounds[old] -= 1
    if t.rounds[old] == 0:
        change -= g.opening[old]
    if t.rounds[s] == 0:
        change += g.opening[s]
    t.rounds[s] += 1
    if cut != last:
        start = t.after[cut]
        t.after[last] = first
        t.before[first] = last
        t.after[cut] = head
        t.before[head] = cut
        t.after[head] = start
        t.before[start] = head
    t.site[r] = s
    t.purse[0] += change


@plain
def weight(g: Land, t: Tours, r: int, s: int) -> float:
    """Return what a round would take of the room of a site."""
    n = t.of.size
    total, v = 0.0, t.after[n + r]
    while v < n:
        total += g.held[s, v]
        v = t.after[v]
    return total
