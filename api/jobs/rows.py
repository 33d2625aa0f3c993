"""Between table rows and the nouns of the port; appending to a run's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from api.jobs import tables as t
from api.jobs.database import database_now, from_us
from api.jobs.files import Stored
from api.jobs.port import DocumentRef, Json, ProgressNote, Run, RunEvent, RunStatus, Upload


def load_runs(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> list[Run]:
    """Runs of these rows of ``run``, with their documents, in the same order."""
    documents = _documents(connection, [row.id for row in rows])
    return [_run(row, documents.get(row.id, ())) for row in rows]


def load_run(connection: sa.Connection, run_id: str) -> Run | None:
    """One run, or ``None``."""
    row = connection.execute(sa.select(t.run).where(t.run.c.id == run_id)).one_or_none()
    return None if row is None else load_runs(connection, [row])[0]


def _run(row: sa.Row[Any], documents: tuple[DocumentRef, ...]) -> Run:
    return Run(
        id=row.id,
        status=RunStatus(row.status),
        created_at=from_us(row.created_us),
        started_at=None if row.started_us is None else from_us(row.started_us),
        finished_at=None if row.finished_us is None else from_us(row.finished_us),
        name=row.name,
        kind=row.kind,
        request=row.request,
        progress=None if row.progress is None else ProgressNote(**row.progress),
        attempts=row.attempts,
        outcome=row.outcome,
        error=row.error,
        partial=row.partial,
        documents=documents,
        cancel_requested=row.cancel_requested,
    )


def _documents(connection: sa.Connection, run_ids: Sequence[str]) -> Mapping[str, tuple[DocumentRef, ...]]:
    found: dict[str, tuple[DocumentRef, ...]] = {}
    query = (
        sa.select(t.document, t.artifact.c.size)
        .join(t.artifact)
        .where(t.document.c.run_id.in_(run_ids))
        .order_by(t.document.c.run_id, t.document.c.position)
    )
    for row in connection.execute(query):
        found[row.run_id] = (*found.get(row.run_id, ()), document_ref(row))
    return found


def document_ref(row: sa.Row[Any]) -> DocumentRef:
    """Read a row of ``document`` with the artefact's ``size``."""
    return DocumentRef(name=row.name, media_type=row.media_type, title=row.title, size=row.size, sha256=row.sha256)


def event(row: sa.Row[Any]) -> RunEvent:
    """Read a row of ``run_event``."""
    return RunEvent(seq=row.seq, at=from_us(row.at_us), kind=row.kind, data=row.data)


def upload(row: sa.Row[Any]) -> Upload:
    """Read a row of ``upload`` with the artefact's ``size``."""
    return Upload(
        id=row.id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        created_at=from_us(row.created_us),
    )


def note_json(note: ProgressNote) -> Json:
    """Turn a progress note into what is stored and sent."""
    return asdict(note)


def append(connection: sa.Connection, run_id: str, kind: str, data: Json) -> int:
    """Add the next event of a run; the run's row is locked by this, so numbers have no gaps."""
    count = t.run.c.event_seq + 1
    seq = connection.execute(
        sa.update(t.run).where(t.run.c.id == run_id).values(event_seq=count).returning(t.run.c.event_seq)
    ).scalar_one()
    connection.execute(
        sa.insert(t.run_event).values(run_id=run_id, seq=seq, at_us=database_now(), kind=kind, data=data)
    )
    return int(seq)


def insert_once(connection: sa.Connection, table: sa.Table, **values: Any) -> bool:
    """Insert unless the primary key exists; whether it was inserted. Other transactions are waited for."""
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(table).values(**values))
    except sa.exc.IntegrityError:
        return False
    return True


def know_artifact(connection: sa.Connection, stored: Stored) -> None:
    """Record a file that is already in its place."""
    values = {"sha256": stored.sha256, "size": stored.size, "created_us": database_now()}
    insert_once(connection, t.artifact, **values)
