"""Other tools' words for the same things: their requests answered as they expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

OPEN = frozenset({"osrm.options", "ors.options", "vroom.options"})  # a browser asks without a token whether it may ask


def install(app: Flask) -> None:
    """Add the interfaces of other routers."""
    from api.interop.web_ors import ors_pages
    from api.interop.web_osrm import osrm_pages
    from api.interop.web_vroom import vroom_pages

    app.register_blueprint(osrm_pages)
    app.register_blueprint(ors_pages)
    app.register_blueprint(vroom_pages)


def warm(app: Flask) -> None:
    """Read the street files of an app and start its solver processes, beside what else the process does."""
    from api.services import of

    of(app).streets.warm()
    of(app).solvers.start()


def close(app: Flask) -> None:
    """End the solver processes of an app."""
    from api.services import of

    of(app).solvers.close()
