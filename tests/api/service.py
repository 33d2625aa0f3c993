"""A service in process, with the real store and an engine that only takes notes; and one in a process of its own."""

import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from api import create_app
from api.config import Config
from api.jobs.port import Json
from api.jobs.store import Store


@dataclass
class NotingEngine:
    submitted: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    workers: int = 1

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def submit(self, run_id: str) -> None:
        self.submitted.append(run_id)

    def cancel(self, run_id: str) -> None:
        self.cancelled.append(run_id)

    def health(self) -> Json:
        return {"workers": self.workers, "queued": len(self.submitted), "running": 0}


@dataclass
class Service:
    app: Flask
    store: Store
    engine: NotingEngine
    config: Config

    def client(self) -> FlaskClient:
        return self.app.test_client()


@cache
def migrated() -> bytes:
    """An empty database of this version; made once, for migrating takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/empty.sqlite", Path(folder) / "files")
        store.upgrade()
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        return (Path(folder) / "empty.sqlite").read_bytes()


def serve(home: Path, **settings: object) -> Service:
    config = Config(home=home, **settings)  # type: ignore[arg-type]
    home.mkdir(parents=True, exist_ok=True)
    database = home / "mzunguko.sqlite"
    if not database.exists():
        database.write_bytes(migrated())
    store = Store(config.database_url, config.files)
    engine = NotingEngine()
    return Service(app=create_app(config, store=store, engine=engine), store=store, engine=engine, config=config)


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """Serve on a free port of this machine; the address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def command(home: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command ``mzunguko serve`` on a free port: its process, and its address."""
    words = [sys.executable, "-m", "api.cli", "serve", "--port", "0", "--home", str(home), *arguments]
    with (
        home.with_suffix(".log").open("w") as log,
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        assert process.stdout
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        try:
            assert address, home.with_suffix(".log").read_text()
            yield process, address[0]
        finally:
            process.terminate()
            try:
                process.wait(60)
            finally:
                process.kill()
