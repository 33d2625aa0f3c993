"""Time of day: a leg progresses at the rate of the period it is in; who sets out later does not arrive sooner.

In a period in which the whole leg takes D, the vehicle covers the share dt / D of it in a time dt. Nothing is covered
in a period in which there is no way. The sum is taken in floating point and rounded up to the millisecond, the same for
schedule, check, price and engines. (Ichoua, Gendreau, Potvin 2003, European Journal of Operational Research 144.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from optimiser.travel import UNREACHABLE

ROUND_OFF_MS = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From ``from_s`` on (to the next period's start) legs take what the travel ``travel`` says."""

    from_s: float
    travel: str


def arrival_ms(depart_ms: int, durations_ms: Sequence[int], starts_ms: Sequence[int]) -> int | None:
    """Return when a leg ends that sets out at ``depart_ms``; ``None`` if it never does.

    Parameters
    ----------
    durations_ms
        What the whole leg takes in each period; ``UNREACHABLE`` where there is no way.
    starts_ms
        When each period starts, ascending; the first holds before its start too, the last for ever.
    """
    now, left = float(depart_ms), 1.0
    for k, duration in enumerate(durations_ms):
        end = math.inf if k + 1 == len(durations_ms) else float(starts_ms[k + 1])
        if end <= now:
            continue
        if duration < UNREACHABLE:
            needed = left * duration
            if now + needed <= end:
                return math.ceil(now + needed - ROUND_OFF_MS)
            left -= (end - now) / duration
        now = end
    return None


def period_at(depart_ms: int, starts_ms: Sequence[int]) -> int:
    """Return the position of the period that a moment is in."""
    return max(sum(start <= depart_ms for start in starts_ms) - 1, 0)
