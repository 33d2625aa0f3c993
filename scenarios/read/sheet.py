"""A table as it was found, whatever the file format: headers, rows of cells, and the numbers the planner sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from faults import Fault, InputError

Cell = str | int | float  # numbers only where the file itself holds numbers, not text; "" is an empty cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a file holds, before anybody asked what it means.

    Parameters
    ----------
    file, sheet
        As the planner knows them; ``sheet`` is empty for files that have none.
    headers
        One for each column, unchanged; ``"column C"`` where the file has none.
    rows
        As long as ``headers`` each; rows with nothing in them are left out.
    numbers
        Row number of each row as a spreadsheet program shows it, or number of the feature.
    word
        What a row is called: "row" or "feature".
    geometry
        Positions of the longitude and latitude that came from a geometry.
    comma
        The file is of a kind that usually goes with the decimal comma (fields parted by semicolons).
    """

    file: str
    sheet: str = ""
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]
    word: str = "row"
    geometry: tuple[int, int] | None = None
    comma: bool = False

    def place(self, row: int | None = None, header: str = "") -> str:
        """Return where something is; ``row`` is a position in ``rows``."""
        parts = [self.file, f"sheet {self.sheet}" if self.sheet else ""]
        parts += [f"{self.word} {self.numbers[row]}" if row is not None else "", f"column {header}" if header else ""]
        return ", ".join(part for part in parts if part)


def text(cell: Cell) -> str:
    """Return a cell as text: 12.0 reads "12"."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip() if isinstance(cell, str) else str(cell)


def from_grid(
    grid: Sequence[Sequence[Cell]], *, file: str, sheet: str = "", header_row: int = 1, comma: bool = False
) -> Sheet:
    """Make a sheet of a rectangle of cells: headers from their row, empty rows and columns dropped.

    Raises
    ------
    InputError
        ``empty-table`` when there is no header or no row beneath it.
    """
    where = f"{file}, sheet {sheet}" if sheet else file
    if len(grid) < header_row or all(cell == "" for cell in grid[header_row - 1]):
        cause = f"there are no headers in row {header_row}"
        raise InputError(
            Fault(
                code="empty-table",
                place=where,
                cause=cause,
                action="write the names of the columns there, or say with header_row where they are",
            )
        )
    numbered = [(k + 1, row) for k, row in enumerate(grid) if k >= header_row and any(cell != "" for cell in row)]
    if not numbered:
        raise InputError(
            Fault(
                code="empty-table",
                place=where,
                cause=f"there is nothing below the headers in row {header_row}",
                action="fill in the rows, or take the table out of the scenario",
            )
        )
    head = [text(cell) for cell in grid[header_row - 1]]
    kept = [c for c in range(len(head)) if head[c] or any(row[c] != "" for _, row in numbered)]
    return Sheet(
        file=file,
        sheet=sheet,
        headers=tuple(head[c] or f"column {get_column_letter(c + 1)}" for c in kept),
        rows=tuple(tuple(row[c] for c in kept) for _, row in numbered),
        numbers=tuple(number for number, _ in numbered),
        comma=comma,
    )
