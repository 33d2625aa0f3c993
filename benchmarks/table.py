"""A table of figures: text for the terminal, a dictionary for programs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from api import terminal

Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column; ``form`` is the format of its numbers, empty for words."""

    name: str
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of figures under a title.

    Parameters
    ----------
    command
        What makes the table again.
    notes
        Sentences below the table.
    """

    id: str
    title: str
    command: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.id}: rows and columns differ in number")


def columns(**forms: str) -> tuple[Column, ...]:
    """Return columns from names (underscores become spaces) and formats."""
    return tuple(Column(name=name.replace("_", " "), form=form) for name, form in forms.items())


def text(table: Table) -> str:
    """Return a table as it stands on a terminal."""
    right = frozenset(k for k, column in enumerate(table.columns) if column.form)
    rows = [[_written(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows]
    body = terminal.table([column.name for column in table.columns], rows, right=right)
    return "\n".join([f"{table.title}  [{table.command}]", "", body, *(f"  {note}" for note in table.notes), ""])


def markdown(table: Table) -> str:
    """Return a table as Markdown, for the documentation."""
    rows = [[column.name for column in table.columns]]
    rows += [["---" if not column.form else "---:" for column in table.columns]]
    rows += [[_written(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows]
    body = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
    notes = "".join(f"\n{note}  " for note in table.notes)
    return f"**{table.title}**: `{table.command}`\n\n{body}\n{notes}"


def as_dict(table: Table) -> dict[str, Any]:
    """Return a table as plain values, rows as name -> value."""
    names = [column.name for column in table.columns]
    return {
        "id": table.id,
        "title": table.title,
        "command": table.command,
        "rows": [dict(zip(names, map(_plain, row), strict=True)) for row in table.rows],
        "notes": list(table.notes),
    }


def _written(cell: Cell, column: Column) -> str:
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return "-"
    return cell if isinstance(cell, str) else format(cell, column.form)


def _plain(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
