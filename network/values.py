"""Values of map tags as numbers: speeds, lengths, weights, lists.

Each function takes one value as written in the map and returns infinity ("no limit known") for what it cannot
read; they run once per distinct value, not once per segment (:func:`parsed`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from network.streets import TagColumn

_NUMBER = re.compile(r"^(\d+(?:[.,]\d+)?)\s*([a-z/.'\"]*)$")
_FEET_INCHES = re.compile(r"^(\d+)\s*'\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|'')?)?$")
_ZONE = re.compile(r"^[a-z]{2}:zone:?(\d+)$")

_KMH = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344}  # mile of 1609.344 m
_METRES = {"": 1.0, "m": 1.0, "cm": 0.01, "ft": 0.3048, "km": 1000.0}
_TONNES = {"": 1.0, "t": 1.0, "kg": 0.001, "lbs": 0.00045359237, "lb": 0.00045359237, "st": 0.90718474}

# Limits implied by a word. Country rules differ (urban 50 and rural 80 km/h for goods vehicles are most
# common); only the first two lie below what a collection vehicle drives anyway.
_SPEED_WORDS = {
    "walk": 5.0,
    "living_street": 10.0,
    "urban": 50.0,
    "rural": 80.0,
    "trunk": 80.0,
    "motorway": 110.0,
}


def parts(value: str) -> list[str]:
    """Split a list ("destination; agricultural") into its values, in lower case."""
    return [part for piece in value.lower().split(";") if (part := piece.strip())]


def kmh(value: str) -> float:
    """Return a ``maxspeed`` in km/h: "50", "30 mph", "walk", "KE:urban", "DE:zone30"; lowest of a list."""
    return min((_one_speed(part) for part in parts(value)), default=math.inf)


def _one_speed(value: str) -> float:
    zone = _ZONE.match(value)
    word = re.sub(r"^[a-z]{2}:", "", value)
    if zone:
        number = float(zone[1])
    elif word in _SPEED_WORDS:
        number = _SPEED_WORDS[word]
    else:
        number = _quantity(word, _KMH)
    return number if number > 0 else math.inf


def metres(value: str) -> float:
    """Return a width or height in metres: "3.5", "3,5 m", "350 cm", ``10'6"``; lowest of a list."""
    return min((_one_length(part) for part in parts(value)), default=math.inf)


def _one_length(value: str) -> float:
    feet = _FEET_INCHES.match(value)
    number = int(feet[1]) * 0.3048 + float(feet[2] or 0) * 0.0254 if feet else _quantity(value, _METRES)
    return number if number > 0 else math.inf


def tonnes(value: str) -> float:
    """Return a weight limit in tonnes: "7.5", "3.5 t", "16000 lbs", "2500 kg"; the lowest of a list."""
    number = min((_quantity(part, _TONNES) for part in parts(value)), default=math.inf)
    return number if number > 0 else math.inf


def _quantity(value: str, units: Mapping[str, float]) -> float:
    """Return a number with its unit, infinity where it is neither."""
    found = _NUMBER.match(value)
    if not found or found[2] not in units:
        return math.inf
    return float(found[1].replace(",", ".")) * units[found[2]]


def parsed(column: TagColumn, parse: Callable[[str], float]) -> NDArray[np.float64]:
    """Return ``parse(value)`` for each segment, reading each distinct value once."""
    numbers = np.array([parse(value) for value in column.values], np.float64)
    return np.full(len(column.codes), numbers[0]) if len(numbers) == 1 else numbers[column.codes]


def capped(column: TagColumn, caps: Mapping[str, float]) -> NDArray[np.float64]:
    """Return the cap of each segment's value, infinite where there is none.

    The lowest of a list counts ("compacted;gravel"); a refined value ("concrete:plates") falls back on its
    root.
    """

    def cap(value: str) -> float:
        return min(
            (caps.get(part, caps.get(part.split(":")[0], math.inf)) for part in parts(value)),
            default=math.inf,
        )

    return parsed(column, cap)


def column(values: Iterable[str]) -> TagColumn:
    """Return one value a row as a column, distinct values in the order they come."""
    codes: dict[str, int] = {"": 0}
    encoded = np.array([codes.setdefault(value, len(codes)) for value in values], np.int32)
    return TagColumn(codes=encoded, values=tuple(codes))
