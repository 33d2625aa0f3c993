"""A home folder with real worker processes, for the tests that kill them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from api.jobs.engine import Engine
from api.jobs.port import Run
from api.jobs.settings import JobSettings
from api.jobs.store import Store
from tests.api.jobs import burn

ROOT = Path(__file__).parents[3]
PATIENCE_S = 180.0  # nothing here is timed; this only ends a test that hangs
LEASE_S = 4.0


@cache
def fresh_database() -> bytes:
    """An SQLite file with empty tables; to copy it is quicker than to make it anew for each test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runs.sqlite"
        store = Store(f"sqlite:///{path}", path.parent)
        store.upgrade()
        store.close()
        return path.read_bytes()


class Home:
    """Folder, store, and whatever processes were started on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.marks = folder / "marks"
        self.marks.mkdir(parents=True)
        (folder / "mzunguko.sqlite").write_bytes(fresh_database())
        self.store = Store(f"sqlite:///{folder / 'mzunguko.sqlite'}", folder / "files")
        self.processes: list[subprocess.Popen[bytes]] = []
        self.engine = Engine(self.store, self.settings())  # hands over; does not work

    @property
    def command(self) -> tuple[str, ...]:
        return sys.executable, "-I", "-S", str(burn.__file__), str(self.marks)

    def settings(self, **given: Any) -> JobSettings:
        plain: dict[str, Any] = {"slots": 2, "lease_s": LEASE_S, "poll_s": 0.1, "command": self.command}
        return JobSettings(home=self.folder, **plain | given)

    def worker(self, **given: Any) -> subprocess.Popen[bytes]:
        """Start a worker process."""
        s = self.settings(**given)
        numbers = ("slots", "strikes", "lease_s", "poll_s", "timeout_s", "memory_mb")
        options = [part for name in numbers for part in (f"--{name.replace('_', '-')}", str(getattr(s, name)))]
        return self.program("-m", "api.jobs.worker", "--home", str(self.folder), *options, "--command", *s.command)

    def program(self, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
        """Start a Python process of the project; its standard error goes to a file of its own."""
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        with (self.folder / f"log-{len(self.processes)}").open("wb") as log:
            process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stderr=log, **more)
        self.processes.append(process)
        return process

    def submit(self, **burn: Any) -> str:
        """Accept a run and hand it over, as the service does."""
        run_id = self.accept(**burn)
        self.engine.submit(run_id)
        return run_id

    def accept(self, key: str | None = None, **burn: Any) -> str:
        request = {"burn": burn}
        accepted = self.store.accept(
            key=key, scope="test", fingerprint=json.dumps(request), request=request, name="burn", now=datetime.now(UTC)
        )
        return accepted.run.id

    def run(self, run_id: str) -> Run:
        run = self.store.run(run_id)
        assert run is not None
        return run

    def kinds(self, run_id: str) -> list[str]:
        return [event.kind for event in self.store.events(run_id)]

    def notes(self, run_id: str) -> list[dict[str, Any]]:
        """What the working programs noted of a run, one for each process."""
        notes = [json.loads(path.read_text()) for path in self.marks.glob(f"{run_id}-*.json")]
        return sorted(notes, key=lambda note: note["attempt"])

    def wait(self, reached: Callable[[], Any], what: str = "") -> None:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE_S
        while not reached():
            assert time.monotonic() < end, f"{what or reached} never came\n{self.story()}\n{self.logs()}"
            time.sleep(0.05)

    def wait_final(self, run_ids: Iterable[str]) -> None:
        left = set(run_ids)

        def none_left() -> bool:
            left.difference_update([run_id for run_id in left if self.run(run_id).status.final])
            return not left

        self.wait(none_left, "the end of all runs")

    def wait_begun(self, run_id: str, attempt: int = 1) -> dict[str, Any]:
        """Wait until a program works on the run and has brought a plan; what it noted."""
        self.wait(lambda: self.run(run_id).attempts >= attempt, "the attempt")
        self.wait(lambda: any(note["attempt"] == attempt for note in self.notes(run_id)), "the program")
        self.wait(lambda: "incumbent" in self.since_begun(run_id, attempt), "the first plan")
        return self.notes(run_id)[-1]

    def since_begun(self, run_id: str, attempt: int) -> list[str]:
        """Kinds of events since an attempt began: a quick run may be over before anybody looks."""
        kinds = self.kinds(run_id)
        begun = [at for at, kind in enumerate(kinds) if kind in {"started", "resumed"}]
        return kinds[begun[attempt - 1] :]

    def left_over(self) -> list[psutil.Process]:
        """Guards, programs and their children that still live (each carries the folder's name)."""
        return [
            process
            for process in psutil.process_iter()
            if process.pid != os.getpid() and _mentions(process, str(self.folder))
        ]

    def story(self) -> str:
        """How the unfinished runs stand, for the message of a test that waited in vain."""
        waiting = [run for run in self.store.runs(limit=500)[0] if not run.status.final]
        return "\n".join(f"{run.id} {run.status} {self.kinds(run.id)[-6:]}" for run in waiting)

    def logs(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in sorted(self.folder.glob("log-*")))

    def close(self) -> None:
        """Kill what was started, and see that nothing outlives it."""
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        try:
            self.wait(lambda: not self.left_over(), "the end of all programs")
        finally:
            for process in self.left_over():
                process.kill()
            self.engine.stop()
            self.store.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, and wait until it is gone."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def _mentions(process: psutil.Process, text: str) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and any(text in part for part in process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
