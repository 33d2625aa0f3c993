"""Times of day and weekdays as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from scenarios.choices import Weekday
from scenarios.read.amounts import ascii_digits
from scenarios.read.sheet import Cell
from scenarios.read.words import EVERYTHING, bare, letters

WEEK: tuple[Weekday, ...] = get_args(Weekday)
DAY_S = 86_400
LATEST_S = 2 * DAY_S  # a night shift ends after midnight: 04:00 is written 28:00

HOURS = re.compile(r"(\d{1,2})\s*(?::|h|\.|uhr)?\s*(am|pm)?")
MINUTES = re.compile(r"(\d{1,2})\s*[:h.]\s*(\d{2})(?:\s*[:.]\s*(\d{2}))?(?:\.\d+)?\s*(am|pm|h|uhr)?")
FOUR = re.compile(r"(0\d)(\d{2})")
SPAN = re.compile(r"(\d{1,3}):(\d{2}):(\d{2})")

# Monday first; the last of each is the full name, which may also stand in the plural of English, Spanish and French.
NAMES: dict[str, tuple[str, ...]] = {
    "en": (
        "mo mon monday", "tu tue tues tuesday", "we wed weds wednesday", "th thu thur thurs thursday",
        "fr fri friday", "sa sat saturday", "su sun sunday",
    ),
    "sw": (
        "j3 jtatu jumatatu", "j4 jnne jumanne", "j5 jtano jumatano", "alh alhamisi",
        "iju ijumaa", "j1 jmosi jumamosi", "j2 jpili jumapili",
    ),
    "es": (
        "lu lun lunes", "ma mar martes", "mi mie miercoles", "ju jue jueves",
        "vi vie viernes", "sa sab sabado", "do dom domingo",
    ),
    "pt": (
        "2a 2afeira seg segunda segundafeira", "3a 3afeira ter terca tercafeira", "4a 4afeira qua quarta quartafeira",
        "5a 5afeira qui quinta quintafeira", "6a 6afeira sex sexta sextafeira", "sab sabado", "dom domingo",
    ),
    "de": (
        "mo mon montag", "di die dienstag", "mi mit mittwoch", "do don donnerstag",
        "fr fre freitag", "sa sam samstag sonnabend", "so son sonntag",
    ),
    "fr": (
        "lu lun lundi", "ma mar mardi", "me mer mercredi", "je jeu jeudi",
        "ve ven vendredi", "sa sam samedi", "di dim dimanche",
    ),
}  # fmt: skip
DAILY = EVERYTHING | frozenset({"daily", "every day", "everyday", "diario", "taglich", "quotidien", "kila siku"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Weekdays of each cell, in the order of the week; ``None`` where a cell could not be read, with the reason."""

    values: tuple[tuple[Weekday, ...] | None, ...]
    reasons: tuple[str, ...]
    by_number: bool


def time_of_day(cell: Cell) -> float | str:  # noqa: PLR0911 (one line for each way of writing)
    """Return seconds since midnight, or a sentence that says why a cell is no time of day.

    Read are ``8:30``, ``08.30``, ``8h30``, ``0830``, ``8:30 pm``, ``8``, a spreadsheet's part of a day (0.354), whole
    seconds from 3600 on, and for shifts past midnight up to ``48:00``.
    """
    if not isinstance(cell, str):
        return _time_from_number(float(cell))
    written = bare(ascii_digits(cell)).replace("a.m.", "am").replace("p.m.", "pm")
    if match := FOUR.fullmatch(written):
        return _seconds(int(match[1]), int(match[2]), 0, "")
    if re.fullmatch(r"0\.\d\d", written):
        return f"{cell!r} can be minutes past midnight or a part of a day"
    if match := MINUTES.fullmatch(written):
        return _seconds(int(match[1]), int(match[2]), int(match[3] or 0), match[4] or "")
    if match := HOURS.fullmatch(written):
        return _seconds(int(match[1]), 0, 0, match[2] or "")
    try:
        return _time_from_number(float(written.replace(",", ".")))
    except ValueError:
        return f"{cell!r} is no time of day"


def _time_from_number(value: float) -> float | str:
    if 0 <= value < 1:
        return float(round(value * 24 * 60)) * 60.0
    if value.is_integer() and 1 <= value <= 48:
        return value * 3600.0
    if value.is_integer() and 3600 <= value <= LATEST_S:
        return value
    return f"{value:g} can be read as a time of day in more than one way, or in none"


def _seconds(hours: int, minutes: int, seconds: int, half: str) -> float | str:
    if half in {"am", "pm"}:
        if not 1 <= hours <= 12:
            return f"{hours} {half} is no time of day"
        hours = hours % 12 + (12 if half == "pm" else 0)
    total = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or total > LATEST_S:
        return f"{hours}:{minutes:02d} is no time of day"
    return float(total)


def span(cell: Cell) -> float | None:
    """Return seconds of a duration written ``h:mm:ss``, as spreadsheets do; ``None`` if it is not."""
    match = SPAN.fullmatch(cell.strip()) if isinstance(cell, str) else None
    return float(int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])) if match else None


def read_days(cells: Sequence[Cell]) -> Days:
    """Read a column of weekdays: names in six languages, numbers (1 is Monday), lists and ranges.

    A short name that means different days in different languages ("di", "do") is read by the language of the column; if
    that is not clear it is left unread.
    """
    parsed = {cell: _tokens(cell) for cell in dict.fromkeys(cells)}
    every = {word for tokens in parsed.values() for pair in tokens for word in pair}
    words = {letters(word) for word in every if not word.isdecimal()} - {""}
    known = {language: {word: day for word in words if (day := _day(word, language)) is not None} for language in NAMES}
    most = max(len(found) for found in known.values())
    tables = [found for found in known.values() if len(found) == most]
    results = {cell: _resolve(tokens, tables, list(known.values())) for cell, tokens in parsed.items()}
    return Days(
        values=tuple(results[cell][0] for cell in cells),
        reasons=tuple(results[cell][1] for cell in cells),
        by_number=any(word.isdecimal() for word in every),
    )


def _tokens(cell: Cell) -> list[tuple[str, str]]:
    """Return pairs (from, to); a single day is a range to itself."""
    written = bare(ascii_digits(cell if isinstance(cell, str) else f"{cell:g}")).replace("-feira", "feira")
    written = re.sub(r"([2-6])\.a", r"\1a", written)  # segunda-feira is also written 2.ª
    if not written:
        return []
    if written in DAILY:
        return [(WEEK[0], WEEK[-1])]
    written = re.sub(r"\s*(?:-|–|—|\.\.+|\bto\b|\bbis\b|\ba\b|\bau\b|\bhadi\b)\s*", "-", written)  # noqa: RUF001 (dashes)
    items = [item for item in re.split(r"[\s,;/|+&.]+|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bna\b", written) if item]
    return [(first, last or first) for first, _, last in (item.partition("-") for item in items)]


def _day(word: str, language: str) -> int | None:
    for day, names in enumerate(NAMES[language]):
        forms = names.split()
        if word in forms or word == forms[-1] + "s":
            return day
    return None


def _resolve(
    tokens: list[tuple[str, str]], likely: list[dict[str, int]], every: list[dict[str, int]]
) -> tuple[tuple[Weekday, ...] | None, str]:
    days: set[int] = set()
    for first, last in tokens:
        ends = []
        for word in (first, last):
            found = _meanings(word, likely) or _meanings(word, every)
            if len(found) != 1:
                doing = "means different days in different languages" if found else "is no weekday"
                return None, f"{word!r} {doing}"
            ends.append(found.pop())
        days |= {(ends[0] + k) % 7 for k in range((ends[1] - ends[0]) % 7 + 1)}
    return tuple(WEEK[day] for day in sorted(days)), ""


def _meanings(word: str, tables: list[dict[str, int]]) -> set[int]:
    if word.isdecimal():
        return {int(word) - 1} if 1 <= int(word) <= 7 else set()
    return {table[key] for table in tables if (key := letters(word)) in table}
