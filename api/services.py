"""What the views share: the set-up, the run tables, the job engine."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import Flask, current_app

from api.config import Config
from api.jobs.port import JobEngine
from api.jobs.store import Store
from api.limits import Throttle

if TYPE_CHECKING:
    from api.interop.extracts import Extracts
    from api.interop.vroom.pool import Pool

_KEY = "mzunguko"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Held by the app, the same for every request.

    Parameters
    ----------
    network_upload
        Name and upload id of the street map that the service offers, if it has one.
    waiting
        Counts the long polls.
    sign_ins
        Counts the wrong tokens.
    streets
        Street files served to clients of other routers.
    solvers
        Processes that plan requests in VROOM's JSON.
    """

    config: Config
    store: Store
    engine: JobEngine
    network_upload: tuple[str, str] | None
    waiting: threading.BoundedSemaphore = field(repr=False)
    sign_ins: Throttle = field(repr=False)
    streets: Extracts = field(repr=False)
    solvers: Pool = field(repr=False)


def attach(app: Flask, services: Services) -> None:
    """Give an app its services."""
    app.extensions[_KEY] = services


def of(app: Flask) -> Services:
    """Return the services of an app."""
    found: Services = app.extensions[_KEY]
    return found


def services() -> Services:
    """Return the services of the app that answers the current request."""
    return of(current_app)
