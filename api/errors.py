"""Every way the service says no: a documented problem type, sent as RFC 9457 problem document."""

from __future__ import annotations

import errno
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, Response, g, request
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import HTTPException

from api.problem_types import BY_STATUS, ProblemType
from api.problem_types import PROBLEMS as P
from faults import Fault, InputError

LOG = logging.getLogger("mzunguko.api")
MEDIA = "application/problem+json"


class ProblemItem(BaseModel):
    """One thing that is wrong with the request."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(description="Stable name of the fault, listed in docs/errors.md.")
    detail: str = Field(description="What is wrong, in plain words.")
    action: str | None = Field(None, description="What to do about it.")
    pointer: str | None = Field(None, description="RFC 6901 JSON pointer into the request body.")
    parameter: str | None = Field(None, description="Name of the query parameter, form part or header.")
    place: str | None = Field(None, description="File, sheet, row and column, or a path into the scenario.")


class Problem(BaseModel):
    """RFC 9457 problem document."""

    model_config = ConfigDict(extra="forbid")
    type: str = Field(description="Relative URI of the problem's page: /problems/<code>.")
    title: str
    status: int
    detail: str | None = None
    instance: str = Field(description="The id of this request; quote it when you report a fault.")
    errors: list[ProblemItem] = []


@dataclass(slots=True)
class Refused(Exception):  # noqa: N818 - the request is refused; nothing is broken
    """Say no with a documented problem."""

    problem: ProblemType
    detail: str | None = None
    items: tuple[ProblemItem, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


Page = Callable[[Problem, ProblemType], str]


def request_id() -> str:
    """Return the id of the current request as a URN; the same within one request."""
    if "request_id" not in g:
        g.request_id = f"urn:uuid:{uuid.uuid4()}"
    return str(g.request_id)


def items_of(faults: Iterable[Fault], *, prefix: str = "") -> tuple[ProblemItem, ...]:
    """Turn the project's faults into problem items; ``prefix`` is put before their JSON pointers."""
    return tuple(
        ProblemItem(
            code=fault.code,
            detail=fault.cause,
            action=fault.action or None,
            pointer=prefix + fault.pointer if fault.pointer or prefix else None,
            place=fault.place or None,
        )
        for fault in faults
    )


def install(app: Flask, *, page: Page, wants_page: Callable[[], bool]) -> None:
    """Turn every refusal and crash of the app into a problem document, or a page where one is wanted."""

    def answer(refused: Refused) -> Response:
        kind = refused.problem
        problem = Problem(
            type=f"/problems/{kind.code}",
            title=kind.title,
            status=kind.status,
            detail=refused.detail or kind.meaning,
            instance=request_id(),
            errors=list(refused.items),
        )
        headers = dict(refused.headers)
        if wants_page():
            return Response(page(problem, kind), kind.status, headers, content_type="text/html; charset=utf-8")
        return Response(problem.model_dump_json(exclude_none=True), kind.status, headers, content_type=MEDIA)

    app.register_error_handler(Refused, answer)
    app.register_error_handler(InputError, lambda error: answer(_bad_input(error)))
    app.register_error_handler(HTTPException, lambda error: _passed_on(error) or answer(_from_http(error)))
    app.register_error_handler(OSError, lambda error: answer(_from_os(error)))
    app.register_error_handler(Exception, lambda error: answer(_crash(error)))


def _bad_input(error: InputError) -> Refused:
    return Refused(P["invalid-request"], items=items_of(error.faults))


def _passed_on(error: HTTPException) -> Response | None:
    """Redirects are exceptions in this framework; they are not errors."""
    if error.code is not None and error.code < 400:
        response = error.get_response(request.environ)
        return Response(response.get_data(), response.status_code, dict(response.headers))
    return None


def _from_http(error: HTTPException) -> Refused:
    kind = BY_STATUS.get(error.code or 500)
    if kind is None:
        kind = P["bad-request"] if (error.code or 500) < 500 else P["internal"]
    kept = tuple(header for header in error.get_headers() if header[0] in {"Allow", "Retry-After"})
    return Refused(kind, headers=kept)


def _from_os(error: OSError) -> Refused:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        LOG.error("%s no space left to store what came in", request_id())
        return Refused(P["storage-full"])
    return _crash(error)


def _crash(error: Exception) -> Refused:
    LOG.error("%s %s %s", request_id(), request.method, request.path, exc_info=error)
    return Refused(P["internal"])


def retry_after(seconds: int) -> tuple[tuple[str, str], ...]:
    """Say when to come again."""
    return (("Retry-After", str(seconds)),)


def wrong_parameter(name: str, code: str, detail: str, action: str) -> ProblemItem:
    """Return an item about a query parameter, form part or header."""
    return ProblemItem(code=code, detail=detail, action=action, parameter=name)
