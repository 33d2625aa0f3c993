"""The search: ruin, recreate, and take or undo by simulated annealing."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner, kernel
from optimiser.rounds.strings.labels import relabel, relabel_between
from optimiser.rounds.strings.layout import (
    ABSENT,
    AFTER,
    AT_ROUND,
    BEST,
    COST,
    COUNT,
    FAR,
    HOW,
    I64,
    KIND,
    LEG,
    LOGGED,
    MORE,
    NEVER,
    NEXT,
    NOW,
    ROUND,
    SAVED,
    SITE,
    SPLIT,
    STALE,
    STALES,
    TIP_AFTER,
    TIP_BEFORE,
    TIPS,
    TOUCHED,
    Whole,
)
from optimiser.rounds.strings.legs import allowed, below, chance
from optimiser.rounds.strings.links import bring, keep_leg, leave_out, not_left_out, tip, undo
from optimiser.rounds.strings.plain import plain_seat
from optimiser.rounds.strings.ruin import ruin, tidy
from optimiser.rounds.strings.seats import seat
from optimiser.rounds.strings.split import resplit, rewrite, split_with
from optimiser.rounds.strings.tails import TRIES, exchange
from optimiser.rounds.strings.views import HEADS, LABELLED, TIMED, TIPPED, N

ALL_AT_ONCE = 24  # stops left out are all tried in each iteration if there are no more
LOG_ROOM = 64


@inner
def shuffle(s: I64, w: I64, count: Whole) -> None:
    """Put the stops that are out into an order: by chance, large, far or near first, or by their windows."""
    u = chance(w) * (17.0 if s[TIMED] else 11.0)
    for x in range(count):
        c = of.gone(w)[x]
        if u < 4.0:
            of.key(w)[x] = chance(w)
        elif u < 8.0:
            of.key(w)[x] = -of.use(s)[0, c, 0]
        elif u < 10.0:
            of.key(w)[x] = -float(of.far(s)[c])
        elif u < 11.0:
            of.key(w)[x] = float(of.far(s)[c])
        else:
            opens, closes = of.opens(s)[0, of.ways(w)[c, 0]], of.closes(s)[0, of.ways(w)[c, 0]]
            of.key(w)[x] = chance(w) + (closes - opens if u < 13.0 else opens if u < 15.0 else -closes)
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for x in range(gap, count):
            key, c, y = of.key(w)[x], of.gone(w)[x], x - gap
            while y >= 0 and of.key(w)[y] > key:
                of.key(w)[y + gap], of.gone(w)[y + gap] = of.key(w)[y], of.gone(w)[y]
                y -= gap
            of.key(w)[y + gap], of.gone(w)[y + gap] = key, c
        gap //= 3


@inner
def settle_in(s: I64, w: I64, c: Whole) -> Whole:
    """Put stop ``c`` where its seat is; return what the round costs more, ``NEVER`` if that went wrong."""
    k, p = of.seat(w)[AT_ROUND], of.seat(w)[AFTER]
    if not s[LABELLED]:
        bring(s, w, c, p, k)
        keep_leg(s, w, p)
        keep_leg(s, w, c)
        return of.seat(w)[MORE]
    before = of.tour(w)[k, COST]
    if of.purse(w)[LOGGED] + 2 * of.tour(w)[k, TIPS] + LOG_ROOM > of.log(w).shape[0]:
        return np.int64(NEVER)
    first = last = c
    if of.seat(w)[HOW] == SPLIT:
        split_with(s, w, k, p, c, np.int64(NEVER))
        bring(s, w, c, p, k)
        rewrite(s, w, k)
        relabel(s, w, k)
    else:
        if of.seat(w)[HOW] == TIP_BEFORE:
            first = p = tip(s, w, of.seat(w)[SITE], p, k)
        bring(s, w, c, p, k)
        if of.seat(w)[HOW] == TIP_AFTER:
            last = tip(s, w, of.seat(w)[SITE], c, k)
        relabel_between(s, w, k, first, last)
    return np.int64(NEVER) if of.tour(w)[k, COST] >= NEVER else of.tour(w)[k, COST] - before


@inner
def recreate(s: I64, w: I64, count: Whole, neighbours: Whole) -> Whole:
    """Put the stops in ``gone`` where they cost least, or leave them out; return what that costs, prizes included."""
    total = 0
    for x in range(count):
        c = of.gone(w)[x]
        of.seat(w)[MORE] = of.prize(s)[c]
        if s[LABELLED]:
            seat(s, w, c, neighbours)
        else:
            plain_seat(s, w, c, neighbours)
        if of.seat(w)[AT_ROUND] < 0:
            leave_out(w, c)
            total += of.prize(s)[c]
            continue
        more = settle_in(s, w, c)
        if more >= NEVER:
            for y in range(x + 1, count):
                leave_out(w, of.gone(w)[y])
            return NEVER
        total += more
    return total


@inner
def cleared(s: I64, w: I64) -> Whole:
    """Bring the rounds that were ruined in order; return what they cost less."""
    saved = 0
    for x in range(of.purse(w)[TOUCHED]):
        k = of.touched(w)[x]
        before = of.tour(w)[k, COST]
        if s[TIPPED]:
            tidy(s, w, k)
        relabel(s, w, k)
        if s[TIPPED] and of.tour(w)[k, COST] < NEVER and resplit(s, w, k):
            relabel(s, w, k)
        if of.tour(w)[k, COST] >= before + FAR // 2:  # late, or closed up where there is no way
            return np.int64(-NEVER)
        saved += before - of.tour(w)[k, COST]
    return saved


@inner
def keep_best(s: I64, w: I64) -> None:
    """Copy the rounds that changed since the best plan was last kept."""
    for x in range(of.purse(w)[STALES]):
        k = of.stale(w)[x]
        of.tour(w)[k, STALE] = 0
        head = s[HEADS] + k
        v = head
        while True:
            of.best_next(w)[v] = of.link(w)[v, NEXT]
            of.best_site(w)[v] = of.site(w)[v]
            v = of.link(w)[v, NEXT]
            if v == head:
                break
    of.purse(w)[STALES] = 0
    of.purse(w)[BEST] = of.purse(w)[NOW]


@inner
def grow_stale(w: I64, k: Whole) -> None:
    """Note that round ``k`` is no longer as the best plan has it."""
    if of.tour(w)[k, STALE] == 0:
        of.tour(w)[k, STALE] = 1
        of.stale(w)[of.purse(w)[STALES]] = k
        of.purse(w)[STALES] += 1


@inner
def accept(s: I64, w: I64, delta: Whole) -> None:
    """Take what was changed."""
    of.purse(w)[NOW] += delta
    for x in range(of.purse(w)[TOUCHED]):
        grow_stale(w, of.touched(w)[x])
    of.purse(w)[LOGGED] = 0
    if of.purse(w)[NOW] < of.purse(w)[BEST]:
        keep_best(s, w)


@inner
def reject(s: I64, w: I64, count: Whole) -> None:
    """Take back what was changed, with the first ``count`` stops in ``gone`` where they were or left out."""
    undo(s, w)
    for x in range(count):
        c = of.gone(w)[x]
        out = of.absent_at(w)[c] >= 0
        was = of.link(w)[c, ROUND] < 0
        if was and not out:
            leave_out(w, c)
        elif out and not was:
            not_left_out(w, c)
    if s[LABELLED]:
        for x in range(of.purse(w)[TOUCHED]):
            relabel(s, w, of.touched(w)[x])


@inner
def gather_absent(s: I64, w: I64, seed: Whole, count: Whole, neighbours: Whole) -> tuple[Whole, Whole]:
    """Add stops that are left out to those in ``gone``, all or those near; return how many these are, and prizes."""
    first = count
    if of.purse(w)[ABSENT] <= ALL_AT_ONCE:
        count = gather_all(w, count)
    else:
        for x in range(-1, neighbours):
            c = seed if x < 0 else np.int64(of.near(s)[seed, x])
            if c < 0 or count - first >= ALL_AT_ONCE:
                break
            if of.absent_at(w)[c] >= 0:
                not_left_out(w, c)
                of.gone(w)[count] = c
                count += 1
    prizes = 0
    for x in range(first, count):
        prizes += of.prize(s)[of.gone(w)[x]]
    return count, prizes


@inner
def gather_all(w: I64, count: Whole) -> Whole:
    """Add all stops that are left out to those in ``gone``; return how many these are."""
    while of.purse(w)[ABSENT] > 0:
        c = of.absent(w)[of.purse(w)[ABSENT] - 1]
        not_left_out(w, c)
        of.gone(w)[count] = c
        count += 1
    return count


@inner
def iteration(s: I64, w: I64, temperature: Whole, neighbours: Whole) -> None:
    """Ruin and recreate once."""
    of.purse(w)[COUNT] += 1
    of.purse(w)[TOUCHED] = 0
    of.purse(w)[LOGGED] = 0
    of.purse(w)[SAVED] = 0
    seed = below(w, s[N])
    count = ruin(s, w, seed, of.near(s).shape[1])
    saved = cleared(s, w) if s[LABELLED] else of.purse(w)[SAVED]
    if saved <= -FAR // 2:
        reject(s, w, count)
        return
    prizes = 0
    if of.purse(w)[ABSENT] > 0:
        count, prizes = gather_absent(s, w, seed, count, of.near(s).shape[1])
    shuffle(s, w, count)
    more = recreate(s, w, count, neighbours)
    delta = more - saved - prizes
    if more < NEVER and delta < allowed(w, temperature):
        accept(s, w, delta)
    else:
        reject(s, w, count)


@inner
def exchanges(s: I64, w: I64, temperature: Whole) -> None:
    """Look at a few exchanges of tails."""
    for _ in range(TRIES):
        of.purse(w)[COUNT] += 1
        of.purse(w)[TOUCHED] = 0
        delta = exchange(s, w, temperature)
        if of.purse(w)[TOUCHED] > 0:
            accept(s, w, delta)


@inner
def construct(s: I64, w: I64, neighbours: Whole) -> None:
    """Put in all stops that are left out, in an order by chance."""
    count = gather_all(w, np.int64(0))
    shuffle(s, w, count)
    for x in range(count):
        of.purse(w)[COUNT] += 1
        of.purse(w)[TOUCHED] = 0
        of.purse(w)[LOGGED] = 0
        of.gone(w)[0], of.gone(w)[x] = of.gone(w)[x], of.gone(w)[0]
        more = recreate(s, w, 1, neighbours)
        if more < NEVER:
            accept(s, w, more - of.prize(s)[of.gone(w)[0]])
        else:
            reject(s, w, 1)


@kernel
def anneal(s: I64, w: I64, iterations: Whole, temperature: Whole, cooling: Whole, neighbours: Whole) -> None:
    """Ruin and recreate so many times; the temperature is multiplied by ``cooling`` after each.

    Stops that are left out are put in first, as far as they can be, if ``iterations`` is below 0.
    """
    neighbours = min(neighbours, of.near(s).shape[1])
    if iterations < 0:
        construct(s, w, neighbours)
    for _ in range(iterations):
        iteration(s, w, temperature, neighbours)
        if s[LABELLED]:
            exchanges(s, w, temperature)
        temperature *= cooling


@inner
def plain_cost(s: I64, w: I64, k: Whole) -> Whole:
    """Return what round ``k`` without labels costs; keep its legs."""
    link, kind, head = of.link(w), of.tour(w)[k, KIND], s[HEADS] + k
    keep_leg(s, w, head)
    v = link[head, NEXT]
    if v == head:
        return np.int64(0)
    cost = of.fixed(s)[kind] + link[head, LEG]
    while v != head:
        keep_leg(s, w, v)
        cost += link[v, LEG] + of.work_cost(s)[kind, of.ways(w)[v, 0]]
        v = link[v, NEXT]
    return cost


@kernel
def relabel_all(s: I64, w: I64) -> None:
    """Label all rounds, work out what the plan costs, and keep it as the best."""
    now = 0
    for k in range(of.tour(w).shape[0]):
        if s[LABELLED]:
            relabel(s, w, k)
            now += of.tour(w)[k, COST]
        else:
            now += plain_cost(s, w, k)
        grow_stale(w, k)
    for x in range(of.purse(w)[ABSENT]):
        now += of.prize(s)[of.absent(w)[x]]
    of.purse(w)[NOW] = now
    keep_best(s, w)
