"""Cells of a workbook: numbers as numbers, times as times, and text that can never run as a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from scenarios.documents.document import clean

Value = str | float | int | bool | None
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"-?(0|[1-9]\d{0,8})(\.\d{1,9})?")  # written exactly so: no leading zero, no sign, no exponent
LONGEST = 32_767  # letters in a cell
NARROW, WIDE = 8, 46
DAY_S = 86_400.0
TIME, WHOLE, ONE, TWO, SHARE, ANY = "[hh]:mm", "#,##0", "#,##0.0", "#,##0.00", "0%", "General"
WRAPPED = Alignment(wrap_text=True, vertical="top")
HEADER = PatternFill("solid", fgColor="E3EBE6")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column with its heading and the format of its numbers."""

    title: str
    format: str = ANY


def add_sheet(book: Workbook, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> Worksheet:
    """Add a sheet with a heading that stays in view, a filter, and columns as wide as they need."""
    sheet: Worksheet = book.create_sheet(title[:31])
    widths = [len(column.title) for column in columns]
    for number, column in enumerate(columns, start=1):
        cell = put(sheet, 1, number, column.title)
        cell.font, cell.fill = Font(bold=True), HEADER
        cell.alignment = WRAPPED
    for line, row in enumerate(rows, start=2):
        for number, (value, column) in enumerate(zip(row, columns, strict=True), start=1):
            put(sheet, line, number, value, column.format)
            widths[number - 1] = max(widths[number - 1], len(str(value or "")))
    for number, (width, column) in enumerate(zip(widths, columns, strict=True), start=1):
        shown = max(8, len(column.title)) if column.format != ANY else width
        sheet.column_dimensions[get_column_letter(number)].width = min(max(shown + 2, NARROW), WIDE)
    sheet.freeze_panes = "A2"
    if columns:
        sheet.auto_filter.ref = sheet.dimensions
    _for_paper(sheet)
    return sheet


def put(sheet: Worksheet, row: int, column: int, value: Value, number_format: str = ANY) -> Cell:
    """Write a value; text stays text, whatever it looks like.

    Text that a spreadsheet could take for a formula is stored as a string and marked with the quote prefix, which is
    how a spreadsheet itself writes down "this is text". Its letters are not changed.
    """
    cell = sheet.cell(row=row, column=column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        text = clean(value)[:LONGEST]
        cell.value = text
        cell.data_type = "s"
        if text.startswith(STARTS_FORMULA):
            cell.quotePrefix = True
        if len(text) > WIDE:
            cell.alignment = WRAPPED
    elif value is not None:
        cell.value = value
        if number_format != ANY:
            cell.number_format = number_format
    return cell


def own_value(text: str) -> Value:
    """Return a planner's cell as it was: a plain number as a number, all else as the text it is."""
    if NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text or None


def time_of(seconds: float | None) -> float | None:
    """Return a time of day or a duration as a workbook counts it, in days."""
    return None if seconds is None else seconds / DAY_S


def _for_paper(sheet: Worksheet) -> None:
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
