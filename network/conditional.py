"""What the map allows, forbids or limits under a condition only: by hour and day, by weight and size, by purpose.

After the OpenStreetMap wiki's page Conditional restrictions: ``value @ condition; value @ condition``, terms of a
condition joined by ``AND``; of several clauses that hold the last one counts; where none holds, the key without
``:conditional`` counts.

* *Hours*: opening hours as in ``opening_hours``, on a day about the middle of the month (the 11th to 17th) of
  ``YEAR``. Without a moment they do not hold; without a month nothing on months, weeks and dates does. Public
  holidays are those of the moment, whatever the country; school holidays are not known and do not hold. The sun rises
  at 7 and sets at 19 h: the place is not asked.
* *Size*: ``weight``, ``weightrating``, ``axleload``, ``length``, ``width``, ``height`` against the loaded vehicle.
* *Kind*: ``hgv``, ``motor_vehicle`` … hold for a profile of that kind.
* *Purpose*: ``destination``, ``delivery`` … hold for whoever comes to serve.
* *Ignored* are weather and seasons (``wet``, ``snow``, ``winter`` …) and hours of certain years: they do not hold.
  Neither does what cannot be read. Both are counted (:mod:`network.soft`).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

from opening_hours import OpeningHours

from network.profiles import VehicleProfile
from network.values import metres, tonnes

T = TypeVar("T")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = get_args(Day)
DAY_S = 86_400
YEAR, MIDDLE = 2026, 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A day of the week and a time on it.

    Parameters
    ----------
    day
        "mon" to "sun".
    time_s
        Seconds after midnight; beyond 24 h the night after that day.
    month
        1 to 12; None: no month known, conditions on months and dates do not hold.
    holiday
        Whether it is a public holiday.
    """

    day: Day
    time_s: float
    month: int | None = None
    holiday: bool = False

    def __post_init__(self) -> None:
        if self.day not in DAYS or not 0 <= self.time_s < 2 * DAY_S or self.month not in {None, *range(1, 13)}:
            raise ValueError(f"no such moment: {self.day!r}, {self.time_s} s, month {self.month}")

    def as_datetime(self) -> datetime:
        """Return such a day of ``YEAR``, about the middle of the month (of June if no month is known)."""
        first = date(YEAR, self.month or 6, MIDDLE)
        start = first + timedelta(days=(DAYS.index(self.day) - first.weekday()) % 7)
        return datetime.combine(start, time()) + timedelta(seconds=int(self.time_s))


class About(StrEnum):
    """What a term of a condition is about."""

    HOURS = "hours"
    SIZE = "size"
    KIND = "kind"
    PURPOSE = "purpose"
    IGNORED = "ignored"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be so: ``text`` as written, without brackets."""

    about: About
    text: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A value and the terms under which it holds, all of them."""

    value: str
    terms: tuple[Term, ...]


# fmt: off
IGNORED = frozenset({
    "wet", "dry", "snow", "ice", "fog", "rain", "wind", "winter", "summer", "spring", "autumn", "flood", "flooded",
    "high_water", "low_water", "dry_season", "wet_season", "rainy_season", "school_holidays", "sh", "event",
})
KINDS = frozenset({
    "hgv", "hgv_articulated", "goods", "motorcar", "motor_vehicle", "motorcycle", "moped", "vehicle", "bus", "psv",
    "taxi", "bicycle", "foot", "horse", "auto_rickshaw", "tourist_bus", "coach", "trailer", "caravan", "motorhome",
    "emergency", "agricultural", "forestry", "hazmat", "hov", "disabled", "minibus", "share_taxi", "electric",
})
# fmt: on
PURPOSES = frozenset(
    {"destination", "delivery", "private", "customers", "residents", "permit", "permissive", "service"}
)
_SIZES: Mapping[str, tuple[str, Callable[[str], float]]] = MappingProxyType(
    {
        "weight": ("weight_t", tonnes),
        "maxweight": ("weight_t", tonnes),
        "weightrating": ("weight_t", tonnes),
        "maxweightrating": ("weight_t", tonnes),
        "axleload": ("axle_load_t", tonnes),
        "maxaxleload": ("axle_load_t", tonnes),
        "length": ("length_m", metres),
        "maxlength": ("length_m", metres),
        "width": ("width_m", metres),
        "maxwidth": ("width_m", metres),
        "height": ("height_m", metres),
        "maxheight": ("height_m", metres),
    }
)
_COMPARE: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "==": operator.eq}
)
_COMPARISON = re.compile(r"^([a-z_]+)\s*(<=|>=|==|<|>|=)\s*(.+)$")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_ON_DATES = re.compile(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week|easter)\b")
_ON_YEARS = re.compile(r"\b(19|20|21)\d\d\b(?!:)")
_FAR_FROM_SUN = re.compile(r"\((dawn|sunrise|sunset|dusk)[+-](0[6-9]|[1-9]\d)")  # overflows inside the library
_ONE_DIGIT = re.compile(r"(?<![\d:.])(\d:\d\d)")


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[Clause, ...]:
    """Read ``no @ (Mo-Fr 07:00-19:00); destination @ (weight>7.5)``; what has no ``@`` belongs to the one before."""
    found: list[list[str]] = []
    for piece in _split(text):
        value, at, condition = piece.partition("@")
        if at:
            found.append([value.strip(), condition.strip()])
        elif found:
            found[-1][1] += f"; {piece.strip()}"
        elif piece.strip():
            found.append(["", piece.strip()])
    return tuple(Clause(value.lower(), terms(condition)) for value, condition in found)


@lru_cache(maxsize=4096)
def terms(condition: str) -> tuple[Term, ...]:
    """Read a condition: terms joined by ``AND``; "" has none and always holds."""
    bare = _bare(condition)
    return tuple(_term(_bare(part)) for part in _AND.split(bare)) if bare else ()


def chosen(text: str, profile: VehicleProfile, moment: Moment | None, *, serving: bool = True) -> str | None:
    """Return the value that holds for a profile at a moment; None where none does.

    ``serving`` tells whether the vehicle comes to serve (``destination`` holds) or only passes.
    """
    if not text:
        return None
    holding = [c.value for c in clauses(text) if c.value and holds(c.terms, profile, moment, serving=serving)]
    return holding[-1] if holding else None


def holds(condition: tuple[Term, ...], profile: VehicleProfile, moment: Moment | None, *, serving: bool = True) -> bool:
    """Return whether all terms hold for a profile at a moment."""
    return all(_holds(term, profile, moment, serving=serving) for term in condition)


def _holds(term: Term, profile: VehicleProfile, moment: Moment | None, *, serving: bool) -> bool:
    if term.about is About.SIZE:
        name, compare, value = _comparison(term.text)
        attribute, parse = _SIZES[name]
        return _COMPARE[compare](getattr(profile, attribute), parse(value))
    if term.about is About.KIND:
        return term.text in profile.kinds
    if term.about is About.PURPOSE:
        return serving
    return term.about is About.HOURS and moment is not None and _open(term.text, moment)


def _split(text: str) -> list[str]:
    """Split at the semicolons outside brackets."""
    pieces, depth = [""], 0
    for sign in text:
        depth = max(depth + (sign == "(") - (sign == ")"), 0)
        if sign == ";" and not depth:
            pieces.append("")
        else:
            pieces[-1] += sign
    return pieces


def _bare(text: str) -> str:
    """Strip blanks and pairs of brackets around the whole."""
    text = text.strip()
    while text.startswith("(") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closing(text: str) -> int:
    """Return where the bracket that begins a text is closed, -1 if nowhere."""
    depth = 0
    for position, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return position
    return -1


def _term(text: str) -> Term:
    word = text.lower().replace(" ", "_")
    if word in IGNORED:
        return Term(About.IGNORED, word)
    if word in KINDS:
        return Term(About.KIND, word)
    if word in PURPOSES:
        return Term(About.PURPOSE, word)
    if _COMPARISON.match(text.lower()):
        name, _, value = _comparison(text.lower())
        known = name in _SIZES and 0 < _SIZES[name][1](value) < float("inf")
        return Term(About.SIZE, text.lower()) if known else Term(About.UNREAD, text)
    hours = _hours(text)
    if hours is None:
        return Term(About.UNREAD, text)
    return Term(About.IGNORED if _ON_YEARS.search(str(hours)) else About.HOURS, text)


def _comparison(text: str) -> tuple[str, str, str]:
    """Return name, sign and value of ``weight>7.5``."""
    found = _COMPARISON.match(text)
    if not found:
        raise ValueError(f"no comparison: {text!r}")
    return found[1], found[2], found[3].strip()


@lru_cache(maxsize=4096)
def _hours(text: str, *, holiday: bool = False) -> OpeningHours | None:
    """Return opening hours that the library can read; on a holiday every day is one."""
    text = _ONE_DIGIT.sub(r"0\1", text)
    if holiday:
        text = re.sub(r"\bPH\b", "Mo-Su", text)
    if _FAR_FROM_SUN.search(text):
        return None
    return _safely(lambda: OpeningHours(text))


@lru_cache(maxsize=65_536)
def _open(text: str, moment: Moment) -> bool:
    """Return whether hours as written hold at a moment."""
    hours = _hours(text, holiday=moment.holiday)
    if hours is None or (moment.month is None and _ON_DATES.search(str(hours))):
        return False
    return bool(_safely(lambda: hours.is_open(moment.as_datetime())))


def _safely(call: Callable[[], T]) -> T | None:
    """Return what a call of the library gives, None where it refuses; a panic in it is no ``Exception``."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - pyo3 panics derive from BaseException alone
        return None
