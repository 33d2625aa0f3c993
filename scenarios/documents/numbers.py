"""Numbers as people read them: thin-space thousands, sensible digits, ranges, clock times."""

from __future__ import annotations

import math

THIN = "\u202f"  # narrow no-break space: thousands stay together on one line
SPACE = "\u00a0"  # no-break space: between a currency or a unit and its number
MINUS = "\u2212"
NOTHING = "\u2013"  # en dash: there is no value
DAY_S = 24 * 3600


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with at least ``digits`` significant digits and never fewer than its whole part.

    ``12345.6`` is ``12 346``, ``12.345`` is ``12.3``, ``0.01234`` is ``0.0123``; whole numbers have no decimals.
    ``None`` and what is not finite read as a dash.
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == round(value):
        return fixed(value, 0)
    magnitude = math.floor(math.log10(abs(value)))
    decimals = max(0, digits - 1 - magnitude)
    return fixed(value, min(decimals, 6))


def fixed(value: float | None, decimals: int) -> str:
    """Return a number with a given count of decimals, for columns of a table."""
    if value is None or not math.isfinite(value):
        return NOTHING
    text = f"{abs(value):,.{decimals}f}".replace(",", THIN)
    return f"{MINUS}{text}" if value < 0 and float(f"{abs(value):.{decimals}f}") else text


def spread(value: float | None, low: float | None, high: float | None) -> str:
    """Return a value with its range, ``12.3 (10-15)``; the range is left out when it reads the same as the value."""
    text = number(value)
    if value is None or low is None or high is None:
        return text
    ends = number(low), number(high)
    return text if ends == (text, text) else f"{text} ({ends[0]}\u2013{ends[1]})"


def percent(share: float | None, decimals: int = 0) -> str:
    """Return a share of one as per cent."""
    return NOTHING if share is None or not math.isfinite(share) else f"{fixed(100 * share, decimals)}{THIN}%"


def clock(seconds: float | None) -> str:
    """Return seconds since midnight as ``hh:mm``, to the nearest minute; the next day's times carry ``+1``."""
    if seconds is None or not math.isfinite(seconds):
        return NOTHING
    minutes = round(seconds / 60)
    days, minutes = divmod(minutes, DAY_S // 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}{THIN}+{days}" if days else text


def span(seconds: float | None) -> str:
    """Return a duration as ``h:mm``."""
    if seconds is None or not math.isfinite(seconds):
        return NOTHING
    minutes = round(abs(seconds) / 60)
    sign = MINUS if seconds < 0 and minutes else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02d}"


def tonnes(kg: float | None, decimals: int = 2) -> str:
    """Return kilograms as tonnes, without the unit."""
    return NOTHING if kg is None else fixed(kg / 1000, decimals)


def mass(kg: float) -> str:
    """Return a mass with its unit: kilograms below a tonne."""
    return f"{fixed(kg, 0)}{SPACE}kg" if kg < 1000 else f"{number(kg / 1000)}{SPACE}t"


def km(metres: float | None, decimals: int = 1) -> str:
    """Return metres as kilometres, without the unit."""
    return NOTHING if metres is None else fixed(metres / 1000, decimals)


def metres(distance: float) -> str:
    """Return a distance as a driver reads it: tens of metres below a kilometre, then kilometres."""
    tens = round(distance / 10) * 10
    return f"{fixed(tens, 0)}{SPACE}m" if tens < 1000 else f"{km(distance)}{SPACE}km"


def money(value: float | None, currency: str) -> str:
    """Return an amount with its currency; whole units from a hundred on, cents below."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return f"{currency}{SPACE}{fixed(value, 0 if abs(value) >= 100 or value == round(value) else 2)}"
