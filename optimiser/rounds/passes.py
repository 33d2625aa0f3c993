"""Passes of the timing pass: a few labels at a time first, then many if that may pay."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from optimiser.rounds.flat import DEAREST, ITEMS
from optimiser.rounds.search import ANY_START, CUT, FULL, explore, room_for
from optimiser.rounds.ways import Floats, Ints

FEW_LABELS = 12
MOST_LABELS = 300
LABELS_PER_ITEM = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best round of a pass; ``cost`` leaves out fees that every plan pays."""

    cost: float
    start_ms: int
    story: Ints


def explored(w: Ints, x: Floats, *, quick: bool, start_ms: int = ANY_START) -> Found | None:
    """Return the best round, no dearer than ``x`` allows; what it allows is lowered to the cost of what is found."""
    found: Found | None = None
    for most in (FEW_LABELS, MOST_LABELS):
        cost, start, cut, floor, story = _passed(w, x, most, start_ms)
        if cost < inf:
            found = Found(cost=cost, start_ms=start, story=story)
            x[DEAREST] = min(x[DEAREST], cost + 1e-9 * max(1.0, abs(cost)))
        if quick or not cut or cost <= floor + 1e-9 * max(1.0, abs(floor)):
            break
    return found


def _passed(w: Ints, x: Floats, most: int, start_ms: int) -> tuple[float, int, bool, float, Ints]:
    """Return what a pass finds, with as much room as it takes."""
    labels = LABELS_PER_ITEM * (int(w[ITEMS]) + 4)
    while True:
        ints, floats, state = room_for(w, labels)
        cost, start, floor, story = explore(w, x, ints, floats, state, most, start_ms)
        if not state[FULL]:
            return cost, start, bool(state[CUT]), floor, story
        labels *= 4
