"""Labels of the timing pass: partial rounds, and which of them can be forgotten.

A label is a partial round up to the end of a visit. Over all moments at which it could have begun, its time is three
numbers, a *time segment*: it takes ``duration`` and may begin between ``earliest`` and ``latest`` without waiting
longer. Beginning at s <= latest it ends at ``max(s, earliest) + duration``. Two segments with a leg of length t between
them join in O(1):

    at       = duration1 + t
    wait     = max(earliest2 - at - latest1, 0)
    duration = at + wait + duration2
    earliest = max(earliest2 - at, earliest1) - wait
    latest   = min(latest2 - at, latest1)              feasible if earliest1 + at <= latest2

(Vidal, Crainic, Gendreau, Prins 2013, Computers & Operations Research 40(1), without time warp.) Ending at moment x
costs ``money + wage * max(duration, x - latest)``, so label A makes label B superfluous if it stands at the same place,
with the same breaks taken, no more on board (each class emptied no earlier), ready no later, and

    cost_A + wage * max(0, back_B - back_A) <= cost_B,     cost = money + wage * duration, back = latest + duration.

With a limit on the length of the day, or overtime beyond it, A must also last no longer and be able to begin no
earlier. It must have waited for a release no earlier, have driven no longer and no farther if that is limited, and, for
a driving rest, have gathered no more since the last one.

Where *work* gathers, a second segment is kept of the stretch since the last rest: ``since`` is its duration, ``entry``
its latest beginning; the rest before it can be put off until then, so the stretch must end by ``entry + after``.

Where goods are delivered, what is on board depends on what is delivered later. ``peak[g, r]`` is the most that row
``r`` had on board since goods of class ``g`` were last taken on, as far as known; a delivery of ``a`` raises it:

    peak[h, r] = max(peak[h, r], min(peak[h, r], peak[g, r]) + a[r])     for all classes h

because of two classes the one taken on earlier has the higher peak.

Labels are rows of two arrays; the constants below name their columns.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.compiled import inner
from optimiser.rounds.ways import Floats, Ints

# Whole numbers: place; breaks behind; spot of the last work; release that the trip waited for (FRESH: still at its
# beginning); the time segment and its ends; the stretch; ms and dm driven in all; the label before; what was done
# last (act, number of item, site or break, mode, span, ms); then how many items were done before each class of waste
# was last emptied.
PLACE, BREAKS, LAST_SPOT, LEVEL, DURATION, EARLIEST, LATEST, READY, BACK, SINCE, ENTRY, DRIVEN, FAR = range(13)
PARENT, ACT, NODE, MODE, OPENS, CLOSES, TOOK, EMPTIED = range(13, 21)
# Floating: money beside wages; with them; a cost that no round grown from it can go below; then peaks [class, row].
MONEY, COST, BOUND, PEAKS = range(4)
FRESH = -1
BEGIN, STOP, TIP, BREAK, REST = range(5)  # acts


@inner
def beats(ints: Ints, floats: Floats, one: int, other: int, wage: float, day_limited: bool) -> bool:
    """Return whether label ``one``, no dearer and at the same place, makes ``other`` superfluous."""
    if ints[one, READY] > ints[other, READY] or ints[one, LEVEL] < ints[other, LEVEL]:
        return False
    lag = ints[other, BACK] - ints[one, BACK]
    if lag > 0 and floats[one, COST] + wage * lag > floats[other, COST]:
        return False
    if day_limited and (ints[one, DURATION] > ints[other, DURATION] or ints[one, LATEST] < ints[other, LATEST]):
        return False
    for column in range(EMPTIED, ints.shape[1]):
        if ints[one, column] < ints[other, column]:
            return False
    for column in range(PEAKS, floats.shape[1]):
        if floats[one, column] > floats[other, column]:
            return False
    return _no_more_gathered(ints, one, other)


@inner
def _no_more_gathered(ints: Ints, one: int, other: int) -> bool:
    return bool(
        ints[one, SINCE] <= ints[other, SINCE]
        and ints[one, ENTRY] >= ints[other, ENTRY]
        and ints[one, DRIVEN] <= ints[other, DRIVEN]
        and ints[one, FAR] <= ints[other, FAR]
    )


@inner
def thin(ints: Ints, floats: Floats, first: int, last: int, wage: float, day_limited: bool) -> int:
    """Move the labels that no other makes superfluous to the front of their rows; return where they end."""
    if last - first < 2:
        return last
    order = _ascending(floats, COST, first, last)
    count = 0
    for label in order:
        beaten = False
        for n in range(count):
            rival = order[n]
            if (
                ints[rival, PLACE] == ints[label, PLACE]
                and ints[rival, BREAKS] == ints[label, BREAKS]
                and ints[rival, LAST_SPOT] == ints[label, LAST_SPOT]
                and beats(ints, floats, rival, label, wage, day_limited)
            ):
                beaten = True
                break
        if not beaten:
            order[count] = label  # never ahead of the one looked at
            count += 1
    return _gathered(ints, floats, first, order[:count])


@inner
def most_promising(ints: Ints, floats: Floats, first: int, last: int, most: int) -> int:
    """Keep the labels of the lowest bounds only; return where they end."""
    return _gathered(ints, floats, first, _ascending(floats, BOUND, first, last)[:most])


@inner
def _ascending(floats: Floats, column: int, first: int, last: int) -> Ints:
    """Return the rows from ``first`` to ``last`` in the order of a column, equal ones as they stand (heap sort)."""
    count = last - first
    order = np.arange(first, last)
    for begin in range(count // 2 - 1, -1, -1):
        _sift(floats, column, order, begin, count)
    for end in range(count - 1, 0, -1):
        order[0], order[end] = order[end], order[0]
        _sift(floats, column, order, 0, end)
    return order


@inner
def _sift(floats: Floats, column: int, order: Ints, begin: int, end: int) -> None:
    """Let the label at ``begin`` of a heap sink to where it belongs."""
    at = begin
    while 2 * at + 1 < end:
        child = 2 * at + 1
        if child + 1 < end and _before(floats, column, order[child], order[child + 1]):
            child += 1
        if not _before(floats, column, order[at], order[child]):
            return
        order[at], order[child] = order[child], order[at]
        at = child


@inner
def _before(floats: Floats, column: int, one: int, other: int) -> bool:
    return bool(
        floats[one, column] < floats[other, column] or (floats[one, column] == floats[other, column] and one < other)
    )


@inner
def _gathered(ints: Ints, floats: Floats, first: int, rows: Ints) -> int:
    """Copy these rows to ``first`` and on; return where they end."""
    whole, floating = np.empty((len(rows), ints.shape[1]), dtype=np.int64), np.empty((len(rows), floats.shape[1]))
    for n in range(len(rows)):
        whole[n], floating[n] = ints[rows[n]], floats[rows[n]]
    last = first + len(rows)
    ints[first:last], floats[first:last] = whole, floating
    return last
