"""Putting nodes into rounds and taking them out, with a log to undo it."""

from __future__ import annotations

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner, small
from optimiser.rounds.strings.layout import (
    ABSENT,
    COME,
    COUNT,
    GONE,
    I64,
    KIND,
    LEG,
    LOGGED,
    MARK,
    NEXT,
    PREV,
    ROUND,
    SPARE,
    SPOT,
    STOPS,
    TIPS,
    TOUCHED,
    Whole,
)
from optimiser.rounds.strings.legs import leg
from optimiser.rounds.strings.views import LABELLED, N


@small
def touch(w: I64, k: Whole) -> None:
    """Note that round ``k`` changes in this iteration."""
    if of.tour(w)[k, MARK] != of.purse(w)[COUNT]:
        of.tour(w)[k, MARK] = of.purse(w)[COUNT]
        of.touched(w)[of.purse(w)[TOUCHED]] = k
        of.purse(w)[TOUCHED] += 1


@inner
def idle(w: I64, k: Whole) -> None:
    """Let the list of vehicles without work say the truth about round ``k``."""
    tour, empty, empties = of.tour(w), of.empty(w), of.empties(w)
    kind, spot = tour[k, KIND], tour[k, SPOT]
    listed = spot < empties[kind] and empty[kind, spot] == k
    if tour[k, STOPS] == 0 and not listed:
        for x in range(of.total(w).shape[1]):
            of.total(w)[k, x] = 0.0  # what sums leave behind
        empty[kind, empties[kind]] = k
        tour[k, SPOT] = empties[kind]
        empties[kind] += 1
    elif tour[k, STOPS] > 0 and listed:
        empties[kind] -= 1
        last = empty[kind, empties[kind]]
        empty[kind, spot] = last
        tour[last, SPOT] = spot


@inner
def attach(s: I64, w: I64, v: Whole, p: Whole, k: Whole) -> None:
    """Put node ``v`` after node ``p`` of round ``k``."""
    after = of.link(w)[p, NEXT]
    of.link(w)[p, NEXT] = v
    of.link(w)[v, PREV] = p
    of.link(w)[v, NEXT] = after
    of.link(w)[after, PREV] = v
    of.link(w)[v, ROUND] = k
    if v >= s[N]:
        of.tour(w)[k, TIPS] += 1
        return
    for x in range(of.total(w).shape[1]):
        of.total(w)[k, x] += of.use(s)[of.tour(w)[k, KIND], v, x]
    of.tour(w)[k, STOPS] += 1
    idle(w, k)


@inner
def detach(s: I64, w: I64, v: Whole) -> None:
    """Take node ``v`` out of its round."""
    k = of.link(w)[v, ROUND]
    p, after = of.link(w)[v, PREV], of.link(w)[v, NEXT]
    of.link(w)[p, NEXT] = after
    of.link(w)[after, PREV] = p
    of.link(w)[v, ROUND] = -1
    if v >= s[N]:
        of.tour(w)[k, TIPS] -= 1
        return
    for x in range(of.total(w).shape[1]):
        of.total(w)[k, x] -= of.use(s)[of.tour(w)[k, KIND], v, x]
    of.tour(w)[k, STOPS] -= 1
    idle(w, k)


@small
def note(w: I64, what: Whole, v: Whole, p: Whole, k: Whole, site: Whole) -> None:
    """Write a change into the log."""
    at = of.purse(w)[LOGGED]
    of.log(w)[at, 0], of.log(w)[at, 1], of.log(w)[at, 2], of.log(w)[at, 3], of.log(w)[at, 4] = what, v, p, k, site
    of.purse(w)[LOGGED] = at + 1


@inner
def bring(s: I64, w: I64, v: Whole, p: Whole, k: Whole) -> None:
    """Put a stop after ``p`` of round ``k``, with a note."""
    touch(w, k)
    note(w, COME, v, p, k, 0)
    attach(s, w, v, p, k)


@inner
def take(s: I64, w: I64, v: Whole) -> None:
    """Take a stop or a tip out, with a note; a tip goes back into the pool."""
    k = of.link(w)[v, ROUND]
    touch(w, k)
    note(w, GONE, v, of.link(w)[v, PREV], k, of.site(w)[v] if v >= s[N] else 0)
    detach(s, w, v)
    if v >= s[N]:
        release(s, w, v)


@inner
def release(s: I64, w: I64, v: Whole) -> None:
    """Put a tip back among the spare ones, which come first in their list; those in use follow."""
    at, first = of.spare_at(w)[v - s[N]], of.purse(w)[SPARE]
    other = of.spare(w)[first]
    of.spare(w)[at], of.spare_at(w)[other - s[N]] = other, at
    of.spare(w)[first], of.spare_at(w)[v - s[N]] = v, first
    of.purse(w)[SPARE] = first + 1


@inner
def be_site(s: I64, w: I64, v: Whole, site: Whole) -> None:
    """Let a tip be at a site."""
    of.site(w)[v] = site
    for slot in range(of.ways(w).shape[1]):
        of.ways(w)[v, slot] = of.site_ways(s)[site, slot]


@inner
def tip(s: I64, w: I64, site: Whole, p: Whole, k: Whole) -> Whole:
    """Put a tip after ``p`` of round ``k``, with a note; return its node."""
    of.purse(w)[SPARE] -= 1
    v = of.spare(w)[of.purse(w)[SPARE]]
    be_site(s, w, v, site)
    touch(w, k)
    note(w, COME, v, p, k, site)
    attach(s, w, v, p, k)
    return v


@inner
def undo(s: I64, w: I64) -> None:
    """Take back all that is in the log; labels are left to who calls."""
    for at in range(of.purse(w)[LOGGED] - 1, -1, -1):
        v, p, k = of.log(w)[at, 1], of.log(w)[at, 2], of.log(w)[at, 3]
        if of.log(w)[at, 0] == COME:
            q = of.link(w)[v, PREV]
            detach(s, w, v)
            if not s[LABELLED]:
                keep_leg(s, w, q)
            if v >= s[N]:
                release(s, w, v)
        else:
            if v >= s[N]:
                of.purse(w)[SPARE] -= 1
                be_site(s, w, v, of.log(w)[at, 4])
            attach(s, w, v, p, k)
            if not s[LABELLED]:
                keep_leg(s, w, p)
                keep_leg(s, w, v)
    of.purse(w)[LOGGED] = 0


@inner
def keep_leg(s: I64, w: I64, p: Whole) -> None:
    """Keep the ticks from ``p`` to what follows it."""
    k = of.link(w)[p, ROUND]
    after = of.link(w)[p, NEXT]
    if after == p:
        of.link(w)[p, LEG] = 0
        return
    of.link(w)[p, LEG] = leg(s, of.profile(s)[of.tour(w)[k, KIND]], of.ways(w)[p, 0], of.ways(w)[after, 0])


@inner
def leave_out(w: I64, v: Whole) -> None:
    """List a stop as left out."""
    of.absent_at(w)[v] = of.purse(w)[ABSENT]
    of.absent(w)[of.purse(w)[ABSENT]] = v
    of.purse(w)[ABSENT] += 1


@inner
def not_left_out(w: I64, v: Whole) -> None:
    """Take a stop off the list of those left out."""
    of.purse(w)[ABSENT] -= 1
    last = of.absent(w)[of.purse(w)[ABSENT]]
    at = of.absent_at(w)[v]
    of.absent(w)[at] = last
    of.absent_at(w)[last] = at
    of.absent_at(w)[v] = -1
