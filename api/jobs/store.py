"""The run tables and the files beside them: what was asked, and what came of it.

This is the side of whoever asks; the worker's side is :mod:`api.jobs.ledger`.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from api.jobs import tables as t
from api.jobs.database import BUSY_S, connect, database_now, to_us, waited_too_long, writing
from api.jobs.files import Files
from api.jobs.kinds import kind_of
from api.jobs.port import (
    Accepted,
    BadCursor,
    DocumentRef,
    Json,
    KeyInProgress,
    KeyMismatch,
    NotCancellable,
    Run,
    RunEvent,
    RunStatus,
    UnknownRun,
    UnknownUpload,
    Upload,
)
from api.jobs.rows import append, document_ref, event, insert_once, know_artifact, load_run, load_runs, upload
from api.jobs.settle import settle

KEY_RETENTION = timedelta(hours=24)


class Store:
    """Runs, events, uploads and documents.

    Parameters
    ----------
    url
        Of the database, as SQLAlchemy writes it.
    files
        Folder of the artefacts; made when first needed.
    key_retention
        How long an idempotency key is remembered.
    busy_s
        How long a writer waits for its turn.
    """

    def __init__(
        self, url: str, files: Path, *, key_retention: timedelta = KEY_RETENTION, busy_s: float = BUSY_S
    ) -> None:
        self.engine = connect(url, busy_s=busy_s)
        self.files = Files(files)
        self.key_retention = key_retention

    def upgrade(self) -> None:
        """Bring the tables to this version's shape; of several processes one does it and the others wait."""
        from api.jobs.migrations import upgrade

        upgrade(self.engine)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def accept(
        self, *, key: str | None, scope: str, fingerprint: str, request: Json, name: str, now: datetime
    ) -> Accepted:
        """Make it certain that a run will be worked on, once for each key.

        Parameters
        ----------
        key, scope
            The client's idempotency key and what it is unique within (account and route).
        fingerprint
            Hash of the request as sent: the same key must come with the same request.

        Raises
        ------
        KeyMismatch
            The key came with another request before.
        KeyInProgress
            A request with keys is being accepted right now and did not end while we waited.
        """
        try:
            with writing(self.engine) as connection:
                return self._accept(connection, key, scope, fingerprint, request, name, to_us(now))
        except sa.exc.OperationalError as error:
            if key is not None and waited_too_long(error):
                raise KeyInProgress(key) from error
            raise

    def _accept(
        self,
        connection: sa.Connection,
        key: str | None,
        scope: str,
        fingerprint: str,
        request: Json,
        name: str,
        us: int,
    ) -> Accepted:
        run_id = uuid.uuid4().hex
        values = {"id": run_id, "status": RunStatus.QUEUED, "name": name, "request": request, "created_us": us}
        connection.execute(sa.insert(t.run).values(**values, kind=kind_of(request)))
        if key is not None:
            earlier = self._claim_key(connection, key, scope, fingerprint, run_id, us)
            if earlier is not None:
                connection.execute(sa.delete(t.run).where(t.run.c.id == run_id))
                return Accepted(run=_require(connection, earlier), replayed=True)
        append(connection, run_id, "accepted", {"name": name})
        return Accepted(run=_require(connection, run_id), replayed=False)

    def _claim_key(
        self, connection: sa.Connection, key: str, scope: str, fingerprint: str, run_id: str, us: int
    ) -> str | None:
        """Run that this key stands for already, or ``None`` when it now stands for ``run_id``."""
        c = t.idempotency.c
        mine = (c.scope == scope) & (c.key == key)
        oldest = us - self.key_retention // timedelta(microseconds=1)
        connection.execute(sa.delete(t.idempotency).where(mine & (c.created_us <= oldest)))
        values = {"fingerprint": fingerprint, "run_id": run_id, "created_us": us}
        if insert_once(connection, t.idempotency, scope=scope, key=key, **values):
            return None
        known = connection.execute(sa.select(t.idempotency).where(mine)).one()
        if known.fingerprint != fingerprint:
            raise KeyMismatch(key)
        return str(known.run_id)

    def run(self, run_id: str) -> Run | None:
        """One run, or ``None``."""
        with self.engine.connect() as connection:
            return load_run(connection, run_id)

    def runs(
        self, *, limit: int = 20, after: str | None = None, status: RunStatus | None = None
    ) -> tuple[list[Run], str | None]:
        """One page of runs, newest first, and the cursor of the next page (``None``: this was the last).

        A run that exists throughout is neither skipped nor repeated when others come and go.

        Raises
        ------
        BadCursor
            ``after`` is not a cursor this method gave.
        """
        order = sa.tuple_(t.run.c.created_us, t.run.c.id)
        query = sa.select(t.run).order_by(t.run.c.created_us.desc(), t.run.c.id.desc()).limit(limit + 1)
        if after is not None:
            query = query.where(order < sa.tuple_(*map(sa.literal, _read_cursor(after))))
        if status is not None:
            query = query.where(t.run.c.status == status)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
            page = load_runs(connection, rows[:limit])
        more = len(rows) > limit
        return page, _cursor(rows[limit - 1].created_us, rows[limit - 1].id) if more else None

    def events(self, run_id: str, after_seq: int = 0) -> list[RunEvent]:
        """History of a run after event number ``after_seq``."""
        c = t.run_event.c
        query = sa.select(t.run_event).where(c.run_id == run_id, c.seq > after_seq).order_by(c.seq)
        with self.engine.connect() as connection:
            return [event(row) for row in connection.execute(query)]

    def request_cancel(self, run_id: str) -> Run:
        """Cancel: a queued run at once, a running one by its worker; asking again changes nothing.

        Raises
        ------
        NotCancellable
            The run has succeeded or failed.
        UnknownRun
            There is no such run.
        """
        with writing(self.engine) as connection:
            if not settle(connection, run_id, RunStatus.CANCELLED, having=t.run.c.status == RunStatus.QUEUED):
                self._ask_worker(connection, run_id)
            now = _require(connection, run_id)
        if now.status in (RunStatus.SUCCEEDED, RunStatus.FAILED):
            raise NotCancellable(now)
        return now

    @staticmethod
    def _ask_worker(connection: sa.Connection, run_id: str) -> None:
        c = t.run.c
        running = (c.id == run_id) & (c.status == RunStatus.RUNNING) & ~c.cancel_requested
        if connection.execute(sa.update(t.run).where(running).values(cancel_requested=True)).rowcount:
            append(connection, run_id, "cancel-requested", {})

    def upload(self, name: str, stream: BinaryIO, media_type: str, *, limit: int | None = None) -> Upload:
        """Keep a file of the user's. Raises ``TooLarge`` after ``limit`` bytes, keeping nothing."""
        stored = self.files.put(stream, limit=limit)
        upload_id = uuid.uuid4().hex
        with writing(self.engine) as connection:
            know_artifact(connection, stored)
            values = {"id": upload_id, "name": name, "media_type": media_type, "sha256": stored.sha256}
            connection.execute(sa.insert(t.upload).values(**values, created_us=database_now()))
        return self.upload_info(upload_id)

    def upload_info(self, upload_id: str) -> Upload:
        """What is known of an upload. Raises ``UnknownUpload``."""
        query = sa.select(t.upload, t.artifact.c.size).join(t.artifact).where(t.upload.c.id == upload_id)
        with self.engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise UnknownUpload(upload_id)
        return upload(row)

    def upload_path(self, upload_id: str) -> Path:
        """Where the content of an upload lies (never to be written to). Raises ``UnknownUpload``."""
        return self.files.path(self.upload_info(upload_id).sha256)

    def open_upload(self, upload_id: str) -> BinaryIO:
        """Content of an upload, to read. Raises ``UnknownUpload``."""
        return self.upload_path(upload_id).open("rb")

    def document(self, run_id: str, name: str) -> tuple[DocumentRef, Path] | None:
        """A document of a run and where it lies, or ``None``."""
        query = (
            sa.select(t.document, t.artifact.c.size)
            .join(t.artifact)
            .where(t.document.c.run_id == run_id, t.document.c.name == name)
        )
        with self.engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else (document_ref(row), self.files.path(row.sha256))


def utc_now() -> datetime:
    """Clock used where no other is given."""
    return datetime.now(UTC)


def _require(connection: sa.Connection, run_id: str) -> Run:
    found = load_run(connection, run_id)
    if found is None:
        raise UnknownRun(run_id)
    return found


def _cursor(created_us: int, run_id: str) -> str:
    """Place of a run in the order, in a form that shows when it was altered."""
    text = f"{created_us}.{run_id}"
    checksum = hashlib.sha256(text.encode()).hexdigest()[:8]
    return base64.urlsafe_b64encode(f"{text}.{checksum}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        created_us, run_id, _ = text.split(".")
        place = int(created_us), run_id
    except ValueError as error:
        raise BadCursor(cursor) from error
    if _cursor(*place) != cursor:
        raise BadCursor(cursor)
    return place
