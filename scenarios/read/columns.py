"""Every column of every table: what it means, its unit, whether it must be there, and what stands in for it.

Declared once, in ``scenarios/data/columns.csv``. Reading, the scenario's own checks and ``docs/tables.md`` follow it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, get_args

from scenarios.scenario import Table

Kind = Literal["text", "number", "whole", "clock", "days", "flag", "choice", "stream", "streams", "list"]
Need = Literal["required", "optional", "place"]  # place: latitude and longitude, or an address

FACILITY_KINDS = ("landfill", "transfer", "sorting", "composting", "buyer")  # with a default time for unloading


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Ours; a header equal to it (case, spaces, underscores and accents aside) needs no mapping.
    kind
        How a cell is read.
    unit
        What our numbers are in; a key of :data:`scenarios.read.units.UNITS`, or empty.
    need
        Whether a row may do without.
    low, high
        Smallest and largest number that is possible at all.
    choices
        What a "choice" may be.
    also
        Headers that need no mapping either.
    default
        What stands in for an empty cell, in words; empty: nothing does.
    meaning
        For people.
    """

    name: str
    kind: Kind
    unit: str
    need: Need
    low: float
    high: float
    choices: tuple[str, ...]
    also: tuple[str, ...]
    default: str
    meaning: str

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind) or self.need not in get_args(Need) or self.low > self.high:
            raise ValueError(f"column {self.name} is declared wrongly")


def _read() -> Mapping[Table, tuple[Column, ...]]:
    text = files("scenarios.data").joinpath("columns.csv").read_text(encoding="utf-8")
    tables: dict[Table, list[Column]] = {table: [] for table in get_args(Table)}
    for row in csv.DictReader(text.splitlines()):
        if None in row or None in row.values():
            raise ValueError(f"columns.csv has a row of the wrong length: {row}")
        tables[row["table"]].append(_column(row))  # type: ignore[index]
    return MappingProxyType({table: tuple(columns) for table, columns in tables.items()})


def _column(row: Mapping[str, str]) -> Column:
    return Column(
        name=row["name"],
        kind=row["kind"],  # type: ignore[arg-type]
        unit=row["unit"],
        need=row["need"],  # type: ignore[arg-type]
        low=float(row["low"] or "-inf"),
        high=float(row["high"] or "inf"),
        choices=tuple(row["choices"].split()),
        also=tuple(row["also"].split()),
        default=row["default"],
        meaning=row["meaning"],
    )


TABLES: Mapping[Table, tuple[Column, ...]] = _read()


def column(table: Table, name: str) -> Column | None:
    """Return a column by its name, ``None`` if the table has none such."""
    return next((column for column in TABLES[table] if column.name == name), None)


def row_of_docs(column: Column) -> str:
    """Return the row of ``docs/tables.md`` that belongs to a column."""
    need = {"required": "yes", "optional": "", "place": "or an address"}[column.need]
    need = "yes, or" if column.need == "required" and column.default else need
    kind = {"clock": "time of day", "whole": "whole number", "flag": "yes or no", "days": "weekdays"}
    choices = f" ({', '.join(column.choices)})" if column.choices else ""
    what = column.unit or kind.get(column.kind, column.kind)
    return f"| `{column.name}` | {column.meaning}{choices} | {what} | {need} | {column.default} |"
