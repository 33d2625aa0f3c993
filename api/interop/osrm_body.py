"""OSRM's newer way of asking: the same options as a JSON body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.interop import osrm_scanner as s
from api.interop.osrm_query import KEYS, Query, checked
from api.interop.refusal import Refusal

SERVICES = ("route", "table", "match", "nearest")
COMMAS = frozenset({"annotations", "exclude"})


def read(service: str, profile: str, body: object) -> Query:
    """Read a body: each option is written as it would stand in a query string, and read as that.

    Raises
    ------
    Refusal
        ``NotImplemented``, ``InvalidQuery``, and those of :func:`api.interop.osrm_query.checked`.
    """
    if service not in SERVICES:
        raise Refusal("NotImplemented", "This service does not support POST requests with a JSON body.")
    if not isinstance(body, dict):
        raise Refusal("InvalidQuery", "invalid JSON: an object is expected")
    if "coordinates" not in body:
        raise Refusal("InvalidQuery", "missing required member: coordinates")
    options = {name: value for name, value in body.items() if name != "coordinates"}
    return checked(service, profile, _places(body["coordinates"]), _options(options, KEYS[service]))


def _places(given: object) -> list[tuple[float, float]]:
    if not isinstance(given, list):
        raise Refusal("InvalidQuery", "coordinates must be an array")
    places = []
    for pair in given:
        if not isinstance(pair, list) or len(pair) != 2 or any(_no_number(value) for value in pair):
            raise Refusal("InvalidQuery", "a coordinate must be an array of two numbers")
        places.append((float(pair[0]), float(pair[1])))
    return places


def _no_number(value: object) -> bool:
    return isinstance(value, bool) or not isinstance(value, int | float)


def _options(given: Mapping[str, Any], keys: Mapping[str, s.Reader[Any]]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for name, value in given.items():
        if name not in keys:
            raise Refusal("InvalidQuery", f"unknown member: {name}")
        if isinstance(value, bool) != (keys[name] is s.boolean) and name not in {"alternatives", "continue_straight"}:
            kind = "a boolean" if keys[name] is s.boolean else "a string"
            raise Refusal("InvalidQuery", f"{name} must be {kind}")
        scanner = s.Scanner(_written(name, value))
        try:
            options[name] = s.needed(scanner, keys[name])
        except Refusal:
            scanner.at = -1
        if not scanner.done:
            raise Refusal("InvalidQuery", f"invalid {name} value")
    return options


def _written(name: str, value: object) -> str:
    """Write a value as in a query string."""
    if isinstance(value, list):
        return ("," if name in COMMAS else ";").join(_element(element) for element in value)
    return _element(value)


def _element(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(_element, value))
    return str(value)
