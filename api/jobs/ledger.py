"""The worker's side of the run tables: begin, tell, end. Every write is fenced by the attempt's token.

A run belongs to the attempt whose token its row carries. Whoever lost the token (because its lease ran out and
another took over) gets :class:`Fenced` and has to throw its work away.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from api.jobs import tables as t
from api.jobs.database import database_now, writing
from api.jobs.port import Json, ProgressNote, RunStatus
from api.jobs.rows import append, insert_once, know_artifact, note_json
from api.jobs.settle import add_documents, requeue, settle, strike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.jobs.files import Stored
    from api.jobs.store import Store


class Fenced(Exception):  # noqa: N818 - says what happened
    """The attempt no longer owns its run: another took over, or it has ended."""


class Standing(StrEnum):
    """What a running attempt should do."""

    GO_ON = "go-on"
    CANCEL = "cancel"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The right to work on a run; ``incumbent`` is the hash of the best plan an earlier attempt left."""

    run_id: str
    token: str
    number: int
    request: Json
    incumbent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A document that a finished attempt made and that lies in the artefact store."""

    name: str
    media_type: str
    title: str
    stored: Stored


class Ledger:
    """What one worker writes.

    Parameters
    ----------
    worker
        Fresh random id of this process.
    lease_s
        How long an attempt is believed to live after its worker was last heard of.
    strikes
        Lost or crashed attempts after which a run is given up.
    """

    def __init__(self, store: Store, *, worker: str, lease_s: float, strikes: int) -> None:
        self.engine = store.engine
        self.files = store.files
        self.worker = worker
        self.lease_us = int(lease_s * 1e6)
        self.strikes = strikes

    def begin(self, run_id: str) -> Attempt | None:
        """Take a queued run, or ``None`` when it is not queued (any more)."""
        token = uuid.uuid4().hex
        c = t.run.c
        values = {
            "status": RunStatus.RUNNING,
            "worker": self.worker,
            "token": token,
            "lease_us": database_now() + self.lease_us,
            "attempts": c.attempts + 1,
            "started_us": sa.func.coalesce(c.started_us, database_now()),
        }
        queued = (c.id == run_id) & (c.status == RunStatus.QUEUED)
        with writing(self.engine) as connection:
            if connection.execute(sa.update(t.run).where(queued).values(**values)).rowcount != 1:
                return None
            row = connection.execute(sa.select(c.attempts, c.request).where(c.id == run_id)).one()
            kind = "started" if row.attempts == 1 else "resumed"
            append(connection, run_id, kind, {"attempt": row.attempts, "worker": self.worker})
            best = sa.select(t.incumbent.c.sha256).where(t.incumbent.c.run_id == run_id)
            incumbent = connection.execute(best).scalar_one_or_none()
        return Attempt(run_id=run_id, token=token, number=row.attempts, request=row.request, incumbent=incumbent)

    def struck(self, run_id: str) -> bool:
        """Whether an earlier attempt at the run was lost or crashed."""
        with self.engine.connect() as connection:
            return bool(connection.execute(sa.select(t.run.c.strikes).where(t.run.c.id == run_id)).scalar())

    def standing(self, attempt: Attempt) -> Standing:
        """Whether the attempt should go on."""
        query = sa.select(t.run.c.cancel_requested).where(*_owned(attempt))
        with self.engine.connect() as connection:
            cancel = connection.execute(query).scalar_one_or_none()
        if cancel is None:
            return Standing.LOST
        return Standing.CANCEL if cancel else Standing.GO_ON

    def note(self, attempt: Attempt, note: ProgressNote, best: tuple[Stored, Json] | None = None) -> None:
        """Keep a line of news; a better plan is kept before it is announced, in the same transaction."""
        with self._fenced(attempt) as connection:
            kind, data = "progress", note_json(note)
            if best is not None:
                stored, summary = best
                _save_incumbent(connection, attempt.run_id, stored, summary)
                kind, data = "incumbent", data | {"sha256": stored.sha256}
            connection.execute(sa.update(t.run).where(t.run.c.id == attempt.run_id).values(progress=note_json(note)))
            append(connection, attempt.run_id, kind, data)

    def finish(self, attempt: Attempt, outcome: Json, made: Sequence[Made]) -> None:
        """Record the result: outcome, documents and final state in one transaction."""
        with self._fenced(attempt) as connection:
            for one in made:
                know_artifact(connection, one.stored)
            documents = [(one.name, one.media_type, one.title, one.stored.sha256) for one in made]
            add_documents(connection, attempt.run_id, documents)
            self._end(connection, attempt, RunStatus.SUCCEEDED, outcome=outcome)

    def fail(self, attempt: Attempt, error: Json) -> None:
        """Record that the run cannot succeed, and why."""
        with self._fenced(attempt) as connection:
            self._end(connection, attempt, RunStatus.FAILED, error=error)

    def cancelled(self, attempt: Attempt) -> None:
        """Record that the run was stopped as asked."""
        with self._fenced(attempt) as connection:
            self._end(connection, attempt, RunStatus.CANCELLED)

    def crashed(self, attempt: Attempt, reason: str) -> None:
        """Give a run whose process died back to the queue, or give it up after too many strikes."""
        with self._fenced(attempt) as connection:
            data = {"attempt": attempt.number, "reason": reason}
            strike(connection, attempt.run_id, "attempt-failed", data, limit=self.strikes)

    def release(self, attempt: Attempt) -> None:
        """Give a run back because this worker shuts down; no strike."""
        with self._fenced(attempt) as connection:
            append(connection, attempt.run_id, "released", {"worker": self.worker})
            requeue(connection, attempt.run_id, having=sa.and_(*_owned(attempt)))

    def enlist(self, *, host: str, pid: int, slots: int, version: str) -> None:
        """Announce this worker."""
        values = {"host": host, "pid": pid, "slots": slots, "version": version}
        times = {"started_us": database_now(), "seen_us": database_now()}
        with writing(self.engine) as connection:
            insert_once(connection, t.worker, id=self.worker, **values, **times)

    def beat(self, tokens: Sequence[str]) -> None:
        """Say that this worker lives and still works on the attempts with these tokens."""
        seen = sa.update(t.worker).where(t.worker.c.id == self.worker).values(seen_us=database_now())
        held = sa.update(t.run).where(t.run.c.worker == self.worker, t.run.c.token.in_(tokens))
        with writing(self.engine) as connection:
            connection.execute(seen)
            if tokens:
                connection.execute(held.values(lease_us=database_now() + self.lease_us))

    def retire(self) -> None:
        """Announce that this worker has stopped in good order."""
        c = t.worker.c
        with writing(self.engine) as connection:
            connection.execute(sa.update(t.worker).where(c.id == self.worker).values(stopped_us=database_now()))
            connection.execute(sa.delete(t.leader).where(t.leader.c.worker == self.worker))

    @contextmanager
    def _fenced(self, attempt: Attempt) -> Iterator[sa.Connection]:
        """Open a transaction in which the attempt is certain to own its run."""
        with writing(self.engine) as connection:
            owned = sa.select(t.run.c.id).where(*_owned(attempt)).with_for_update()
            if connection.execute(owned).one_or_none() is None:
                raise Fenced(attempt.run_id)
            yield connection

    @staticmethod
    def _end(connection: sa.Connection, attempt: Attempt, status: RunStatus, **result: Any) -> None:
        if not settle(connection, attempt.run_id, status, having=sa.and_(*_owned(attempt)), **result):
            raise Fenced(attempt.run_id)


def _owned(attempt: Attempt) -> tuple[sa.ColumnElement[bool], ...]:
    c = t.run.c
    return c.id == attempt.run_id, c.token == attempt.token, c.status == RunStatus.RUNNING


def _save_incumbent(connection: sa.Connection, run_id: str, stored: Stored, summary: Json) -> None:
    know_artifact(connection, stored)
    connection.execute(sa.delete(t.incumbent).where(t.incumbent.c.run_id == run_id))
    connection.execute(
        sa.insert(t.incumbent).values(run_id=run_id, sha256=stored.sha256, summary=summary, saved_us=database_now())
    )
