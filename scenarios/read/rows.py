"""A planner's table in our columns: values by column, the planner's own cells, and which rows are at fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults import InputError
from scenarios.model.origin import Origin
from scenarios.read.cells import Cells, read_cells, table_mark
from scenarios.read.columns import TABLES
from scenarios.read.findings import Findings
from scenarios.read.headers import find_columns, missing_columns
from scenarios.read.opening import open_table
from scenarios.read.sheet import Cell, Sheet, text
from scenarios.scenario import Scenario, Table, TableRef

NAMELESS: Mapping[Table, str] = {
    "points": "point",
    "depots": "depot",
    "facilities": "facility",
    "vehicles": "vehicle",
    "hub_sites": "hub",
    "sites": "site",
    "people": "people",
    "candidates": "candidate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A table, read.

    Parameters
    ----------
    sheet
        As it was found.
    places
        Our column -> its position in the sheet, for those that the sheet has.
    values
        Our column -> value of each row, ``None`` where there is none; every column of the table is there.
    bad
        Positions of rows with a fault.
    """

    table: Table
    sheet: Sheet
    places: Mapping[str, int]
    values: Mapping[str, list[Any]]
    bad: set[int]
    found: Findings

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.sheet.rows)

    def good(self) -> list[int]:
        """Return the positions of rows without a fault."""
        return [k for k in range(len(self)) if k not in self.bad]

    def place(self, row: int, column: str = "") -> str:
        """Return where a cell is, by the planner's own header."""
        header = self.sheet.headers[self.places[column]] if column in self.places else column
        return self.sheet.place(row, header)

    def word_and_number(self, row: int) -> str:
        """Return "row 7"."""
        return f"{self.sheet.word} {self.sheet.numbers[row]}"

    def refuse(self, row: int, column: str, code: str, cause: str, action: str) -> None:
        """Note a fault of a row."""
        self.bad.add(row)
        self.found.fault(code, self.place(row, column), cause, action)

    def origin(self, row: int) -> Origin:
        """Return where a record comes from."""
        return Origin(file=self.sheet.file, sheet=self.sheet.sheet, row=self.sheet.numbers[row])

    def own(self, row: int) -> dict[str, str]:
        """Return all columns of the planner as text, in order; a header that comes twice gets a number."""
        skipped = self.sheet.geometry or ()
        kept: dict[str, str] = {}
        for k, (header, cell) in enumerate(zip(self.sheet.headers, self.sheet.rows[row], strict=True)):
            if k not in skipped:
                name, n = header, 2
                while name in kept:
                    name, n = f"{header} ({n})", n + 1
                kept[name] = text(cell)
        return kept

    def fill(self, column: str, value: Any) -> list[int]:
        """Put a value where there is none and return the rows that got it."""
        empty = [k for k, old in enumerate(self.values[column]) if old is None]
        for k in empty:
            self.values[column][k] = value
        return empty


def read_rows(
    table: Table, scenario: Scenario, folder: Path, found: Findings, *, stands_in: Mapping[str, object] | None = None
) -> Rows | None:
    """Read a table of a scenario.

    Parameters
    ----------
    stands_in
        Column -> what the scenario itself says where a cell is empty: the only stream, the only depot.

    Returns
    -------
    ``None`` if the scenario has no such table, or its file cannot be read (then the reason is among the faults).
    """
    ref = scenario.tables.get(table)
    if ref is None:
        return None
    try:
        sheet, doubts = open_table(table, ref, folder)
    except InputError as error:
        found.faults.extend(error.faults)
        return None
    found.doubts.extend(doubts)
    return interpret(table, sheet, scenario, found, stands_in or {})


def interpret(table: Table, sheet: Sheet, scenario: Scenario, found: Findings, stands_in: Mapping[str, object]) -> Rows:
    """Read the cells of a sheet as our columns; faults go into ``found``."""
    ref = scenario.tables[table]
    places = find_columns(sheet, table, ref, found)
    nameless = {"id": None} if table in NAMELESS and "id" not in {*places, *ref.columns, *ref.defaults} else {}
    missing_columns(sheet, table, ref, places, {**stands_in, **nameless}, found)
    cells = {
        column: _cells(sheet, ref, column.name, places)
        for column in TABLES[table]
        if column.name in places or column.name in ref.defaults
    }
    usual = table_mark(cells.items())
    bad: set[int] = set()
    values: dict[str, list[Any]] = {column.name: [None] * len(sheet.rows) for column in TABLES[table]}
    for column, its_cells in cells.items():
        job = Cells(
            sheet=sheet,
            header=sheet.headers[places[column.name]] if column.name in places else column.name,
            column=column,
            ref=ref,
            cells=its_cells,
            streams=scenario.streams,
            currency=scenario.currency,
            usual=usual,
            found=found,
            bad=bad,
        )
        values[column.name] = read_cells(job)
    rows = Rows(table=table, sheet=sheet, places=places, values=values, bad=bad, found=found)
    if nameless and len(places) > 1:
        _name(rows)
    _require(rows, stands_in)
    return rows


def _cells(sheet: Sheet, ref: TableRef, name: str, places: Mapping[str, int]) -> list[Cell]:
    """Return the cells of a column, empty ones filled with the scenario's default for it."""
    cells: list[Cell] = [row[places[name]] for row in sheet.rows] if name in places else [""] * len(sheet.rows)
    default = ref.defaults.get(name, "")
    value: Cell = ("yes" if default else "no") if isinstance(default, bool) else default
    return [value if cell == "" else cell for cell in cells]


def _name(rows: Rows) -> None:
    """Name rows by their number where the table has no column of ids, and say so."""
    word = NAMELESS[rows.table]
    rows.values["id"][:] = [f"{word}-{number}" for number in rows.sheet.numbers]
    rows.found.doubt(
        "ids-given",
        rows.sheet.place(),
        f"it has no column id; its rows were called {rows.values['id'][0]} and so on, by their numbers",
        'if a column holds ids, say which: columns = {id = "..."}',
    )


def _require(rows: Rows, stands_in: Mapping[str, object]) -> None:
    """Fill in what the scenario itself says, then find rows that lack what every row needs."""
    for name, value in stands_in.items():
        rows.fill(name, value)
    for column in TABLES[rows.table]:
        empty = [k for k, value in enumerate(rows.values[column.name]) if value is None]
        if column.need != "required" or not empty:
            continue
        if column.name not in rows.places:
            rows.bad.update(empty)  # the column itself is missing, and has its fault
            continue
        for k in empty:
            if rows.sheet.rows[k][rows.places[column.name]] == "":
                rows.refuse(k, column.name, "missing", f"{column.name} is empty", "fill it in")
