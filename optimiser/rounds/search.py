"""One pass of labels over a course, from item to item (compiled).

``explore`` follows at most ``most`` partial rounds at a time and gives up those that cannot come home in time or cost
more than ``dearest``. Giving up for number is a heuristic (the least promising by ``cost + least to go`` first);
whether that happened is said in the answer.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.aboard import carries, fits, forgone, may_rest, unloads, worth_a_tip
from optimiser.rounds.clock import FOREVER_MS
from optimiser.rounds.compiled import inner, kernel
from optimiser.rounds.flat import (
    BREAK_ALWAYS,
    BREAK_FIRST,
    BREAK_LATEST,
    BREAK_MS,
    BREAK_RESETS,
    BREAK_SAVES,
    BREAK_SPAN_FIRST,
    BREAK_SPANS,
    CLASSES,
    DRIVING_PER_MS,
    FIRST,
    FREE,
    GOODS,
    HEAVY,
    ITEMS,
    LEVEL_FIRST,
    LEVELS,
    LONGEST,
    MOST_DM,
    MOST_DRIVING,
    MUST_EMPTY,
    OVERTIME,
    OVERTIME_PER_MS,
    PAUSES,
    PER_DM,
    RELEASE,
    REST_AFTER,
    REST_MS,
    REST_OF,
    REST_SAVES,
    ROW_BREAK,
    ROWS,
    SHIFT_CLOSES,
    SHIFT_OPENS,
    SITE_FIRST,
    SITE_OF,
    SITE_SPAN_FIRST,
    SITE_SPANS,
    SITES,
    SPAN_FIRST,
    SPANS,
    WAGE,
    WEIGH,
)
from optimiser.rounds.grow import Deed, bounded, grow
from optimiser.rounds.labels import (
    ACT,
    BACK,
    BOUND,
    BREAK,
    BREAKS,
    CLOSES,
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
    PEAKS,
    PLACE,
    READY,
    REST,
    SINCE,
    STOP,
    TIP,
    TOOK,
    most_promising,
    thin,
)
from optimiser.rounds.legs import drive
from optimiser.rounds.terms import HOME, NOWHERE, WORK
from optimiser.rounds.ways import Floats, Ints

ANY_START = -1
# State of a pass: labels in use, whether any were given up, whether there was no room for one.
TOP, CUT, FULL = range(3)


@inner
def _next(w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, old: int, deed: Deed) -> None:
    """Add label ``old`` after the deed, for every release that its trip may wait for."""
    if deed.place < 0 or ints[old, LEVEL] != FRESH or deed.act == TIP:
        _one(w, x, ints, floats, state, old, 0, deed)
        return
    begin = deed.done - (deed.act == STOP)  # the first item of the trip
    first, last = w[w[LEVEL_FIRST] + begin], w[w[LEVEL_FIRST] + begin + 1]
    if deed.act == BREAK and w[w[LEVELS] + first] > 0 and w[FREE]:
        _one(w, x, ints, floats, state, old, 0, deed)
    for n in range(first, last):
        _one(w, x, ints, floats, state, old, w[w[LEVELS] + n], deed)


@inner
def _one(w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, old: int, level: int, deed: Deed) -> None:
    new = state[TOP]
    if new == len(ints):
        state[FULL] = 1
        return
    if not grow(w, x, ints, floats, old, new, level, deed):
        return
    if deed.act == BREAK and w[WEIGH] and not may_rest(w, x, ints, floats, new, deed.done):
        return
    state[TOP] = new + 1


@inner
def _mornings(w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, start: int) -> None:
    """Write the ways to begin: with the first ``n`` breaks behind, because the day starts after their latest start."""
    begin = w[SHIFT_OPENS] if start == ANY_START else start
    for n in range(w[PAUSES] + 1):
        if n > 0:
            if w[w[BREAK_ALWAYS] + n - 1]:
                return
            begin = max(begin, w[w[BREAK_LATEST] + n - 1] + 1)
        never_due = n < w[PAUSES] and w[w[BREAK_LATEST] + n] < w[SHIFT_OPENS]
        closes = w[SHIFT_CLOSES] + w[OVERTIME] if start == ANY_START else start
        if never_due or begin > closes:
            continue
        top = state[TOP]
        ints[top], floats[top] = 0, 0.0
        ints[top, PLACE], ints[top, BREAKS], ints[top, LAST_SPOT], ints[top, LEVEL] = HOME, n, NOWHERE, FRESH
        ints[top, EARLIEST] = ints[top, READY] = begin
        ints[top, LATEST] = ints[top, BACK] = closes
        ints[top, ENTRY] = closes if w[REST_OF] == WORK else 0
        ints[top, PARENT] = -1
        rows = w[ROWS]
        for column in range(PEAKS, floats.shape[1]):
            floats[top, column] = 0.0 if w[w[ROW_BREAK] + (column - PEAKS) % rows] < 0 else -np.inf
        if bounded(w, x, ints, floats, top, 0):
            state[TOP] = top + 1


@inner
def _rested(w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, first: int, done: int) -> None:
    """Add the labels that rest before they drive on, several breaks in a row if need be."""
    old = first
    while old < state[TOP]:
        if w[REST_OF] > 0 and ints[old, SINCE] > 0:
            deed = Deed(REST, 0, 0, -1, 0, FOREVER_MS, w[REST_MS], x[REST_SAVES], True, done)
            _next(w, x, ints, floats, state, old, deed)
        b = ints[old, BREAKS]
        if b < w[PAUSES]:
            _paused(w, x, ints, floats, state, old, b, done)
        old += 1


@inner
def _paused(w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, old: int, b: int, done: int) -> None:
    """Add the label after its next break, in every place and span."""
    begin, end = w[w[BREAK_FIRST] + b], w[w[BREAK_FIRST] + b + 1]
    takes, saves, resets = w[w[BREAK_MS] + b], x[w[BREAK_SAVES] + b], w[w[BREAK_RESETS] + b] > 0
    for n in range(w[w[BREAK_SPAN_FIRST] + b], w[w[BREAK_SPAN_FIRST] + b + 1]):
        opens, closes = w[w[BREAK_SPANS] + 2 * n], w[w[BREAK_SPANS] + 2 * n + 1]
        if begin == end:
            deed = Deed(BREAK, b, 0, -1, opens, closes, takes, saves, resets, done)
            _next(w, x, ints, floats, state, old, deed)
        for p in range(begin, end):
            deed = Deed(BREAK, b, p - begin, p, opens, closes, takes, saves, resets, done)
            _next(w, x, ints, floats, state, old, deed)


@inner
def _served(w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, old: int, i: int) -> None:
    """Add the label after stop ``i``, in every mode and window."""
    if ints[old, LEVEL] != FRESH and w[w[RELEASE] + i] > ints[old, LEVEL]:
        return
    if w[WEIGH] and not fits(w, x, ints, floats, old, i):
        return
    for p in range(w[w[FIRST] + i], w[w[FIRST] + i + 1]):
        for n in range(w[w[SPAN_FIRST] + i], w[w[SPAN_FIRST] + i + 1]):
            opens, closes = w[w[SPANS] + 2 * n], w[w[SPANS] + 2 * n + 1]
            deed = Deed(STOP, i, p - w[w[FIRST] + i], p, opens, closes, 0, 0.0, False, i + 1)
            _next(w, x, ints, floats, state, old, deed)


@inner
def _listed(w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, old: int, i: int) -> None:
    """Add the label after the tip that is item ``i``, unless it is refused."""
    site = w[w[SITE_OF] + i]
    if w[WEIGH] and carries(w, ints, old, i) and not unloads(w, ints, old, site, i):
        return
    for p in range(w[w[FIRST] + i], w[w[FIRST] + i + 1]):
        for n in range(w[w[SPAN_FIRST] + i], w[w[SPAN_FIRST] + i + 1]):
            opens, closes = w[w[SPANS] + 2 * n], w[w[SPANS] + 2 * n + 1]
            deed = Deed(TIP, site, p - w[w[FIRST] + i], p, opens, closes, 0, 0.0, False, i + 1)
            _next(w, x, ints, floats, state, old, deed)


@inner
def _tipped(w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, first: int, done: int, most: int) -> None:
    """Add the labels that go on to tip, at several sites if need be."""
    while True:
        last = state[TOP]
        for s in range(w[SITES]):
            for old in range(first, last):
                if worth_a_tip(w, x, ints, floats, old, s, done):
                    _at_site(w, x, ints, floats, state, old, s, done)
        if state[TOP] == last:
            return
        _kept(w, x, ints, floats, state, last, most)
        _rested(w, x, ints, floats, state, last, done)
        first = last


@inner
def _at_site(w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, old: int, s: int, done: int) -> None:
    for p in range(w[w[SITE_FIRST] + s], w[w[SITE_FIRST] + s + 1]):
        for n in range(w[w[SITE_SPAN_FIRST] + s], w[w[SITE_SPAN_FIRST] + s + 1]):
            opens, closes = w[w[SITE_SPANS] + 2 * n], w[w[SITE_SPANS] + 2 * n + 1]
            deed = Deed(TIP, s, p - w[w[SITE_FIRST] + s], p, opens, closes, 0, 0.0, False, done)
            _next(w, x, ints, floats, state, old, deed)


@inner
def _kept(w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, first: int, most: int) -> None:
    """Forget the labels from ``first`` on that others make superfluous, and the least promising if too many."""
    last = thin(ints, floats, first, state[TOP], x[WAGE], w[LONGEST] < FOREVER_MS)
    if last - first > most:
        last = most_promising(ints, floats, first, last, most)
        state[CUT] = 1
    state[TOP] = last


@inner
def _home(w: Ints, x: Floats, ints: Ints, floats: Floats, label: int) -> tuple[float, int, int]:
    """Return cost, duration and end of the round that a label makes when it drives home, ``inf`` if it may not."""
    if w[WEIGH] and w[MUST_EMPTY] and carries(w, ints, label, w[ITEMS]):
        return np.inf, 0, 0
    ready = ints[label, EARLIEST] + ints[label, DURATION]
    ms, dm = drive(w, 0, ints[label, PLACE], HOME, ready)
    duration, end = ints[label, DURATION] + ms, ready + ms
    if not _may_end(w, ints, label, ms, dm, end):
        return np.inf, 0, 0
    over = max(end - w[SHIFT_CLOSES], duration - w[LONGEST], 0)
    money = floats[label, MONEY] + ms * x[DRIVING_PER_MS] + dm * x[PER_DM] + forgone(w, x, ints, label, w[ITEMS])
    cost = money + x[WAGE] * duration + x[OVERTIME_PER_MS] * over
    return np.floor(cost * 1e9 + 0.5) / 1e9, duration, end


@inner
def _may_end(w: Ints, ints: Ints, label: int, ms: int, dm: int, end: int) -> bool:
    """Return whether a label may be home then, after this last leg."""
    closes = w[SHIFT_CLOSES] + w[OVERTIME]
    for b in range(ints[label, BREAKS], w[PAUSES]):
        if w[w[BREAK_ALWAYS] + b]:
            return False
        closes = min(closes, w[w[BREAK_LATEST] + b])
    if end > closes or ints[label, DURATION] + ms > w[LONGEST] + w[OVERTIME]:
        return False
    if w[REST_OF] > 0 and ints[label, SINCE] + ms > w[REST_AFTER]:
        return False
    if w[REST_OF] == WORK and end > ints[label, ENTRY] + w[REST_AFTER]:
        return False
    return bool(ints[label, DRIVEN] + ms <= w[MOST_DRIVING] and ints[label, FAR] + dm <= w[MOST_DM])


@inner
def _story(ints: Ints, last: int) -> Ints:
    """Return what led to a label: act, node, mode, place (-1: where it stood), opens, closes, ms."""
    count, label = 0, last
    while ints[label, PARENT] >= 0:
        count, label = count + 1, ints[label, PARENT]
    story = np.empty((count, 7), dtype=np.int64)
    label = last
    for n in range(count - 1, -1, -1):
        for k, column in enumerate((ACT, NODE, MODE, PLACE, OPENS, CLOSES, TOOK)):
            story[n, k] = ints[label, column]
        label = ints[label, PARENT]
    return story


@kernel
def explore(
    w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, most: int, start: int
) -> tuple[float, int, float, Ints]:
    """Return cost (``inf``: none found) and start of the best round, the least that any can cost, and its story.

    ``ints`` and ``floats`` are room for labels (see :func:`room_for`); ``state`` says afterwards whether labels were
    given up, or whether there was no room: then the answer says nothing. With ``start`` the round begins just then.
    """
    state[:] = 0
    _mornings(w, x, ints, floats, state, start)
    floor = np.inf
    for label in range(state[TOP]):
        floor = min(floor, floats[label, BOUND])
    _rested(w, x, ints, floats, state, 0, 0)
    first = 0
    for i in range(w[ITEMS]):
        last = state[TOP]
        for old in range(first, last):
            if w[w[SITE_OF] + i] < 0:
                _served(w, x, ints, floats, state, old, i)
            else:
                _listed(w, x, ints, floats, state, old, i)
        first = last
        _kept(w, x, ints, floats, state, first, most)
        _rested(w, x, ints, floats, state, first, i + 1)
        if w[FREE]:
            _tipped(w, x, ints, floats, state, first, i + 1, most)
        if state[TOP] == first or state[FULL]:
            return np.inf, 0, floor, np.empty((0, 7), dtype=np.int64)
    return _best(w, x, ints, floats, state, first, floor)


@inner
def _best(
    w: Ints, x: Floats, ints: Ints, floats: Floats, state: Ints, first: int, floor: float
) -> tuple[float, int, float, Ints]:
    """Return the round of the best label: of equal cost the shorter, then the earlier one."""
    best, cost, duration, end = -1, np.inf, 0, 0
    for label in range(first, state[TOP]):
        c, d, e = _home(w, x, ints, floats, label)
        if c < cost or (c == cost and c < np.inf and (d < duration or (d == duration and e < end))):
            best, cost, duration, end = label, c, d, e
    if best < 0:
        return np.inf, 0, floor, np.empty((0, 7), dtype=np.int64)
    return cost, ints[best, EARLIEST], floor, _story(ints, best)


def room_for(w: Ints, labels: int) -> tuple[Ints, Floats, Ints]:
    """Return room for so many labels, and the state of a pass."""
    peaks = int(w[GOODS] * w[ROWS]) if w[HEAVY] else 0
    ints = np.empty((labels, EMPTIED + int(w[CLASSES])), dtype=np.int64)
    return ints, np.empty((labels, PEAKS + peaks)), np.zeros(3, dtype=np.int64)
