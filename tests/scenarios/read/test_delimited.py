from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faults import Fault, InputError
from scenarios.read.delimited import read_delimited
from scenarios.read.sheet import Sheet
from tests.scenarios.read.kit import codes, faults, the_fault

WORD = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12)
CLEAN = WORD.map(lambda text: " ".join(text.split()))
FILLED = CLEAN.filter(lambda text: text.strip('"') != "" and not text.startswith("\ufeff"))
NAMES = st.sampled_from(
    [
        "Över",
        "Årsta",
        "Mälarhöjden",
        "José",
        "Ñuñoa",
        "Peñón",
        "João",
        "Ação",
        "Straße",
        "München",
        "Église",
        "Façade",
        "Groß",
        "CAFÉ",
        "Ålesund",
        "Tórshavn",
    ]
)


def opened(folder: Path, raw: bytes, *, header_row: int = 1) -> tuple[Sheet, tuple[Fault, ...]]:
    file = folder / "t.csv"
    file.write_bytes(raw)
    return read_delimited(file, file="t.csv", header_row=header_row)


def sheet(folder: Path, text: str, encoding: str = "utf-8") -> Sheet:
    return opened(folder, text.encode(encoding))[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_delimiters_encodings_and_line_ends(tmp_path: Path, delimiter: str, encoding: str, ending: str) -> None:
    rows = [["id", "where", "kg"], ["1", "Straße 5", "2,5"], ["2", "Mañana", "3"]]
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in rows]
    read = sheet(tmp_path, ending.join(delimiter.join(row) for row in quoted) + ending, encoding)
    assert read.headers == ("id", "where", "kg")
    assert read.rows == (("1", "Straße 5", "2,5"), ("2", "Mañana", "3"))
    assert read.numbers == (2, 3)
    assert read.comma == (delimiter == ";")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(FILLED, FILLED, CLEAN), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_csv_writer_writes_reads_back(
    tmp_path: Path, rows: list[tuple[str, str, str]], delimiter: str, encoding: str
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("a", "b", "c"), *rows])
    assert list(sheet(tmp_path, buffer.getvalue(), encoding).rows) == rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.binary(max_size=200))
def test_no_bytes_break_it(tmp_path: Path, raw: bytes) -> None:
    with suppress(InputError):
        read, _ = opened(tmp_path, raw)
        assert all(len(row) == len(read.headers) for row in read.rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(st.lists(NAMES, min_size=1, max_size=8))
def test_western_text_of_windows_reads_back_with_a_doubt(tmp_path: Path, names: list[str]) -> None:
    text = "id,name\n" + "\n".join(f"{k},Café {name}" for k, name in enumerate(names)) + "\n"
    read, doubts = opened(tmp_path, text.encode("cp1252"))
    assert [row[1] for row in read.rows] == [f"Café {name}" for name in names]
    assert codes(doubts) == ["encoding-guessed"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id,name\n1,München\n2,Straße\n", "cp1252"),
        ("id;name;kg\n1;Calle Ñuñoa;3\n2;Peñón;4\n", "cp1252"),
        ("id,name\n1,João São\n2,Ação\n", "latin-1"),
        ("id,name\n1,Rue de l\u2019Église \u2013 nord\n2,Café\n", "cp1252"),
        (
            "id,name\n"
            + "".join(f"{k},ulica Władysława Łokietka, część żółta\n".replace(", c", " c") for k in range(5)),
            "cp1250",
        ),
        ("id,name\n" + "".join(f"{k},улица Ленина и площадь Победы\n" for k in range(5)), "cp1251"),
        ("id,name\n" + "".join(f"{k},München Straße Köln Düsseldorf\n" for k in range(5)), "mac_roman"),
    ],
)
def test_short_tables_in_old_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    read, doubts = opened(tmp_path, text.encode(encoding))
    assert [",".join(row) for row in read.rows] == [line.replace(";", ",") for line in text.splitlines()[1:]]
    assert codes(doubts) == ["encoding-guessed"]


def test_a_broken_byte_order_mark_is_told(tmp_path: Path) -> None:
    assert the_fault(opened, tmp_path, b"\xff\xfea\x00b").code == "encoding"


def test_quoted_line_breaks_keep_the_numbers_of_a_spreadsheet(tmp_path: Path) -> None:
    read = sheet(tmp_path, 'id,note\n1,"two\nlines"\n\n2,"say ""hi"""\n')
    assert read.rows == (("1", "two\nlines"), ("2", 'say "hi"'))
    assert read.numbers == (2, 4)


def test_empty_rows_and_columns_at_the_end_are_dropped(tmp_path: Path) -> None:
    read = sheet(tmp_path, "id,kg,,\n1,2,,\n,,,\n\n")
    assert read.headers == ("id", "kg")
    assert read.rows == (("1", "2"),)


def test_short_rows_are_filled_and_a_column_without_header_is_named(tmp_path: Path) -> None:
    read = sheet(tmp_path, "id,,kg\n1,x\n2,y,3\n")
    assert read.headers == ("id", "column B", "kg")
    assert read.rows == (("1", "x", ""), ("2", "y", "3"))


def test_a_declared_delimiter_is_honoured(tmp_path: Path) -> None:
    read = sheet(tmp_path, "sep=;\nid;kg,net\n1;2\n")
    assert read.headers == ("id", "kg,net")
    assert read.numbers == (2,)


def test_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    assert sheet(tmp_path, "id\na\nb\n").rows == (("a",), ("b",))


def test_decimal_commas_do_not_win_over_semicolons(tmp_path: Path) -> None:
    read = sheet(tmp_path, "id;lat;lon\n1;-1,28;36,82\n2;-1,29;36,83\n")
    assert read.headers == ("id", "lat", "lon")


def test_rows_longer_than_the_headers_are_told_each(tmp_path: Path) -> None:
    found = faults(opened, tmp_path, b"id,kg,w\n1,2,5\n2,3,1,5\n3,1,1\n4,2,2,1\n5,5,5\n")
    assert codes(found) == ["ragged-row", "ragged-row"]
    assert [fault.place for fault in found] == ["t.csv, row 3", "t.csv, row 5"]


def test_a_title_above_the_headers_is_recognised(tmp_path: Path) -> None:
    fault = the_fault(opened, tmp_path, b"Bins of 2024\n\nid,lat,lon\n1,2,3\n2,3,4\n")
    assert fault.code == "header-row"
    assert "header_row = 3" in fault.action
    read, _ = opened(tmp_path, b"Bins of 2024\n\nid,lat,lon\n1,2,3\n2,3,4\n", header_row=3)
    assert read.headers == ("id", "lat", "lon")
    assert read.numbers == (4, 5)


def test_headers_fewer_than_fields_everywhere(tmp_path: Path) -> None:
    assert the_fault(opened, tmp_path, b"id,kg\n1,2,9\n2,3,9\n3,4,9\n").code == "header-row"


@pytest.mark.parametrize("raw", [b"", b"\n\n\n", b"id,kg\n", b"id,kg\n,\n", b",\n1,2\n"])
def test_nothing_in_it(tmp_path: Path, raw: bytes) -> None:
    assert the_fault(opened, tmp_path, raw).code in {"empty-table", "header-row"}


def test_headers_beyond_the_end(tmp_path: Path) -> None:
    fault = the_fault(opened, tmp_path, b"id,kg\n1,2\n", header_row=9)
    assert fault.code == "empty-table"
    assert "row 9" in fault.cause


def test_a_quotation_mark_never_closed(tmp_path: Path) -> None:
    fault = the_fault(opened, tmp_path, b'id,name\n1,"Moi Avenue\n2,Tom Mboya\n')
    assert fault.code == "quotes"
    assert fault.place == "t.csv, row 2"


def test_text_after_a_closing_quotation_mark(tmp_path: Path) -> None:
    assert the_fault(opened, tmp_path, b'id,name\n1,"Moi" Avenue\n').code == "quotes"


def test_a_stray_quotation_mark_that_swallows_a_row_is_doubted(tmp_path: Path) -> None:
    _, doubts = opened(tmp_path, b'id,name,kg\n1,"Moi,5\n2,Tom",7\n3,x,1\n')
    assert codes(doubts) == ["row-swallowed"]
    _, doubts = opened(tmp_path, b'id,name,kg\n1,"Moi\nAvenue",7\n')
    assert doubts == ()


def test_nul_is_refused(tmp_path: Path) -> None:
    fault = the_fault(opened, tmp_path, b"id,kg\n1,2\n2,\x00\n")
    assert fault.code == "not-text"
    assert "line 3" in fault.place


def test_a_cell_of_a_megabyte_is_refused(tmp_path: Path) -> None:
    assert the_fault(opened, tmp_path, b"id,note\n1," + b"x" * 1_000_000 + b"\n").code == "quotes"


def test_too_many_columns_and_rows(tmp_path: Path) -> None:
    assert the_fault(opened, tmp_path, b",".join([b"c"] * 600) + b"\n").code == "table-too-large"
    assert the_fault(opened, tmp_path, b"id,kg\n" + b"1,2\n" * 200_001).code == "table-too-large"
