"""Nothing stays behind: runs whose worker was lost go back to the queue, queued runs nobody carries are handed over.

Whichever worker holds the leader's lease does this for all. All times are the database's.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import sqlalchemy as sa

from api.jobs import tables as t
from api.jobs.database import database_now, writing
from api.jobs.port import RunStatus
from api.jobs.rows import insert_once
from api.jobs.settle import strike

if TYPE_CHECKING:
    from api.jobs.ledger import Ledger
    from api.jobs.plumbing import HandOver, Plumbing

log = logging.getLogger(__name__)
_ROLE = "reaper"
_BATCH = 200
_DAY_US = 86_400_000_000


def leads(ledger: Ledger) -> bool:
    """Take or renew the leader's lease; whether this worker holds it."""
    c = t.leader.c
    until = database_now() + ledger.lease_us
    free = (c.role == _ROLE) & ((c.worker == ledger.worker) | (c.until_us < database_now()))
    with writing(ledger.engine) as connection:
        if insert_once(connection, t.leader, role=_ROLE, worker=ledger.worker, until_us=until):
            return True
        values = {"worker": ledger.worker, "until_us": until}
        return connection.execute(sa.update(t.leader).where(free).values(**values)).rowcount == 1


def reap(ledger: Ledger) -> int:
    """Give the runs of workers that were not heard of back to the queue; how many."""
    c = t.run.c
    expired = (c.status == RunStatus.RUNNING) & (c.lease_us < database_now())
    with ledger.engine.connect() as connection:
        lost = connection.execute(sa.select(c.id, c.token).where(expired)).all()
    return sum(_reap_one(ledger, run_id, token) for run_id, token in lost)


def _reap_one(ledger: Ledger, run_id: str, token: str) -> bool:
    c = t.run.c
    still = (c.id == run_id) & (c.token == token) & (c.lease_us < database_now())
    with writing(ledger.engine) as connection:
        row = connection.execute(sa.select(c.worker, c.attempts).where(still).with_for_update()).one_or_none()
        if row is None:
            return False
        data = {"worker": row.worker, "attempt": row.attempts}
        strike(connection, run_id, "worker-lost", data, limit=ledger.strikes)
    log.warning("run %s: its worker %s was lost", run_id, row.worker)
    return True


def sweep(ledger: Ledger, plumbing: Plumbing) -> int:
    """Hand over every queued run that nobody carries; how many needed it."""
    c = t.run.c
    query = sa.select(c.id, c.submission).where(c.status == RunStatus.QUEUED).order_by(c.created_us, c.id)
    with ledger.engine.connect() as connection:
        queued = connection.execute(query).all()
        live = set(connection.execute(sa.select(t.worker.c.id).where(alive(ledger.lease_us))).scalars())
        now_ms = connection.execute(sa.select(database_now())).scalar_one() // 1000
    mended = 0
    for start in range(0, len(queued), _BATCH):
        batch = {name(row.id, row.submission): row for row in queued[start : start + _BATCH]}
        known = plumbing.known(list(batch))
        for key, row in batch.items():
            late = now_ms - 3 * ledger.lease_us // 1000
            mended += _mend(ledger, plumbing, row.id, row.submission, known.get(key), live=live, late_ms=late)
    return mended


def _mend(
    ledger: Ledger,
    plumbing: Plumbing,
    run_id: str,
    submission: int,
    seen: HandOver | None,
    *,
    live: set[str],
    late_ms: int,
) -> bool:
    key = name(run_id, submission)
    stuck = seen is not None and not seen.waiting and seen.executor in live and seen.taken_ms < late_ms
    if seen is None:  # accepted, and then the process that should have handed it over was killed
        plumbing.hand_over(key, run_id)
    elif seen.over or stuck or (seen.waiting and int(seen.version) < int(plumbing.version)):
        if not _count_submission(ledger, run_id, submission):
            return False
        if not seen.over:
            plumbing.cancel(key)
        plumbing.hand_over(name(run_id, submission + 1), run_id)
    elif seen.stopped or not (seen.waiting or seen.executor in live):
        plumbing.resume(key)
    else:
        return False
    return True


def _count_submission(ledger: Ledger, run_id: str, submission: int) -> bool:
    c = t.run.c
    same = (c.id == run_id) & (c.status == RunStatus.QUEUED) & (c.submission == submission)
    with writing(ledger.engine) as connection:
        return connection.execute(sa.update(t.run).where(same).values(submission=submission + 1)).rowcount == 1


def forget_workers(ledger: Ledger) -> None:
    """Drop the rows of workers that ended more than a day ago."""
    with writing(ledger.engine) as connection:
        connection.execute(sa.delete(t.worker).where(t.worker.c.seen_us < database_now() - _DAY_US))


def alive(lease_us: int) -> sa.ColumnElement[bool]:
    """Condition on ``worker``: it was heard of within its lease and has not stopped."""
    c = t.worker.c
    return (c.seen_us > database_now() - lease_us) & c.stopped_us.is_(None)


def name(run_id: str, submission: int) -> str:
    """Id of a hand-over: the run's, and which one it is."""
    return f"{run_id}-{submission}"
