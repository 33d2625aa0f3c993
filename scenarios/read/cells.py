"""From cells to values, a column at a time: every cell that cannot be read is a fault with its row and column."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from scenarios.model.work import Stream
from scenarios.read.amounts import MARKS, Floats, Mark, evidence, number, numbers, read_numbers
from scenarios.read.clock import LATEST_S, WEEK, read_days, span, time_of_day
from scenarios.read.columns import Column
from scenarios.read.findings import Findings
from scenarios.read.sheet import Cell, Sheet, text
from scenarios.read.units import factor
from scenarios.read.words import EVERYTHING, bare, closest, flag, in_order, listed, slug, split
from scenarios.scenario import TableRef

MAX_TEXT = 500
FEW = 3  # examples named in a doubt


class Wrong(NamedTuple):
    """Why a cell cannot be read."""

    code: str
    cause: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells of one column of ours, with all that is needed to read them.

    ``usual`` is the decimal mark that the table proves; ``bad`` collects the rows (positions) that have a fault.
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

    def refuse(self, row: int, wrong: Wrong) -> None:
        """Note a fault of one cell."""
        self.bad.add(row)
        self.found.fault(wrong.code, self.sheet.place(row, self.header), wrong.cause, wrong.action)


def read_cells(job: Cells) -> list[Any]:
    """Return the value of each row in our unit; ``None`` where the cell is empty or at fault."""
    return _COLUMNS[job.column.kind](job) if job.column.kind in _COLUMNS else _one_by_one(job, _CELLS[job.column.kind])


def _one_by_one(job: Cells, read: Callable[[Cells, Cell], Any]) -> list[Any]:
    """Read each cell by itself, equal ones once."""
    seen: dict[Cell, Any] = {"": None}
    values: list[Any] = [None] * len(job.cells)
    for k, cell in enumerate(job.cells):
        if cell not in seen:
            seen[cell] = read(job, cell)
        if isinstance(seen[cell], Wrong):
            job.refuse(k, seen[cell])
        else:
            values[k] = seen[cell]
    return values


def table_mark(columns: Iterable[tuple[Column, Sequence[Cell]]]) -> Mark | None:
    """Return the decimal mark that the numeric columns of a table prove together, ``None`` if they do not."""
    proven = {
        evidence(numbers(cells), *_possible(column)) for column, cells in columns if column.kind in {"number", "whole"}
    }
    proven.discard(None)
    return proven.pop() if len(proven) == 1 else None


def _possible(column: Column) -> tuple[float, float]:
    return (column.low, column.high) if column.unit == "degrees" else (-math.inf, math.inf)


def _text(_: Cells, cell: Cell) -> str | Wrong:
    value = " ".join(text(cell).split())
    if len(value) > MAX_TEXT:
        return Wrong("too-long", f"it has {len(value)} characters", f"write at most {MAX_TEXT}")
    if not value.isprintable():
        return Wrong("not-text", "it holds characters that cannot be shown", "write the text anew")
    return value


def _number(job: Cells) -> list[Any]:
    cells = list(job.cells)
    durations = {k: seconds for k, cell in enumerate(cells) if (seconds := _span(job, cell)) is not None}
    for k in durations:
        cells[k] = ""
    values = _parsed(job, cells) * _factor(job)
    values[list(durations)] = list(durations.values())
    for k in np.flatnonzero(np.isnan(values)).tolist():
        if job.cells[k] != "":
            job.refuse(k, _not_a_number(job, job.cells[k]))
    if job.column.need != "place":  # places are judged together, by both coordinates
        for k in np.flatnonzero((values < job.column.low) | (values > job.column.high)).tolist():
            job.refuse(k, _out_of_range(job, job.cells[k], values[k]))
            values[k] = np.nan
    return [None if math.isnan(value) else value for value in values.tolist()]


def _parsed(job: Cells, cells: Sequence[Cell]) -> Floats:
    column = numbers(cells)
    if job.ref.decimal != "auto":
        return column.under(job.ref.decimal)
    low, high = _possible(job.column)
    fallback: Mark = "comma" if job.sheet.comma else "point"
    reading = read_numbers(column, usual=job.usual, fallback=fallback, low=low, high=high)
    if len(reading.unsure):
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


def _not_a_number(job: Cells, cell: Cell) -> Wrong:
    written = text(cell)
    others = [mark for mark in MARKS if number(cell, mark) is not None]
    if others:
        cause = f"{written!r} is written with the decimal {others[0]}, the rest of the column is not"
        return Wrong("decimal-mixed", cause, "write all numbers of the column in the same way")
    if written.startswith("#"):
        return Wrong("cell-error", f"the formula ends in an error ({_short(written)})", "correct the formula")
    action = f'write the number alone; a unit goes into units = {{{job.column.name} = "..."}}'
    return Wrong("not-a-number", f"{_short(written)!r} is not a number", action)


def _out_of_range(job: Cells, cell: Cell, value: float) -> Wrong:
    if value < 0:
        return Wrong("negative", f"{text(cell)} is negative", "write an amount of 0 or more")
    unit = job.column.unit.replace("money", job.currency)
    cause = f"{value:g} {unit} is not between {job.column.low:g} and {job.column.high:g} {unit}"
    action = f'check the number and its unit: units = {{{job.column.name} = "..."}}'
    return Wrong("out-of-range", " ".join(cause.split()), action)


def _whole(job: Cells) -> list[Any]:
    values = _number(job)
    for k, value in enumerate(values):
        if value is not None and not value.is_integer():
            job.refuse(k, Wrong("not-whole", f"{value:g} is not a whole number", "write a whole number"))
            values[k] = None
    return [None if value is None else int(value) for value in values]


def _clock(job: Cells, cell: Cell) -> float | Wrong:
    value: float | str = time_of_day(cell)
    if job.column.name in job.ref.units:
        plain = next((v for mark in MARKS if (v := number(cell, mark)) is not None), None)
        value = value if plain is None else plain * _factor(job)
    if isinstance(value, str) or not 0 <= value <= LATEST_S:
        cause = value if isinstance(value, str) else f"{text(cell)} is no time of day"
        return Wrong("not-a-time", cause, "write it as 8:30 or 17:00")
    return value


def _days(job: Cells) -> list[Any]:
    days = read_days(job.cells)
    for k, reason in enumerate(days.reasons):
        if reason:
            action = f"write {', '.join(WEEK)}, lists or ranges of them, or 1 (Monday) to 7"
            job.refuse(k, Wrong("not-a-day", reason, action))
    if days.by_number:
        place = job.sheet.place(header=job.header)
        job.found.doubt(
            "days-by-number", place, "weekdays are numbers; 1 was read as Monday, 7 as Sunday", "check that"
        )
    return [value or None for value in days.values]


def _flag(_: Cells, cell: Cell) -> bool | Wrong:
    value = flag(text(cell))
    if value is None:
        return Wrong("not-yes-or-no", f"{_short(text(cell))!r} is neither yes nor no", "write yes or no")
    return value


def _choice(job: Cells, cell: Cell) -> str | Wrong:
    word, choices = slug(text(cell)), job.column.choices
    if word in choices:
        return word
    likely = closest(word, choices)
    action = f"did you mean {likely}?" if likely else f"write one of {', '.join(choices)}{_left_alone(job)}"
    return Wrong("not-a-choice", f"{_short(text(cell))!r} is not known; there are {', '.join(choices)}", action)


def _left_alone(job: Cells) -> str:
    """Say how a column that only happens to carry our name is left alone."""
    name = job.column.name
    unasked = job.column.need != "required" and name not in job.ref.columns
    return f'; if yours is something else: columns = {{{name} = ""}}' if unasked else ""


def _streams(job: Cells, cell: Cell) -> tuple[str, ...] | Wrong:
    written = text(cell)
    if bare(written) in EVERYTHING:
        return tuple(stream.id for stream in job.streams)
    names = [written] if _stream_id(written, job.streams) else split(written)
    ids = {name: _stream_id(name, job.streams) for name in names}
    unknown = [name for name, id_ in ids.items() if not id_]
    return _unknown_stream(job, unknown[0]) if unknown else tuple(dict.fromkeys(ids.values()))


def _stream(job: Cells, cell: Cell) -> str | Wrong:
    return _stream_id(text(cell), job.streams) or _unknown_stream(job, text(cell))


def _stream_id(word: str, streams: Sequence[Stream]) -> str:
    exact = [stream.id for stream in streams if word == stream.id]
    like = [stream.id for stream in streams if bare(word) in {bare(stream.id), bare(stream.name)}]
    return (exact or like or [""])[0]


def _unknown_stream(job: Cells, name: str) -> Wrong:
    likely = closest(name, [name for stream in job.streams for name in (stream.id, stream.name)])
    cause = f"there is no stream {_short(name)!r}; there are {listed([stream.id for stream in job.streams])}"
    return Wrong("stream-unknown", cause, f"did you mean {likely!r}?" if likely else "add it to streams")


def _list(_: Cells, cell: Cell) -> tuple[str, ...] | None:
    return tuple(in_order(text(cell))) or None


def _short(cell: str) -> str:
    return cell if len(cell) <= 60 else f"{cell[:57]}..."


_COLUMNS: Mapping[str, Callable[[Cells], list[Any]]] = {"number": _number, "whole": _whole, "days": _days}
_CELLS: Mapping[str, Callable[[Cells, Cell], Any]] = {
    "text": _text,
    "clock": _clock,
    "flag": _flag,
    "choice": _choice,
    "stream": _stream,
    "streams": _streams,
    "list": _list,
}
