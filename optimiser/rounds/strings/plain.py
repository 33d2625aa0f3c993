"""Where a stop costs least in rounds without labels: one mode, one limit, no clock, no tips."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner
from optimiser.rounds.strings.layout import AT_ROUND, FAR, I64, KIND, LEG, MORE, NEXT, PLAIN, PREV, ROUND, Whole
from optimiser.rounds.strings.legs import chance, leg, leg_from
from optimiser.rounds.strings.seats import BLINK, sit
from optimiser.rounds.strings.views import HEADS, N


@inner
def plain_seat(s: I64, w: I64, c: Whole, neighbours: Whole) -> None:  # noqa: C901, PLR0912 - one loop of the kernel
    """Find where stop ``c`` costs least without labels: leg(p, c) + leg(c, q) - leg(p, q).

    Between two stops that is at least 2 leg(v, c) - leg(p, q) beside neighbour v: the nearer of the two comes first.
    """
    link, ways, tour, total = of.link(w), of.ways(w), of.tour(w), of.total(w)
    near, apart, may, use, room = of.near(s), of.near_cost(s), of.may(s), of.use(s), of.room(s)
    of.seat(w)[AT_ROUND] = -1
    m = of.sure(ways[c, 0])
    best: Whole = of.seat(w)[MORE]
    at: Whole = np.int64(-1)
    where: Whole = np.int64(-1)
    kind: Whole
    for kind in range(of.empties(w).size):
        if of.empties(w)[kind] > 0 and may[kind, c] and use[kind, c, 0] <= room[kind, 0]:
            home, profile = of.depot(s)[kind], of.profile(s)[kind]
            to, there = leg(s, profile, home, m), leg(s, profile, m, home)
            more = of.fixed(s)[kind] + to + there + of.work_cost(s)[kind, m]
            if more < best and to < FAR and there < FAR:
                best, where = more, of.empty(w)[kind, of.empties(w)[kind] - 1]
                at = s[HEADS] + where
    several, stops = of.empties(w).size > 1, s[N]
    kind = np.int64(0)
    profile, work, left = of.profile(s)[0], of.work_cost(s)[0, m], room[0, 0] - use[0, c, 0]
    for x in range(neighbours):
        v = np.int64(near[c, x])
        if v < 0:
            break
        k = link[v, ROUND]
        if k < 0:
            continue
        if several:
            kind = tour[k, KIND]
            if may[kind, c] == 0:
                continue
            profile, work, left = of.profile(s)[kind], of.work_cost(s)[kind, m], room[kind, 0] - use[kind, c, 0]
        p, q, least = of.sure(link[v, PREV]), of.sure(link[v, NEXT]), 2 * np.int64(apart[c, x]) + work - best
        here, after = link[p, LEG], link[v, LEG]
        before, behind = least < here or p >= stops, least < after or q >= stops
        if not (before or behind) or total[k, 0] > left:
            continue
        b = of.sure(ways[v, 0])
        if before:
            to, on = leg_from(s, profile, of.sure(ways[p, 0]), m), leg(s, profile, m, b)
            more = to + on - here + work
            if more < best and to < FAR and on < FAR and chance(w) >= BLINK:
                best, at, where = more, p, k
        if behind:
            to, on = leg_from(s, profile, b, m), leg(s, profile, m, of.sure(ways[q, 0]))
            more = to + on - after + work
            if more < best and to < FAR and on < FAR and chance(w) >= BLINK:
                best, at, where = more, v, k
    if at >= 0:
        sit(w, where, at, PLAIN, 0, best)
