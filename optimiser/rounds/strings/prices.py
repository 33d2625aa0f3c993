"""What a stop costs between two nodes of a round, alone or with a new tip: all modes of the round chosen anew."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner, small
from optimiser.rounds.strings.layout import AHEAD, BEHIND, COST, FAR, I32, I64, KIND, NEVER, Whole
from optimiser.rounds.strings.legs import leg, leg_from
from optimiser.rounds.strings.releases import later, two_trips
from optimiser.rounds.strings.times import both_in_time, in_time
from optimiser.rounds.strings.views import RELEASED, TIMED


@small
def hither(money: I64, ways: I64, back: I32, profile: Whole, p: Whole, m: Whole) -> Whole:
    """Return the ticks from the depot to place ``m`` by way of node ``p``: min over its modes of F + leg."""
    a = money[p, 0, AHEAD] + back[profile, m, of.sure(ways[p, 0])]
    for y in range(1, ways.shape[1]):
        if ways[p, y] >= 0:
            a = min(a, money[p, y, AHEAD] + back[profile, m, ways[p, y]])
    return a


@small
def onward(money: I64, ways: I64, cost: I32, profile: Whole, m: Whole, q: Whole) -> Whole:
    """Return the ticks from place ``m`` on to the depot by way of node ``q``: min over its modes of leg + B."""
    b = money[q, 0, BEHIND] + cost[profile, m, of.sure(ways[q, 0])]
    for y in range(1, ways.shape[1]):
        if ways[q, y] >= 0:
            b = min(b, money[q, y, BEHIND] + cost[profile, m, ways[q, y]])
    return b


@small
def glance(
    money: I64, ways: I64, cost: I32, back: I32, work: I64, profile: Whole, kind: Whole, c: Whole, p: Whole, q: Whole
) -> Whole:  # arrays are handed over, so that they are looked up once for all positions
    """Return the ticks of a whole round with stop ``c`` between two nodes, time and what is on board apart."""
    m = of.sure(ways[c, 0])
    best = hither(money, ways, back, profile, p, m) + work[kind, m] + onward(money, ways, cost, profile, m, q)
    for x in range(1, ways.shape[1]):
        m = ways[c, x]
        if m >= 0:
            found = hither(money, ways, back, profile, p, m) + work[kind, m] + onward(money, ways, cost, profile, m, q)
            best = min(best, found)
    return best


@small
def mode_before(s: I64, w: I64, profile: Whole, p: Whole, m: Whole) -> tuple[Whole, Whole]:
    """Return F + leg from node ``p`` to place ``m``, the least over its modes, and which mode that is."""
    money, ways = of.money(w), of.ways(w)
    best, at = np.int64(NEVER), np.int64(0)
    for y in range(ways.shape[1]):
        if ways[p, y] < 0:
            break
        found = money[p, y, AHEAD] + leg_from(s, profile, ways[p, y], m)
        if found < best:
            best, at = found, np.int64(y)
    return best, at


@small
def mode_after(s: I64, w: I64, profile: Whole, m: Whole, q: Whole) -> tuple[Whole, Whole]:
    """Return leg + B from place ``m`` by node ``q``, the least over its modes, and which mode that is."""
    money, ways = of.money(w), of.ways(w)
    best, at = np.int64(NEVER), np.int64(0)
    for y in range(ways.shape[1]):
        if ways[q, y] < 0:
            break
        found = leg(s, profile, m, ways[q, y]) + money[q, y, BEHIND]
        if found < best:
            best, at = found, np.int64(y)
    return best, at


@inner
def between(s: I64, w: I64, c: Whole, p: Whole, q: Whole, k: Whole, least: Whole) -> Whole:
    """Return the extra ticks of stop ``c`` between ``p`` and ``q`` of round ``k`` if they are below ``least``.

    min over modes m of c of (min over modes of p of F + leg) + work(m) + (min over modes of q of leg + B) - cost(k).
    """
    ways, kind = of.ways(w), of.tour(w)[k, KIND]
    profile, cost = of.profile(s)[kind], of.tour(w)[k, COST]
    ready = later(s, w, kind, c, p, q) if s[RELEASED] else np.int64(0)
    for x in range(ways.shape[1]):
        m = ways[c, x]
        if m < 0:
            break
        a, j = mode_before(s, w, profile, p, m)
        b, i = mode_after(s, w, profile, m, q)
        more = a + of.work_cost(s)[kind, m] + b - cost
        if more >= least:
            continue
        if s[TIMED]:
            extra = in_time(s, w, kind, p, j, m, q, i, ready)
            if extra < 0 or more + extra >= least:
                continue
            more += extra
        if leg(s, profile, ways[p, j], m) < FAR and leg(s, profile, m, ways[q, i]) < FAR:
            least = more
    return least


@inner
def with_tip(s: I64, w: I64, c: Whole, p: Whole, q: Whole, k: Whole, site: Whole, first: Whole, least: Whole) -> Whole:
    """Return the extra ticks of stop ``c`` with a tip before (``first``) or after it, if they are below ``least``."""
    ways = of.ways(w)
    holds = two_trips(s, w, of.tour(w)[k, KIND], c, p, q, first)
    for x in range(ways.shape[1]):
        m = ways[c, x]
        if m < 0:
            break
        for y in range(ways.shape[1]):
            f = of.site_ways(s)[site, y]
            if f < 0:
                break
            one, two = (f, m) if first else (m, f)
            least = with_two(s, w, p, q, k, one, two, holds, least)
    return least


@inner
def with_two(s: I64, w: I64, p: Whole, q: Whole, k: Whole, one: Whole, two: Whole, holds: Whole, least: Whole) -> Whole:
    """Return the extra ticks of visits to places ``one`` and ``two`` between two nodes, if they are below ``least``."""
    ways, work, kind = of.ways(w), of.work_cost(s), of.tour(w)[k, KIND]
    profile = of.profile(s)[kind]
    a, j = mode_before(s, w, profile, p, one)
    b, i = mode_after(s, w, profile, two, q)
    on = leg(s, profile, one, two)
    more = a + work[kind, one] + on + work[kind, two] + b - of.tour(w)[k, COST]
    if more >= least:
        return least
    if s[TIMED]:
        extra = both_in_time(s, w, kind, p, j, one, two, q, i, holds)
        if extra < 0 or more + extra >= least:
            return least
        more += extra
    there = leg(s, profile, ways[p, j], one) < FAR and on < FAR and leg(s, profile, two, ways[q, i]) < FAR
    return more if there else least
