"""The timing pass where legs take longer at some times of the day than at others.

A pass with a fixed start is exact: all legs are driven at their own time of day, and who is ready earlier arrives no
later. So the pass is made for a start every ``STEP_MS`` of the shift (``QUICK_STEP_MS`` if it must be quick) and at
every period's begin; then, from the best of them, for the starts near it at which the cost of its round can turn:
those that bring an action just in time for its window to open or close, a leg to where a period begins, or the round
to the end of the shift. That is repeated while it finds something cheaper.

Given up, so that the round may be dearer than the best (or one that can only just be driven be missed): a better start
far from all those tried, waiting on purpose for a period in which driving is cheaper but arrives no earlier, and
putting off a rest so that the work after it does not gather.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.compiled import inner, kernel
from optimiser.rounds.flat import OVERTIME, PERIODS, SHIFT_CLOSES, SHIFT_OPENS, STARTS
from optimiser.rounds.passes import Found, explored
from optimiser.rounds.told import FOR, FROM, UNTIL, clocked
from optimiser.rounds.ways import Floats, Ints

STEP_MS = 900_000
QUICK_STEP_MS = 3_600_000
MOST_TIMES = 4


def over_the_day(w: Ints, x: Floats, *, quick: bool) -> Found | None:
    """Return the best round over all starts that are looked at, cheaper than the dearest that ``x`` allows."""
    first, last = int(w[SHIFT_OPENS]), int(w[SHIFT_CLOSES] + w[OVERTIME])
    step = QUICK_STEP_MS if quick else STEP_MS
    begins = w[w[STARTS] : w[STARTS] + w[PERIODS]].tolist()
    starts = sorted({*range(first, last + 1, step), *(begin for begin in begins if first <= begin <= last)})
    tried: set[int] = set()
    best = _best_of(w, x, starts, tried, None, quick=quick)
    for _ in range(1 if quick else MOST_TIMES):
        if best is None:
            return None
        near = max(best.start_ms - step, first), min(best.start_ms + step, last)
        better = _best_of(w, x, turns(w, best.story, *near).tolist(), tried, best, quick=quick)
        if better is best:
            break
        best = better
    return best


def _best_of(
    w: Ints, x: Floats, starts: list[int], tried: set[int], best: Found | None, *, quick: bool
) -> Found | None:
    for start in starts:
        if start in tried:
            continue
        tried.add(start)
        found = explored(w, x, quick=quick, start_ms=start)
        if found is not None and (best is None or (found.cost, start) < (best.cost, best.start_ms)):
            best = found
    return best


@kernel
def turns(w: Ints, story: Ints, first: int, last: int) -> Ints:
    """Return the starts between two at which the cost of a story can turn, with the moments just before them."""
    count, periods = len(story), w[PERIODS]
    low, high = _moments(w, story, first), _moments(w, story, last)
    edges = np.empty(periods + 2, dtype=np.int64)
    found = np.empty((2 * count + 2) * (periods + 2) * 2, dtype=np.int64)
    n = 0
    for k in range(2 * count + 2):
        edges[:periods] = w[w[STARTS] : w[STARTS] + periods]
        edges[periods] = story[k, FROM] if k < count else w[SHIFT_CLOSES]
        edges[periods + 1] = story[k, UNTIL] + 1 if k < count else w[SHIFT_CLOSES] + w[OVERTIME] + 1
        for edge in edges:
            if low[k] < edge <= high[k]:
                turn = _first_that(w, story, k, edge, first, last)
                found[n], found[n + 1] = turn - 1, turn
                n += 2
    return np.unique(found[:n])


@inner
def _moments(w: Ints, story: Ints, start: int) -> Ints:
    """Return when each action is arrived at, then when the start was and each action ends, then when all is over."""
    arrives, begins, end = clocked(w, story, start)
    count = len(story)
    moments = np.empty(2 * count + 2, dtype=np.int64)
    moments[:count], moments[count] = arrives, start
    for n in range(count):
        moments[count + 1 + n] = begins[n] + story[n, FOR]
    moments[2 * count + 1] = end
    return moments


@inner
def _first_that(w: Ints, story: Ints, k: int, edge: int, low: int, high: int) -> int:
    """Return the first start with which a moment is at an edge or later: after ``low``, no later than ``high``."""
    while high - low > 1:
        middle = (low + high) // 2
        if _moments(w, story, middle)[k] < edge:
            low = middle
        else:
            high = middle
    return high
