"""The job engine: DBOS carries run ids, this works on them, a keeper thread holds leases and reaps."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from api.jobs import reaper
from api.jobs import tables as t
from api.jobs.attempt import Desk, work
from api.jobs.database import database_now
from api.jobs.ledger import Ledger
from api.jobs.port import Json, RunStatus
from api.jobs.settings import JOB_SCHEMA, JobSettings

if TYPE_CHECKING:
    from api.jobs.plumbing import Listener, Plumbing
    from api.jobs.store import Store

log = logging.getLogger(__name__)
_BEATS = 4  # heartbeats in a lease
_PATIENCE_S = 20.0  # for attempts to be given back when stopping


class Engine:
    """A :class:`api.jobs.port.JobEngine`. Without :meth:`start` it only hands runs over to workers elsewhere.

    Parameters
    ----------
    store
        The run tables.
    settings
        ``None``: the defaults, with the folder that holds the store's files as home.
    """

    def __init__(self, store: Store, settings: JobSettings | None = None) -> None:
        self.store = store
        self.settings = settings or JobSettings(home=store.files.folder.parent)
        self.worker = uuid.uuid4().hex  # fresh for every start: nothing is ever recovered by name
        lease_s, strikes = self.settings.lease_s, self.settings.strikes
        self.ledger = Ledger(store, worker=self.worker, lease_s=lease_s, strikes=strikes)
        self._opening = threading.Lock()
        self._plumbing: Plumbing | None = None
        self._listener: Listener | None = None
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._held: set[str] = set()
        self._suspects = threading.Lock()
        self._probe = ThreadPoolExecutor(1, thread_name_prefix="probe")
        self._closing = threading.Event()
        self._done = threading.Event()

    def start(self) -> None:
        """Begin to take runs in this process; of an engine, once."""
        from api.jobs.plumbing import Listener

        plumbing = self._open()
        s = self.settings
        self.ledger.enlist(host=socket.gethostname(), pid=os.getpid(), slots=s.slots, version=JOB_SCHEMA)
        self._listener = Listener(self._take)
        self._listener.start(plumbing.url, version=JOB_SCHEMA, executor=self.worker, slots=s.slots, poll_s=s.poll_s)
        self._keeper.start()

    def stop(self) -> None:
        """Give running attempts back to the queue, take no more, let go of the databases."""
        with self._opening:
            first = not self._closing.is_set()
            self._closing.set()
        if not first:
            self._done.wait(2 * _PATIENCE_S)
            return
        if self._listener is not None:
            self._leave(self._listener)
        if self._plumbing is not None:
            self._plumbing.close()
        self._probe.shutdown()
        self._done.set()

    def _leave(self, listener: Listener) -> None:
        patience = time.monotonic() + _PATIENCE_S
        while self._held and time.monotonic() < patience:
            time.sleep(0.05)
        listener.stop()
        if threading.current_thread() is not self._keeper:
            self._keeper.join(_PATIENCE_S)
        self.ledger.retire()

    def submit(self, run_id: str) -> None:
        """Hand over an accepted run. Failing here loses nothing: the sweep picks the run up."""
        try:
            self._open().hand_over(reaper.name(run_id, 0), run_id)
        except Exception:
            log.warning("run %s is accepted but could not be handed over yet", run_id, exc_info=True)

    def cancel(self, run_id: str) -> None:
        """Take a run that never began out of the queue; a running one is stopped by its worker's watcher."""
        run = self.store.run(run_id)
        if run is None or run.status != RunStatus.CANCELLED or run.attempts:
            return
        try:
            self._open().cancel(reaper.name(run_id, 0))
        except Exception:
            log.warning("run %s is cancelled but still in the queue; it will not start", run_id, exc_info=True)

    def health(self) -> Json:
        """Live workers, seconds since the last heartbeat and of the longest wait, queued and running runs."""
        c, w = t.run.c, t.worker.c
        counts = sa.select(c.status, sa.func.count(), sa.func.min(c.created_us)).group_by(c.status)
        waiting = c.status.in_([RunStatus.QUEUED, RunStatus.RUNNING])
        with self.store.engine.connect() as connection:
            now = connection.execute(sa.select(database_now())).scalar_one()
            rows = {row[0]: (row[1], row[2]) for row in connection.execute(counts.where(waiting))}
            live = reaper.alive(self.ledger.lease_us)
            workers, seen = connection.execute(sa.select(sa.func.count(), sa.func.max(w.seen_us)).where(live)).one()
        queued, oldest = rows.get(RunStatus.QUEUED, (0, now))
        return {
            "workers": workers,
            "heartbeat_age_s": None if seen is None else max(0.0, (now - seen) / 1e6),
            "queued": queued,
            "oldest_queued_s": max(0.0, (now - oldest) / 1e6),
            "running": rows.get(RunStatus.RUNNING, (0, now))[0],
        }

    def _open(self) -> Plumbing:
        with self._opening:
            if self._plumbing is None:
                from api.jobs.plumbing import Plumbing

                self._plumbing = Plumbing(self._queue_url(), version=JOB_SCHEMA)
            return self._plumbing

    def _queue_url(self) -> str:
        url = self.store.engine.url
        if self.settings.queue_url:
            return self.settings.queue_url
        if url.get_backend_name() == "sqlite":
            return f"sqlite:///{(self.settings.home / 'queue.sqlite').as_posix()}"
        return url.set(drivername="postgresql").render_as_string(hide_password=False)

    def _take(self, run_id: str) -> None:
        """Work on a run for as long as it is queued. Never raises: what is left over, the sweep finds."""
        desk = Desk(store=self.store, ledger=self.ledger, settings=self.settings, closing=self._closing)
        try:
            with self._turn(run_id) as mine:
                while mine and not self._closing.is_set() and (attempt := self.ledger.begin(run_id)) is not None:
                    with self._holding(attempt.token):
                        work(desk, attempt)
        except Exception:
            log.exception("run %s: the attempt broke off; it will be taken up again", run_id)

    @contextmanager
    def _turn(self, run_id: str) -> Iterator[bool]:
        """Let runs with a strike work one after another: if one of them kills workers, it takes no other with it.

        Whoever waits for long gives up its turn, and the sweep hands it over again, perhaps to another worker.
        """
        if not self.ledger.struck(run_id):
            yield True
            return
        mine = self._suspects.acquire(timeout=2 * self.settings.lease_s)
        try:
            yield mine
        finally:
            if mine:
                self._suspects.release()

    @contextmanager
    def _holding(self, token: str) -> Iterator[None]:
        self._held.add(token)
        try:
            yield
        finally:
            self._held.discard(token)

    def _keep(self) -> None:
        """Heartbeat, and the leader's work; ends with the engine, or ends the engine with the program."""
        while not self._closing.is_set():
            try:
                self._beat()
            except Exception:
                log.exception("the run tables or the queue cannot be reached; trying again")
            self._closing.wait(self.settings.lease_s / _BEATS)
            if not self._closing.is_set() and self._program_ends():
                self.stop()

    def _program_ends(self) -> bool:
        """Whether the interpreter has begun to shut down, when no pool takes work any more.

        It then waits for all threads of all pools, DBOS's among them, before any exit handler is called: without this
        it would wait for the solves.
        """
        try:
            self._probe.submit(int)
        except RuntimeError:
            return True
        return False

    def _beat(self) -> None:
        self.ledger.beat(list(self._held))
        if reaper.leads(self.ledger):
            reaper.reap(self.ledger)
            reaper.sweep(self.ledger, self._open())
            reaper.forget_workers(self.ledger)
