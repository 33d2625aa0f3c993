"""The border: a scenario file, or a body of JSON, becomes a :class:`Scenario`, or a list of everything wrong with it.

pydantic reads the very same dataclasses the rest of the project uses; there is no second schema. What types cannot say
is in :mod:`scenarios.schema_rules`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pydantic_core
from pydantic import BaseModel, ConfigDict, ValidationError

from faults import Fault, InputError
from scenarios.read.words import closest
from scenarios.scenario import Scenario
from scenarios.schema_rules import broken_rules, unfit_values

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 64


class Border(BaseModel):
    """A body with one key, that of what it holds. Nested dataclasses take over its configuration."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        alias_generator=lambda name: name.rstrip("_"),  # from_ is written "from"
    )


class ScenarioBorder(Border):
    """The body ``{"scenario": {...}}``."""

    scenario: Scenario


BorderT = TypeVar("BorderT", bound=Border)


def load(path: Path) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path
        A ``.toml`` or ``.json`` file.

    Raises
    ------
    InputError
        With every fault found; places are dotted paths such as ``hubs.at_most``.
    """
    return parse(document(path))


def parse(data: Mapping[str, Any]) -> Scenario:
    """Turn plain data (from TOML, JSON or an HTTP body) into a scenario.

    Raises
    ------
    InputError
        With every fault found, each with a JSON pointer from the root of ``data``.
    """
    scenario = validated(ScenarioBorder, data).scenario
    if faults := broken_rules(scenario):
        raise InputError(faults)
    return scenario


def validated(border: type[BorderT], data: Mapping[str, Any]) -> BorderT:
    """Return plain data as what a border holds, its types right and nothing in it that does not belong there.

    Raises
    ------
    InputError
        With every fault found, each with a JSON pointer from the root of ``data``.
    """
    if deep := _too_deep(data):
        raise InputError(deep)
    if faults := unfit_values(data):
        raise InputError(faults)
    (key,) = border.model_fields
    try:
        return border.model_validate_json(json.dumps({key: data}, default=str))
    except ValidationError as error:
        raise InputError(_told(error, data, lambda: _keys_of(border))) from None


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario, self-contained (its parts under ``$defs``)."""
    whole = ScenarioBorder.model_json_schema()
    parts: dict[str, Any] = whole["$defs"]
    schema: dict[str, Any] = parts.pop("Scenario")
    return {**schema, "$defs": parts}


def dump(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as plain data that :func:`parse` reads back."""
    plain: dict[str, Any] = ScenarioBorder(scenario=scenario).model_dump(mode="json", by_alias=True)["scenario"]
    return plain


def document(path: Path) -> Mapping[str, Any]:
    """Return what stands in a TOML or JSON file; raise InputError ``scenario-file`` where that cannot be had."""
    if path.suffix.lower() not in {".toml", ".json"}:
        raise InputError(_file_fault(path, "is neither .toml nor .json", "name a scenario file"))
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                _file_fault(path, f"is larger than {MAX_BYTES // 2**20} MiB", "put tables into files of their own")
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError(_file_fault(path, "does not exist", "check the name of the scenario file")) from None
    except OSError as error:
        cause = f"cannot be read: {error.strerror}"
        raise InputError(_file_fault(path, cause, "check that it is a file and that you may read it")) from None
    data = _toml(path, raw) if path.suffix.lower() == ".toml" else _json(path, raw)
    if not isinstance(data, Mapping):
        raise InputError(_file_fault(path, "is no object", 'begin with {"name": ...}'))
    return data


def _toml(path: Path, raw: bytes) -> Any:
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        cause = f"is not UTF-8 text (byte {error.start + 1})"
        raise InputError(_file_fault(path, cause, "save it as UTF-8")) from None
    except RecursionError:
        raise InputError(_file_fault(path, "is nested too deeply", "keep it simple")) from None
    except ValueError as error:  # TOMLDecodeError, and numbers with thousands of digits
        cause = f"is not valid TOML: {error}"
        raise InputError(_file_fault(path, cause, "correct the place named; texts stand in quotes")) from None


def _json(path: Path, raw: bytes) -> Any:
    try:
        return pydantic_core.from_json(raw.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as error:
        cause = f"is not valid JSON: {error}"
        raise InputError(_file_fault(path, cause, "correct the place named")) from None


def _file_fault(path: Path, cause: str, action: str) -> Fault:
    return Fault(code="scenario-file", place=path.name, cause=f"the file {cause}", action=action)


def _too_deep(data: Any) -> Fault | None:
    """Return a fault for what is nested too deeply; look level by level: no recursion, so no depth can hurt."""
    level, depth = [data], 0
    while level:
        if depth > MAX_DEPTH:
            cause = f"it is nested deeper than {MAX_DEPTH} levels"
            return Fault(code="too-deep", place="scenario", cause=cause, action="keep it simple")
        level = [
            inner
            for item in level
            for inner in (item.values() if isinstance(item, Mapping) else item if isinstance(item, list) else ())
        ]
        depth += 1
    return None


def _told(error: ValidationError, data: Mapping[str, Any], known: Callable[[], list[str]]) -> list[Fault]:
    """Return what a validation found, each place once; ``known`` are the keys that a wrong one may have meant."""
    found: dict[tuple[object, ...], Fault] = {}
    for detail in error.errors(include_url=False):
        where = _where(detail["loc"][1:], data)
        found.setdefault(where, _fault(where, detail, known))  # a union reports once per member
    return list(found.values())


def _where(loc: tuple[int | str, ...], data: Any) -> tuple[int | str, ...]:
    """Keep what names a place in the data; drop what names a member of a union or says "[key]"."""
    path: list[int | str] = []
    for step in loc:
        if isinstance(data, Mapping) and step in data:
            path.append(step)
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int):
            path.append(step)
            data = data[step] if step < len(data) else None
        elif isinstance(data, Mapping) and step != "[key]":
            path.append(step)  # missing here
            data = None
    return tuple(path)


def _fault(where: tuple[int | str, ...], detail: Mapping[str, Any], known: Callable[[], list[str]]) -> Fault:
    code, cause, action = _say(str(where[-1]) if where else "", detail, known)
    return Fault(code=code, place=dotted(where), cause=cause, action=action, pointer=pointer(where))


def _say(name: str, detail: Mapping[str, Any], known: Callable[[], list[str]]) -> tuple[str, str, str]:
    kind, value, context = detail["type"], shown(detail.get("input")), detail.get("ctx", {})
    if kind == "missing":
        return "missing", f"{name} is missing", "add it"
    if kind == "unexpected_keyword_argument":
        likely = closest(name, known())
        return "unknown-key", f"there is no {name} here", f"did you mean {likely}?" if likely else "take it out"
    if kind == "literal_error":
        return "not-a-choice", f"{value} is not known here", f"use one of {context['expected']}"
    if kind == "finite_number":
        return "not-finite", f"{value} is not a number to count with", "write a finite number"
    words = str(detail["msg"]).removeprefix("Input should be ")
    return "wrong-type", f"{value} was given where {words} is expected", "correct the value"


def _keys_of(border: type[Border]) -> list[str]:
    """Return every key that may stand in what a border holds, whatever its place."""
    parts = border.model_json_schema()["$defs"].values()
    return sorted({key for part in parts for key in part.get("properties", {})})


def dotted(where: tuple[int | str, ...]) -> str:
    """Return a place as people write it: ``streams.1.id``, counted from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in where) or "scenario"


def pointer(where: tuple[int | str, ...]) -> str:
    """Return a place as RFC 6901 JSON pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in where)


def shown(value: object) -> str:
    """Return a value as it may stand in a message: short, on one line."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
