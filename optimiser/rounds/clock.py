"""Whole milliseconds: the clock that schedule, check and price share.

Outside, times are seconds since midnight as floats. Inside, every time is an integer of milliseconds, like the travel
times, so that sums are exact and two judges never differ by rounding.
"""

from __future__ import annotations

import math

TOLERANCE_MS = 1
FOREVER_MS = 2**50


def to_ms(seconds: float) -> int:
    """Return the nearest whole millisecond."""
    return round(seconds * 1000.0)


def to_s(milliseconds: int) -> float:
    """Return seconds."""
    return int(milliseconds) / 1000.0


def opens_ms(seconds: float) -> int:
    """Return the first whole millisecond at or after ``seconds``."""
    return math.ceil(round(seconds * 1000.0, 3))


def closes_ms(seconds: float) -> int:
    """Return the last whole millisecond at or before ``seconds``."""
    return math.floor(round(seconds * 1000.0, 3))
