"""One decorator: the types of a view -> validation of what comes in -> the OpenAPI description.

A view is a plain function whose parameters say what it reads: ``body`` (JSON), ``form`` (multipart),
``query``, ``headers``, and by their own names the parts of the path. :func:`operation` reads those types
once; :func:`mount` makes the routes; :mod:`api.openapi` writes the same types down as OpenAPI 3.1.

The order of refusals is the order in which a request is read: 406, 415, 413, 400, 422. Of duplicate JSON keys
the last one counts.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from flask import Flask, Request, Response, request
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from werkzeug.datastructures import MultiDict

from api.errors import MEDIA as PROBLEM_MEDIA
from api.errors import ProblemItem, Refused, wrong_parameter
from api.explain import explain, malformed
from api.problem_types import PROBLEMS as P
from api.problem_types import ProblemType

JSON = "application/json"
MULTIPART = "multipart/form-data"
WHOLE_INPUTS = ("body", "form", "query", "headers")


class Strict(BaseModel):
    """Base of everything that comes in: nothing unknown, nothing converted, no NaN."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class Nothing(Strict):
    """Takes no query parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer with a status or headers of its own."""

    value: object
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method at one path, with everything the description says about it."""

    method: str
    path: str
    view: Callable[..., object]
    summary: str
    description: str
    tag: str
    inputs: Mapping[str, TypeAdapter[Any]]
    answer: TypeAdapter[Any] | None
    status: int
    also: Mapping[int, str]
    media: tuple[str, ...]
    problems: tuple[ProblemType, ...]
    headers: Mapping[str, str]
    example: object
    answer_example: object
    open: bool
    max_bytes: Callable[[], int] | None

    @property
    def id(self) -> str:
        """The operation id: the view's name."""
        return self.view.__name__


def operation(
    method: str,
    path: str,
    *,
    tag: str,
    answer: Any = None,
    status: int = 200,
    also: Mapping[int, str] | None = None,
    media: Sequence[str] = (JSON,),
    problems: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    example: object = None,
    answer_example: object = None,
    open: bool = False,  # noqa: A002 - the word for an address that needs no token
    max_bytes: Callable[[], int] | None = None,
) -> Callable[[Callable[..., object]], Operation]:
    """Declare what a view offers; its docstring's first line is the summary, the rest the description.

    Parameters
    ----------
    method, path
        As in HTTP; parts of the path in braces, ``/v1/runs/{run_id}``.
    tag
        Group in the description.
    answer
        Type of the JSON answer; ``None`` for other media.
    also
        Further good statuses, status -> meaning.
    problems
        Codes of the problems the view itself may answer with; those of reading the request are added.
    headers
        Headers of a good answer, name -> meaning.
    example, answer_example
        A request body and an answer as they would be sent.
    open
        Needs no token.
    max_bytes
        Returns the largest body in bytes, read at each request.
    """

    def declare(view: Callable[..., object]) -> Operation:
        hints = get_type_hints(view, include_extras=True)
        inputs = {name: TypeAdapter(hints[name]) for name in inspect.signature(view).parameters}
        summary, _, description = inspect.cleandoc(view.__doc__ or "").partition("\n")
        codes = (*_reading_problems(inputs, method, path, open=open), *problems, "internal")
        return Operation(
            method=method,
            path=path,
            view=view,
            summary=summary,
            description=description.strip(),
            tag=tag,
            inputs={"query": TypeAdapter(Nothing), **inputs},
            answer=None if answer is None else TypeAdapter(answer),
            status=status,
            also=also or {},
            media=tuple(media),
            problems=tuple(P[code] for code in dict.fromkeys(codes)),
            headers=headers or {},
            example=example,
            answer_example=answer_example,
            open=open,
            max_bytes=max_bytes,
        )

    return declare


def _reading_problems(inputs: Mapping[str, object], method: str, path: str, *, open: bool) -> list[str]:  # noqa: A002
    codes = ["not-acceptable", "invalid-request", "wrong-host"]
    if "{" in path:
        codes.append("not-found")
    if not open:
        codes.append("unauthenticated")
    if method != "GET":
        codes.append("cross-site")
    if "body" in inputs or "form" in inputs:
        codes += [
            "malformed-json" if "body" in inputs else "bad-request",
            "too-large",
            "unsupported-media-type",
        ]
    return codes


def mount(app: Flask, operations: Sequence[Operation]) -> None:
    """Make a route of each operation; two operations may not share an id."""
    for op in operations:
        rule = op.path.replace("{", "<").replace("}", ">")
        app.add_url_rule(
            rule,
            endpoint=op.id,
            view_func=_route(op),
            methods=[op.method],
            provide_automatic_options=False,
        )


def _route(op: Operation) -> Callable[..., Response]:
    def route(**parts: str) -> Response:
        _acceptable(op, request)
        arguments = {name: read(op.inputs[name], op, parts) for name, read in _readers(op).items()}
        if "query" not in inspect.signature(op.view).parameters:
            arguments.pop("query")
        return _answer(op, op.view(**arguments))

    return route


def _readers(op: Operation) -> dict[str, Callable[[TypeAdapter[Any], Operation, dict[str, str]], object]]:
    """Name of an input -> how it is read, path first: what is not there needs no further look."""
    named = {"query": _read_query, "headers": _read_headers, "body": _read_body, "form": _read_form}
    readers = {name: _part_reader(name) for name in op.inputs if name not in WHOLE_INPUTS}
    return readers | {name: read for name, read in named.items() if name in op.inputs}


def _acceptable(op: Operation, req: Request) -> None:
    """Refuse when no media type of the answer would be accepted."""
    accept = req.accept_mimetypes
    if accept and not accept.best_match([*op.media, PROBLEM_MEDIA]):
        raise Refused(P["not-acceptable"])


def _answer(op: Operation, value: object) -> Response:
    if isinstance(value, Response):
        return value
    reply = value if isinstance(value, Reply) else Reply(value=value)
    if op.answer is None:
        raise TypeError(f"{op.id} declares no answer type but returned a value")
    return Response(
        op.answer.dump_json(reply.value),
        reply.status or op.status,
        dict(reply.headers),
        content_type=op.media[0],
    )


def _part_reader(name: str) -> Callable[[TypeAdapter[Any], Operation, dict[str, str]], object]:
    def read(kind: TypeAdapter[Any], _op: Operation, parts: dict[str, str]) -> object:
        try:
            return kind.validate_strings(parts[name])
        except ValidationError:
            raise Refused(P["not-found"]) from None

    return read


def _read_query(kind: TypeAdapter[Any], _op: Operation, _parts: dict[str, str]) -> object:
    return _strings(kind, request.args)


def _strings(kind: TypeAdapter[Any], given: MultiDict[str, str]) -> object:
    repeated = tuple(
        wrong_parameter(name, "repeated", f"`{name}` is given more than once.", "Give it once.")
        for name, values in given.lists()
        if len(values) > 1
    )
    if repeated:
        raise Refused(P["invalid-request"], items=repeated)
    return _valid(lambda: kind.validate_strings(given.to_dict()), of_body=False)


def _read_headers(kind: TypeAdapter[Any], _op: Operation, _parts: dict[str, str]) -> object:
    names = kind.json_schema(by_alias=True)["properties"]
    return kind.validate_python({name: request.headers[name] for name in names if name in request.headers})


def _within(op: Operation) -> None:
    """Refuse a body that says itself that it is too large, and have the rest counted while it is read."""
    limit = op.max_bytes() if op.max_bytes else 0
    request.max_content_length = limit
    if request.content_length is not None and request.content_length > limit:
        raise Refused(P["too-large"], f"The body has {request.content_length:,} bytes; at most {limit:,} are read.")


def _read_body(kind: TypeAdapter[Any], op: Operation, _parts: dict[str, str]) -> object:
    if request.mimetype != JSON:
        raise Refused(P["unsupported-media-type"], "Send the body as `application/json`.")
    _within(op)
    raw = request.get_data(cache=False)
    return _valid(lambda: kind.validate_json(raw), of_body=True)


def _read_form(kind: TypeAdapter[Any], op: Operation, _parts: dict[str, str]) -> object:
    if request.mimetype != MULTIPART:
        raise Refused(P["unsupported-media-type"], "Send the file as `multipart/form-data`.")
    _within(op)
    parts: dict[str, object] = {**request.form.to_dict(), **request.files.to_dict()}
    repeated = [n for source in (request.form, request.files) for n, v in source.lists() if len(v) > 1]
    if repeated:
        items = (wrong_parameter(n, "repeated", f"`{n}` is given more than once.", "Give it once.") for n in repeated)
        raise Refused(P["invalid-request"], items=tuple(items))
    return _valid(lambda: kind.validate_python(parts), of_body=False)


def _valid(read: Callable[[], object], *, of_body: bool) -> object:
    try:
        return read()
    except ValidationError as error:
        broken = malformed(error)
        if broken:
            raise Refused(P["malformed-json"], broken) from None
        items: tuple[ProblemItem, ...] = explain(error, of_body=of_body)
        raise Refused(P["invalid-request"], items=items) from None
