"""Where OSRM's interface is reached: ``/osrm/route/v1/driving/...``, for a named extract ``/osrm/NAME/route/...``."""

from __future__ import annotations

import json
import logging
from urllib.parse import unquote_to_bytes

from flask import Blueprint, Response, request
from pydantic_core import from_json
from werkzeug.exceptions import HTTPException

from api.errors import Refused, request_id
from api.interop import limits, osrm_body, osrm_query
from api.interop.avoid import Avoid
from api.interop.extracts import Extract, Use
from api.interop.osrm_query import Query
from api.interop.refusal import Refusal
from api.interop.vehicles import usual
from api.services import services
from faults import MzungukoError

LOG = logging.getLogger("mzunguko.api")
MEDIA = "application/json; charset=UTF-8"
METHODS = "GET, HEAD, POST, OPTIONS"
EXCLUDABLE = frozenset({"toll", "motorway", "ferry"})
NO_STREETS = "No streets are served here. Start the service with --streets FILE."

osrm_pages = Blueprint("osrm", __name__, url_prefix="/osrm")


@osrm_pages.get("/", defaults={"rest": ""}, merge_slashes=False, provide_automatic_options=False)
@osrm_pages.get("/<path:rest>", merge_slashes=False, provide_automatic_options=False)
def ask(rest: str) -> Response:
    """Answer a request in a URL."""
    query_string = unquote_to_bytes(request.query_string).decode("utf-8", "replace")
    name, text = _split(f"/{rest}" + (f"?{query_string}" if query_string else ""))
    return _answer(_extract(name), osrm_query.read(text))


@osrm_pages.post("/<path:rest>", merge_slashes=False, provide_automatic_options=False)
def ask_with_body(rest: str) -> Response:
    """Answer a request in a body."""
    name, text = _split(f"/{rest}")
    _, service, version, profile, *left = f"{text.removesuffix('.json')}///".split("/")
    if any(left) or not profile or version != "v1":
        raise Refusal("InvalidUrl", "URL string malformed")
    if request.mimetype != "application/json":
        raise Refusal("InvalidContentType", "POST requests require a Content-Type of application/json.", 415)
    request.max_content_length = services().config.limits.json_bytes
    try:
        body = from_json(request.get_data(cache=False), allow_inf_nan=False)
    except ValueError as error:
        raise Refusal("InvalidQuery", f"invalid JSON: {error}") from None
    return _answer(_extract(name), osrm_body.read(service, profile, body))


@osrm_pages.route("/", defaults={"rest": ""}, methods=["OPTIONS"], merge_slashes=False, provide_automatic_options=False)
@osrm_pages.route("/<path:rest>", methods=["OPTIONS"], merge_slashes=False, provide_automatic_options=False)
def options(rest: str) -> Response:  # noqa: ARG001 - the same for all addresses
    """Tell a browser that pages of any web site may ask."""
    return Response(status=204)


def _split(text: str) -> tuple[str, str]:
    """Return the name of an extract, if the path begins with one, and the rest of it."""
    name, slash, rest = text[1:].partition("/")
    return (name, f"/{rest}") if slash and name in services().streets else ("", text)


def _extract(name: str) -> Extract:
    if name not in services().streets:
        raise Refusal("InvalidService", NO_STREETS)
    return services().streets[name]


def _answer(extract: Extract, query: Query) -> Response:
    from api.interop import osrm  # brings the compiled street engine

    limits.check(query, services().config.limits)
    if not query.exclude <= EXCLUDABLE:
        raise Refusal("InvalidValue", "Exclude flag combination is not supported.")
    profile = usual(query.profile)
    roads = extract.roads(Use(profile=profile, avoid=Avoid(classes=query.exclude)))
    made = osrm.answer(roads, query)
    text = made if isinstance(made, str) else json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    return Response(text, content_type=MEDIA, headers={"X-Mzunguko-Profile": profile.id})


@osrm_pages.after_request
def _headers(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = "X-Requested-With, Content-Type, Authorization"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@osrm_pages.errorhandler(Exception)
def _refused(error: Exception) -> Response:
    told = _told(error)
    body = json.dumps({"code": told.code, "message": told.message}, ensure_ascii=False)
    return Response(body, told.status, content_type=MEDIA)


def _told(error: Exception) -> Refusal:
    """Say any failure in the original's form."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Refused):
        return Refusal("Refused", f"{error.problem.title}. {error.problem.action}", error.problem.status)
    if isinstance(error, HTTPException) and error.code and error.code < 500:
        return Refusal("TooBig" if error.code == 413 else "InvalidQuery", str(error.description), error.code)
    LOG.error("%s %s %s", request_id(), request.method, request.path, exc_info=error)
    if isinstance(error, MzungukoError):
        return Refusal("InternalError", "The streets cannot be read; the server's log says why.", 500)
    return Refusal("InternalError", f"Internal error; quote {request_id()}.", 500)
