"""A worker by itself: ``python -m api.jobs.worker --home DIR``. Any number may share one home."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from api.jobs.engine import Engine
from api.jobs.settings import JobSettings
from api.jobs.store import Store

_NUMBERS = {"slots": int, "strikes": int, "lease_s": float, "poll_s": float, "timeout_s": float, "memory_mb": float}


def main(argv: Sequence[str] | None = None) -> int:
    """Work until SIGTERM or Ctrl-C; running solves are then given back to the queue."""
    asked = _arguments(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    enough = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: enough.set())
    home: Path = asked.home
    store = Store(asked.database or f"sqlite:///{(home / 'mzunguko.sqlite').as_posix()}", home / "files")
    store.upgrade()
    engine = Engine(store, _settings(asked))
    engine.start()
    logging.getLogger(__name__).info("worker %s takes runs", engine.worker)
    while not enough.wait(3600):
        pass
    engine.stop()
    store.close()
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m api.jobs.worker", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="folder of the database and the results")
    parser.add_argument("--database", default="", help="URL of the run tables; default: SQLite in the home")
    parser.add_argument("--queue-url", default="", help="URL of the queue's plumbing")
    for name, kind in _NUMBERS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, help="as in docs/jobs.md")
    parser.add_argument("--command", nargs=argparse.REMAINDER, help="program that does the work; comes last")
    return parser.parse_args(argv)


def _settings(asked: argparse.Namespace) -> JobSettings:
    given = {field.name: getattr(asked, field.name) for field in fields(JobSettings)}
    given = {name: value for name, value in given.items() if value}
    if "command" in given:
        given["command"] = tuple(given["command"])
    return JobSettings(**given)


if __name__ == "__main__":
    raise SystemExit(main())
