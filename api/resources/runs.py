"""Runs: ask for one, list them, read one, cancel it, follow its history."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from api.contract import Reply, Strict, operation
from api.errors import Refused, wrong_parameter
from api.jobs.port import BadCursor, NotCancellable, Run, RunStatus, UnknownRun
from api.problem_types import PROBLEMS as P
from api.resources.shapes import EventList, RunPage, RunShape, event_shape, run_shape
from api.run_request import Asked, Id, RunRequest
from api.services import services
from api.submission import submit as accept

RUN_EXAMPLE: dict[str, object] = {
    "id": "0f6c1f6e3b0c4a5f8d2e7a9b1c3d5e7f",
    "name": "Small town",
    "kind": "rounds",
    "sample": "town",
    "status": "running",
    "created_at": "2027-03-01T08:00:00Z",
    "started_at": "2027-03-01T08:00:01Z",
    "finished_at": None,
    "attempts": 1,
    "cancel_requested": False,
    "partial": False,
    "progress": {"stage": "solve", "fraction": 0.4, "cost": 4120.5, "gap": None, "runtime_s": 12.5},
    "outcome": None,
    "error": None,
    "documents": [],
}
LOOK_S = 0.2  # between two looks of a long poll
Wait = Annotated[float, Field(ge=0, le=25, description="Seconds to wait for something new before answering.")]
Found = TypeVar("Found")


class KeyHeader(Strict):
    """Headers of a submission."""

    key: str | None = Field(
        None,
        alias="Idempotency-Key",
        description="1 to 255 visible ASCII characters. Optional; with it the same request can safely be "
        "sent again for 24 hours.",
        examples=["4b0c6f0e-2f5c-4a39-9b43-2f6f0a6a8c11"],
    )


class ListQuery(Strict):
    """Which runs to list."""

    limit: int = Field(20, ge=1, le=100, description="Rows of the page.")
    after: str | None = Field(None, max_length=200, description="`next` of the page before.")
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"] | None = Field(
        None, description="Only runs that stand so."
    )


class WaitQuery(Strict):
    """How long to wait for the run to end."""

    wait: Wait = 0.0


class EventQuery(Strict):
    """Which events to read."""

    after: int = Field(0, ge=0, le=2**53, description="Number of the last event already known.")
    wait: Wait = 0.0


@operation(
    "POST",
    "/v1/runs",
    tag="runs",
    answer=RunShape,
    status=202,
    problems=("bad-idempotency-key", "in-progress", "idempotency-mismatch", "queue-full"),
    headers={
        "Location": "Path of the run.",
        "Idempotency-Replayed": "`true` when the key had this run already.",
    },
    example={"sample": "town", "seconds": 5, "seed": 1},
    answer_example=RUN_EXAMPLE,
    max_bytes=lambda: services().config.limits.json_bytes,
)
def submit_run(body: RunRequest, headers: KeyHeader) -> Reply:
    """Ask for a run.

    The body says the kind of run: `rounds` (the default) with a scenario, `hubs` with a hub study or `codesign` with a
    co-design study, and the uploads that it names; or the name of a sample of that kind. The run is stored before the
    answer is sent: once accepted it is not lost. With an `Idempotency-Key` the same request sent again gives the same
    run; no address of this API demands the key.
    """
    key = checked_key(headers.key)
    assert isinstance(body, Asked)
    accepted = accept(services(), body, key=key)
    replayed = {"Idempotency-Replayed": "true"} if accepted.replayed else {}
    location = {"Location": f"/v1/runs/{accepted.run.id}"}
    return Reply(value=run_shape(accepted.run), headers=location | replayed)


def checked_key(key: str | None) -> str | None:
    """Return the key if it can be one."""
    if key is not None and not (1 <= len(key) <= 255 and all("!" <= c <= "~" for c in key)):
        raise Refused(P["bad-idempotency-key"])
    return key


@operation("GET", "/v1/runs", tag="runs", answer=RunPage, problems=("bad-cursor",))
def list_runs(query: ListQuery) -> RunPage:
    """List the runs, newest first.

    A run that exists throughout is neither skipped nor repeated while others come.
    """
    status = None if query.status is None else RunStatus(query.status)
    try:
        runs, after = services().store.runs(limit=query.limit, after=query.after, status=status)
    except BadCursor:
        item = wrong_parameter("after", "invalid-value", "Not a cursor of ours.", "Use `next` unchanged.")
        raise Refused(P["bad-cursor"], items=(item,)) from None
    return RunPage(items=[run_shape(run) for run in runs], next=after)


@operation("GET", "/v1/runs/{run_id}", tag="runs", answer=RunShape, answer_example=RUN_EXAMPLE)
def read_run(run_id: Id, query: WaitQuery) -> RunShape:
    """Read a run: how it stands, its progress, its outcome.

    With `wait` the answer comes as soon as the run has ended, and after that many seconds at the latest. A
    busy server may answer earlier.
    """
    return run_shape(waited(lambda: existing(run_id), lambda run: run.status.final, query.wait))


@operation("POST", "/v1/runs/{run_id}/cancel", tag="runs", answer=RunShape, status=202, problems=("run-finished",))
def cancel_run(run_id: Id) -> RunShape:
    """Cancel a run.

    A queued run is cancelled at once, a running one within a few seconds; the best plan so far is kept.
    Cancelling twice gives the same answer.
    """
    return run_shape(cancel(run_id))


@operation("GET", "/v1/runs/{run_id}/events", tag="runs", answer=EventList)
def list_events(run_id: Id, query: EventQuery) -> EventList:
    """Read the history of a run after an event.

    With `wait` the answer comes as soon as there is something new.
    """
    store = services().store
    run = existing(run_id)
    if run.status.final:
        events = store.events(run_id, query.after)
    else:
        events = waited(lambda: store.events(run_id, query.after), bool, query.wait)
    return EventList(items=[event_shape(event) for event in events], status=existing(run_id).status.value)


def existing(run_id: str) -> Run:
    """Return the run, or refuse with ``not-found``."""
    run = services().store.run(run_id)
    if run is None:
        raise Refused(P["not-found"], f"There is no run {run_id}.")
    return run


def cancel(run_id: str) -> Run:
    """Cancel a run for whoever asks; refuse when it is not there or has ended."""
    try:
        run = services().store.request_cancel(run_id)
    except UnknownRun:
        raise Refused(P["not-found"], f"There is no run {run_id}.") from None
    except NotCancellable as error:
        raise Refused(P["run-finished"], f"The run has {error.run.status}.") from None
    services().engine.cancel(run_id)
    return run


def waited(look: Callable[[], Found], enough: Callable[[Found], bool], seconds: float) -> Found:
    """Look until there is enough to see or the time is over; at once when too many wait already."""
    found = look()
    gate, seconds = services().waiting, min(seconds, services().config.limits.wait_seconds)
    if seconds <= 0 or enough(found) or not gate.acquire(blocking=False):
        return found
    try:
        end = time.monotonic() + seconds
        while not enough(found) and time.monotonic() < end:
            time.sleep(LOOK_S)
            found = look()
    finally:
        gate.release()
    return found
