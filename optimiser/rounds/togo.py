"""What is left to do at least: bounds that let the timing pass forget labels early.

With all windows, breaks and releases forgotten, the rest of a round that stands at item ``i-1`` and last tipped after
``j`` items costs

    G[i, j] = min( direct[i] + G[i+1, j]   if what was picked up since j fits together with item i,
                   via[i]    + G[i+1, i]   if item i fits alone )
    G[n, j] = direct[n] if nothing is on board since j (or need not be unloaded), else via[n]
    S[i]    = away[i] + G[i+1, i]                                      when it stands at a site instead
    R[i, j] = min( off[i] + G[i+1, j], off_via[i] + G[i+1, i] )        when it stands at a break's place

where ``direct[i]`` leads from item ``i-1`` to the end of item ``i`` in their cheapest modes, ``via[i]`` does so with a
tip at the cheapest site between, and ``away[i]`` comes from the nearest site. A tip is taken to empty every class, so
this is a lower bound also where sites accept different things; a leg is taken over a break's place if that is shorter,
and in the best period of the day. The same sum over milliseconds bounds the time.

G, S, off and off_via are written into the room that ``flat.py`` leaves for them, ``inf`` where it cannot be done.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.compiled import inner, kernel
from optimiser.rounds.course import NO_WAY_MS
from optimiser.rounds.flat import (
    BREAK_FIRST,
    CEILING,
    CLASSES,
    COST_STOP,
    DRIVING_PER_MS,
    FEE,
    FIRST,
    HEAVY,
    HELD,
    ITEMS,
    LATER,
    LEGS,
    LEGS_DM,
    LEGS_MS,
    MUST_EMPTY,
    PAUSES,
    PER_DM,
    PERIODS,
    ROW_BREAK,
    ROWS,
    SERVICE_PER_MS,
    SITE_FIRST,
    SITES,
    TIME_STOP,
    WAGE,
    WASTE,
    WORK_AT,
)
from optimiser.rounds.legs import leg_at
from optimiser.rounds.terms import HOME, SERVICE, SETUP, SPOT, WORKED
from optimiser.rounds.ways import NO_SPOT, Floats, Ints

# What a ms of driving, a ms of work, a dm, a tip's fee count.
DRIVING, SERVING, FAR, PAYING = range(4)
DIRECT, VIA, AWAY, OFF, OFF_VIA = range(5)  # what a gap costs


@kernel
def look_ahead(w: Ints, x: Floats) -> None:
    """Write the least money (with wages) and the least ms to go, for a course with free tips."""
    money = np.array([x[WAGE] + x[DRIVING_PER_MS], x[WAGE] + x[SERVICE_PER_MS], x[PER_DM], 1.0])
    _least_to_go(w, x, COST_STOP, money)
    _least_to_go(w, x, TIME_STOP, np.array([1.0, 1.0, 0.0, 0.0]))


@inner
def _leg(w: Ints, i: int, here: int, there: int, rates: Floats) -> float:
    """Return the least cost of a leg over the periods."""
    at = leg_at(w, i, here, there)
    short, near = w[w[LEGS_MS] + at], w[w[LEGS_DM] + at]
    for t in range(1, w[PERIODS]):
        short = min(short, w[w[LEGS_MS] + t * w[LEGS] + at])
        near = min(near, w[w[LEGS_DM] + t * w[LEGS] + at])
    return np.inf if short >= NO_WAY_MS else short * rates[DRIVING] + near * rates[FAR]


@inner
def _by_rest(w: Ints, i: int, here: int, there: int, rates: Floats, rests: Floats) -> float:
    """Return the least cost of a leg, over break places if that is less; ``rests`` is from one to another."""
    best = _leg(w, i, here, there, rates)
    first = w[w[BREAK_FIRST]]
    for a in range(len(rests)):
        out = _leg(w, i, here, first + a, rates)
        for b in range(len(rests)):
            best = min(best, out + rests[a, b] + _leg(w, i, first + b, there, rates))
    return best


@inner
def _rest_legs(w: Ints, rates: Floats) -> Floats:
    """Return the least costs from break place to break place, over others if that is less."""
    first = w[w[BREAK_FIRST]]
    count = w[w[BREAK_FIRST] + w[PAUSES]] - first
    rests = np.zeros((count, count))
    for a in range(count):
        for b in range(count):
            if a != b:
                rests[a, b] = _leg(w, 0, first + a, first + b, rates)
    for over in range(count):
        for a in range(count):
            for b in range(count):
                rests[a, b] = min(rests[a, b], rests[a, over] + rests[over, b])
    return rests


@inner
def _toll(w: Ints, place: int, rates: Floats) -> float:
    """Return the least cost of the work at a place: without a set-up, unless it is always due."""
    at = w[WORK_AT] + 4 * place
    took = w[at + SERVICE]
    if w[at + SPOT] == NO_SPOT:
        took += w[at + SETUP]
    return float(took * rates[SERVING] + w[at + WORKED] * rates[FAR])


@inner
def _places(w: Ints, i: int) -> tuple[int, int]:
    """Return the places of item ``i``; before the first and after the last, the depot."""
    if i < 0 or i >= w[ITEMS]:
        return HOME, HOME + 1
    return w[w[FIRST] + i], w[w[FIRST] + i + 1]


@inner
def _gap(w: Ints, x: Floats, i: int, rates: Floats, rests: Floats, alike: bool) -> Floats:
    """Return what the gap that ends with item ``i`` costs."""
    before, until = _places(w, i - 1)
    begin, end = _places(w, i)
    pauses = w[w[BREAK_FIRST]], w[w[BREAK_FIRST]] + len(rests)
    gap = np.full(5, np.inf)
    for b in range(begin, end):
        toll = _toll(w, b, rates)
        for a in range(before, until):
            gap[DIRECT] = min(gap[DIRECT], _by_rest(w, i, a, b, rates, rests) + toll)
        for a in range(pauses[0], pauses[1]):
            gap[OFF] = min(gap[OFF], _by_rest(w, i, a, b, rates, rests) + toll)
    nearest = off = np.inf
    for s in range(w[SITES]):
        for p in range(w[w[SITE_FIRST] + s], w[w[SITE_FIRST] + s + 1]):
            toll = _toll(w, p, rates) + x[w[FEE] + s] * rates[PAYING]
            there, onward = np.inf, np.inf
            for a in range(before, until):
                there = min(there, _by_rest(w, i, a, p, rates, rests) + toll)
            for a in range(pauses[0], pauses[1]):
                off = min(off, _by_rest(w, i, a, p, rates, rests) + toll)
            for b in range(begin, end):
                onward = min(onward, _by_rest(w, i, p, b, rates, rests) + _toll(w, b, rates))
            nearest = min(nearest, there)
            gap[VIA], gap[AWAY] = min(gap[VIA], there + onward), min(gap[AWAY], onward)
    if not alike:
        gap[VIA] = nearest + gap[AWAY]
    gap[OFF_VIA] = off + gap[AWAY]
    return gap


@inner
def _fits(w: Ints, x: Floats, since: int, upto: int) -> bool:
    """Return whether what is picked up between two moments fits on board together."""
    for r in range(w[ROWS]):
        if w[w[ROW_BREAK] + r] < 0:
            used = 0.0
            for k in range(w[CLASSES]):
                used += x[w[WASTE] + (upto * w[ROWS] + r) * w[CLASSES] + k]
                used -= x[w[WASTE] + (since * w[ROWS] + r) * w[CLASSES] + k]
            if used > x[w[CEILING] + r]:
                return False
    return True


@inner
def _full(w: Ints, since: int) -> bool:
    """Return whether anything is on board at the end that was picked up since."""
    found = False
    for k in range(w[CLASSES]):
        found |= w[w[HELD] + w[ITEMS] * w[CLASSES] + k] > w[w[HELD] + since * w[CLASSES] + k]
    return found


@inner
def _least_to_go(w: Ints, x: Floats, least: int, rates: Floats) -> None:
    """Write G, S, off and off_via where the header says from ``least`` on."""
    count = w[ITEMS]
    size = count + 1
    stop, site, off, off_via = w[least], w[least + 1], w[least + 2], w[least + 3]
    x[stop : stop + size * size] = np.inf
    rests = _rest_legs(w, rates)
    alike = w[CLASSES] <= 1 and not w[HEAVY] and w[w[LATER]] == 0
    gap = _gap(w, x, count, rates, rests, alike)
    for j in range(size):
        x[stop + count * size + j] = gap[VIA] if w[MUST_EMPTY] and _full(w, j) else min(gap[VIA], gap[DIRECT])
    x[site + count], x[off + count], x[off_via + count] = gap[AWAY], gap[OFF], gap[OFF_VIA]
    for i in range(count - 1, -1, -1):
        gap = _gap(w, x, i, rates, rests, alike)
        later = stop + (i + 1) * size
        tipped = x[later + i] if _fits(w, x, i, i + 1) else np.inf
        x[site + i], x[off + i], x[off_via + i] = gap[AWAY] + tipped, gap[OFF], gap[OFF_VIA]
        fitting = True
        for j in range(i, -1, -1):
            fitting = fitting and _fits(w, x, j, i + 1)
            direct = gap[DIRECT] + x[later + j] if fitting else np.inf
            x[stop + i * size + j] = min(direct, gap[VIA] + tipped)
