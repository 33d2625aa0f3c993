"""The one way into a final state: a conditional update, so that a run gets exactly one."""

from __future__ import annotations

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
    values = {
        "status": status,
        "finished_us": database_now(),
        "outcome": outcome,
        "error": error,
        **_NO_OWNER,
    }
    changed = connection.execute(sa.update(t.run).where(t.run.c.id == run_id, having).values(**values))
    if changed.rowcount != 1:
        return False
    if status != RunStatus.SUCCEEDED:
        _publish_incumbent(connection, run_id)
    append(connection, run_id, status.value, {} if error is None else {"code": error["code"]})
    return True


def requeue(connection: sa.Connection, run_id: str, *, having: sa.ColumnElement[bool]) -> bool:
    """Give a running run back to the queue if it is still as ``having`` says; whether it was."""
    values = {"status": RunStatus.QUEUED, **_NO_OWNER}
    changed = connection.execute(sa.update(t.run).where(t.run.c.id == run_id, having).values(**values))
    return changed.rowcount == 1


def _publish_incumbent(connection: sa.Connection, run_id: str) -> None:
    best = connection.execute(sa.select(t.incumbent).where(t.incumbent.c.run_id == run_id)).one_or_none()
    if best is None:
        return
    connection.execute(
        sa.insert(t.document).values(
            run_id=run_id,
            name=INCUMBENT,
            position=0,
            media_type="application/json",
            title="Best plan so far",
            sha256=best.sha256,
        )
    )
    partial = {"partial": True, "outcome": best.summary}
    connection.execute(sa.update(t.run).where(t.run.c.id == run_id).values(**partial))
