"""Where to tip, for given stops in their order: exactly, at the least detour.

With ``x(1) ... x(m)`` the stops in their modes and ``g(j)`` the detour over the best site after ``x(j)``

    V(j) = g(j) + min over i < j with load(i + 1 ... j) within the limits of V(i)

(the split of Beasley 1983, Omega 11, 403-408, with intermediate facilities). The clock is looked at afterwards.
"""

from __future__ import annotations

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner, small
from optimiser.rounds.strings.labels import late
from optimiser.rounds.strings.layout import AHEAD, BEHIND, COST, FAR, I64, KIND, NEVER, NEXT, TIPS, Whole
from optimiser.rounds.strings.legs import leg, leg_from, ride
from optimiser.rounds.strings.links import take, tip
from optimiser.rounds.strings.views import HEADS, TIMED, N

NOBODY = -1


@small
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


@small
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
    kind, head = of.tour(w)[k, KIND], s[HEADS] + k
    m, new = 0, NOBODY
    v = head
    while True:
        if v < s[N]:
            of.out(w)[m, 0], of.out(w)[m, 1] = v, best_mode(s, w, v, kind)
            m += 1
        if v == p and c >= 0:
            of.out(w)[m, 0], new = c, m
            m += 1
        v = of.link(w)[v, NEXT]
        if v == head:
            break
    if new >= 0:
        a = of.out(w)[new - 1, 1] if new > 0 else of.depot(s)[kind]
        b = of.out(w)[new + 1, 1] if new + 1 < m else of.depot(s)[kind]
        of.out(w)[new, 1] = mode_between(s, w, c, kind, a, b)
    return m


@small
def detour(s: I64, w: I64, kind: Whole, j: Whole, a: Whole, b: Whole) -> Whole:
    """Return the ticks of a tip between places ``a`` and ``b``; the site's place goes into ``dump[j]``."""
    profile = of.profile(s)[kind]
    best = NEVER
    for x in range(of.sites(s).shape[1]):
        site = of.sites(s)[kind, x]
        if site < 0:
            break
        for y in range(of.site_ways(s).shape[1]):
            f = of.site_ways(s)[site, y]
            if f < 0:
                break
            there, on = leg(s, profile, a, f), leg_from(s, profile, f, b)
            z = there + of.work_cost(s)[kind, f] + on
            if z < best and there < FAR and on < FAR:
                best = z
                of.dump(w)[j, 0], of.dump(w)[j, 1] = site, f
    return best - leg(s, profile, a, b)


@inner
def cuts(s: I64, w: I64, kind: Whole, m: Whole) -> Whole:
    """Find the tips of the ``m`` stops in ``out``; return the ticks of it all, ``NEVER`` if it cannot be.

    ``came[j]`` is then where the trip that ends after stop ``j`` begins. The trips that may end at ``j`` begin in a
    window that only moves on, so its least V is the head of a queue in which V rises: m steps in all.
    """
    out, value, came, queue, key = of.out(w), of.value(w), of.came(w), of.buffer(w), of.key(w)
    use, room, work = of.use(s), of.room(s), of.work_cost(s)
    home, profile, must = of.depot(s)[kind], of.profile(s)[kind], of.must(s)[kind]
    total = of.fixed(s)[kind] + leg(s, profile, home, out[0, 1])
    value[0] = 0
    limits = room.shape[1]
    for x in range(limits):
        key[x] = 0.0
    first, front, end = 0, 0, 0  # the trip begins after stop `first` at the earliest; the queue's ends
    for j in range(1, m + 1):
        a = out[j - 1, 1]
        b = out[j, 1] if j < m else home
        total += work[kind, a] + leg(s, profile, a, b)
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
            of.dump(w)[j, 0] = NOBODY
        else:
            value[j] += detour(s, w, kind, j, a, b)
    return NEVER if value[m] >= NEVER else total + value[m]


@inner
def clocked(s: I64, w: I64, kind: Whole, m: Whole) -> Whole:
    """Return the ticks for waiting and overtime of what :func:`cuts` found, -1 if it is not in time.

    It marks in ``dump`` where there is no tip.
    """
    j = m
    for i in range(1, m):
        of.buffer(w)[i] = 0
    of.buffer(w)[m] = 1
    while j > 0:
        of.buffer(w)[j] = 1
        j = of.came(w)[j]
    profile, at = of.profile(s)[kind], of.depot(s)[kind]
    time, duration, earliest, latest = 0, 0, of.starts(s)[kind], of.ends(s)[kind]
    for j in range(1, m + 1):
        stops = 2 if of.buffer(w)[j] and of.dump(w)[j, 0] >= 0 else 1
        for step in range(stops):
            place = of.out(w)[j - 1, 1] if step == 0 else of.dump(w)[j, 1]
            ridden = ride(s, profile, at, place)
            whole = duration + ridden
            if earliest + whole > of.closes(s)[kind, place]:
                return -1
            wait = max(0, of.opens(s)[kind, place] - whole - latest)
            earliest = max(of.opens(s)[kind, place] - whole, earliest) - wait
            latest = min(of.closes(s)[kind, place] - whole, latest)
            duration = whole + of.work_time(s)[kind, place] + wait
            time += ridden + of.work_time(s)[kind, place]
            at = place
    ridden = ride(s, profile, at, of.depot(s)[kind])
    whole = duration + ridden
    if earliest + whole > of.ends(s)[kind]:
        return -1
    wait = max(0, of.starts(s)[kind] - whole - latest)
    return late(s, kind, time + ridden, whole + wait, max(of.starts(s)[kind] - whole, earliest) - wait)


@inner
def split_with(s: I64, w: I64, k: Whole, p: Whole, c: Whole) -> Whole:
    """Return the ticks of round ``k`` with all tips placed anew, and ``c`` (if not -1) after ``p``."""
    kind = of.tour(w)[k, KIND]
    m = sequence(s, w, k, p, c)
    if m == 0:
        return 0
    total = cuts(s, w, kind, m)
    if total >= NEVER or not s[TIMED]:
        return total
    more = clocked(s, w, kind, m)
    return NEVER if more < 0 else total + more


@inner
def rewrite(s: I64, w: I64, k: Whole) -> None:
    """Give round ``k`` the tips that :func:`split_with` has just found for its stops."""
    head = s[HEADS] + k
    m = 0
    v = of.link(w)[head, NEXT]
    while v != head:
        after = of.link(w)[v, NEXT]
        if v >= s[N]:
            take(s, w, v)
        else:
            m += 1
        v = after
    j = m
    v = head
    for i in range(1, m + 1):
        of.buffer(w)[i] = 0
    while j > 0:
        of.buffer(w)[j] = 1
        j = of.came(w)[j]
    for i in range(1, m + 1):
        v = of.link(w)[v, NEXT]
        if of.buffer(w)[i] and not (i == m and of.dump(w)[i, 0] < 0):
            v = tip(s, w, of.dump(w)[i, 0], v, k)


@inner
def resplit(s: I64, w: I64, k: Whole) -> bool:
    """Place all tips of round ``k`` anew where that is cheaper; labels are left to who calls."""
    if of.tour(w)[k, TIPS] == 0:
        return False
    cost = of.tour(w)[k, COST]
    if split_with(s, w, k, NOBODY, NOBODY) < cost:
        rewrite(s, w, k)
        return True
    return False
