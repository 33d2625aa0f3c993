"""Ruin: strings of stops that are neighbours are taken out (Christiaens, Vanden Berghe 2020, Transp. Science 54)."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner, small
from optimiser.rounds.strings.layout import (
    COUNT,
    I64,
    KIND,
    LEG,
    MARK,
    NEXT,
    PREV,
    ROUND,
    SAVED,
    SPARE,
    STOPS,
    TIPS,
    Whole,
)
from optimiser.rounds.strings.legs import below, chance
from optimiser.rounds.strings.links import keep_leg, take
from optimiser.rounds.strings.views import HEADS, LABELLED, TIPPED, N

MEAN_GONE = 10.0  # stops taken out, on average
LONGEST = 10.0  # of a string
HOLED = 0.5  # how often a string keeps some stops in its middle
GROWTH = 0.5  # how many more it keeps: chance of each
OVER_TIPS = 0.7  # how often strings reach over tips


@small
def step(s: I64, w: I64, v: Whole, way: Whole, over: Whole) -> Whole:
    """Return the next stop in a direction, -1 at the end of the round (or of the trip, unless ``over``)."""
    v = of.link(w)[v, way]
    while s[N] <= v < s[HEADS] and over:
        v = of.link(w)[v, way]
    return -1 if v >= s[N] else v


@inner
def plain_take(s: I64, w: I64, v: Whole) -> None:
    """Take out a stop without labels: saves leg(p, v) + leg(v, q) - leg(p, q), its work, an idle vehicle."""
    p, k = of.link(w)[v, PREV], of.link(w)[v, ROUND]
    kind = of.tour(w)[k, KIND]
    saved = np.int64(of.link(w)[p, LEG]) + of.link(w)[v, LEG] + of.work_cost(s)[kind, of.ways(w)[v, 0]]
    take(s, w, v)
    keep_leg(s, w, p)
    if of.tour(w)[k, STOPS] == 0:
        saved += of.fixed(s)[kind]
    of.purse(w)[SAVED] += saved - of.link(w)[p, LEG]


@inner
def string(s: I64, w: I64, c: Whole, most: Whole, over: Whole, gone: Whole) -> Whole:  # noqa: C901 - one loop of the kernel
    """Take out a string of stops around ``c``; ``came`` lists what is gone. Return how many are gone by now."""
    k = of.link(w)[c, ROUND]
    held = of.tour(w)[k, STOPS]
    length = min(held, np.int64(chance(w) * min(float(held), most) + 1.0))
    kept = 0
    if 1 < length < held and chance(w) < HOLED:
        kept = 1
        while length + kept < held and chance(w) < GROWTH:
            kept += 1
    whole = length + kept
    back, v = 0, c
    first = c
    while back < whole - 1:
        u = step(s, w, v, PREV, over)
        if u < 0:
            break
        v, back = u, back + 1
    ahead, v = 0, c
    while ahead < whole - 1:
        u = step(s, w, v, NEXT, over)
        if u < 0:
            break
        v, ahead = u, ahead + 1
    whole = min(whole, back + ahead + 1)
    least = max(0, whole - 1 - ahead)
    for _ in range(least + below(w, back - least + 1)):
        first = step(s, w, first, PREV, over)
    hole = below(w, max(1, whole - kept + 1)) if kept else whole
    v = first
    for at in range(whole):
        u = step(s, w, v, NEXT, over)
        if not hole <= at < hole + kept:
            if s[LABELLED]:
                take(s, w, v)
            else:
                plain_take(s, w, v)
            of.gone(w)[gone] = v
            gone += 1
        v = u
    return gone


@inner
def ruin(s: I64, w: I64, seed: Whole, neighbours: Whole) -> Whole:
    """Take out strings around a stop; ``gone`` lists the stops, the return value says how many."""
    busy = of.tour(w).shape[0]
    for kind in range(of.empties(w).size):
        busy -= of.empties(w)[kind]
    over = 1
    parts = busy
    if s[TIPPED] and chance(w) > OVER_TIPS:
        over = 0
        parts = max(busy, of.spare(w).size - of.purse(w)[SPARE])
    most = min(LONGEST, s[N] / max(1, parts))
    strings = np.int64(chance(w) * (4.0 * MEAN_GONE / (1.0 + most) - 1.0) + 1.0)
    gone = 0
    for x in range(-1, neighbours):
        if strings <= 0:
            break
        c = seed if x < 0 else np.int64(of.near(s)[seed, x])
        if c < 0:
            break
        k = of.link(w)[c, ROUND]
        if k < 0 or of.tour(w)[k, MARK] == of.purse(w)[COUNT]:
            continue
        gone = string(s, w, c, max(most, 1.0), over, gone)
        strings -= 1
    return gone


@inner
def tidy(s: I64, w: I64, k: Whole) -> None:
    """Take out tips of round ``k`` before which nothing was picked up."""
    if of.tour(w)[k, TIPS] == 0:
        return
    head = s[HEADS] + k
    v = of.link(w)[head, NEXT]
    while v != head:
        after = of.link(w)[v, NEXT]
        if v >= s[N] and of.link(w)[v, PREV] >= s[N]:
            take(s, w, v)
        v = after
