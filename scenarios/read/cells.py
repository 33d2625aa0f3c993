"""From cells to values, a column at a time: every cell that cannot be read is a fault with its row and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.model.work import Stream
from scenarios.read.amounts import MARKS, Mark, evidence, number, read_numbers
from scenarios.read.clock import WEEK, read_days, span, time_of_day
from scenarios.read.columns import Column
from scenarios.read.findings import Findings
from scenarios.read.sheet import Cell, Sheet, text
from scenarios.read.units import factor
from scenarios.read.words import EVERYTHING, bare, closest, flag, in_order, listed, slug, split
from scenarios.scenario import TableRef

MAX_TEXT = 500
FEW = 3  # examples named in a doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells of one column of ours, with all that is needed to read them.

    ``bad`` collects the rows (positions) that have a fault.
    """

    sheet: Sheet
    header: str
    column: Column
    ref: TableRef
    cells: Sequence[Cell]
    streams: Sequence[Stream]
    currency: str
    usual: Mark | None
    found: Findings
    bad: set[int]

    def refuse(self, row: int, code: str, cause: str, action: str) -> None:
        """Note a fault of one cell."""
        self.bad.add(row)
        self.found.fault(code, self.sheet.place(row, self.header), cause, action)

    def filled(self) -> list[int]:
        """Return the rows whose cell is not empty."""
        return [k for k, cell in enumerate(self.cells) if cell != ""]


def read_cells(job: Cells) -> list[Any]:
    """Return the value of each row in our unit; ``None`` where the cell is empty or at fault."""
    return _READERS[job.column.kind](job)


def table_mark(sheet: Sheet, columns: Mapping[str, Column], places: Mapping[str, int]) -> Mark | None:
    """Return the decimal mark that the numeric columns of a table prove together, ``None`` if they do not."""
    proven = set()
    for name, column in columns.items():
        if column.kind in {"number", "whole"} and name in places:
            cells = [row[places[name]] for row in sheet.rows]
            low, high = _possible(column)
            proven.add(evidence(cells, low, high))
    proven.discard(None)
    return proven.pop() if len(proven) == 1 else None


def _possible(column: Column) -> tuple[float, float]:
    return (column.low, column.high) if column.unit == "degrees" else (-float("inf"), float("inf"))


def _text(job: Cells) -> list[Any]:
    values: list[Any] = [None] * len(job.cells)
    for k in job.filled():
        value = " ".join(text(job.cells[k]).split())
        if len(value) > MAX_TEXT:
            job.refuse(k, "too-long", f"it has {len(value)} characters", f"write at most {MAX_TEXT}")
        elif "\x00" in value or not value.isprintable():
            job.refuse(k, "not-text", "it holds characters that cannot be shown", "write the text anew")
        else:
            values[k] = value
    return values


def _number(job: Cells) -> list[Any]:
    cells = list(job.cells)
    durations = {k: seconds for k in job.filled() if (seconds := _span(job, cells[k])) is not None}
    for k in durations:
        cells[k] = ""
    values: list[Any] = [None] * len(cells)
    scale = _factor(job)
    for k, plain in enumerate(_parsed(job, cells)):
        value = durations.get(k, None if plain is None else plain * scale)
        if value is not None:
            values[k] = value if job.column.need == "place" else _within(job, k, value)
        elif job.cells[k] != "":
            _not_a_number(job, k)
    return values


def _parsed(job: Cells, cells: Sequence[Cell]) -> Sequence[float | None]:
    if job.ref.decimal != "auto":
        return [number(cell, job.ref.decimal) for cell in cells]
    low, high = _possible(job.column)
    fallback: Mark = "comma" if job.sheet.comma else "point"
    reading = read_numbers(cells, usual=job.usual, fallback=fallback, low=low, high=high)
    if reading.unsure:
        shown = listed([f"{text(cells[k])} as {reading.values[k]:g}" for k in reading.unsure[:FEW]])
        count = len(reading.unsure)
        job.found.doubt(
            "decimal-ambiguous",
            job.sheet.place(header=job.header),
            f"{count} cells can be read in two ways; they were read with the decimal {reading.mark}: {shown}",
            'if that is wrong, say decimal = "comma" or decimal = "point" for this table',
        )
    return reading.values


def _span(job: Cells, cell: Cell) -> float | None:
    seconds = span(cell) if job.column.unit in {"s", "h"} else None
    return seconds if seconds is None or job.column.unit == "s" else seconds / 3600.0


def _factor(job: Cells) -> float:
    unit = job.ref.units.get(job.column.name)
    scale = factor("s" if job.column.kind == "clock" else job.column.unit, unit, job.currency) if unit else 1.0
    assert scale is not None, f"unit {unit} was not checked"
    return scale


def _not_a_number(job: Cells, k: int) -> None:
    cell = text(job.cells[k])
    others = [mark for mark in MARKS if number(job.cells[k], mark) is not None]
    if others:
        cause = f"{cell!r} is written with the decimal {others[0]}, the rest of the column is not"
        job.refuse(k, "decimal-mixed", cause, "write all numbers of the column in the same way")
    elif cell.startswith("#"):
        job.refuse(k, "cell-error", f"the formula ends in an error ({cell})", "correct the formula")
    else:
        action = f'write the number alone; a unit goes into units = {{{job.column.name} = "..."}}'
        job.refuse(k, "not-a-number", f"{_short(cell)!r} is not a number", action)


def _within(job: Cells, k: int, value: float) -> float | None:
    low, high = job.column.low, job.column.high
    if low <= value <= high:
        return value
    unit = job.column.unit.replace("money", job.currency)
    if value < 0:
        job.refuse(k, "negative", f"{text(job.cells[k])} is negative", "write an amount of 0 or more")
    else:
        cause = f"{value:g} {unit} is not between {low:g} and {high:g} {unit}".replace("  ", " ")
        job.refuse(k, "out-of-range", cause, f'check the number and its unit: units = {{{job.column.name} = "..."}}')
    return None


def _whole(job: Cells) -> list[Any]:
    values = _number(job)
    for k, value in enumerate(values):
        if value is not None and not float(value).is_integer():
            job.refuse(k, "not-whole", f"{value:g} is not a whole number", "write a whole number")
            values[k] = None
    return [None if value is None else int(value) for value in values]


def _clock(job: Cells) -> list[Any]:
    values: list[Any] = [None] * len(job.cells)
    scale = _factor(job) if job.column.name in job.ref.units else None
    for k in job.filled():
        cell = job.cells[k]
        plain = next((v for mark in MARKS if (v := number(cell, mark)) is not None), None) if scale else None
        value = time_of_day(cell) if scale is None or plain is None else plain * scale
        if isinstance(value, str):
            job.refuse(k, "not-a-time", value, "write it as 8:30 or 17:00")
        elif not 0 <= value <= 2 * 86_400:
            job.refuse(k, "not-a-time", f"{text(cell)} is no time of day", "write it as 8:30 or 17:00")
        else:
            values[k] = float(value)
    return values


def _days(job: Cells) -> list[Any]:
    days = read_days(job.cells)
    for k, reason in enumerate(days.reasons):
        if reason:
            job.refuse(k, "not-a-day", reason, f"write {', '.join(WEEK)}, lists or ranges of them, or 1 (Monday) to 7")
    if days.by_number:
        place = job.sheet.place(header=job.header)
        job.found.doubt(
            "days-by-number", place, "weekdays are numbers; 1 was read as Monday, 7 as Sunday", "check that"
        )
    return [value or None for value in days.values]


def _flag(job: Cells) -> list[Any]:
    values: list[Any] = [None] * len(job.cells)
    for k in job.filled():
        values[k] = flag(text(job.cells[k]))
        if values[k] is None:
            job.refuse(k, "not-yes-or-no", f"{_short(text(job.cells[k]))!r} is neither yes nor no", "write yes or no")
    return values


def _choice(job: Cells) -> list[Any]:
    values: list[Any] = [None] * len(job.cells)
    for k in job.filled():
        word = slug(text(job.cells[k]))
        if word in job.column.choices:
            values[k] = word
        else:
            likely = closest(word, job.column.choices)
            action = f"did you mean {likely}?" if likely else f"write one of {', '.join(job.column.choices)}"
            cause = f"{_short(text(job.cells[k]))!r} is not known; there are {', '.join(job.column.choices)}"
            job.refuse(k, "not-a-choice", cause, action)
    return values


def _streams(job: Cells) -> list[Any]:
    values: list[Any] = [None] * len(job.cells)
    for k in job.filled():
        written = text(job.cells[k])
        if bare(written) in EVERYTHING:
            values[k] = tuple(stream.id for stream in job.streams)
            continue
        whole = _stream_id(written, job.streams)
        names = [written] if whole else split(written)
        ids = [_stream_id(name, job.streams) for name in names]
        for name, id_ in zip(names, ids, strict=True):
            if not id_:
                _unknown_stream(job, k, name)
        if all(ids):
            values[k] = tuple(dict.fromkeys(ids))
    return values


def _stream(job: Cells) -> list[Any]:
    values: list[Any] = [None] * len(job.cells)
    for k in job.filled():
        values[k] = _stream_id(text(job.cells[k]), job.streams) or None
        if values[k] is None:
            _unknown_stream(job, k, text(job.cells[k]))
    return values


def _stream_id(word: str, streams: Sequence[Stream]) -> str:
    exact = [stream.id for stream in streams if word == stream.id]
    like = [stream.id for stream in streams if bare(word) in {bare(stream.id), bare(stream.name)}]
    return (exact or like or [""])[0]


def _unknown_stream(job: Cells, k: int, name: str) -> None:
    names = [name for stream in job.streams for name in (stream.id, stream.name)]
    likely = closest(name, names)
    cause = f"there is no stream {_short(name)!r}; there are {listed([stream.id for stream in job.streams])}"
    job.refuse(k, "stream-unknown", cause, f"did you mean {likely!r}?" if likely else "add it to streams")


def _list(job: Cells) -> list[Any]:
    return [tuple(in_order(text(cell))) or None for cell in job.cells]


def _short(cell: str) -> str:
    return cell if len(cell) <= 60 else f"{cell[:57]}..."


_READERS: Mapping[str, Callable[[Cells], list[Any]]] = {
    "text": _text,
    "number": _number,
    "whole": _whole,
    "clock": _clock,
    "days": _days,
    "flag": _flag,
    "choice": _choice,
    "stream": _stream,
    "streams": _streams,
    "list": _list,
}
