"""What a stop costs between two nodes of a round, alone or with a new tip: all modes of the round chosen anew."""

from __future__ import annotations

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner, small
from optimiser.rounds.strings.layout import AHEAD, BEHIND, COST, FAR, I32, I64, KIND, NEVER, Whole
from optimiser.rounds.strings.legs import leg, leg_from
from optimiser.rounds.strings.times import both_in_time, in_time
from optimiser.rounds.strings.views import TIMED


@small
def hither(money: I64, ways: I64, back: I32, profile: Whole, p: Whole, m: Whole) -> Whole:
    """Return the ticks from the depot to place ``m`` by way of node ``p``: min over its modes of F + leg."""
    a = money[p, 0, AHEAD] + back[profile, m, ways[p, 0]]
    for y in range(1, ways.shape[1]):
        if ways[p, y] >= 0:
            a = min(a, money[p, y, AHEAD] + back[profile, m, ways[p, y]])
    return a


@small
def onward(money: I64, ways: I64, cost: I32, profile: Whole, m: Whole, q: Whole) -> Whole:
    """Return the ticks from place ``m`` on to the depot by way of node ``q``: min over its modes of leg + B."""
    b = money[q, 0, BEHIND] + cost[profile, m, ways[q, 0]]
    for y in range(1, ways.shape[1]):
        if ways[q, y] >= 0:
            b = min(b, money[q, y, BEHIND] + cost[profile, m, ways[q, y]])
    return b


@small
def glance(
    money: I64, ways: I64, cost: I32, back: I32, work: I64, profile: Whole, kind: Whole, c: Whole, p: Whole, q: Whole
) -> Whole:  # arrays are handed over, so that they are looked up once for all positions
    """Return the ticks of a whole round with stop ``c`` between two nodes, time and what is on board apart."""
    m = ways[c, 0]
    best = hither(money, ways, back, profile, p, m) + work[kind, m] + onward(money, ways, cost, profile, m, q)
    for x in range(1, ways.shape[1]):
        m = ways[c, x]
        if m >= 0:
            found = hither(money, ways, back, profile, p, m) + work[kind, m] + onward(money, ways, cost, profile, m, q)
            best = min(best, found)
    return best


@inner
def between(s: I64, w: I64, c: Whole, p: Whole, q: Whole, k: Whole, least: Whole) -> Whole:  # noqa: C901 - one loop of the kernel
    """Return the extra ticks of stop ``c`` between ``p`` and ``q`` of round ``k`` if they are below ``least``.

    min over modes m of c of (min over modes of p of F + leg) + work(m) + (min over modes of q of leg + B) - cost(k).
    """
    kind = of.tour(w)[k, KIND]
    profile, cost = of.profile(s)[kind], of.tour(w)[k, COST]
    for x in range(of.ways(w).shape[1]):
        m = of.ways(w)[c, x]
        if m < 0:
            break
        a, j = NEVER, 0
        for y in range(of.ways(w).shape[1]):
            if of.ways(w)[p, y] < 0:
                break
            z = of.money(w)[p, y, AHEAD] + leg_from(s, profile, of.ways(w)[p, y], m)
            if z < a:
                a, j = z, y
        b, i = NEVER, 0
        for y in range(of.ways(w).shape[1]):
            if of.ways(w)[q, y] < 0:
                break
            z = leg(s, profile, m, of.ways(w)[q, y]) + of.money(w)[q, y, BEHIND]
            if z < b:
                b, i = z, y
        more = a + of.work_cost(s)[kind, m] + b - cost
        if more < least:
            if s[TIMED]:
                extra = in_time(s, w, kind, p, j, m, q, i)
                if extra < 0 or more + extra >= least:
                    continue
                more += extra
            if leg(s, profile, of.ways(w)[p, j], m) < FAR and leg(s, profile, m, of.ways(w)[q, i]) < FAR:
                least = more
    return least


@inner
def with_tip(s: I64, w: I64, c: Whole, p: Whole, q: Whole, k: Whole, site: Whole, first: Whole, least: Whole) -> Whole:  # noqa: C901, PLR0912 - one loop of the kernel
    """Return the extra ticks of stop ``c`` with a tip before (``first``) or after it, if they are below ``least``."""
    kind = of.tour(w)[k, KIND]
    profile, cost = of.profile(s)[kind], of.tour(w)[k, COST]
    for x in range(of.ways(w).shape[1]):
        m = of.ways(w)[c, x]
        if m < 0:
            break
        for y in range(of.ways(w).shape[1]):
            f = of.site_ways(s)[site, y]
            if f < 0:
                break
            one, two = (f, m) if first else (m, f)
            a, j = NEVER, 0
            for z in range(of.ways(w).shape[1]):
                if of.ways(w)[p, z] < 0:
                    break
                found = of.money(w)[p, z, AHEAD] + leg_from(s, profile, of.ways(w)[p, z], one)
                if found < a:
                    a, j = found, z
            b, i = NEVER, 0
            for z in range(of.ways(w).shape[1]):
                if of.ways(w)[q, z] < 0:
                    break
                found = leg(s, profile, two, of.ways(w)[q, z]) + of.money(w)[q, z, BEHIND]
                if found < b:
                    b, i = found, z
            more = a + of.work_cost(s)[kind, one] + leg(s, profile, one, two) + of.work_cost(s)[kind, two] + b - cost
            if more < least:
                if s[TIMED]:
                    extra = both_in_time(s, w, kind, p, j, one, two, q, i)
                    if extra < 0 or more + extra >= least:
                        continue
                    more += extra
                near = leg(s, profile, of.ways(w)[p, j], one) < FAR and leg(s, profile, one, two) < FAR
                if near and leg(s, profile, two, of.ways(w)[q, i]) < FAR:
                    least = more
    return least
