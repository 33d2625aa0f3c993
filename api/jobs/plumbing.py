"""DBOS, and all that is known of it: it carries run ids from whoever asks to whoever works.

The queue's file can be thrown away while nothing runs: the sweep hands every queued run over again.
"""

from __future__ import annotations

import inspect
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

from api.jobs.database import use_wal

QUEUE = "solves"
_NAME = "mzunguko"
logging.getLogger("dbos").setLevel(logging.WARNING)  # its own set-up comes too late for its first lines
_WORKFLOW = "carry"
_SERIALIZER = DBOSPortableJSONSerializer()  # the default one would run code from the database
_OVER = {"SUCCESS", "ERROR"}  # cannot be resumed
_STOPPED = {"CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}


def _refuse(_self: object, _text: str) -> Any:
    raise ValueError("a payload of the queue is not JSON")


# Whatever serializer is set, a row may name pickle as its own format and would be unpickled (DBOS 3.4): whoever can
# write the queue's file could run code. The class is reached as the default of the client's argument.
type(inspect.signature(DBOSClient).parameters["serializer"].default).deserialize = _refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """How DBOS sees one hand-over of a run.

    Parameters
    ----------
    waiting
        In the queue.
    over
        Ended for good; the run needs a new hand-over if it still is queued.
    stopped
        Ended, but can be resumed.
    executor
        Worker that took it, ``""`` while nobody has.
    taken_ms
        When it was taken, milliseconds since 1970; 0 while nobody has.
    """

    waiting: bool
    over: bool
    stopped: bool
    executor: str
    taken_ms: int
    version: str


class Plumbing:
    """Connection to the queue's database; ``version`` pins who may take what."""

    def __init__(self, url: str, *, version: str) -> None:
        self.url = url
        self.version = version
        use_wal(url)
        DBOS.migrate(url)
        self._client = DBOSClient(
            system_database_url=url,
            serializer=_SERIALIZER,
            application_name=_NAME,
            retry_connection_errors=False,
        )

    def hand_over(self, hand_over_id: str, run_id: str) -> None:
        """Put a run into the queue; once for each id, however often it is called."""
        self._client.enqueue(
            {
                "workflow_name": _WORKFLOW,
                "queue_name": QUEUE,
                "workflow_id": hand_over_id,
                "app_version": self.version,
            },
            run_id,
        )

    def known(self, ids: Sequence[str]) -> dict[str, HandOver]:
        """Those of the hand-overs that DBOS has."""
        found = self._client.list_workflows(workflow_ids=list(ids), load_input=False, load_output=False)
        return {
            one.workflow_id: HandOver(
                waiting=one.status in ("ENQUEUED", "DELAYED"),
                over=one.status in _OVER,
                stopped=one.status in _STOPPED,
                executor=one.executor_id or "",
                taken_ms=one.dequeued_at or 0,
                version=one.app_version or "",
            )
            for one in found
        }

    def resume(self, hand_over_id: str) -> None:
        """Put a hand-over whose worker is gone back into the queue."""
        self._client.resume_workflow(hand_over_id, queue_name=QUEUE)

    def cancel(self, hand_over_id: str) -> None:
        """Take a hand-over out of the queue."""
        self._client.cancel_workflow(hand_over_id)

    def close(self) -> None:
        """Let go of the database."""
        self._client.destroy()


class Listener:
    """Makes this process an executor of DBOS; there can be one at a time in a process."""

    def __init__(self, work: Callable[[str], None]) -> None:
        self._work = work

    def start(self, url: str, *, version: str, executor: str, slots: int, poll_s: float) -> None:
        """Begin to take runs."""
        with _taken:
            if _works:
                raise RuntimeError("this process already takes runs")
            _works.append(self._work)
        DBOS(
            config={
                "name": _NAME,
                "system_database_url": url,
                "executor_id": executor,
                "application_version": version,
                "serializer": _SERIALIZER,
                "log_level": "WARNING",
                "run_migrations": False,
            }
        )
        DBOS.listen_queues([QUEUE])
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=slots, polling_interval_sec=poll_s, on_conflict="always_update")

    def stop(self) -> None:
        """Take no more runs."""
        DBOS.destroy()
        with _taken:
            _works.clear()


_taken = threading.Lock()
_works: list[Callable[[str], None]] = []


@DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=None)
def _carry(run_id: str) -> None:
    """Bring a run id to the worker of this process."""
    _works[0](run_id)
