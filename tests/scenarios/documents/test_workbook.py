import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from scenarios.documents import workbook
from scenarios.documents.cells import STARTS_FORMULA, own_value

SHEETS = ["Summary", "Points", "Rounds", "Visits", "Hubs", "Balance", "Doubts", "Sources"]


def opened(outcome):
    return load_workbook(BytesIO(workbook.workbook(outcome)))


def table(sheet):
    head, *rows = sheet.iter_rows(values_only=True)
    return list(head), [dict(zip(head, row, strict=True)) for row in rows]


def test_all_sheets_are_there_with_headings_that_stay(outcome):
    book = opened(outcome)
    assert [name.removesuffix(" (illustration)") for name in book.sheetnames] == SHEETS
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2"
        assert all(cell.value and cell.font.b for cell in sheet[1])


def test_the_planners_columns_come_back_in_order_and_unchanged(full):
    head, rows = table(opened(full)["Points"])
    assert head[:6] == ["Bin no", "Ward", "Phone", "Message", "Litres", "Extra"]
    assert [row["Id"] for row in rows] == [point.id for point in full.system.points]
    for row, point in zip(rows, full.system.points, strict=True):
        for name, text in point.own.items():
            assert row[name] == (own_value(text) if text else None)
    assert rows[0]["Litres"] == 1100  # a number again
    assert rows[0]["Phone"] == "+254 700 000 002"


def test_each_point_says_who_serves_it_when_or_why_nobody_does(full):
    _, rows = table(opened(full)["Points"])
    by_id = {row["Id"]: row for row in rows}
    assert by_id["a"]["Monday: Vehicle"] == "truck-1"
    assert by_id["a"]["Monday: Stop no."] == 1
    assert by_id["a"]["Thursday: Stop no."] == 2
    assert by_id["a"]["Monday: Served or why not"] == "served"
    assert by_id["a"]["Monday: Load, kg"] == pytest.approx(240)
    assert by_id["far"]["Monday: Served or why not"].startswith("left out: No vehicle can do it within its shift")
    assert by_id["far"]["Monday: Vehicle"] is None
    assert by_id["b"]["Estimated"] == "yes"


def test_nothing_can_run_as_a_formula(full):
    data = workbook.workbook(full)
    for sheet in load_workbook(BytesIO(data)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and cell.value.startswith(STARTS_FORMULA):
                    assert cell.data_type == "s"
                    assert cell.quotePrefix
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in archive.read(name)
                assert b"<f " not in archive.read(name)
    dangerous = [c for sheet in load_workbook(BytesIO(data)).worksheets for row in sheet.iter_rows() for c in row
                 if isinstance(c.value, str) and c.value.startswith(STARTS_FORMULA)]  # fmt: skip
    assert {'=HYPERLINK("http://evil","x")', "@SUM(1+1)", "-2+3", "\tTab", "=weigh it"} <= {c.value for c in dangerous}


def test_every_visit_has_a_row_and_numbers_are_numbers(full):
    _, rows = table(opened(full)["Visits"])
    visits = [visit for day in full.days for round_ in day.result.plan.rounds for visit in round_.visits]
    assert sorted((row["Id"], row["Visit no."]) for row in rows) == sorted(
        (visit.id, number)
        for day in full.days
        for round_ in day.result.plan.rounds
        for number, visit in enumerate(round_.visits, start=1)
    )
    assert len(rows) == len(visits)
    assert all(isinstance(row["kg"], int | float) for row in rows)
    sheet = opened(full)["Visits"]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.cell(row=2, column=heads.index("Arrival") + 1).number_format == "[hh]:mm"


def test_rounds_and_balance_add_up(full):
    book = opened(full)
    _, rounds = table(book["Rounds"])
    assert sum(row["Cost, KES"] for row in rounds) == pytest.approx(sum(day.result.price.total for day in full.days))
    _, balance = table(book["Balance"])
    for row in balance:
        there = row["Collected, kg"] + row["Brought to hubs, kg"] + row["Left, kg"]
        assert row["Generated, kg"] == pytest.approx(there)


def test_control_characters_and_long_text_do_not_break_the_file(full):
    point = full.system.points[0]
    odd = replace(point, name="bell\x07", own={"Long": "x" * 40_000, "Nul\x00": "a\x00b"})
    system = replace(full.system, points=(odd, *full.system.points[1:]))
    head, rows = table(opened(replace(full, system=system))["Points"])
    assert head[:2] == ["Long", "Nul"]
    assert rows[0]["Name"] == "bell"
    assert len(rows[0]["Long"]) == 32_767
    assert rows[0]["Nul"] == "ab"


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("-3.5", -3.5), ("0.25", 0.25), ("", None), ("007", "007"), ("1,5", "1,5"), ("1e5", "1e5"),
     ("+3", "+3"), ("12345678901", "12345678901"), ("-", "-")],
)  # fmt: skip
def test_only_plain_numbers_become_numbers(text, value):
    assert own_value(text) == value
    assert type(own_value(text)) is type(value)
