"""How the worker's side behaves; every number may be set."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

JOB_SCHEMA = "1"  # goes up only when runs queued by an older version can no longer be worked on by this one
CHILD = (sys.executable, "-m", "api.jobs.child")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """Set-up of a job engine.

    Parameters
    ----------
    home
        Folder for the queue's own file and for the children's scratch folders.
    queue_url
        Database of the queue's plumbing; empty: ``queue.sqlite`` in the home, or the run tables' own PostgreSQL.
    slots
        Solves at a time in each worker; the workers of one home share the number, the last one started sets it.
    lease_s
        A worker that was not heard of for so long has lost its runs.
    poll_s
        How often the queue is asked for work and a running attempt for its standing.
    strikes
        Attempts that may be lost or crash before a run is given up.
    timeout_s, memory_mb
        Limits of one attempt: wall-clock, and resident memory of all its processes together.
    command
        Program that does the work; see ``docs/jobs.md`` for what it is told and what it answers.
    """

    home: Path
    queue_url: str = ""
    slots: int = field(default_factory=lambda: max(1, (os.cpu_count() or 2) // 2))
    lease_s: float = 15.0
    poll_s: float = 0.2
    strikes: int = 3
    timeout_s: float = 24 * 3600.0
    memory_mb: float = 4096.0
    command: tuple[str, ...] = CHILD

    def __post_init__(self) -> None:
        numbers = (self.slots, self.lease_s, self.poll_s, self.strikes, self.timeout_s, self.memory_mb)
        if min(numbers) <= 0:
            raise ValueError("slots, lease, poll, strikes and limits must be above zero")
        if self.poll_s * 4 > self.lease_s:
            raise ValueError("the lease must last at least four polls")
