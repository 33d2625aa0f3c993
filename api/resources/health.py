"""Is it up, can it work, what is it."""

from __future__ import annotations

import platform
from importlib.metadata import version

from pydantic import Field

from api.contract import operation
from api.errors import Refused, retry_after
from api.jobs.port import RunStatus
from api.problem_types import PROBLEMS as P
from api.resources.shapes import Shape
from api.services import services


class Alive(Shape):
    """The process answers."""

    status: str = Field(examples=["ok"])


class Ready(Shape):
    """The service can take runs and work on them."""

    status: str = Field(examples=["ready"])
    workers: int = Field(description="Job workers with a fresh heartbeat.")
    queued: int
    running: int


class Version(Shape):
    """What runs here."""

    mzunguko: str
    python: str


@operation("GET", "/healthz", tag="service", answer=Alive, open=True)
def health() -> Alive:
    """Say that the process answers; touches no database."""
    return Alive(status="ok")


@operation("GET", "/readyz", tag="service", answer=Ready, open=True, problems=("not-ready",))
def ready() -> Ready:
    """Say whether the service can work: database and job engine answer."""
    try:
        services().store.runs(limit=1, status=RunStatus.RUNNING)
        found = services().engine.health()
    except Exception as error:
        raise Refused(P["not-ready"], headers=retry_after(5)) from error
    workers = int(found.get("workers", 0))
    if workers < 1:
        raise Refused(P["not-ready"], "No job worker is alive.", headers=retry_after(5))
    return Ready(
        status="ready",
        workers=workers,
        queued=int(found.get("queued", 0)),
        running=int(found.get("running", 0)),
    )


@operation("GET", "/version", tag="service", answer=Version, open=True)
def read_version() -> Version:
    """Say which version runs here."""
    return Version(mzunguko=version("mzunguko"), python=platform.python_version())
