"""The way from one place to another, at the time of day when it is driven (compiled; see ``pace.py``)."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.compiled import inner, kernel
from optimiser.rounds.course import NO_WAY_MS
from optimiser.rounds.flat import FIRST, FIXED, ITEM_PLACES, LEGS, LEGS_DM, LEGS_MS, PERIODS, STARTS, STEP_FIRST
from optimiser.rounds.pace import ROUND_OFF_MS
from optimiser.rounds.ways import Ints


@inner
def leg_at(w: Ints, i: int, here: int, there: int) -> int:
    """Return the number of the leg from a place to another, of item ``i`` if it is not a fixed one."""
    fixed, places = w[FIXED], w[ITEM_PLACES]
    if here < fixed:
        if there < fixed:
            return int(here * fixed + there)
        return int(fixed * (fixed + places) + here * places + there - fixed)
    if there < fixed:
        return int(fixed * here + there)
    return int(fixed * (fixed + 2 * places) + w[w[STEP_FIRST] + here - fixed] + there - w[w[FIRST] + i])


@inner
def drive(w: Ints, i: int, here: int, there: int, depart: int) -> tuple[int, int]:
    """Return ms and dm from a place to another, of item ``i`` if it is not a fixed one; ``NO_WAY_MS``: none."""
    leg = leg_at(w, i, here, there)
    periods = w[PERIODS]
    if periods == 1:
        return w[w[LEGS_MS] + leg], w[w[LEGS_DM] + leg]
    ms = w[w[LEGS_MS] + leg : w[LEGS_DM] : w[LEGS]]
    starts = w[w[STARTS] : w[STARTS] + periods]
    arrive = arrival(depart, ms, starts)
    if arrive < 0:
        return NO_WAY_MS, 0
    period = 0
    while period + 1 < periods and starts[period + 1] <= depart:
        period += 1
    while ms[period] >= NO_WAY_MS:
        period += 1
    return arrive - depart, w[w[LEGS_DM] + period * w[LEGS] + leg]


@kernel
def arrival(depart: int, ms: Ints, starts: Ints) -> int:
    """Return when a leg ends that sets out then, -1 if it never does: :func:`~optimiser.rounds.pace.arrival_ms`."""
    now, left = float(depart), 1.0
    for k in range(len(ms)):
        end = np.inf if k + 1 == len(ms) else float(starts[k + 1])
        if end <= now:
            continue
        if ms[k] < NO_WAY_MS:
            needed = left * ms[k]
            if now + needed <= end:
                return int(np.ceil(now + needed - ROUND_OFF_MS))
            left -= (end - now) / ms[k]
        now = end
    return -1
