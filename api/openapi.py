"""The contract written down as OpenAPI 3.1, from the very types that validate the requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import TypeAdapter

from api.contract import JSON, MULTIPART, Operation
from api.errors import MEDIA as PROBLEM_MEDIA
from api.errors import Problem
from api.problem_types import ProblemType

Json = dict[str, Any]
REF = "#/components/schemas/{model}"
BODIES = {"body": JSON, "form": MULTIPART}
Key = tuple[str, str]  # operation id, input name
Mode = Literal["validation", "serialization"]
PROBLEM: Key = ("", "problem")
EXAMPLE_ID = "urn:uuid:6f0f5c5e-8a0a-4a4b-9a3e-0f2f6f1f0a11"
PROBLEM_HEADERS: Mapping[int, tuple[str, str]] = {
    401: ("WWW-Authenticate", "Always `Bearer`."),
    405: ("Allow", "Methods that this address has."),
    409: ("Retry-After", "Seconds to wait, where waiting helps."),
    429: ("Retry-After", "Seconds to wait."),
    503: ("Retry-After", "Seconds to wait."),
}


def document(operations: Sequence[Operation], *, title: str, version: str, description: str) -> Json:
    """Return the OpenAPI 3.1 description of the operations.

    Parameters
    ----------
    operations
        All that are mounted; a route that is not among them is not part of the API.
    title, version, description
        For the ``info`` object.
    """
    schemas, definitions = _schemas(operations)
    paths: Json = {}
    for op in operations:
        paths.setdefault(op.path, {})[op.method.lower()] = _operation(op, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "description": description,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(op.tag for op in operations)],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Needed when the server was started with a token.",
                }
            },
        },
    }


def _schemas(operations: Sequence[Operation]) -> tuple[dict[tuple[Key, Mode], Json], Json]:
    wanted: list[tuple[Key, Mode, TypeAdapter[Any]]] = [(PROBLEM, "serialization", TypeAdapter(Problem))]
    for op in operations:
        wanted += [((op.id, name), "validation", kind) for name, kind in op.inputs.items() if name in BODIES]
        if op.answer is not None:
            wanted.append(((op.id, "answer"), "serialization", op.answer))
    schemas, definitions = TypeAdapter.json_schemas(wanted, ref_template=REF)
    return {(key, mode): schema for (key, mode), schema in schemas.items()}, definitions.get("$defs", {})


def _operation(op: Operation, schemas: Mapping[tuple[Key, Mode], Json]) -> Json:
    written: Json = {
        "operationId": op.id,
        "summary": op.summary,
        "tags": [op.tag],
        "parameters": _parameters(op),
        "responses": _responses(op, schemas),
    }
    if op.description:
        written["description"] = op.description
    if op.open:
        written["security"] = []
    for name, media in BODIES.items():
        if name in op.inputs:
            content: Json = {"schema": schemas[(op.id, name), "validation"]}
            if op.example is not None:
                content["example"] = op.example
            written["requestBody"] = {"required": True, "content": {media: content}}
    return written


def _parameters(op: Operation) -> list[Json]:
    parameters = []
    for name, kind in op.inputs.items():
        if name in BODIES:
            continue
        if name in {"query", "headers"}:
            where = "query" if name == "query" else "header"
            schema = kind.json_schema(by_alias=True)
            needed = schema.get("required", [])
            parameters += [
                _parameter(n, where, s, required=n in needed) for n, s in schema.get("properties", {}).items()
            ]
        else:
            parameters.append(_parameter(name, "path", kind.json_schema(), required=True))
    return parameters


def _parameter(name: str, where: str, schema: Json, *, required: bool) -> Json:
    inner = {k: v for k, v in schema.items() if k not in {"description", "title", "examples"}}
    options = [option for option in inner.get("anyOf", []) if option != {"type": "null"}]
    if len(options) == 1:  # "or absent" is said by `required`, not by null
        inner = {**{k: v for k, v in inner.items() if k not in {"anyOf", "default"}}, **options[0]}
    written: Json = {"name": name, "in": where, "required": required, "schema": inner}
    if "description" in schema:
        written["description"] = schema["description"]
    if "examples" in schema:
        written["example"] = schema["examples"][0]
    return written


def _responses(op: Operation, schemas: Mapping[tuple[Key, Mode], Json]) -> Json:
    good = {op.status: "Done.", **op.also}
    out: Json = {}
    for status, meaning in good.items():
        out[str(status)] = {"description": meaning, "headers": _headers(op.headers)}
        if status not in {204, 304}:
            out[str(status)]["content"] = {media: _content(op, schemas) for media in op.media}
    for kind in op.problems:
        known = PROBLEM_HEADERS.get(kind.status)
        entry = out.setdefault(str(kind.status), {"description": "", "headers": {}, "content": {}})
        line = f"`{kind.code}`: {kind.meaning}"
        entry["description"] = f"{entry['description']}\n\n{line}" if entry["description"] else line
        entry["headers"] |= _headers({"X-Request-Id": "The id of this request.", **(dict([known]) if known else {})})
        problem = entry["content"].setdefault(
            PROBLEM_MEDIA, {"schema": schemas[PROBLEM, "serialization"], "examples": {}}
        )
        problem["examples"][kind.code] = {"value": _problem_example(kind)}
    return out


def _problem_example(kind: ProblemType) -> Json:
    return {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.meaning,
        "instance": EXAMPLE_ID,
        "errors": [],
    }


def _content(op: Operation, schemas: Mapping[tuple[Key, Mode], Json]) -> Json:
    if op.answer is None:
        return {}
    content: Json = {"schema": schemas[(op.id, "answer"), "serialization"]}
    if op.answer_example is not None:
        content["example"] = op.answer_example
    return content


def _headers(headers: Mapping[str, str]) -> Json:
    return {name: {"description": meaning, "schema": {"type": "string"}} for name, meaning in headers.items()}
