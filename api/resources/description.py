"""What the service says of itself: the OpenAPI description, and a page for every problem type."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version
from typing import Annotated, Any

from flask import Response, render_template, request
from pydantic import Field

from api.contract import JSON, operation
from api.errors import Refused
from api.openapi import document
from api.problem_types import PROBLEMS as P
from api.resources.shapes import Shape

TITLE = "Mzunguko"
DESCRIPTION = (
    "Plans waste collection rounds and recycling hubs from a street map and tables. Ask for a run with "
    "`POST /v1/runs`, follow it with `GET /v1/runs/{run_id}`, read its documents when it has succeeded. "
    "Every refusal is a problem document (RFC 9457) whose `type` is a page of this service. "
    "Of duplicate names in a JSON object the last one counts."
)
HTML = "text/html"


class ProblemTypeShape(Shape):
    """A way to be refused."""

    type: str
    title: str
    status: int
    meaning: str
    action: str


Code = Annotated[str, Field(pattern=r"^[a-z-]{1,60}$", examples=["not-found"])]


@operation("GET", "/openapi.json", tag="service", answer=dict[str, Any], open=True)
def read_description() -> Response:
    """Read this description."""
    return Response(_description(), content_type=JSON)


@cache
def _description() -> str:
    from api.resources import OPERATIONS
    from scenarios.schema import json_schema

    scenario = json.loads(json.dumps(json_schema()).replace("#/$defs/", "#/components/schemas/"))
    parts: dict[str, Any] = scenario.pop("$defs", {})
    description = document(OPERATIONS, title=TITLE, version=version("mzunguko"), description=DESCRIPTION)
    schemas = description["components"]["schemas"]
    doubled = schemas.keys() & (parts.keys() | {"Scenario"})
    if doubled:
        raise ValueError(f"two schemas share a name: {sorted(doubled)}")
    schemas |= parts | {"Scenario": scenario}
    schemas["ScenarioRun"]["properties"]["scenario"] = {"$ref": "#/components/schemas/Scenario"}
    return json.dumps(description)


@operation("GET", "/problems/{code}", tag="service", answer=ProblemTypeShape, media=(JSON, HTML), open=True)
def read_problem(code: Code) -> ProblemTypeShape | Response:
    """Read what a problem type means and what to do about it."""
    kind = P.get(code)
    if kind is None:
        raise Refused(P["not-found"], f"There is no problem type {code}.")
    if request.accept_mimetypes.best_match((JSON, HTML)) == HTML:
        return Response(render_template("problem_type.html", kind=kind), content_type="text/html; charset=utf-8")
    return ProblemTypeShape(
        type=f"/problems/{kind.code}",
        title=kind.title,
        status=kind.status,
        meaning=kind.meaning,
        action=kind.action,
    )
