"""A point in time by which work must be done."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """So many seconds from the moment it is made; ``None``: no deadline."""

    seconds: float | None = None
    began: float = field(default_factory=time.monotonic)

    @property
    def spent_s(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began

    @property
    def left_s(self) -> float:
        """Seconds left, below zero once it has passed."""
        return inf if self.seconds is None else self.seconds - self.spent_s

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return self.left_s <= 0

    def sooner(self, seconds: float) -> Deadline:
        """Return a deadline so many seconds before this one, counted from the same beginning."""
        return Deadline(seconds=None if self.seconds is None else self.seconds - seconds, began=self.began)
