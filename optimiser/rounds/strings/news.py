"""How often better plans are told of."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from optimiser.rounds.deadline import Deadline

EVERY_S = 1.0
SHARE = 0.05  # of the time, at most, for telling


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
        self.told, self.again_s = cost, now + max(EVERY_S, (now - began) / SHARE)
