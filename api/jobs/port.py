"""What the service knows of a run, and what it asks of any job engine: five calls.

The run tables (:mod:`api.jobs.store`) are the truth; an engine only moves runs along. See ``docs/jobs.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

Json = dict[str, Any]


class RunStatus(StrEnum):
    """Where a run stands. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether nothing can change it any more."""
        return self in FINAL


FINAL = frozenset({RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED})

# Documented in docs/jobs.md; the property test refuses any other step.
TRANSITIONS: Mapping[RunStatus, frozenset[RunStatus]] = {
    RunStatus.QUEUED: frozenset({RunStatus.RUNNING, RunStatus.CANCELLED}),
    RunStatus.RUNNING: FINAL | {RunStatus.QUEUED},
    RunStatus.SUCCEEDED: frozenset(),
    RunStatus.FAILED: frozenset(),
    RunStatus.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressNote:
    """The last news of a running solve.

    Parameters
    ----------
    stage
        What it is busy with ("read", "solve mon", ...).
    fraction
        Done so far, 0 to 1, where that is known.
    cost, gap
        Of the best plan so far, in the scenario's currency; gap as a fraction.
    runtime_s
        Seconds since this attempt began.
    """

    stage: str
    fraction: float | None = None
    cost: float | None = None
    gap: float | None = None
    runtime_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRef:
    """A document of a run; ``size`` in bytes."""

    name: str
    media_type: str
    title: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as everybody may see it.

    Parameters
    ----------
    kind
        What is planned, see :mod:`api.jobs.kinds`.
    request
        ``{"scenario": {...}, "files": {name: upload id}}`` or ``{"sample": name}``, with optional
        ``seconds``, ``seed`` and ``engine``; that of a hub study with ``"kind": "hubs"`` and ``study``.
    attempts
        How often it was begun.
    outcome
        Summary of the result; on a partial run that of the best plan so far.
    error
        ``code``, ``title``, ``detail`` and ``faults`` (a list) of a failed run.
    partial
        The documents show the best plan so far, not a finished result.
    """

    id: str
    status: RunStatus
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    name: str
    kind: str
    request: Json
    progress: ProgressNote | None
    attempts: int
    outcome: Json | None
    error: Json | None
    partial: bool
    documents: tuple[DocumentRef, ...]
    cancel_requested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """One line of a run's history; ``seq`` counts 1, 2, 3, ... within the run, without gaps."""

    seq: int
    at: datetime
    kind: str
    data: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A run that is now certain to be worked on; ``replayed`` when the key had accepted it before."""

    run: Run
    replayed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file given by the user, kept under its content's name; ``size`` in bytes."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime


class KeyMismatch(Exception):  # noqa: N818 - says what happened
    """The idempotency key was used before with a different request."""


class KeyInProgress(Exception):  # noqa: N818 - says what happened
    """Another request with this idempotency key is being accepted right now: ask again shortly."""


class NotCancellable(Exception):  # noqa: N818 - says what happened
    """The run has already succeeded or failed; ``run`` is how it stands."""

    def __init__(self, run: Run) -> None:
        self.run = run
        super().__init__(f"run {run.id} has already {run.status}")


class UnknownRun(KeyError):  # noqa: N818 - says what happened
    """There is no run with this id."""


class UnknownUpload(KeyError):  # noqa: N818 - says what happened
    """There is no upload with this id."""


class BadCursor(ValueError):  # noqa: N818 - says what happened
    """The page cursor was not made by us, or was altered."""


class TooLarge(ValueError):  # noqa: N818 - says what happened
    """The file is larger than allowed; nothing of it was kept. ``limit`` in bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"larger than {limit} bytes")


class JobEngine(Protocol):
    """Whatever moves accepted runs along. ``start`` and ``stop`` are the worker's side, in this process."""

    def start(self) -> None:
        """Begin to take runs in this process."""

    def stop(self) -> None:
        """Take no more runs, give those in work back to the queue, end."""

    def submit(self, run_id: str) -> None:
        """Hand over an accepted run. Failing here loses nothing: the sweep picks the run up."""

    def cancel(self, run_id: str) -> None:
        """Tell the engine that :meth:`api.jobs.store.Store.request_cancel` was called."""

    def health(self) -> Json:
        """Live workers, seconds since the last heartbeat, queued and running runs."""
