"""Where to tip, for given stops in their order: exactly, at the least detour.

With ``x(1) ... x(m)`` the stops in their modes and ``g(j)`` the detour over the best site after ``x(j)``

    V(j) = g(j) + min over i < j with load(i + 1 ... j) within the limits of V(i)

(the split of Beasley 1983, Omega 11, 403-408, with intermediate facilities). The clock is looked at afterwards.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner
from optimiser.rounds.strings.labels import late
from optimiser.rounds.strings.layout import AHEAD, BEHIND, COST, FAR, I64, KIND, NEVER, NEXT, TIPS, Whole
from optimiser.rounds.strings.legs import leg, leg_from, ride
from optimiser.rounds.strings.links import take, tip
from optimiser.rounds.strings.releases import held, hold_split
from optimiser.rounds.strings.views import HEADS, RELEASED, TIMED, N

NOBODY = -1
KEY, GAP, DETOUR, TO, TO_PLACE = range(5)  # of a place's memo: whereto, by whom; leg; detour, its site and place
KIND_BITS = 16


@inner
def best_mode(s: I64, w: I64, v: Whole, kind: Whole) -> Whole:
    """Return the mode of a stop in the cheapest way through its round."""
    best, found = NEVER * 2, of.ways(w)[v, 0]
    for i in range(of.ways(w).shape[1]):
        m = of.ways(w)[v, i]
        if m < 0:
            break
        x = of.money(w)[v, i, AHEAD] + of.money(w)[v, i, BEHIND] - of.work_cost(s)[kind, m]
        if x < best:
            best, found = x, m
    return found


@inner
def mode_between(s: I64, w: I64, c: Whole, kind: Whole, a: Whole, b: Whole) -> Whole:
    """Return the mode in which stop ``c`` costs least between two places."""
    best, found = NEVER, of.ways(w)[c, 0]
    for i in range(of.ways(w).shape[1]):
        m = of.ways(w)[c, i]
        if m < 0:
            break
        x = leg_from(s, of.profile(s)[kind], a, m) + of.work_cost(s)[kind, m] + leg(s, of.profile(s)[kind], m, b)
        if x < best:
            best, found = x, m
    return found


@inner
def sequence(s: I64, w: I64, k: Whole, p: Whole, c: Whole) -> Whole:
    """Write the stops of round ``k`` and their modes into ``out``, with ``c`` after ``p``; return how many."""
    link, ways, out, stops = of.link(w), of.ways(w), of.out(w), s[N]
    kind, head, several = of.tour(w)[k, KIND], s[HEADS] + k, ways.shape[1] > 1
    m, new = np.int64(0), np.int64(NOBODY)
    v = head
    while True:
        if v < stops:
            out[m, 0], out[m, 1] = v, best_mode(s, w, v, kind) if several else ways[v, 0]
            m += 1
        if v == p and c >= 0:
            out[m, 0], out[m, 1], new = c, ways[c, 0], m
            m += 1
        v = link[v, NEXT]
        if v == head:
            break
    if new >= 0 and several:
        a = out[new - 1, 1] if new > 0 else of.depot(s)[kind]
        b = out[new + 1, 1] if new + 1 < m else of.depot(s)[kind]
        out[new, 1] = mode_between(s, w, c, kind, a, b)
    return m


@inner
def recall(s: I64, w: I64, kind: Whole, a: Whole, b: Whole) -> None:
    """Let row ``a`` of ``memo`` know the leg to place ``b`` and the least detour over a site between the two."""
    key = (np.int64(b) << KIND_BITS) + kind
    if of.memo(w)[a, KEY] == key:
        return
    sites, site_ways, work = of.sites(s), of.site_ways(s), of.work_cost(s)
    profile = of.profile(s)[kind]
    best, where, place = np.int64(NEVER), np.int64(NOBODY), np.int64(NOBODY)
    for x in range(sites.shape[1]):
        site = sites[kind, x]
        if site < 0:
            break
        for y in range(site_ways.shape[1]):
            f = site_ways[site, y]
            if f < 0:
                break
            there, on = leg(s, profile, a, f), leg_from(s, profile, f, b)
            z = there + work[kind, f] + on
            if z < best and there < FAR and on < FAR:
                best, where, place = z, site, f
    between = leg(s, profile, a, b)
    memo = of.memo(w)
    memo[a, KEY], memo[a, GAP], memo[a, DETOUR], memo[a, TO], memo[a, TO_PLACE] = (
        key, between, best - between, where, place,
    )  # fmt: skip


@inner
def cuts(s: I64, w: I64, kind: Whole, m: Whole) -> Whole:
    """Find the tips of the ``m`` stops in ``out``; return the ticks of it all, ``NEVER`` if it cannot be.

    ``came[j]`` is then where the trip that ends after stop ``j`` begins. The trips that may end at ``j`` begin in a
    window that only moves on, so its least V is the head of a queue in which V rises: m steps in all.
    """
    out, value, came, queue, key = of.out(w), of.value(w), of.came(w), of.buffer(w), of.key(w)
    use, room, work = of.use(s), of.room(s), of.work_cost(s)
    home, profile, must = of.depot(s)[kind], of.profile(s)[kind], of.must(s)[kind]
    memo, dump = of.memo(w), of.dump(w)
    total = of.fixed(s)[kind] + leg(s, profile, home, out[0, 1])
    value[0] = 0
    limits = room.shape[1]
    for x in range(limits):
        key[x] = 0.0
    first, front, end = 0, 0, 0  # the trip begins after stop `first` at the earliest; the queue's ends
    for j in range(1, m + 1):
        a = out[j - 1, 1]
        b = out[j, 1] if j < m else home
        recall(s, w, kind, a, b)
        total += work[kind, a] + memo[a, GAP]
        while end > front and value[queue[end - 1]] >= value[j - 1]:
            end -= 1
        queue[end] = j - 1
        end += 1
        for x in range(limits):
            key[x] += use[kind, out[j - 1, 0], x]
            while key[x] > room[kind, x] and first < j:
                for y in range(limits):
                    key[y] -= use[kind, out[first, 0], y]
                first += 1
        while front < end and queue[front] < first:
            front += 1
        if first >= j or front >= end or value[queue[front]] >= NEVER:
            value[j], came[j] = NEVER, NOBODY
            continue
        came[j] = queue[front]
        value[j] = value[came[j]]
        if j == m and not must:
            dump[j, 0] = NOBODY
        else:
            value[j] += memo[a, DETOUR]
            dump[j, 0], dump[j, 1] = memo[a, TO], memo[a, TO_PLACE]
    return NEVER if value[m] >= NEVER else total + value[m]


@inner
def clocked(s: I64, w: I64, kind: Whole, m: Whole) -> Whole:
    """Return the ticks for waiting and overtime of what :func:`cuts` found, -1 if it is not in time."""
    out, dump, here = of.out(w), of.dump(w), of.buffer(w)
    opens, closes, takes = of.opens(s), of.closes(s), of.work_time(s)
    marked(w, m)
    profile, at, home = of.profile(s)[kind], of.depot(s)[kind], of.depot(s)[kind]
    time, duration, earliest, latest = np.int64(0), np.int64(0), of.starts(s)[kind], of.ends(s)[kind]
    if s[RELEASED]:
        hold_split(s, w, kind, m)
        duration, earliest = held(duration, earliest, latest, of.value(w)[0])
    for j in range(1, m + 1):
        for step in range(2 if here[j] and dump[j, 0] >= 0 else 1):
            place = out[j - 1, 1] if step == 0 else dump[j, 1]
            ridden = ride(s, profile, at, place)
            whole = duration + ridden
            if earliest + whole > closes[kind, place]:
                return np.int64(-1)
            wait = max(np.int64(0), opens[kind, place] - whole - latest)
            earliest = max(opens[kind, place] - whole, earliest) - wait
            latest = min(closes[kind, place] - whole, latest)
            duration = whole + takes[kind, place] + wait
            time += ridden + takes[kind, place]
            if step == 1 and s[RELEASED]:
                duration, earliest = held(duration, earliest, latest, of.value(w)[j])
            at = place
    ridden = ride(s, profile, at, home)
    whole = duration + ridden
    if earliest + whole > of.ends(s)[kind]:
        return np.int64(-1)
    wait = max(np.int64(0), of.starts(s)[kind] - whole - latest)
    return late(s, kind, time + ridden, whole + wait, max(of.starts(s)[kind] - whole, earliest) - wait)


@inner
def marked(w: I64, m: Whole) -> None:
    """Mark in ``buffer`` after which of the ``m`` stops there is a tip."""
    came, here = of.came(w), of.buffer(w)
    for i in range(1, m + 1):
        here[i] = 0
    j = m
    while j > 0:
        here[j] = 1
        j = came[j]


@inner
def split_with(s: I64, w: I64, k: Whole, p: Whole, c: Whole, limit: Whole) -> Whole:
    """Return the ticks of round ``k`` with all tips placed anew, and ``c`` (if not -1) after ``p``.

    ``NEVER`` if it cannot be, or not for less than ``limit``.
    """
    kind = of.tour(w)[k, KIND]
    m = sequence(s, w, k, p, c)
    if m == 0:
        return np.int64(0)
    total = cuts(s, w, kind, m)
    if total >= limit:
        return np.int64(NEVER)
    if not s[TIMED]:
        return total
    more = clocked(s, w, kind, m)
    return np.int64(NEVER) if more < 0 or total + more >= limit else total + more


@inner
def rewrite(s: I64, w: I64, k: Whole) -> None:
    """Give round ``k`` the tips that :func:`split_with` has just found for its stops."""
    link, dump, here = of.link(w), of.dump(w), of.buffer(w)
    head, stops = s[HEADS] + k, s[N]
    m = np.int64(0)
    v = link[head, NEXT]
    while v != head:
        after = link[v, NEXT]
        if v >= stops:
            take(s, w, v)
        else:
            m += 1
        v = after
    marked(w, m)
    v = head
    for i in range(1, m + 1):
        v = link[v, NEXT]
        if here[i] and dump[i, 0] >= 0:
            v = tip(s, w, dump[i, 0], v, k)


@inner
def resplit(s: I64, w: I64, k: Whole) -> bool:
    """Place all tips of round ``k`` anew where that is cheaper; labels are left to who calls."""
    if of.tour(w)[k, TIPS] == 0:
        return False
    none = np.int64(NOBODY)
    if split_with(s, w, k, none, none, of.tour(w)[k, COST]) < NEVER:
        rewrite(s, w, k)
        return True
    return False
