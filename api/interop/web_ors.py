"""Where openrouteservice's interface is reached: ``/ors/v2/matrix/...``, for a named extract ``/ors/NAME/v2/...``."""

from __future__ import annotations

import json
import logging

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from api.config import Limits
from api.errors import Refused, request_id
from api.interop.extracts import Extract
from api.interop.ors_body import DIRECTIONS, LIMIT, MATRIX, NO_FORMAT, VALUE, DirectionsBody, MatrixBody, read
from api.interop.ors_metadata import info
from api.interop.refusal import Refusal
from api.services import services
from faults import InputError, MzungukoError

LOG = logging.getLogger("mzunguko.api")
JSON, GEOJSON, GPX = "application/json;charset=UTF-8", "application/geo+json;charset=UTF-8", "application/gpx+xml"
NO_STREETS = "No streets are served here. Start the service with --streets FILE."
EXCEEDED = "Request parameters exceed the server configuration limits."

ors_pages = Blueprint("ors", __name__, url_prefix="/ors")


@ors_pages.post("/v2/matrix/<profile>", provide_automatic_options=False)
@ors_pages.post("/v2/matrix/<profile>/<form>", provide_automatic_options=False)
@ors_pages.post("/<name>/v2/matrix/<profile>", provide_automatic_options=False)
@ors_pages.post("/<name>/v2/matrix/<profile>/<form>", provide_automatic_options=False)
def matrix(profile: str, form: str = "json", name: str = "") -> Response:
    """Answer a table."""
    from api.interop import ors  # brings the compiled street engine

    if form != "json":
        raise _no_format(MATRIX)
    body = read(MatrixBody, _raw(), MATRIX)
    _check_routes(body, services().config.limits)
    return Response(ors.matrix(_extract(name), profile, body), content_type=JSON)


@ors_pages.post("/v2/directions/<profile>", provide_automatic_options=False)
@ors_pages.post("/v2/directions/<profile>/<form>", provide_automatic_options=False)
@ors_pages.post("/<name>/v2/directions/<profile>", provide_automatic_options=False)
@ors_pages.post("/<name>/v2/directions/<profile>/<form>", provide_automatic_options=False)
def directions(profile: str, form: str = "json", name: str = "") -> Response:
    """Answer a way."""
    from api.interop import ors, ors_route

    if form not in {"json", "geojson", "gpx"}:
        raise _no_format(DIRECTIONS)
    body = read(DirectionsBody, _raw(), DIRECTIONS)
    most = services().config.limits.route_places
    if len(body.coordinates) > most:
        message = f"{EXCEEDED} The specified number of waypoints must not be greater than {most}."
        raise Refusal(DIRECTIONS + LIMIT, message)
    roads, legs = ors.drive(_extract(name), profile, body)
    if form == "gpx":
        return Response(ors_route.as_gpx(roads, legs, body), content_type=GPX)
    made = ors_route.FORMATS[form](roads, legs, body, profile)
    return Response(json.dumps(made, ensure_ascii=False), content_type=JSON if form == "json" else GEOJSON)


@ors_pages.route("/<path:rest>", methods=["OPTIONS"], provide_automatic_options=False)
def options(rest: str) -> Response:  # noqa: ARG001 - the same for all addresses
    """Tell a browser that pages of any web site may ask."""
    return Response(status=204)


@ors_pages.route("/<path:rest>", methods=["GET", "POST"], provide_automatic_options=False)
def nothing(rest: str) -> Response:
    """Say that an address is none of openrouteservice's that are answered here."""
    raise Refusal(0, f"There is no /{rest} here.", 404)


def _raw() -> bytes:
    request.max_content_length = services().config.limits.json_bytes
    return request.get_data(cache=False)


def _extract(name: str) -> Extract:
    if name not in services().streets:
        raise Refusal(0, NO_STREETS, 404)
    return services().streets[name]


def _no_format(base: int) -> Refusal:
    return Refusal(base + NO_FORMAT, "This response format is not supported", 406)


def _check_routes(body: MatrixBody, limits: Limits) -> None:
    count = len(body.locations)
    rows, columns = (len(given) if given and given != (-1,) else count for given in (body.sources, body.destinations))
    most = limits.table_places**2
    if rows * columns > most or count > limits.table_places:
        raise Refusal(MATRIX + LIMIT, f"{EXCEEDED} Only a total of {most} routes are allowed.")


@ors_pages.after_request
def _headers(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Content-Type, Accept, Authorization"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@ors_pages.errorhandler(Exception)
def _refused(error: Exception) -> Response:
    told = _told(error)
    code = {"code": told.code} if told.code else {}
    body = {"error": code | {"message": told.message}, "info": info()}
    return Response(json.dumps(body, ensure_ascii=False), told.status, content_type=JSON)


def _told(error: Exception) -> Refusal:
    """Say any failure in the original's form."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Refused):
        return Refusal(0, f"{error.problem.title}. {error.problem.action}", error.problem.status)
    if isinstance(error, HTTPException) and error.code and error.code < 500:
        return Refusal(0, str(error.description), error.code)
    base = MATRIX if "/matrix/" in request.path else DIRECTIONS
    if isinstance(error, InputError) and error.faults[0].code == "area-broken":
        return Refusal(
            base + VALUE, f"Parameter 'avoid_polygons' has incorrect value or format. {error.faults[0].cause}"
        )
    LOG.error("%s %s %s", request_id(), request.method, request.path, exc_info=error)
    why = "The streets cannot be read; the server's log says why." if isinstance(error, MzungukoError) else ""
    return Refusal(base + 99, why or f"Internal error; quote {request_id()}.", 500)
