"""Who asks: command line, HTTP, pages, jobs. Decides nothing about waste."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from api.config import Config
    from api.jobs.port import JobEngine
    from api.jobs.store import Store


def create_app(config: Config | None = None, *, store: Store | None = None, engine: JobEngine | None = None) -> Flask:
    """Wire the service together.

    Parameters
    ----------
    config
        How it is set up; ``None``: from the environment variables ``MZUNGUKO_*``.
    store
        The run tables; ``None``: those of the configuration, brought to this version's shape.
    engine
        Who moves the runs along; ``None``: the job engine, started here. One that is given is started and
        stopped by whoever gave it.

    Raises
    ------
    InputError
        When the configuration would leave the service open to strangers.
    """
    from flask import Flask

    from api import auth, contract, errors, interop, pages
    from api.config import from_environment
    from api.interop.extracts import Extracts
    from api.interop.vroom.pool import Pool
    from api.limits import Throttle
    from api.resources import OPERATIONS
    from api.services import Services, attach

    config = config or from_environment(os.environ)
    config.home.mkdir(parents=True, exist_ok=True)
    store = store or _store(config)
    engine = engine or _started_engine(store)
    app = Flask(__name__, static_folder="pages/static", template_folder="pages/templates")
    attach(
        app,
        Services(
            config=config,
            store=store,
            engine=engine,
            network_upload=_offered(config, store),
            waiting=threading.BoundedSemaphore(config.limits.waiting),
            sign_ins=Throttle(most=config.limits.sign_ins, per_s=60.0),
            streets=Extracts(config.streets, config.home / "hierarchies"),
            solvers=Pool(processes=config.limits.vroom_processes, waiting=config.limits.vroom_waiting),
        ),
    )
    open_endpoints = pages.OPEN | interop.OPEN | {op.id for op in OPERATIONS if op.open}
    auth.install(app, config, open_endpoints=open_endpoints)
    errors.install(app, page=pages.problem_page, wants_page=pages.wanted)
    contract.mount(app, OPERATIONS)
    pages.install(app)
    interop.install(app)
    return app


def _offered(config: Config, store: Store) -> tuple[str, str] | None:
    """Keep the street map that the service offers among the uploads, so that every run of it can be made again."""
    if config.network is None:
        return None
    with config.network.open("rb") as stream:
        kept = store.upload(config.network.name, stream, "application/octet-stream")
    return kept.name, kept.id


def _store(config: Config) -> Store:
    from api.jobs.store import Store

    store = Store(config.database_url, config.files)
    store.upgrade()
    return store


def _started_engine(store: Store) -> JobEngine:
    import atexit

    from api.jobs.engine import Engine

    engine = Engine(store)
    engine.start()
    atexit.register(engine.stop)
    return engine
