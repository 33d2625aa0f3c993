"""Anneal for so many steps, or until a moment: the temperature falls with the share of either that is spent."""

from __future__ import annotations

import time

import numpy as np

from optimiser.hubs.codesign.rough.anneal import anneal
from optimiser.hubs.codesign.rough.layout import Land, Tours, copied

HOT, COLD = 1.5, 0.02  # first and last temperature, in mean legs between close neighbours
CLOSE = 5  # neighbours
SLICE = 2_000  # steps
SLICE_S = 0.1


def scale(land: Land) -> float:
    """Return the mean leg between close neighbours."""
    some = land.near[:, :CLOSE]
    legs = np.take_along_axis(land.legs, some, axis=1)
    mean = float(legs.mean()) if legs.size else 0.0
    return max(mean, 1e-6 * float(land.out.max(initial=0.0)), 1e-9)


def cool(
    land: Land, begin: Tours, *, seed: int, steps: int | None = None, seconds: float | None = None, hot: float = HOT
) -> tuple[Tours, int]:
    """Return the best rounds met from a beginning, which is left as it is, and the steps taken.

    With ``steps`` nothing looks at a clock.
    """
    leg, tours, best = scale(land), copied(begin), copied(begin)
    first, ratio = hot * leg, COLD / hot
    if steps is not None:
        anneal(land, tours, best, steps, first, first * ratio, seed)
        return best, steps
    began, taken, size, share = time.monotonic(), 0, SLICE, 0.0
    total = max(seconds or 0.0, 1e-3)
    while share < 1.0:
        before = time.monotonic()
        heat = first * ratio**share
        anneal(land, tours, best, size, heat, heat, seed + 7919 * (taken + 1) % 2**31)
        taken += size
        now = time.monotonic()
        size = int(min(10 * size, max(100, size * SLICE_S / max(now - before, 1e-6))))
        share = (now - began) / total
    return best, taken
