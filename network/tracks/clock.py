"""Times as trackers write them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from faults import Fault, InputError

SECONDS, MILLISECONDS = (1e8, 1e10), (1e11, 1e13)  # since 1970: 1973 to 2286, of either kind


class UnreadableError(ValueError):
    """A text is no time."""


class ZonelessError(ValueError):
    """A time does not say where its hours are counted, and nobody else has."""


def zone_of(name: str) -> tzinfo:
    """Return a time zone by its IANA name, for example ``Africa/Nairobi``.

    Raises
    ------
    InputError
        ``track-zone`` if there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            Fault(
                code="track-zone",
                place="zone",
                cause=f"there is no time zone {name!r}",
                action='name it as the IANA database does, for example "Africa/Nairobi" or "UTC"',
            )
        ) from None


def seconds(text: str, zone: tzinfo | None) -> float:
    """Return seconds since 1970 UTC of an ISO 8601 time, or of a number of seconds or milliseconds since then.

    ``2024/03/05`` is read as ``2024-03-05``; days before months are not, nobody could tell which is which.

    Raises
    ------
    UnreadableError, ZonelessError
    """
    text = text.strip()
    if text.replace(".", "", 1).isdecimal() and text.isascii() and len(text) >= 9:
        number = float(text)
        if SECONDS[0] <= number < SECONDS[1]:
            return number
        if MILLISECONDS[0] <= number < MILLISECONDS[1]:
            return number / 1000
    try:
        time = datetime.fromisoformat(text.replace("/", "-").removesuffix(" UTC"))
    except ValueError:
        raise UnreadableError(text) from None
    if ":" not in text and "T" not in text.upper() and " " not in text:
        raise UnreadableError(text)  # a day is no time
    if text.endswith(" UTC"):
        time = time.replace(tzinfo=UTC)
    if time.tzinfo is None:
        if zone is None:
            raise ZonelessError(text)
        time = time.replace(tzinfo=zone)
    try:
        return time.timestamp()
    except (OverflowError, ValueError):
        raise UnreadableError(text) from None
