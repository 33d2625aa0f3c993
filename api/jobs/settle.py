"""The one way into a final state: a conditional update, so that a run gets exactly one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from api.jobs import tables as t
from api.jobs.database import database_now
from api.jobs.port import Json, RunStatus
from api.jobs.rows import append

INCUMBENT = "best-so-far.json"
_NO_OWNER = {"worker": None, "token": None, "lease_us": None}


def settle(
    connection: sa.Connection,
    run_id: str,
    status: RunStatus,
    *,
    having: sa.ColumnElement[bool],
    outcome: Json | None = None,
    error: Json | None = None,
) -> bool:
    """End a run if it is still as ``having`` says; whether it was.

    A run that does not succeed keeps its best plan so far as a document and is marked partial.
    """
    values = {"status": status, "finished_us": database_now(), "outcome": outcome, "error": error}
    if not _change(connection, run_id, having, values):
        return False
    if status != RunStatus.SUCCEEDED:
        _publish_incumbent(connection, run_id)
    append(connection, run_id, status.value, {} if error is None else {"code": error["code"]})
    return True


def requeue(connection: sa.Connection, run_id: str, *, having: sa.ColumnElement[bool]) -> bool:
    """Give a running run back to the queue if it is still as ``having`` says; whether it was."""
    return _change(connection, run_id, having, {"status": RunStatus.QUEUED})


def strike(connection: sa.Connection, run_id: str, kind: str, data: Json, *, limit: int) -> None:
    """Count a lost or crashed attempt of a running run; the caller holds the run's row.

    The run is cancelled if that was asked, given up after ``limit`` strikes, and queued again otherwise.
    """
    c = t.run.c
    append(connection, run_id, kind, data)
    struck = sa.update(t.run).where(c.id == run_id).values(strikes=c.strikes + 1)
    row = connection.execute(struck.returning(c.strikes, c.cancel_requested)).one()
    running = c.status == RunStatus.RUNNING
    if row.cancel_requested:
        settle(connection, run_id, RunStatus.CANCELLED, having=running)
    elif row.strikes >= limit:
        settle(connection, run_id, RunStatus.FAILED, having=running, error=_poison(row.strikes, kind, data))
    else:
        requeue(connection, run_id, having=running)


def add_documents(connection: sa.Connection, run_id: str, documents: Sequence[tuple[str, str, str, str]]) -> None:
    """Give a run its documents: name, media type, title and hash of each, in order."""
    for position, (name, media_type, title, sha256) in enumerate(documents):
        values = {"name": name, "media_type": media_type, "title": title, "sha256": sha256}
        connection.execute(sa.insert(t.document).values(run_id=run_id, position=position, **values))


def _change(connection: sa.Connection, run_id: str, having: sa.ColumnElement[bool], values: dict[str, Any]) -> bool:
    update = sa.update(t.run).where(t.run.c.id == run_id, having).values(**values, **_NO_OWNER)
    return connection.execute(update).rowcount == 1


def _poison(strikes: int, kind: str, data: Json) -> Json:
    last = "its worker was lost" if kind == "worker-lost" else data["reason"]
    return {
        "code": "poison",
        "title": "Given up",
        "detail": f"{strikes} attempts at this run broke off, the last one because {last}.",
        "faults": [],
    }


def _publish_incumbent(connection: sa.Connection, run_id: str) -> None:
    best = connection.execute(sa.select(t.incumbent).where(t.incumbent.c.run_id == run_id)).one_or_none()
    if best is None:
        return
    document = (INCUMBENT, "application/json", "Best plan so far", best.sha256)
    add_documents(connection, run_id, [document])
    partial = {"partial": True, "outcome": best.summary}
    connection.execute(sa.update(t.run).where(t.run.c.id == run_id).values(**partial))
