"""Where VROOM's interface is reached, as its HTTP wrapper has it: ``POST /vroom``, ``GET /vroom/health``.

openrouteservice's ``POST /ors/optimization`` is the same. A named extract stands in the path: ``/vroom/NAME``,
``/ors/NAME/optimization``.
"""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from flask import Blueprint, Response, request
from pydantic_core import from_json
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from api.errors import Refused, request_id
from api.interop.extracts import Extract
from api.interop.refusal import Refusal
from api.interop.vroom.fields import INPUT, INTERNAL, ROUTING, TOO_LARGE
from api.interop.vroom.nouns import Request
from api.interop.vroom.pool import BusyError, LateError
from api.interop.vroom.read import NO_OBJECT, read
from api.interop.vroom.task import portfolio
from api.services import services
from faults import MzungukoError

LOG = logging.getLogger("mzunguko.api")
MEDIA = "application/json; charset=utf-8"
BUSY = "All solvers are busy and enough requests wait already. Try again later."
SAMPLE: dict[str, Any] = {
    "vehicles": [{"id": 1, "start_index": 0, "end_index": 0}],
    "jobs": [{"id": 1, "location_index": 1}],
    "matrices": {"car": {"durations": [[0, 1], [1, 0]]}},
}

vroom_pages = Blueprint("vroom", __name__)


@vroom_pages.post("/vroom", provide_automatic_options=False)
@vroom_pages.post("/vroom/", provide_automatic_options=False)
@vroom_pages.post("/vroom/<name>", provide_automatic_options=False)
@vroom_pages.post("/ors/optimization", provide_automatic_options=False)
@vroom_pages.post("/ors/<name>/optimization", provide_automatic_options=False)
def plan(name: str = "") -> Response:
    """Plan, or time what is planned."""
    began = time.perf_counter()
    limits = services().config.limits
    request.max_content_length = limits.vroom_bytes
    try:
        body = from_json(request.get_data(cache=False), allow_inf_nan=False)
    except ValueError:
        raise Refusal(INPUT, NO_OBJECT) from None
    return _answered(_streets(name), read(body, limits), began)


@vroom_pages.get("/vroom/health", provide_automatic_options=False)
def health() -> Response:
    """Say that a small problem is planned."""
    _answered(None, read(SAMPLE, services().config.limits), time.perf_counter())
    return Response(status=200)


@vroom_pages.route("/vroom", methods=["OPTIONS"], defaults={"rest": ""}, provide_automatic_options=False)
@vroom_pages.route("/vroom/", methods=["OPTIONS"], defaults={"rest": ""}, provide_automatic_options=False)
@vroom_pages.route("/vroom/<path:rest>", methods=["OPTIONS"], provide_automatic_options=False)
def options(rest: str) -> Response:  # noqa: ARG001 - the same for all addresses
    """Tell a browser that pages of any web site may ask."""
    return Response(status=204)


def _streets(name: str) -> Extract | None:
    streets = services().streets
    if name and name not in streets:
        raise Refusal(ROUTING, f"No streets {name} are served here.", 404)
    return streets[name] if name in streets else None  # noqa: SIM401 - it is no dict


def _answered(extract: Extract | None, asked: Request, began: float) -> Response:
    from api.interop.vroom import streets  # brings the compiled street engine

    tasks = portfolio(streets.filled(asked, extract), loading_ms=_ms(began))
    seconds = services().config.limits.vroom_seconds
    done = min(services().solvers.ask(tasks, seconds=seconds), key=lambda each: each.rank)
    routing = time.perf_counter()
    if asked.options.geometry:
        for route, (profile, spots) in zip(done.body["routes"], done.lines, strict=True):
            route["geometry"] = streets.line(streets.roads(extract, profile), spots)
        done.body["summary"]["computing_times"]["routing"] = _ms(routing)
    return Response(json.dumps(done.body, ensure_ascii=False, separators=(",", ":")), content_type=MEDIA)


def _ms(began: float) -> int:
    return round(1000 * (time.perf_counter() - began))


@vroom_pages.after_request
def _headers(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Origin, X-Requested-With, Content-Type, Accept, Authorization"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@vroom_pages.errorhandler(Exception)
def _refused(error: Exception) -> Response:
    told = _told(error)
    body = json.dumps({"code": told.code, "error": told.message}, ensure_ascii=False)
    headers = {"Retry-After": "2"} if told.status == 503 else {}
    return Response(body, told.status, headers, content_type=MEDIA)


def _told(error: Exception) -> Refusal:
    """Say any failure in the form of VROOM's HTTP wrapper."""
    match error:
        case Refusal():
            return error
        case Refused(problem=problem):
            return Refusal(INPUT, f"{problem.title}. {problem.action}", problem.status)
        case RequestEntityTooLarge():
            most = services().config.limits.vroom_bytes
            return Refusal(TOO_LARGE, f"Too large a body, maximum is set to {most} bytes", 413)
        case HTTPException(code=int(code)) if code < 500:
            return Refusal(INPUT, str(error.description), code)
        case BusyError():
            return Refusal(INTERNAL, BUSY, 503)
    LOG.error("%s %s %s", request_id(), request.method, request.path, exc_info=error)
    return _broken(error)


def _broken(error: Exception) -> Refusal:
    if isinstance(error, LateError):
        return Refusal(INTERNAL, "The solver took too long.", 500)
    if isinstance(error, MzungukoError):
        return Refusal(ROUTING, "The streets cannot be read; the server's log says why.", 500)
    return Refusal(INTERNAL, f"Internal error; quote {request_id()}.", 500)
