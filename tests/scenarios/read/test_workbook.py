from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from scenarios.read.files import kind_of
from scenarios.read.workbook import read_workbook
from tests.scenarios.read.kit import codes, the_fault

Fill = Callable[[Worksheet], object]


def book(folder: Path, *fills: Fill, names: tuple[str, ...] = ("Bins", "Other")) -> Path:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.remove(made.active)
    for name, fill in zip(names, fills, strict=False):
        fill(made.create_sheet(name))
    path = folder / "t.xlsx"
    made.save(path)
    return path


def rows(*given: tuple[object, ...]) -> Fill:
    def fill(page: Worksheet) -> None:
        for row in given:
            page.append(row)

    return fill


def test_cells_of_every_kind(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        rows(
            ("id", "kg", "text", "open", "date", "ok", "part of day", "span", "moment"),
            (
                12,
                2.5,
                " 1,5 ",
                dt.time(8, 30),
                dt.date(2024, 3, 1),
                True,
                0.354,
                dt.timedelta(minutes=5),
                dt.datetime(2024, 3, 1, 9, 15),  # noqa: DTZ001 (workbooks have no zones)
            ),
        ),
    )
    sheet, doubts = read_workbook(path, file="t.xlsx")
    assert sheet.rows == ((12, 2.5, "1,5", "08:30:00", "2024-03-01", "yes", 0.354, "00:05:00", "2024-03-01 09:15:00"),)
    assert sheet.sheet == "Bins"
    assert doubts == ()
    assert sheet.place(0, "kg") == "t.xlsx, sheet Bins, row 2, column kg"


def test_the_first_sheet_that_is_shown_is_read(tmp_path: Path) -> None:
    def hidden(page: Worksheet) -> None:
        page.sheet_state = "hidden"
        page.append(("x",))
        page.append((1,))

    path = book(tmp_path, hidden, rows(("id",), (1,)))
    assert read_workbook(path, file="t.xlsx")[0].sheet == "Other"
    assert read_workbook(path, file="t.xlsx", sheet="Bins")[0].headers == ("x",)


def test_a_sheet_is_found_whatever_its_case_and_hidden_ones_are_named(tmp_path: Path) -> None:
    def hidden(page: Worksheet) -> None:
        page.sheet_state = "hidden"

    path = book(tmp_path, rows(("id",), (1,)), hidden)
    assert read_workbook(path, file="t.xlsx", sheet="BINS")[0].sheet == "Bins"
    fault = the_fault(read_workbook, path, file="t.xlsx", sheet="Bin")
    assert fault.code == "sheet-unknown"
    assert "hidden: Other" in fault.cause
    assert "Bins" in fault.action


def test_empty_rows_keep_the_numbers_the_planner_sees(tmp_path: Path) -> None:
    path = book(tmp_path, rows(("id", None, "kg"), (None, None, None), (1, None, 2), (), ("", None, " ")))
    sheet, _ = read_workbook(path, file="t.xlsx")
    assert sheet.headers == ("id", "kg")
    assert sheet.rows == ((1, 2),)
    assert sheet.numbers == (3,)


def test_merged_headers_leave_columns_to_be_named(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        page.append(("id", "Place", None))
        page.append((1, -1.28, 36.82))
        page.merge_cells("B1:C1")

    sheet, _ = read_workbook(book(tmp_path, fill), file="t.xlsx")
    assert sheet.headers == ("id", "Place", "column C")


def test_formulas_without_values_are_doubted_and_errors_stay_visible(tmp_path: Path) -> None:
    path = book(tmp_path, rows(("id", "kg"), (1, "=2*3"), (2, "#DIV/0!")))
    sheet, doubts = read_workbook(path, file="t.xlsx")
    assert sheet.rows == ((1, ""), (2, "#N/A"))
    assert codes(doubts) == ["formula-empty"]


def test_headers_in_another_row(tmp_path: Path) -> None:
    path = book(tmp_path, rows(("Bins of the town",), (), ("id", "kg"), (1, 2)))
    sheet, _ = read_workbook(path, file="t.xlsx", header_row=3)
    assert sheet.headers == ("id", "kg")
    assert sheet.numbers == (4,)


@pytest.mark.parametrize("fill", [rows(), rows(("id", "kg"))])
def test_an_empty_sheet(tmp_path: Path, fill: Fill) -> None:
    assert the_fault(read_workbook, book(tmp_path, fill), file="t.xlsx").code == "empty-table"


def test_a_cell_far_out_does_not_fill_the_memory(tmp_path: Path) -> None:
    def wide(page: Worksheet) -> None:
        page["A1"] = "id"
        page["XFD1"] = "far"

    def deep(page: Worksheet) -> None:
        page["A1"] = "id"
        page["A1048576"] = "far"

    for fill in (wide, deep):
        assert the_fault(read_workbook, book(tmp_path, fill), file="t.xlsx").code == "table-too-large"


def test_a_damaged_workbook(tmp_path: Path) -> None:
    path = book(tmp_path, rows(("id",), (1,)))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for broken in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        with zipfile.ZipFile(path, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part[: len(part) // 2] if name == broken else part)
        assert the_fault(read_workbook, path, file="t.xlsx").code == "archive"


def test_every_truncation_is_a_fault(tmp_path: Path) -> None:
    whole = book(tmp_path, rows(("id",), (1,))).read_bytes()
    path = tmp_path / "cut.xlsx"
    for size in range(4, len(whole), 400):
        path.write_bytes(whole[:size])
        assert the_fault(kind_of, path, "cut.xlsx").code == "archive"


def test_entities_in_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    path = book(tmp_path, rows(("id",), ("x",)))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    bomb = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "' + b"A" * 1000 + b'">'
    bomb += b"".join(b'<!ENTITY a%d "%s">' % (k, b"&a%d;" % (k - 1) * 10 if k else b"&a;" * 10) for k in range(9))
    bomb += b"]>"
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<sheetData>", b"<sheetData><!-- -->", 1)
    start = sheet.index(b"<worksheet")
    parts["xl/worksheets/sheet1.xml"] = bomb + sheet[start:].replace(b"</c>", b"&a8;</c>", 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert the_fault(read_workbook, path, file="t.xlsx").code == "archive"
