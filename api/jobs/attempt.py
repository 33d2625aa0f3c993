"""One attempt at a run: lay out, start the program, keep its news, stop it when told, record how it ended."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from api.jobs import process as processes
from api.jobs.inputs import lay_out
from api.jobs.ledger import Attempt, Fenced, Ledger, Made, Standing
from api.jobs.port import Json, ProgressNote
from api.jobs.summary import problem
from faults import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.jobs.process import Process
    from api.jobs.settings import JobSettings
    from api.jobs.store import Store

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watch:
    """What the watcher of a running program decided; empty while it may go on."""

    why: str = ""
    over: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every attempt of a worker shares; ``closing`` is set when the worker shuts down."""

    store: Store
    ledger: Ledger
    settings: JobSettings
    closing: threading.Event


def work(desk: Desk, attempt: Attempt) -> None:
    """Work on a run until it has ended, was given back, or belongs to somebody else."""
    folder = desk.settings.home / "work" / f"{attempt.run_id}-{attempt.number}-{attempt.token[:8]}"
    try:
        with _scratch(folder):
            _work(desk, attempt, folder)
    except Fenced:
        log.warning("run %s was taken over; this attempt's work is thrown away", attempt.run_id)
    except OSError as error:
        log.exception("run %s: a file could not be written or read", attempt.run_id)
        reason = f"a file could not be written or read ({error.strerror})"
        _insist(desk, lambda: desk.ledger.crashed(attempt, reason))


def _work(desk: Desk, attempt: Attempt, folder: Path) -> None:
    try:
        lay_out(attempt.request, folder / "inputs", desk.store)
    except InputError as error:
        desk.ledger.fail(attempt, problem(error))
        return
    process = processes.start(desk.settings.command, _task(desk, attempt, folder), errors=folder / "stderr")
    watch = Watch()
    watcher = threading.Thread(target=_watch, args=(desk, attempt, process, watch), daemon=True)
    watcher.start()
    try:
        last, code = _listen(desk, attempt, process, folder)
    finally:
        watch.over.set()
        watcher.join()
        process.end()
    _conclude(desk, attempt, folder, why=watch.why, last=last, code=code)


def _task(desk: Desk, attempt: Attempt, folder: Path) -> Json:
    best = desk.store.files.path(attempt.incumbent) if attempt.incumbent else None
    return {
        "run": attempt.run_id,
        "attempt": attempt.number,
        "folder": str(folder),
        "request": attempt.request,
        "incumbent": None if best is None else str(best),
    }


def _listen(desk: Desk, attempt: Attempt, process: Process, folder: Path) -> tuple[Json, int | None]:
    """Keep every line of news; the program's last message and its exit code (``None``: the guard was killed)."""
    last: Json = {}
    for message in process.lines():
        if message.get("kind") == "progress":
            _keep_news(desk, attempt, message, folder)
        elif message.get("kind") == "exit":
            return last, message["code"]
        else:
            last = message
    return last, None


def _keep_news(desk: Desk, attempt: Attempt, message: Json, folder: Path) -> None:
    note = ProgressNote(
        stage=str(message.get("stage", "")),
        fraction=message.get("fraction"),
        cost=message.get("cost"),
        gap=message.get("gap"),
        runtime_s=message.get("t_s", 0.0),
    )
    best = None
    if name := message.get("incumbent"):
        best = desk.store.files.keep(folder / Path(name).name), message.get("summary", {})
    try:
        desk.ledger.note(attempt, note, best)
    except OperationalError:  # the solve is worth more than a line of news; what is not kept is not announced
        log.warning("run %s: news could not be kept", attempt.run_id, exc_info=True)


def _watch(desk: Desk, attempt: Attempt, process: Process, watch: Watch) -> None:
    """Kill the program when it must not go on, and what it left behind when it has ended."""
    deadline = time.monotonic() + desk.settings.timeout_s
    while not watch.over.wait(desk.settings.poll_s):
        watch.why = watch.why or _reason(desk, attempt, process, deadline)
        if watch.why or process.ended():
            process.kill()


def _reason(desk: Desk, attempt: Attempt, process: Process, deadline: float) -> str:
    if desk.closing.is_set():
        return "closing"
    if time.monotonic() > deadline:
        return "timeout"
    if process.memory_mb() > desk.settings.memory_mb:
        return "memory"
    try:
        standing = desk.ledger.standing(attempt)
    except OperationalError as error:
        log.warning("the run tables cannot be read; run %s goes on (%s)", attempt.run_id, error.orig)
        return ""
    return "" if standing is Standing.GO_ON else standing.value


def _conclude(desk: Desk, attempt: Attempt, folder: Path, *, why: str, last: Json, code: int | None) -> None:
    """Record how the attempt ended; a result that is there counts, whatever was asked in the meantime."""
    ledger, said = desk.ledger, last.get("kind") if code == 0 else None
    if why == Standing.LOST:
        raise Fenced(attempt.run_id)
    if said == "done":
        made = _collect(desk, last, folder / "documents")
        _insist(desk, lambda: ledger.finish(attempt, last["outcome"], made))
    elif said == "failed":
        log.warning("run %s failed (%s)\n%s", attempt.run_id, last["error"]["code"], _tail(folder / "stderr"))
        _insist(desk, lambda: ledger.fail(attempt, last["error"]))
    elif why == Standing.CANCEL:
        _insist(desk, lambda: ledger.cancelled(attempt))
    elif why == "closing":
        _insist(desk, lambda: ledger.release(attempt))
    elif why in ("timeout", "memory"):
        _insist(desk, lambda: ledger.fail(attempt, _limit_problem(desk.settings, why)))
    else:
        how = "was killed" if code is None or code < 0 else f"ended with exit code {code}"
        log.error("run %s: the program %s (%s)\n%s", attempt.run_id, how, code, _tail(folder / "stderr"))
        _insist(desk, lambda: ledger.crashed(attempt, f"its program {how}"))


def _insist(desk: Desk, record: Callable[[], None]) -> None:
    """Record an end even if the database is away for a while; after ten leases the reaper has the run."""
    for _ in range(9):
        try:
            return record()
        except OperationalError:
            log.warning("the run tables cannot be written; trying again", exc_info=True)
            time.sleep(desk.settings.lease_s)
    return record()


def _collect(desk: Desk, done: Json, folder: Path) -> list[Made]:
    return [
        Made(
            name=document["name"],
            media_type=document["media_type"],
            title=document["title"],
            stored=desk.store.files.keep(folder / Path(document["name"]).name),
        )
        for document in done.get("documents", [])
    ]


@contextmanager
def _scratch(folder: Path) -> Iterator[None]:
    for part in ("inputs", "documents"):
        (folder / part).mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _limit_problem(settings: JobSettings, why: str) -> Json:
    limit = f"{settings.timeout_s:g} s" if why == "timeout" else f"{settings.memory_mb:g} MB of memory"
    return {
        "code": "limit-exceeded",
        "title": "Over the limit",
        "detail": f"The run was stopped at its limit of {limit}; the best plan so far is kept.",
        "faults": [],
    }


def _tail(path: Path, size: int = 4000) -> str:
    return path.read_bytes()[-size:].decode("utf-8", "replace")
