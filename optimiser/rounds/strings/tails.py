"""Two rounds exchange their tails: at neighbouring stops, or between trips, which strings of stops never move whole.

With rounds ... u | q ... and ... p | v ... it costs

    F(u) + leg(u, v) + B(v) + F(p) + leg(p, q) + B(q) - cost of both

with the labels of :mod:`~optimiser.rounds.strings.labels`; heads stand for the depot.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner, small
from optimiser.rounds.strings.labels import late, relabel
from optimiser.rounds.strings.layout import (
    AHEAD,
    BEHIND,
    COST,
    DURATION,
    EARLIEST,
    FAR,
    I64,
    KIND,
    LATEST,
    NEVER,
    NEXT,
    PREV,
    ROUND,
    SPARE,
    STOPS,
    TIME,
    TIPS,
    Whole,
)
from optimiser.rounds.strings.legs import allowed, below, chance, leg, ride
from optimiser.rounds.strings.links import idle, touch
from optimiser.rounds.strings.releases import up_to
from optimiser.rounds.strings.views import HEADS, TIMED, TIPPED, N

TRIES = 4  # exchanges looked at in each iteration
CLOSE = 12  # nearest stops of which one is taken
BETWEEN_TRIPS = 0.5  # how often trips are exchanged rather than neighbours joined


@inner
def joined(s: I64, w: I64, kind: Whole, p: Whole, q: Whole) -> Whole:
    """Return the ticks of a round that goes up to ``p`` as one does and on from ``q`` as another; ``NEVER`` if late."""
    if p >= s[HEADS] and q >= s[HEADS]:
        return np.int64(0)
    money, ways, clock, profile = of.money(w), of.ways(w), of.clock(w), of.profile(s)[kind]
    best = np.int64(NEVER)
    for j in range(ways.shape[1]):
        a = ways[p, j]
        if a < 0:
            break
        for i in range(ways.shape[1]):
            b = ways[q, i]
            if b < 0:
                break
            between = leg(s, profile, a, b)
            x = money[p, j, AHEAD] + between + money[q, i, BEHIND]
            if x >= best or between >= FAR:
                continue
            if s[TIMED]:
                ridden = ride(s, profile, a, b)
                duration, earliest, latest = up_to(s, w, p, j, q)
                whole = duration + ridden
                if earliest + whole > clock[q, i, 4 + LATEST]:
                    continue
                wait = max(np.int64(0), clock[q, i, 4 + EARLIEST] - whole - latest)
                earliest = max(clock[q, i, 4 + EARLIEST] - whole, earliest) - wait
                time = clock[p, j, TIME] + ridden + clock[q, i, 4 + TIME]
                more = late(s, kind, time, whole + clock[q, i, 4 + DURATION] + wait, earliest)
                if more < 0:
                    continue
                x += more
            best = min(best, x)
    return best


@small
def fits(s: I64, w: I64, kind: Whole, p: Whole, q: Whole) -> bool:
    """Return whether what is on board up to ``p`` and from ``q`` on has room together, and is unloaded at last."""
    if p < s[N] and q >= s[HEADS] and of.must(s)[kind]:
        return False
    if p >= s[N] or q >= s[N]:
        return True
    load, room = of.load(w), of.room(s)
    for x in range(room.shape[1]):  # noqa: SIM110 - compiled
        if load[p, AHEAD, x] + load[q, BEHIND, x] > room[kind, x]:
            return False
    return True


@inner
def hand_over(s: I64, w: I64, first: Whole, k: Whole, other: Whole) -> None:
    """Let the nodes from ``first`` to the head of round ``k`` count for round ``other``."""
    link, tour, total, use = of.link(w), of.tour(w), of.total(w), of.use(s)
    kind, v = tour[k, KIND], first
    while v < s[HEADS]:
        link[v, ROUND] = other
        if v >= s[N]:
            tour[k, TIPS] -= 1
            tour[other, TIPS] += 1
        else:
            tour[k, STOPS] -= 1
            tour[other, STOPS] += 1
            for x in range(total.shape[1]):
                total[k, x] -= use[kind, v, x]
                total[other, x] += use[kind, v, x]
        v = link[v, NEXT]


@inner
def swap(s: I64, w: I64, u: Whole, k: Whole, p: Whole, other: Whole) -> None:
    """Exchange what follows ``u`` in round ``k`` with what follows ``p`` in round ``other``."""
    link = of.link(w)
    q, v = link[u, NEXT], link[p, NEXT]
    hand_over(s, w, q, k, other)
    hand_over(s, w, v, other, k)
    head, far = s[HEADS] + k, s[HEADS] + other
    last_k, last_o = link[head, PREV], link[far, PREV]
    if v >= s[HEADS]:
        link[u, NEXT], link[head, PREV] = head, u
    else:
        link[u, NEXT], link[v, PREV] = v, u
        link[last_o, NEXT], link[head, PREV] = head, last_o
    if q >= s[HEADS]:
        link[p, NEXT], link[far, PREV] = far, p
    else:
        link[p, NEXT], link[q, PREV] = q, p
        link[last_k, NEXT], link[far, PREV] = far, last_k
    idle(w, k)
    idle(w, other)


@inner
def pick(s: I64, w: I64) -> tuple[Whole, Whole]:
    """Return nodes ``u`` and ``p`` of two rounds after which they may be cut; -1 if there are none."""
    link, spare = of.link(w), of.spare(w)
    used = spare.size - of.purse(w)[SPARE]
    if s[TIPPED] and used > 1 and chance(w) < BETWEEN_TRIPS:
        u = spare[of.purse(w)[SPARE] + below(w, used)]
        p = spare[of.purse(w)[SPARE] + below(w, used)]
        if chance(w) < 1.0 / 3.0:
            p = s[HEADS] + link[p, ROUND]
        return u, p
    close = min(CLOSE, of.near(s).shape[1])
    if close == 0:
        return np.int64(-1), np.int64(-1)
    u = below(w, s[N])
    v = np.int64(of.near(s)[u, below(w, close)])
    if v < 0 or link[u, ROUND] < 0 or link[v, ROUND] < 0:
        return np.int64(-1), np.int64(-1)
    return u, link[v, PREV]


@inner
def exchange(s: I64, w: I64, temperature: Whole) -> Whole:
    """Look at one exchange of tails and make it if it is accepted; return what it costs more, 0 if it was not made."""
    link, tour = of.link(w), of.tour(w)
    u, p = pick(s, w)
    if u < 0:
        return np.int64(0)
    k, other = link[u, ROUND], link[p, ROUND]
    kind = tour[k, KIND]
    if k == other or kind != tour[other, KIND]:
        return np.int64(0)
    q, v = link[u, NEXT], link[p, NEXT]
    if (q >= s[HEADS] and v >= s[HEADS]) or not fits(s, w, kind, u, v) or not fits(s, w, kind, p, q):
        return np.int64(0)
    have = tour[k, COST] + tour[other, COST]
    limit = have + allowed(w, temperature)
    one = joined(s, w, kind, u, v)
    if one >= limit or one + joined(s, w, kind, p, q) >= limit:
        return np.int64(0)
    swap(s, w, u, k, p, other)
    relabel(s, w, k)
    relabel(s, w, other)
    if tour[k, COST] + tour[other, COST] >= limit or not within_day(s, w, k) or not within_day(s, w, other):
        swap(s, w, u, k, p, other)
        relabel(s, w, k)
        relabel(s, w, other)
        return np.int64(0)
    touch(w, k)
    touch(w, other)
    return tour[k, COST] + tour[other, COST] - have


@small
def within_day(s: I64, w: I64, k: Whole) -> bool:
    """Return whether a round keeps the limits of the whole day."""
    kind = of.tour(w)[k, KIND]
    if of.tour(w)[k, STOPS] > of.most_stops(s)[kind]:
        return False
    for x in range(of.day_room(s).shape[1]):  # noqa: SIM110 - compiled
        if of.total(w)[k, x] > of.day_room(s)[kind, x]:
            return False
    return True
