"""A warm pool of solver processes: a request waits for no import, and a solver never slows the server's threads.

Processes are spawned (never forked: the server has threads), answer one request at a time, and are replaced after
``REQUESTS`` of them, when they die, or when they take too long. Requests beyond those that may wait are refused.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from api.interop.refusal import Refusal
from api.interop.vroom import child

if TYPE_CHECKING:
    from api.interop.vroom.task import Done, Task

REQUESTS = 500  # of one process; what libraries leak ends with it
START_S = 120.0  # imports and compiled code, on a busy machine
END_S = 2.0
GRACE_S, GRACE_SHARE = 0.1, 0.25  # how much longer the second try may take than the first: seconds, share of its time


class BusyError(Exception):
    """All processes work, and enough requests wait already."""


class LateError(Exception):
    """A process has taken too long, and was ended."""


class CrashError(Exception):
    """A process has died, or its program has; the text says what is known."""


@dataclass(slots=True, kw_only=True)
class Worker:
    """One process, and the line to it."""

    process: BaseProcess
    line: Connection
    ready: bool = False
    requests: int = 0


class Pool:
    """Safe to be asked by many threads; its processes start when the first asks, or when it is told to.

    Parameters
    ----------
    processes
        How many.
    waiting
        How many requests may wait for one.
    """

    def __init__(self, *, processes: int, waiting: int) -> None:
        self._processes, self._most = processes, processes + waiting
        self._idle: deque[Worker] = deque()
        self._all: list[Worker] = []
        self._asking = 0
        self._change = threading.Condition()
        self._open = False

    def start(self) -> None:
        """Start the processes; they make themselves ready beside."""
        with self._change:
            if self._open:
                return
            self._open = True
            for _ in range(self._processes):
                self._hire()
        atexit.register(self.close)

    def close(self) -> None:
        """End the processes, at once if they work."""
        with self._change:
            workers, self._all, self._open = self._all, [], False
            self._idle.clear()
            self._change.notify_all()
        for worker in workers:
            _end(worker)
        atexit.unregister(self.close)

    def ask(self, tasks: Sequence[Task], *, seconds: float) -> list[Done]:
        """Return what was made of the first task, and of the others if there were idle processes for them too.

        Parameters
        ----------
        seconds
            How long it may take, waiting for a process included.

        Raises
        ------
        BusyError, LateError, CrashError
            If there is no answer to any of them.
        Refusal
            If the request is at fault.
        """
        self.start()
        deadline = time.monotonic() + seconds
        workers = self._taken(len(tasks), deadline)
        try:
            for worker, task in zip(workers, tasks, strict=False):
                self._send(worker, task, deadline)
            began = time.monotonic()
            said = [self._heard(workers[0], deadline)]
            now = time.monotonic()
            patience = min(deadline, now + GRACE_S + GRACE_SHARE * (now - began))
            wait = deadline if isinstance(said[0], Exception) else patience
            return _all_told(said + [self._heard(worker, wait) for worker in workers[1:]])
        finally:
            self._done(workers)

    def _hire(self) -> None:
        """Start one more process."""
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=child.main, args=(theirs,), name="mzunguko-solver", daemon=True)
        process.start()
        theirs.close()
        worker = Worker(process=process, line=ours)
        self._all.append(worker)
        self._idle.append(worker)

    def _taken(self, wanted: int, deadline: float) -> list[Worker]:
        """Wait for one idle process, and take up to so many; nobody is made to wait for a second one."""
        with self._change:
            if self._asking >= self._most:
                raise BusyError
            self._asking += 1
            self._change.wait_for(lambda: self._idle or not self._open, deadline - time.monotonic())
            if self._open and self._idle:
                count = min(wanted, len(self._idle)) if self._asking == 1 else 1
                return [self._idle.popleft() for _ in range(count)]
            self._asking -= 1
            raise LateError if self._open else CrashError("the service is closing")

    def _send(self, worker: Worker, task: Task, deadline: float) -> None:
        if not worker.ready and not worker.line.poll(max(min(START_S, deadline - time.monotonic()), 0)):
            return  # not ready in time: it will be found late
        try:
            if not worker.ready:
                worker.line.recv()
                worker.ready = True
            worker.requests += 1
            worker.line.send(task)
        except (EOFError, OSError):
            worker.ready = False

    def _heard(self, worker: Worker, deadline: float) -> Done | Exception:
        """Return what a process says, or why it says nothing."""
        if not worker.ready:
            worker.requests = REQUESTS
            return CrashError("a solver process did not start")
        try:
            if not worker.line.poll(max(deadline - time.monotonic(), 0)):
                worker.requests = REQUESTS
                return LateError()
            said = worker.line.recv()
        except (EOFError, OSError):
            worker.requests = REQUESTS
            return CrashError(f"a solver process ended with exit code {worker.process.exitcode}")
        if isinstance(said, Exception) and not isinstance(said, Refusal):
            worker.requests = REQUESTS
            return CrashError(str(said))
        told: Done | Exception = said
        return told

    def _done(self, workers: Sequence[Worker]) -> None:
        """Give processes back; those that have worked enough, or cannot be trusted, are replaced."""
        spent = [worker for worker in workers if worker.requests >= REQUESTS or not worker.ready]
        with self._change:
            self._asking -= 1
            for worker in workers:
                if worker in spent and worker in self._all:
                    self._all.remove(worker)
                    self._hire()
                elif worker in self._all:
                    self._idle.append(worker)
            self._change.notify_all()
        for worker in spent:
            _end(worker)


def _all_told(said: Sequence[Done | Exception]) -> list[Done]:
    """Return the answers; if there is none, raise the first reason."""
    done = [part for part in said if not isinstance(part, Exception)]
    if not done:
        raise next(part for part in said if isinstance(part, Exception))
    return done


def _end(worker: Worker) -> None:
    worker.line.close()
    worker.process.terminate()
    worker.process.join(END_S)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.process.close()
