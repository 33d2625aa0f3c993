"""Counting, so that nobody can try too often."""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict, deque


class Throttle:
    """At most so many attempts of each caller within a time, in this process.

    Parameters
    ----------
    most
        Attempts.
    per_s
        Seconds after which an attempt is forgotten.
    """

    def __init__(self, *, most: int, per_s: float) -> None:
        self._most, self._per_s = most, per_s
        self._seen: dict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def wait_s(self, who: str) -> int:
        """Return how many seconds a caller has to wait; 0: none."""
        now = time.monotonic()
        with self._lock:
            self._forget(now)
            seen = self._seen.get(who)
            full = seen is not None and len(seen) >= self._most
            return math.ceil(seen[0] + self._per_s - now) if seen is not None and full else 0

    def count(self, who: str) -> None:
        """Remember an attempt."""
        with self._lock:
            self._seen[who].append(time.monotonic())

    def _forget(self, now: float) -> None:
        for who in list(self._seen):
            seen = self._seen[who]
            while seen and seen[0] <= now - self._per_s:
                seen.popleft()
            if not seen:
                del self._seen[who]
