"""How the temperature falls with the share of the budget spent, and how often better plans are told of."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from optimiser.rounds.deadline import Deadline

NEWS_EVERY_S = 1.0
NEWS_SHARE = 0.05  # of the time, at most, for telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """Temperatures in ticks, from ``hot`` down to ``cold``, each step by the same factor."""

    hot: float
    cold: float

    def at(self, spent: float) -> float:
        """Return the temperature when this share of the budget is spent."""
        return float(self.hot * (self.cold / self.hot) ** min(1.0, max(0.0, spent)))


@dataclass(slots=True, kw_only=True)
class News:
    """Tells of better plans, with pauses between that are long against what telling takes."""

    tell: Callable[[], None]
    deadline: Deadline
    told: int
    again_s: float = 0.0

    def of(self, cost: int, before: Callable[[], None] | None = None) -> None:
        """Tell if this is better than what was told and its time has come; ``before`` makes ready for it."""
        if cost >= self.told or time.monotonic() < self.again_s or self.deadline.passed:
            return
        began = time.monotonic()
        if before is not None:
            before()
        self.tell()
        now = time.monotonic()
        self.told, self.again_s = cost, now + max(NEWS_EVERY_S, (now - began) / NEWS_SHARE)
