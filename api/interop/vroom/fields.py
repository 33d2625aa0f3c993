"""Single values of VROOM's JSON, refused in VROOM's words where they are not what they should be."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, TypeGuard

from api.interop.refusal import Refusal
from api.interop.vroom.nouns import Amount, Span

Json = dict[str, Any]
INTERNAL, INPUT, ROUTING, TOO_LARGE = 1, 2, 3, 4  # VROOM's codes; the last one is of its HTTP wrapper
MOST, MOST_ID = 2**32 - 1, 2**64 - 1


def wrong(message: str) -> Refusal:
    """Return the refusal of an input fault."""
    return Refusal(INPUT, message)


def is_whole(value: object, most: int = MOST) -> TypeGuard[int]:
    """Whether a value is an unsigned integer; ``1.0`` and ``true`` are none."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def text(given: Json, key: str) -> str:
    """Read a string, empty if it is not there."""
    value = given.get(key, "")
    if not isinstance(value, str):
        raise wrong(f"Invalid {key} value.")
    return value


def whole(given: Json, key: str, message: str = "", *, default: int = 0) -> int:
    """Read an unsigned integer."""
    value = given.get(key, default)
    if not is_whole(value):
        raise wrong(message or f"Invalid {key} value.")
    return value


def maybe(given: Json, key: str) -> int | None:
    """Read an unsigned integer that need not be there."""
    return whole(given, key) if key in given else None


def seconds(given: Json, key: str) -> int:
    """Read a duration."""
    return whole(given, key, f"Invalid {key} duration.")


def number(given: Json, key: str, *, default: float) -> float:
    """Read any number."""
    value = given.get(key, default)
    if not is_number(value):
        raise wrong(f"Invalid {key} value.")
    return float(value)


def amount(given: Json, key: str, size: int) -> Amount:
    """Read an amount; nothing in every component if it is not there."""
    if key not in given:
        return (0,) * size
    value = given[key]
    if not isinstance(value, list):
        raise wrong(f"Invalid {key} array.")
    if not all(is_whole(part) for part in value):
        raise wrong(f"Invalid {key} value.")
    return tuple(value)


def skills(given: Json) -> frozenset[int]:
    """Read skills."""
    value = given.get("skills", [])
    if not isinstance(value, list):
        raise wrong("Invalid skills object.")
    if not all(is_whole(part) for part in value):
        raise wrong("Invalid skill value.")
    return frozenset(value)


def per_type(given: Json, key: str, what: str) -> Mapping[str, int]:
    """Read seconds by vehicle type."""
    value = given.get(key, {})
    if not isinstance(value, dict):
        raise wrong(f"Invalid {key} for {what}.")
    if not all(is_whole(part) for part in value.values()):
        raise wrong(f"Invalid value in {key} for {what}.")
    if "" in value:
        raise wrong(f"Empty type in {key} for {what}.")
    return dict(value)


def identity(given: object, kind: str) -> int:
    """Read the id of an object."""
    if not isinstance(given, dict):
        raise wrong(f"Invalid {kind}.")
    value = given.get("id")
    if not is_whole(value, MOST_ID):
        raise wrong(f"Invalid or missing id for {kind}.")
    return value


def lonlat(given: Json, key: str) -> tuple[float, float]:
    """Read coordinates."""
    value = given[key]
    if not isinstance(value, list) or len(value) < 2 or not (is_number(value[0]) and is_number(value[1])):
        raise wrong(f"Invalid {key} array.")
    return float(value[0]), float(value[1])


def span(value: object) -> Span:
    """Read a time window."""
    if not isinstance(value, list) or len(value) < 2 or not (is_whole(value[0]) and is_whole(value[1])):
        raise wrong("Invalid time-window.")
    opens, closes = value[:2]
    if opens > closes:
        raise wrong(f"Invalid time window: [{opens}, {closes}]")
    return opens, closes


def spans(given: Json, what: str) -> tuple[Span, ...]:
    """Read time windows, in order and apart; none if they are not there."""
    if "time_windows" not in given:
        return ()
    value = given["time_windows"]
    if not isinstance(value, list):
        raise wrong(f"Invalid time_windows array for {what}.")
    found = sorted(span(part) for part in value)
    if not found:
        raise wrong(f"Empty time windows for {what}.")
    if any(after[0] <= before[1] for before, after in pairwise(found)):
        raise wrong(f"Unsorted or overlapping time-windows for {what}.")
    return tuple(found)


def listed(given: Json, key: str) -> list[Any]:
    """Read a list of the top level; empty if it is not there."""
    value = given.get(key, [])
    if not isinstance(value, list):
        raise wrong(f"Invalid {key}.")
    return value
