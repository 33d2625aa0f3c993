"""Labels: for each node and mode the cheapest way there from the depot, and on from there to the depot.

With ``F`` the ticks up to and with a node in a mode, ``B`` those from it on (with it), ``c`` a leg and ``w`` the work:

    F(v, m) = min over modes l of the node before of F(u, l) + c(l, m) + w(m)
    B(v, m) = w(m) + min over modes l of the node after of c(m, l) + B(u, l)

so a stop in mode m between u and v costs the round F(u) + c + w(m) + c + B(v), all modes of the round chosen anew.

The clock of a label is a segment (duration, earliest start, latest start): started within, it takes its duration and
keeps all windows. Segments follow each other in constant time (Vidal, Crainic, Gendreau, Prins 2013, Computers &
Operations Research 40, 475-489). Of several ways to come to a mode the cheapest that is in time is kept.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner, small
from optimiser.rounds.strings.layout import (
    AHEAD,
    BEHIND,
    COST,
    DURATION,
    EARLIEST,
    I64,
    KIND,
    LATE,
    LATEST,
    LEG,
    NEVER,
    NEXT,
    PREV,
    STOPS,
    TIME,
    Whole,
)
from optimiser.rounds.strings.legs import leg, ride
from optimiser.rounds.strings.releases import begin, hold_trips, keep_parts, put_off
from optimiser.rounds.strings.views import HEADS, RELEASED, TIMED, N


@small
def late(s: I64, kind: Whole, time: Whole, duration: Whole, earliest: Whole) -> Whole:
    """Return the ticks for waiting and overtime of a whole round, -1 if it is too long."""
    if duration > of.longest(s)[kind]:
        return -1
    more = of.wait(s)[kind] * (duration - time)
    if of.over(s)[kind] > 0.0:
        beyond = max(duration - of.normal_longest(s)[kind], earliest + duration - of.normal_end(s)[kind])
        if beyond > 0:
            more += of.over(s)[kind] * beyond
    return np.int64(more)


@inner
def relabel(s: I64, w: I64, k: Whole) -> None:
    """Work out all labels of round ``k`` and what it costs; ``NEVER`` if it cannot be done in time."""
    head = s[HEADS] + k
    start(s, w, k)
    if of.tour(w)[k, STOPS] == 0:
        of.tour(w)[k, COST] = 0
        return
    relabel_between(s, w, k, of.link(w)[head, NEXT], of.link(w)[head, PREV])


@inner
def relabel_between(s: I64, w: I64, k: Whole, first: Whole, last: Whole) -> None:
    """Work out the labels of round ``k`` that change when only nodes from ``first`` to ``last`` are new."""
    if s[RELEASED]:
        first = hold_trips(s, w, k, first)
    ahead(s, w, k, first)
    of.tour(w)[k, COST] = ended(s, w, k, of.link(w)[s[HEADS] + k, PREV])
    behind(s, w, k, last)


@inner
def start(s: I64, w: I64, k: Whole) -> None:
    """Label the head of a round."""
    head, kind = s[HEADS] + k, of.tour(w)[k, KIND]
    of.money(w)[head, 0, AHEAD] = of.fixed(s)[kind]
    of.money(w)[head, 0, BEHIND] = 0
    for side in range(0, 8, 4):
        of.clock(w)[head, 0, side + TIME] = 0
        of.clock(w)[head, 0, side + DURATION] = 0
        of.clock(w)[head, 0, side + EARLIEST] = of.starts(s)[kind]
        of.clock(w)[head, 0, side + LATEST] = of.ends(s)[kind]
    for x in range(of.load(w).shape[2]):
        of.load(w)[head, AHEAD, x] = 0.0
        of.load(w)[head, BEHIND, x] = 0.0
    if s[RELEASED]:
        begin(w, head)


@inner
def ahead(s: I64, w: I64, k: Whole, first: Whole) -> None:  # noqa: C901, PLR0912 - one loop of the kernel
    """Label the nodes of round ``k`` from ``first`` on, coming from the depot."""
    link, ways, money, clock, load = of.link(w), of.ways(w), of.money(w), of.clock(w), of.load(w)
    kind = of.tour(w)[k, KIND]
    profile, use = of.profile(s)[kind], of.use(s)
    opens, closes, takes, costs = of.opens(s), of.closes(s), of.work_time(s), of.work_cost(s)
    slots, limits, stops, timed, released = ways.shape[1], load.shape[2], s[N], s[TIMED], s[RELEASED]
    head = s[HEADS] + k
    p, v = link[first, PREV], first
    while v != head:
        dearest = np.int64(0)
        for i in range(slots):
            m = ways[v, i]
            if m < 0:
                break
            best, at, took = NEVER, np.int64(-1), np.int64(0)
            for j in range(slots):
                a = ways[p, j]
                if a < 0:
                    break
                there = leg(s, profile, a, m)
                dearest = max(dearest, there)
                x = money[p, j, AHEAD] + there
                if x < best:
                    if timed:
                        t = ride(s, profile, a, m)
                        if clock[p, j, EARLIEST] + clock[p, j, DURATION] + t > closes[kind, m]:
                            continue
                        took = t
                    best, at = x, np.int64(j)
            if at < 0:
                money[v, i, AHEAD] = NEVER
                continue
            money[v, i, AHEAD] = best + costs[kind, m]
            if timed:
                work = takes[kind, m]
                whole = clock[p, at, DURATION] + took
                wait = max(np.int64(0), opens[kind, m] - whole - clock[p, at, LATEST])
                clock[v, i, TIME] = clock[p, at, TIME] + took + work
                clock[v, i, DURATION] = whole + work + wait
                clock[v, i, EARLIEST] = max(opens[kind, m] - whole, clock[p, at, EARLIEST]) - wait
                clock[v, i, LATEST] = min(closes[kind, m] - whole, clock[p, at, LATEST])
                if released:
                    keep_parts(s, w, kind, p, at, v, np.int64(i), took)
        if released and v >= stops:
            put_off(w, v)
        for x in range(limits):
            load[v, AHEAD, x] = 0.0 if v >= stops else use[kind, v, x] + load[p, AHEAD, x]
        link[p, LEG] = dearest
        p, v = v, link[v, NEXT]


@inner
def behind(s: I64, w: I64, k: Whole, last: Whole) -> None:  # noqa: C901 - one loop of the kernel
    """Label the nodes of round ``k`` from ``last`` back, on to the depot."""
    link, ways, money, clock, load = of.link(w), of.ways(w), of.money(w), of.clock(w), of.load(w)
    kind = of.tour(w)[k, KIND]
    profile, use = of.profile(s)[kind], of.use(s)
    opens, closes, takes, costs = of.opens(s), of.closes(s), of.work_time(s), of.work_cost(s)
    slots, limits, stops, timed = ways.shape[1], load.shape[2], s[N], s[TIMED]
    head = s[HEADS] + k
    p, v = link[last, NEXT], last
    while v != head:
        hold = of.holds(w)[p, BEHIND] if s[RELEASED] and v >= stops else np.int64(0)  # of the trip that sets out at v
        for i in range(slots):
            m = ways[v, i]
            if m < 0:
                break
            best, at, took = NEVER, np.int64(-1), np.int64(0)
            work = takes[kind, m]
            for j in range(slots):
                a = ways[p, j]
                if a < 0:
                    break
                x = money[p, j, BEHIND] + leg(s, profile, m, a)
                if x < best:
                    if timed:
                        t = ride(s, profile, m, a)
                        if max(opens[kind, m] + work, hold) + t > clock[p, j, 4 + LATEST]:
                            continue
                        took = t
                    best, at = x, np.int64(j)
            if at < 0:
                money[v, i, BEHIND] = NEVER
                continue
            money[v, i, BEHIND] = best + costs[kind, m]
            if timed:
                whole = work + took
                earliest = max(clock[p, at, 4 + EARLIEST], hold + took)
                wait = max(np.int64(0), earliest - whole - closes[kind, m])
                clock[v, i, 4 + TIME] = clock[p, at, 4 + TIME] + whole
                clock[v, i, 4 + DURATION] = whole + clock[p, at, 4 + DURATION] + wait
                clock[v, i, 4 + EARLIEST] = max(earliest - whole, opens[kind, m]) - wait
                clock[v, i, 4 + LATEST] = min(clock[p, at, 4 + LATEST] - whole, closes[kind, m])
        for x in range(limits):
            load[v, BEHIND, x] = 0.0 if v >= stops else use[kind, v, x] + load[p, BEHIND, x]
        p, v = v, link[v, PREV]


@inner
def ended(s: I64, w: I64, k: Whole, p: Whole) -> Whole:
    """Return the ticks of a round whose last node is ``p``."""
    kind = of.tour(w)[k, KIND]
    home = of.depot(s)[kind]
    best, more, dearest = NEVER, np.int64(0), np.int64(0)
    of.tour(w)[k, LATE] = 0
    for j in range(of.ways(w).shape[1]):
        a = of.ways(w)[p, j]
        if a < 0:
            break
        on = leg(s, of.profile(s)[kind], a, home)
        dearest = max(dearest, on)
        x = of.money(w)[p, j, AHEAD] + on
        if x < best:
            if s[TIMED]:
                whole = of.clock(w)[p, j, DURATION] + ride(s, of.profile(s)[kind], a, home)
                if of.clock(w)[p, j, EARLIEST] + whole > of.ends(s)[kind]:
                    continue
                wait = max(0, of.starts(s)[kind] - whole - of.clock(w)[p, j, LATEST])
                more = late(
                    s, kind, of.clock(w)[p, j, TIME] + whole - of.clock(w)[p, j, DURATION], whole + wait,
                    max(of.starts(s)[kind] - whole, of.clock(w)[p, j, EARLIEST]) - wait,
                )  # fmt: skip
                if more < 0:
                    continue
                x += more
            if x < best:
                best = x
                of.tour(w)[k, LATE] = more
    of.link(w)[p, LEG] = dearest
    return best
