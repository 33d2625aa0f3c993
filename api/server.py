"""The server process: the app on waitress, until somebody ends it."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from faults import Fault, InputError, SourceError

if TYPE_CHECKING:
    from flask import Flask

    from api.config import Config

THREADS = 32  # long polls take at most half of them
ENVELOPE = 1 << 20


def configured(
    *,
    host: str | None,
    port: int | None,
    home: Path | None,
    network: Path | None,
    streets: Sequence[str] | None,
    token_file: Path | None,
) -> Config:
    """Return the set-up: what is given, else what the environment says.

    Raises
    ------
    InputError
        When the set-up would be open to strangers, or the token file cannot be read.
    """
    from api.config import from_environment

    files = os.pathsep.join(streets) if streets else None
    given = {
        "HOST": host,
        "PORT": port,
        "HOME": home,
        "NETWORK": network,
        "STREETS": files,
        "TOKEN": _token(token_file),
    }
    settings = {f"MZUNGUKO_{name}": str(value) for name, value in given.items() if value is not None}
    config = from_environment({**os.environ, **settings})
    return replace(config, home=config.home.absolute())


def _token(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        cause = "the token file cannot be read"
        action = "check the path and that this user may read it"
        raise InputError(Fault(code="no-token-file", place=str(path), cause=cause, action=action)) from error


def serve(config: Config, announce: Callable[[str], None]) -> None:
    """Serve until interrupted or asked to end.

    Parameters
    ----------
    announce
        Told the address, once the service listens there.

    Raises
    ------
    SourceError
        When the address cannot be had.
    """
    from api import create_app
    from api.interop import close, warm
    from api.jobs.engine import Engine
    from api.jobs.settings import JobSettings
    from api.jobs.store import Store

    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    config.home.mkdir(parents=True, exist_ok=True)
    store = Store(config.database_url, config.files)
    store.upgrade()
    engine = Engine(store, JobSettings(home=config.home))
    app = create_app(config, store=store, engine=engine)
    server = _listen(app, config)
    warm(app)
    signal.signal(signal.SIGTERM, _end)
    engine.start()
    try:
        announce(_address(server, config))
        server.run()
    finally:
        server.close()
        close(app)
        engine.stop()
        store.close()


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _listen(app: Flask, config: Config) -> Any:
    import waitress

    try:
        return waitress.create_server(
            app,
            host=config.host,
            port=config.port,
            threads=THREADS,
            ident="mzunguko",
            max_request_body_size=max(config.limits.upload_bytes.values()) + ENVELOPE,
            clear_untrusted_proxy_headers=True,
        )
    except OSError as error:
        raise SourceError(
            Fault(
                code="address-taken",
                place=f"{config.host}:{config.port}",
                cause=f"the service cannot listen there: {error.strerror or error}",
                action="end the program that uses the port, or choose another one with --port",
            )
        ) from None


def _address(server: Any, config: Config) -> str:
    """Return where to point a browser; a name with several addresses gives several sockets on one port."""
    port = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    host = f"[{config.host}]" if ":" in config.host else config.host
    return f"http://{host}:{port}"
