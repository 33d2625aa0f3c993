"""How a label grows: it drives on, waits, works, tips or rests (compiled; see ``labels.py`` for its columns)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimiser.rounds.aboard import deliver, unload
from optimiser.rounds.clock import FOREVER_MS
from optimiser.rounds.compiled import inner
from optimiser.rounds.course import NO_WAY_MS
from optimiser.rounds.flat import (
    BOUNDED,
    BREAK_ALWAYS,
    BREAK_FIRST,
    BREAK_LATEST,
    BREAK_MS,
    BREAK_SAVES,
    COST_STOP,
    DEAREST,
    DRIVING_PER_MS,
    FIXED,
    HEAVY,
    ITEMS,
    LONGEST,
    MOST_DM,
    MOST_DRIVING,
    OVERTIME,
    OVERTIME_PER_MS,
    PAUSES,
    PER_DM,
    PERIODS,
    REST_AFTER,
    REST_OF,
    SERVICE_PER_MS,
    SHIFT_CLOSES,
    SITE_FIRST,
    TIME_STOP,
    WAGE,
    WORK_AT,
)
from optimiser.rounds.labels import (
    ACT,
    BACK,
    BOUND,
    BREAK,
    BREAKS,
    CLOSES,
    COST,
    DRIVEN,
    DURATION,
    EARLIEST,
    EMPTIED,
    ENTRY,
    FAR,
    FRESH,
    LAST_SPOT,
    LATEST,
    LEVEL,
    MODE,
    MONEY,
    NODE,
    OPENS,
    PARENT,
    PLACE,
    READY,
    SINCE,
    STOP,
    TIP,
    TOOK,
)
from optimiser.rounds.legs import drive
from optimiser.rounds.terms import SERVICE, SETUP, SPOT, WORK, WORKED
from optimiser.rounds.ways import NO_SPOT, Floats, Ints


class Deed(NamedTuple):
    """What is to be done: an act on item, site or break ``node``, at ``place`` (-1: where the vehicle stands).

    ``takes`` is the time of a rest (work has its own), ``saves`` the money not paid meanwhile, ``resets`` whether what
    gathers before a driving rest is counted anew; ``done`` how many items are done afterwards.
    """

    act: int
    node: int
    mode: int
    place: int
    opens: int
    closes: int
    takes: int
    saves: float
    resets: bool
    done: int


@inner
def grow(w: Ints, x: Floats, ints: Ints, floats: Floats, old: int, new: int, level: int, deed: Deed) -> bool:
    """Write label ``old`` after the deed into row ``new``; return whether that can be done.

    ``level`` is the release that the leg waits for, if it is the first of its trip. Loads are looked at elsewhere.
    """
    ints[new], floats[new] = ints[old], floats[old]
    ints[new, PARENT], ints[new, ACT], ints[new, NODE], ints[new, MODE] = old, deed.act, deed.node, deed.mode
    if deed.place >= 0 and not _driven(w, x, ints, floats, new, level, deed):
        return False
    takes = deed.takes
    if deed.act < BREAK:
        takes = _work(w, x, ints, floats, new, deed.place)
    floats[new, MONEY] -= deed.saves
    if deed.act == STOP and w[HEAVY]:
        deliver(w, x, ints, floats, new, deed.done)
    elif deed.act == TIP:
        unload(w, x, ints, floats, new, deed.node, deed.done)
    elif deed.act == BREAK:
        ints[new, BREAKS] += 1
    return _timed(w, ints, new, deed, takes) and bounded(w, x, ints, floats, new, deed.done)


@inner
def _driven(w: Ints, x: Floats, ints: Ints, floats: Floats, new: int, level: int, deed: Deed) -> bool:
    """Drive to the deed's place: afterwards DURATION and SINCE end on arrival."""
    if ints[new, LEVEL] == FRESH:
        ints[new, LEVEL] = level
        at, earliest = ints[new, DURATION], ints[new, EARLIEST]
        wait = max(level - at - ints[new, LATEST], 0)
        ints[new, DURATION], ints[new, EARLIEST] = at + wait, max(level - at, earliest) - wait
        if w[REST_OF] == WORK:
            ints[new, SINCE] += max(level - ints[new, SINCE] - ints[new, ENTRY], 0)
    depart = ints[new, EARLIEST] + ints[new, DURATION]
    ms, dm = drive(w, deed.done - 1, ints[new, PLACE], deed.place, depart)
    if ms >= NO_WAY_MS:
        return False
    ints[new, PLACE] = deed.place
    ints[new, DURATION] += ms
    if w[MOST_DRIVING] < FOREVER_MS:
        ints[new, DRIVEN] += ms
    if w[MOST_DM] < FOREVER_MS:
        ints[new, FAR] += dm
    if w[REST_OF] > 0:
        ints[new, SINCE] += ms
        if ints[new, SINCE] > w[REST_AFTER]:
            return False
    floats[new, MONEY] += ms * x[DRIVING_PER_MS] + dm * x[PER_DM]
    return not (ints[new, DRIVEN] > w[MOST_DRIVING] or ints[new, FAR] > w[MOST_DM])


@inner
def _work(w: Ints, x: Floats, ints: Ints, floats: Floats, new: int, place: int) -> int:
    """Count distance and money of the work at a place; return how long it takes."""
    spot = w[w[WORK_AT] + 4 * place + SPOT]
    takes = w[w[WORK_AT] + 4 * place + SERVICE]
    if spot == NO_SPOT or spot != ints[new, LAST_SPOT]:
        takes += w[w[WORK_AT] + 4 * place + SETUP]
    ints[new, LAST_SPOT] = spot
    if w[MOST_DM] < FOREVER_MS:
        ints[new, FAR] += w[w[WORK_AT] + 4 * place + WORKED]
    floats[new, MONEY] += takes * x[SERVICE_PER_MS] + w[w[WORK_AT] + 4 * place + WORKED] * x[PER_DM]
    return int(takes)


@inner
def _timed(w: Ints, ints: Ints, new: int, deed: Deed, takes: int) -> bool:
    """Join the deed's time to the label's; return whether that can be done."""
    at, opens, closes = ints[new, DURATION], deed.opens, deed.closes
    if w[REST_OF] == WORK:
        if deed.resets:
            closes = min(closes, ints[new, ENTRY] + w[REST_AFTER])
        if not _stretched(w, ints, new, deed, takes, opens, closes):
            return False
    elif deed.resets:
        ints[new, SINCE] = 0
    earliest, latest = ints[new, EARLIEST], ints[new, LATEST]
    if earliest + at > closes or ints[new, FAR] > w[MOST_DM]:
        return False
    wait = max(opens - at - latest, 0)
    duration = at + wait + takes
    if duration > w[LONGEST] + w[OVERTIME]:
        return False
    ints[new, DURATION] = duration
    ints[new, EARLIEST] = max(opens - at, earliest) - wait
    ints[new, LATEST] = min(closes - at, latest)
    ints[new, READY], ints[new, BACK] = ints[new, EARLIEST] + duration, ints[new, LATEST] + duration
    ints[new, OPENS], ints[new, CLOSES], ints[new, TOOK] = opens, closes, takes
    if w[REST_OF] == WORK:
        if deed.resets and w[PERIODS] > 1:
            ints[new, ENTRY] = ints[new, READY]
        return bool(ints[new, READY] <= ints[new, ENTRY] + w[REST_AFTER])
    return True


@inner
def _stretched(w: Ints, ints: Ints, new: int, deed: Deed, takes: int, opens: int, closes: int) -> bool:
    """Join the deed to the stretch of work since the last rest, or begin a new one; return whether it is not too long.

    With periods of the day a rest is not put off: its stretch begins when it can.
    """
    since, entry = ints[new, SINCE], ints[new, ENTRY]
    since += max(opens - since - entry, 0)
    if deed.resets:
        ints[new, SINCE], ints[new, ENTRY] = 0, closes + takes
    else:
        ints[new, SINCE], ints[new, ENTRY] = since + takes, min(closes - ints[new, SINCE], entry)
        since += takes
    return bool(since <= w[REST_AFTER])


@inner
def bounded(w: Ints, x: Floats, ints: Ints, floats: Floats, new: int, done: int) -> bool:
    """Write the costs of a label; return whether a round within time and money can come of it."""
    cost = floats[new, MONEY] + x[WAGE] * ints[new, DURATION]
    floats[new, COST] = floats[new, BOUND] = cost
    if not w[BOUNDED]:
        return bool(cost <= x[DEAREST])
    tipped = 0
    for column in range(EMPTIED, ints.shape[1]):
        tipped = max(tipped, ints[new, column])
    place = ints[new, PLACE]
    time_left = _left(w, x, TIME_STOP, place, done, tipped)
    cost_left = _left(w, x, COST_STOP, place, done, tipped)
    for b in range(ints[new, BREAKS], w[PAUSES]):
        if w[w[BREAK_ALWAYS] + b] or ints[new, READY] + time_left > w[w[BREAK_LATEST] + b]:
            time_left += w[w[BREAK_MS] + b]
            cost_left += x[WAGE] * w[w[BREAK_MS] + b] - x[w[BREAK_SAVES] + b]
    late = ints[new, READY] + time_left - w[SHIFT_CLOSES]
    over = ints[new, DURATION] + time_left - w[LONGEST]
    if max(late, over) > w[OVERTIME]:
        return False
    floats[new, BOUND] = cost + cost_left + x[OVERTIME_PER_MS] * max(late, over, 0.0)
    return bool(floats[new, BOUND] <= x[DEAREST] and floats[new, BOUND] < np.inf)


@inner
def _left(w: Ints, x: Floats, least: int, place: int, done: int, tipped: int) -> float:
    """Return the least to go from where a label stands; ``least`` is COST_STOP or TIME_STOP."""
    size = w[ITEMS] + 1
    if place >= w[FIXED] or place < w[w[SITE_FIRST]]:
        return float(x[w[least] + done * size + tipped])
    if place < w[w[BREAK_FIRST]]:
        return float(x[w[least + 1] + done])
    off, over = x[w[least + 2] + done], x[w[least + 3] + done]
    if done + 1 < size:
        off += x[w[least] + (done + 1) * size + tipped]
        over += x[w[least] + (done + 1) * size + done]
    return float(min(off, over))
