"""Tables in workbooks (.xlsx): pandas reads the cells through openpyxl, with the values last calculated."""

from __future__ import annotations

import datetime as dt
import math
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.utils import column_index_from_string

from faults import Fault, InputError
from scenarios.read.sheet import Cell, Sheet, from_grid
from scenarios.read.words import bare, closest, listed

MAX_COLUMNS = 500
MAX_ROWS = 200_000
MAX_CELLS = 4_000_000
ERROR = "#N/A"  # a formula that ends in an error, whatever its kind
MARKS = re.compile(rb'<(?:\w+:)?f[ />]|<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"')


def read_workbook(path: Path, *, file: str, sheet: str = "", header_row: int = 1) -> tuple[Sheet, tuple[Fault, ...]]:
    """Read a sheet of a workbook.

    Parameters
    ----------
    file
        Name to show.
    sheet
        Name of the sheet; empty: the first that is not hidden.

    Returns
    -------
    The sheet, and a doubt if formulas have no calculated value.

    Raises
    ------
    InputError
        ``archive``, ``sheet-unknown``, ``table-too-large``, ``empty-table``.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of charts and styles it does not keep
        try:
            with pd.ExcelFile(path, engine="openpyxl") as book:
                name = _choose(book, sheet, file)
                formulas = _survey(path, book, name, file)
                frame = pd.read_excel(book, sheet_name=name, header=None, dtype=object, na_filter=False)
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001 (damaged workbooks raise whatever their parts provoke)
            cause = f"it cannot be read as a workbook ({type(error).__name__})"
            action = "open it in a spreadsheet program and save it anew as .xlsx"
            raise InputError(Fault(code="archive", place=file, cause=cause, action=action)) from None
    grid = [[_cell(value) for value in row] for row in frame.to_numpy(dtype=object).tolist()]
    found = from_grid(grid, file=file, sheet=name, header_row=header_row)
    return found, _uncalculated(found) if formulas else ()


def _choose(book: pd.ExcelFile, wanted: str, file: str) -> str:
    names = [str(name) for name in book.sheet_names]
    shown = [name for name in names if _state(book, name) == "visible"]
    if not wanted:
        return (shown or names)[0]
    if wanted in names:
        return wanted
    same = [name for name in names if bare(name) == bare(wanted)]
    if len(same) == 1:
        return same[0]
    likely = closest(wanted, names)
    hidden = [name for name in names if name not in shown]
    cause = f"there is no sheet {wanted!r}; there are {listed(shown)}"
    raise InputError(
        Fault(
            code="sheet-unknown",
            place=file,
            cause=cause + (f", and hidden: {listed(hidden)}" if hidden else ""),
            action=f"did you mean {likely!r}?" if likely else "name one of these",
        )
    )


def _state(book: pd.ExcelFile, name: str) -> str:
    return str(getattr(book.book[name], "sheet_state", "visible"))


def _survey(path: Path, book: pd.ExcelFile, name: str, file: str) -> bool:
    """Refuse a sheet that is too large before its cells are built; say whether it holds formulas."""
    page: Any = book.book[name]
    part = str(page._worksheet_path).lstrip("/")  # noqa: SLF001 (openpyxl has no public word for it)
    columns = rows = 0
    formulas = False
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        tail = b""
        while piece := stream.read(1 << 20):
            seen = {match.groups() for match in MARKS.finditer(tail + piece)}
            formulas |= (None, None) in seen
            columns = max((column_index_from_string(c.decode()) for c, _ in seen if c), default=columns)
            rows = max((int(r) for _, r in seen if r), default=rows)
            tail = piece[-64:]
    if columns > MAX_COLUMNS or rows > MAX_ROWS or columns * rows > MAX_CELLS:
        cause = f"it spans {rows} rows and {columns} columns"
        action = f"at most {MAX_ROWS} rows and {MAX_COLUMNS} columns are read; delete what is not needed, to the end"
        raise InputError(Fault(code="table-too-large", place=f"{file}, sheet {name}", cause=cause, action=action))
    return formulas


def _cell(value: Any) -> Cell:  # noqa: PLR0911 (one line for each kind of cell)
    if value is None:
        return ""
    if isinstance(value, float) and math.isnan(value):
        return ERROR
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, dt.datetime):
        clock = value.time()
        if value.date() in {dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(1900, 1, 1)}:
            return clock.isoformat("seconds")
        return value.date().isoformat() if clock == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, dt.time):
        return value.isoformat("seconds")
    if isinstance(value, dt.timedelta):
        total = round(value.total_seconds())
        return f"{total // 3600:02d}:{total // 60 % 60:02d}:{total % 60:02d}"
    return str(value).strip()


def _uncalculated(sheet: Sheet) -> tuple[Fault, ...]:
    """Doubt when formulas are there and cells are empty: programs that write formulas may leave out the values."""
    if all(cell != "" for row in sheet.rows for cell in row):
        return ()
    return (
        Fault(
            code="formula-empty",
            place=sheet.place(),
            cause="it has formulas, and cells without a value",
            action="if cells are said to be missing, open it in a spreadsheet program and save it; that calculates",
        ),
    )
