"""Where a stop costs least: beside its neighbours, beside tips, with a new tip, in another vehicle."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner, small
from optimiser.rounds.strings.layout import (
    AFTER,
    AHEAD,
    AT_ROUND,
    BEHIND,
    COST,
    HOW,
    I64,
    KIND,
    LATE,
    LEG,
    MORE,
    NEXT,
    PLAIN,
    PREV,
    ROUND,
    SITE,
    SPARE,
    SPLIT,
    STOPS,
    TIP_AFTER,
    TIP_BEFORE,
    Whole,
)
from optimiser.rounds.strings.legs import chance
from optimiser.rounds.strings.prices import between, glance, hither, onward, with_tip
from optimiser.rounds.strings.room import day_has_room, has_room, part_has_room
from optimiser.rounds.strings.split import split_with
from optimiser.rounds.strings.views import HEADS, RELEASED, TIPPED, N

BLINK = 0.01  # how often a position is not looked at (Christiaens and Vanden Berghe 2020, Transportation Science 54)
BLOCKED = 3  # cheapest positions that have no room on board and are tried with all tips placed anew
AWAY = 24  # legs to and from tips and depots looked at, beside those at neighbours


@small
def sit(w: I64, k: Whole, p: Whole, how: Whole, site: Whole, more: Whole) -> None:
    """Remember the best seat so far."""
    of.seat(w)[AT_ROUND], of.seat(w)[AFTER], of.seat(w)[HOW], of.seat(w)[SITE], of.seat(w)[MORE] = k, p, how, site, more


@inner
def look(s: I64, w: I64, c: Whole, p: Whole, q: Whole, k: Whole, blocked: Whole) -> Whole:
    """Look at the leg from ``p`` to ``q`` for stop ``c``; return how many positions are blocked by load so far."""
    if not day_has_room(s, w, c, k) or chance(w) < BLINK:
        return blocked
    kind = of.tour(w)[k, KIND]
    if q >= s[HEADS] and of.must(s)[kind]:
        tips_at(s, w, c, p, q, k)
        return blocked
    least = of.seat(w)[MORE]
    more = between(s, w, c, p, q, k, least)
    if more >= least:
        if s[RELEASED]:  # apart from its neighbours they need not wait for it
            tips_at(s, w, c, p, q, k)
        return blocked
    if has_room(s, w, c, p, q, kind):
        sit(w, k, p, PLAIN, 0, more)
        return blocked
    if not s[TIPPED]:
        return blocked
    tips_at(s, w, c, p, q, k)
    return remember(w, more, p, k, blocked)


@inner
def remember(w: I64, more: Whole, p: Whole, k: Whole, blocked: Whole) -> Whole:
    """Keep a position without room among the cheapest few (after the seat: ticks, node and round of each)."""
    at = blocked
    if blocked == BLOCKED:
        at = BLOCKED - 1
        if of.seat(w)[8 + 3 * at] <= more:
            return blocked
    while at > 0 and of.seat(w)[8 + 3 * (at - 1)] > more:
        for x in range(3):
            of.seat(w)[8 + 3 * at + x] = of.seat(w)[8 + 3 * (at - 1) + x]
        at -= 1
    of.seat(w)[8 + 3 * at], of.seat(w)[8 + 3 * at + 1], of.seat(w)[8 + 3 * at + 2] = more, p, k
    return min(BLOCKED, blocked + 1)


@inner
def tips_at(s: I64, w: I64, c: Whole, p: Whole, q: Whole, k: Whole) -> None:
    """Look at stop ``c`` with a new tip between ``p`` and ``q``."""
    money, ways, cost, back, work, best = of.money(w), of.ways(w), of.cost(s), of.back(s), of.work_cost(s), of.seat(w)
    sites, site_ways = of.sites(s), of.site_ways(s)
    kind, have = of.tour(w)[k, KIND], of.tour(w)[k, COST]
    profile = of.profile(s)[kind]
    after = part_has_room(s, w, c, p, AHEAD, kind) and not s[N] <= q < s[HEADS]
    before = p < s[N] and part_has_room(s, w, c, q, BEHIND, kind) and not (q >= s[HEADS] and of.must(s)[kind])
    if not after and not before:
        return
    for i in range(ways.shape[1]):
        m = ways[c, i]
        if m < 0:
            break
        to = hither(money, ways, back, profile, p, m) + work[kind, m]
        on = onward(money, ways, cost, profile, m, q) + work[kind, m]
        for x in range(sites.shape[1]):
            site = sites[kind, x]
            if site < 0:
                break
            for y in range(ways.shape[1]):
                f = site_ways[site, y]
                if f < 0:
                    break
                limit = best[MORE] + have - work[kind, f]
                if after and to + cost[profile, m, f] + onward(money, ways, cost, profile, f, q) < limit:
                    sit_if(s, w, c, p, q, k, site, TIP_AFTER)
                    limit = best[MORE] + have - work[kind, f]
                if before and hither(money, ways, back, profile, p, f) + back[profile, m, f] + on < limit:
                    sit_if(s, w, c, p, q, k, site, TIP_BEFORE)


@inner
def sit_if(s: I64, w: I64, c: Whole, p: Whole, q: Whole, k: Whole, site: Whole, how: Whole) -> None:
    """Let stop ``c`` sit between ``p`` and ``q`` with a new tip if that is in time and the best so far."""
    least = of.seat(w)[MORE]
    more = with_tip(s, w, c, p, q, k, site, np.int64(how == TIP_BEFORE), least)
    if more < least:
        sit(w, k, p, how, site, more)


@inner
def unused(s: I64, w: I64, c: Whole) -> None:
    """Look at a vehicle of each kind that has nothing to do yet."""
    for kind in range(of.empties(w).size):
        if of.empties(w)[kind] == 0 or of.may(s)[kind, c] == 0:
            continue
        k = of.empty(w)[kind, of.empties(w)[kind] - 1]
        head = s[HEADS] + k
        if not day_has_room(s, w, c, k) or not has_room(s, w, c, head, head, kind):
            continue
        if of.must(s)[kind]:
            tips_at(s, w, c, head, head, k)
            continue
        least = of.seat(w)[MORE]
        more = between(s, w, c, head, head, k, least)
        if more < least:
            sit(w, k, head, PLAIN, 0, more)


@inner
def seat(s: I64, w: I64, c: Whole, neighbours: Whole) -> None:  # noqa: C901 - one loop of the kernel
    """Find where stop ``c`` costs least; the seat's round is -1 if there is none below ``seat[MORE]``.

    Between two stops it costs at least 2 leg(v, c) - leg(p, q) - what the round's waiting and overtime cost, beside
    neighbour v, as the nearer of the two comes first. Only where that is little labels are looked at.
    """
    link, ways, money, tour, near, best = of.link(w), of.ways(w), of.money(w), of.tour(w), of.near(s), of.seat(w)
    cost, back, work, apart, barred = of.cost(s), of.back(s), of.work_cost(s), of.near_cost(s), of.barred(s)
    best[AT_ROUND] = -1
    blocked, stops = np.int64(0), s[N]
    unused(s, w, c)
    for x in range(neighbours):
        v = np.int64(near[c, x])
        if v < 0:
            break
        k = link[v, ROUND]
        if k < 0:
            continue
        kind = tour[k, KIND]
        p, q, least = of.sure(link[v, PREV]), of.sure(link[v, NEXT]), 2 * np.int64(apart[c, x]) - tour[k, LATE]
        profile = of.profile(s)[kind]
        if barred[c, x] & 1 == 0 and (p >= stops or least - link[p, LEG] < best[MORE]):
            more = glance(money, ways, cost, back, work, profile, kind, c, p, v)
            if more < tour[k, COST] + best[MORE]:
                blocked = look(s, w, c, p, v, k, blocked)
        if barred[c, x] & 2 == 0 and (q >= stops or least - link[v, LEG] < best[MORE]):
            more = glance(money, ways, cost, back, work, profile, kind, c, v, q)
            if more < tour[k, COST] + best[MORE]:
                blocked = look(s, w, c, v, q, k, blocked)
    if s[TIPPED]:
        blocked = away(s, w, c, blocked)
        for x in range(blocked):
            if best[8 + 3 * x] >= best[MORE]:
                break
            k = best[8 + 3 * x + 2]
            more = split_with(s, w, k, best[8 + 3 * x + 1], c, tour[k, COST] + best[MORE]) - tour[k, COST]
            if more < best[MORE]:
                sit(w, k, best[8 + 3 * x + 1], SPLIT, 0, more)


@inner
def away(s: I64, w: I64, c: Whole, blocked: Whole) -> Whole:
    """Look at legs to and from tips and depots: they are long, and pass stops whose neighbours they do not touch."""
    link, ways, money, tour, best, spare = of.link(w), of.ways(w), of.money(w), of.tour(w), of.seat(w), of.spare(w)
    cost, back, work = of.cost(s), of.back(s), of.work_cost(s)
    rounds, first = tour.shape[0], of.purse(w)[SPARE]
    used = spare.size - first
    for _ in range(min(AWAY, used + rounds)):
        at = np.int64(chance(w) * (used + rounds))
        v = spare[first + at] if at < used else s[HEADS] + at - used
        k = link[v, ROUND]
        if tour[k, STOPS] == 0:
            continue
        kind = tour[k, KIND]
        profile = of.profile(s)[kind]
        for side in range(2):
            p = link[v, PREV] if side == 0 else v
            q = v if side == 0 else link[v, NEXT]
            limit = tour[k, COST] + best[MORE]
            more = glance(money, ways, cost, back, work, profile, kind, c, p, q)
            if more < limit:
                blocked = look(s, w, c, p, q, k, blocked)
    return blocked
