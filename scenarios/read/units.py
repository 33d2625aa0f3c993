"""Units that a planner's numbers may be in, and what one of them is in ours. Money keeps its currency: always."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from scenarios.read.words import bare

MASS = {"kg": 1.0, "g": 0.001, "t": 1000.0, "lb": 0.45359237, "short ton": 907.18474}
VOLUME = {"m3": 1.0, "l": 0.001, "yd3": 0.764554857984, "ft3": 0.028316846592}
TIME = {"s": 1.0, "min": 60.0, "h": 3600.0}
LENGTH = {"km": 1.0, "m": 0.001, "mi": 1.609344}
PER_DAY = {"day": 1.0, "week": 1 / 7, "month": 12 / 365.25, "year": 1 / 365.25}

# Our unit -> {theirs: what one of theirs is in ours}. "money" stands for the currency of the scenario.
UNITS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "kg": MASS,
        "kg/day": {f"{mass}/{span}": a * b for mass, a in MASS.items() for span, b in PER_DAY.items()},
        "m3": VOLUME,
        "s": TIME,
        "h": {unit: factor / 3600.0 for unit, factor in TIME.items()},
        "km": LENGTH,
        "money/h": {"money/h": 1.0, "money/min": 60.0},
        "money/km": {"money/km": 1.0, "money/mi": 1 / LENGTH["mi"]},
        "money/t": {"money/t": 1.0, "money/kg": 1000.0},
        "money/kg": {"money/kg": 1.0, "money/t": 0.001},
        "money/calendar day": {f"money/{span}": factor for span, factor in PER_DAY.items()},
        "money": {"money": 1.0},
        "money/tip": {"money/tip": 1.0},
        "money/stop": {"money/stop": 1.0},
        "money/day out": {"money/day": 1.0},
        "l/100 km": {"l/100km": 1.0, "l/km": 100.0},
        "degrees": {"degrees": 1.0},
        "people": {"people": 1.0, "thousand": 1000.0},
    }
)
SYNONYMS = {
    "tonne": "t", "tonnes": "t", "ton": "t", "tons": "t", "kilo": "kg", "kilos": "kg", "kgs": "kg",
    "kilogram": "kg", "kilograms": "kg", "gram": "g", "grams": "g", "lbs": "lb", "pound": "lb", "pounds": "lb",
    "shortton": "short ton", "shorttons": "short ton", "uston": "short ton",
    "litre": "l", "litres": "l", "liter": "l", "liters": "l", "lt": "l", "ltr": "l", "cbm": "m3", "cum": "m3",
    "yd": "yd3", "sec": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min", "mins": "min",
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "d": "day", "days": "day", "w": "week", "wk": "week",
    "weeks": "week", "months": "month", "mo": "month", "yr": "year", "a": "year", "years": "year",
    "metre": "m", "metres": "m", "meter": "m", "meters": "m", "kms": "km", "kilometre": "km", "kilometer": "km",
    "mile": "mi", "miles": "mi", "deg": "degrees", "°": "degrees", "trip": "tip", "persons": "people",
    "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annum": "year",
}  # fmt: skip


def factor(ours: str, theirs: str, currency: str) -> float | None:
    """Return what one of a planner's units is in ours; ``None`` if the two do not measure the same thing.

    Parameters
    ----------
    ours
        A key of :data:`UNITS`.
    theirs
        As the planner wrote it: ``"t/week"``, ``"kg per day"``, ``"KES/km"``.
    currency
        Of the scenario; money in any other is not understood, because nothing converts it.
    """
    return UNITS.get(ours, {}).get(_standard(theirs, currency))


def known(ours: str, currency: str) -> list[str]:
    """Return the units in which a column may be given, as the planner may write them."""
    return [unit.replace("money", currency) for unit in UNITS.get(ours, {})]


def _standard(written: str, currency: str) -> str:
    text = bare(written).replace("^3", "3").replace("cubic m", "m3")
    text = re.sub(r"\s*/\s*|\s+(?:per|an?)\s+", "/", text)
    parts = []
    for part in text.split("/"):
        word = part.replace(" ", "").rstrip(".")
        parts.append("money" if word in {bare(currency), "money"} else SYNONYMS.get(word, word))
    return "/".join(parts)
