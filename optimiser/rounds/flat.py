"""Terms and course laid out in two arrays, whole numbers and floating ones: all that the compiled pass is handed.

The constants are positions in the two arrays. Those of arrays hold (always among the whole numbers) where the array
begins, in C order. Compiled functions call the two arrays ``w`` and ``x``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.course import Course
from optimiser.rounds.terms import Terms
from optimiser.rounds.ways import Floats, Ints

# numbers of: items, fixed places, places of items, legs, periods, rows, classes of waste and of goods, sites, breaks
(ITEMS, FIXED, ITEM_PLACES, LEGS, PERIODS, ROWS, CLASSES, GOODS, SITES, PAUSES) = range(10)
# of the vehicle and the pass: see Terms and Course
(SHIFT_OPENS, SHIFT_CLOSES, LONGEST, OVERTIME, MOST_DRIVING, MOST_DM, MUST_EMPTY) = range(10, 17)
(REST_OF, REST_AFTER, REST_MS, HEAVY, WEIGH, FREE, BOUNDED) = range(17, 24)
# arrays of whole numbers
(WORK_AT, SITE_FIRST, SITE_SPAN_FIRST, SITE_SPANS, ACCEPTS, SUPPLIES) = range(24, 30)
(BREAK_FIRST, BREAK_SPAN_FIRST, BREAK_SPANS, BREAK_MS, BREAK_LATEST, BREAK_ALWAYS, BREAK_RESETS) = range(30, 37)
(ROW_BREAK, STARTS, FIRST, SITE_OF, SPAN_FIRST, SPANS, LEGS_MS, LEGS_DM, STEP_FIRST) = range(37, 46)
(HELD, BROUGHT, RELEASE, LATER, LEVEL_FIRST, LEVELS) = range(46, 52)
# arrays of floating numbers
(FEE, BREAK_SAVES, WASTE, PARCELS, BRINGS, FEES, UNSOLD, CEILING) = range(52, 60)
(COST_STOP, COST_SITE, COST_OFF, COST_OFF_VIA, TIME_STOP, TIME_SITE, TIME_OFF, TIME_OFF_VIA) = range(60, 68)
NUMBERS = 68
# floating numbers
(WAGE, PER_DM, DRIVING_PER_MS, SERVICE_PER_MS, OVERTIME_PER_MS, REST_SAVES, DEAREST) = range(7)
FLOATING = 7


def flat(held: Terms, course: Course, ceiling: Floats) -> tuple[Ints, Floats]:
    """Return terms and course in two arrays, with room for what is left to do at least (see ``togo.py``)."""
    items, fixed, least = len(course.site), len(held.work), len(course.site) + 1
    classes, goods = course.held.shape[1], course.brought.shape[1]
    numbers = (
        *(items, fixed, len(course.work) - fixed, course.legs_ms.shape[1], len(held.starts), len(ceiling)),
        *(classes, goods, len(held.fee), len(held.break_ms)),
        *(held.opens, held.closes, held.longest, held.overtime, held.most_driving, held.most_dm, held.must_empty),
        *(held.rest_of, held.rest_after, held.rest_ms, course.heavy, course.weigh, course.free, course.free),
    )
    whole: list[NDArray[Any]] = [
        *(course.work, held.site_first, held.site_span_first, held.site_spans, held.accepts, held.supplies),
        *(held.break_first, held.break_span_first, held.break_spans, held.break_ms, held.break_latest),
        *(held.break_always, held.break_resets, held.row_break, held.starts),
        *(course.first, course.site, course.span_first, course.spans, course.legs_ms, course.legs_dm),
        *(course.step_first, course.held, course.brought, course.release, course.later),
        *(course.level_first, course.levels),
    ]
    togo = [np.empty(size) for size in (least * least, least, least, least)]
    floating = [held.fee, held.break_saves, course.waste, course.parcels, course.goods]
    floating += [course.fees, course.unsold, ceiling]
    w = np.concatenate([np.zeros(NUMBERS, dtype=np.int64), *(array.ravel() for array in whole)], dtype=np.int64)
    money = held.wage, held.per_dm, held.driving_per_ms, held.service_per_ms, held.overtime_per_ms, held.rest_saves
    rates = np.array((*money, np.inf))
    x = np.concatenate([rates, *(array.ravel() for array in (*floating, *togo, *togo))])
    w[: len(numbers)] = numbers
    w[WORK_AT:FEE] = np.cumsum([NUMBERS, *(array.size for array in whole[:-1])])
    w[FEE:NUMBERS] = np.cumsum([FLOATING, *(array.size for array in (*floating, *togo, *togo[:-1]))])
    return w, x
