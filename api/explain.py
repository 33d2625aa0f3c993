"""What the validator found, in the project's own words and codes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from api.errors import ProblemItem

# Depth of an application's JSON tree beyond which a body is refused as malformed; published at /v1/limits.
JSON_DEPTH = 64
LARGEST = 2**63
CODES = {
    "missing": ("missing", "Add it."),
    "extra_forbidden": (
        "unknown-field",
        "Take it out, or mend its spelling; the description is at /openapi.json.",
    ),
    "nul": ("bad-text", "Take the character out."),
    "string_pattern_mismatch": ("bad-text", "Write it in the form that the description gives."),
    "file_name": ("bad-text", "Give the file another name, in the scenario too."),
    "run_kind": ("no-such-kind", "Say one of those, or nothing for rounds."),
    "run_part": ("of-another-kind", "Take it out, or say the kind that it belongs to."),
    "too_deep": ("too-deep", "Make it flatter."),
    "string_unicode": ("bad-text", "Send text as UTF-8."),
}
WORDS = {
    "missing": "It is missing.",
    "extra_forbidden": "There is no field or parameter of this name.",
    "model_type": "It must be an object.",
    "dict_type": "It must be an object.",
}
RANGES = ("greater_than", "less_than", "too_short", "too_long", "finite_number", "string_too", "huge")
TYPES = ("_type", "_parsing", "is_instance", "_from_float", "none_required")


def no_nul(text: str) -> str:
    """Refuse U+0000, which not every database can keep."""
    if "\0" in text:
        raise PydanticCustomError("nul", "The text contains the character U+0000.")
    return text


Text = Annotated[str, AfterValidator(no_nul)]


def clean_tree(tree: dict[str, Any]) -> dict[str, Any]:
    """Refuse in a free JSON object what no part of the product can keep.

    That is: more than :data:`JSON_DEPTH` levels, U+0000 in a text or name, numbers that are not finite, whole
    numbers beyond 64 bits. The first one found is reported with its pointer.
    """
    for pointer, depth, value in _walk(tree):
        kind, message = _fault(value, depth)
        if kind:
            raise PydanticCustomError(kind, message, {"pointer": pointer})
    return tree


JsonObject = Annotated[dict[str, Any], AfterValidator(clean_tree)]


def _fault(value: object, depth: int) -> tuple[str, str]:
    if depth > JSON_DEPTH:
        return "too_deep", f"The value is nested deeper than {JSON_DEPTH} levels."
    if isinstance(value, str) and "\0" in value:
        return "nul", "The text contains the character U+0000."
    if isinstance(value, float) and not math.isfinite(value):
        return "huge", "The number is not finite."
    if isinstance(value, int) and abs(value) > LARGEST:
        return "huge", "The whole number needs more than 64 bits."
    return "", ""


def _walk(tree: dict[str, Any]) -> Iterator[tuple[str, int, object]]:
    """Every name and value with pointer and depth; a stack, no recursion, for depth is the attack."""
    stack: list[tuple[str, int, object]] = [("", 1, tree)]
    while stack:
        pointer, depth, value = stack.pop()
        yield pointer, depth, value
        if depth > JSON_DEPTH:
            continue
        if isinstance(value, dict):
            for name, inner in value.items():
                yield pointer, depth, name
                stack.append((f"{pointer}/{escape(name)}", depth + 1, inner))
        elif isinstance(value, list):
            stack += [(f"{pointer}/{at}", depth + 1, inner) for at, inner in enumerate(value)]


def escape(name: object) -> str:
    """Write one reference token of an RFC 6901 pointer."""
    return str(name).replace("~", "~0").replace("/", "~1")


def malformed(error: ValidationError) -> str:
    """Return why the body is no JSON at all, or an empty text when it is JSON."""
    first = error.errors(include_url=False, include_context=True, include_input=False)[0]
    if first["type"] != "json_invalid":
        return ""
    return f"Not well-formed JSON: {first.get('ctx', {}).get('error', 'cannot be read')}."


def explain(error: ValidationError, *, of_body: bool) -> tuple[ProblemItem, ...]:
    """Turn everything the validator found into problem items, each with a pointer or a parameter's name."""
    found = error.errors(include_url=False, include_context=True, include_input=False)
    return tuple(_item(detail, of_body=of_body) for detail in found)


def _item(found: ErrorDetails, *, of_body: bool) -> ProblemItem:
    code, action = _code(found["type"])
    detail = WORDS.get(found["type"], found["msg"])
    location = [part for part in found["loc"] if not _of_the_validator(part)]
    inner = str(found.get("ctx", {}).get("pointer", ""))
    if of_body:
        pointer = "".join(f"/{escape(part)}" for part in location) + inner
        return ProblemItem(code=code, detail=detail, action=action, pointer=pointer)
    name = ".".join(map(str, location)) or "?"
    return ProblemItem(code=code, detail=detail, action=action, parameter=name)


def _of_the_validator(part: str | int) -> bool:
    """Whether a part is no place in the body: a tag telling two shapes apart, or the mark of a key."""
    return isinstance(part, str) and (part.startswith("shape:") or part == "[key]")


def _code(kind: str) -> tuple[str, str]:
    if kind in CODES:
        return CODES[kind]
    if any(word in kind for word in RANGES):
        return "out-of-range", "Keep within the limits that the description gives."
    if any(word in kind for word in TYPES):
        return "wrong-type", "Send the type that the description gives."
    return "invalid-value", "Send a value that the description allows."
