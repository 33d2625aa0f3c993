"""News from a running run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optimiser.rounds.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """One line of news.

    Parameters
    ----------
    stage
        "ready", "read", "streets", "travel", "hubs", "solve", "baseline", "measure".
    day
        The day being solved, ``""`` outside the solve.
    fraction
        Share of the whole run that is done, 0 to 1.
    cost, gap
        Of the best plan of that day so far.
    runtime_s
        Since the run began.
    plan
        The incumbent, complete and checked; a run that is started again can begin from it.
    """

    stage: str
    day: str = ""
    fraction: float | None = None
    cost: float | None = None
    gap: float | None = None
    runtime_s: float = 0.0
    plan: Plan | None = None


OnRunProgress = Callable[[RunProgress], None]
