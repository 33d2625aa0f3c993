from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.read.amounts import Mark, Reading, evidence, number, numbers, read_numbers
from scenarios.read.sheet import Cell

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False)


def read(cells: Sequence[Cell], **options: Any) -> Reading:
    return read_numbers(numbers(cells), **options)


def values(reading: Reading) -> list[float | None]:
    return [None if math.isnan(value) else value for value in reading.values.tolist()]


def written(value: float, mark: Mark, grouping: str) -> str:
    text = f"{value:,.3f}".replace(",", "@").replace(".", "." if mark == "point" else ",")
    return text.replace("@", grouping)


@pytest.mark.parametrize(
    ("cell", "mark", "value"),
    [
        ("12", "point", 12.0),
        ("12", "comma", 12.0),
        ("1.5", "point", 1.5),
        ("1.5", "comma", None),
        ("1,5", "comma", 1.5),
        ("1,5", "point", None),
        ("1,234", "point", 1234.0),
        ("1,234", "comma", 1.234),
        ("1.234,5", "comma", 1234.5),
        ("1,234.5", "point", 1234.5),
        ("1 234,5", "comma", 1234.5),
        ("1\u202f234,5", "comma", 1234.5),
        ("1'234.5", "point", 1234.5),
        ("12 34", "point", None),
        ("1,23,456", "point", None),
        ("\u22123", "point", -3.0),
        ("+3", "point", 3.0),
        ("1e3", "point", 1000.0),
        ("1.5e-2", "point", 0.015),
        (".5", "point", 0.5),
        ("5.", "point", 5.0),
        ("\u0661\u0662\u066b\u0665", "comma", 12.5),
        ("٣", "point", 3.0),
        ("", "point", None),
        ("-", "point", None),
        (".", "point", None),
        ("e5", "point", None),
        ("nan", "point", None),
        ("inf", "point", None),
        ("1e999", "point", None),
        ("0x10", "point", None),
        ("1_0", "point", None),
        ("12 kg", "point", None),
        ("3;4", "point", None),
        ("½", "point", None),
        (2.5, "comma", 2.5),
        (7, "comma", 7.0),
        (float("nan"), "point", None),
        (float("inf"), "point", None),
    ],
)
def test_a_cell_has_one_value_under_a_mark(cell: str | float, mark: Mark, value: float | None) -> None:
    assert number(cell, mark) == value


@given(st.lists(AMOUNTS, min_size=1, max_size=20), st.sampled_from(["point", "comma"]), st.sampled_from(["", " ", "'"]))
def test_a_column_reads_back_whatever_mark_it_was_written_with(amounts: list[float], mark: Mark, grouping: str) -> None:
    cells = [written(float(value), mark, grouping) for value in amounts]
    other = "." if mark == "comma" else ","
    proof = f"1{other}234{',' if mark == 'comma' else '.'}5"
    reading = read([*cells, proof])
    assert reading.mark == mark
    assert reading.proven
    assert reading.values[:-1].tolist() == pytest.approx([float(value) for value in amounts])
    assert len(reading.unsure) == 0


@given(st.text(max_size=30), st.sampled_from(["point", "comma"]))
def test_no_text_breaks_it_and_what_it_reads_is_finite(text: str, mark: Mark) -> None:
    value = number(text, mark)
    assert value is None or math.isfinite(value)


def test_the_whole_column_decides() -> None:
    assert values(read(["1,234", "2.5"])) == [1234.0, 2.5]
    assert values(read(["1,234", "2,5"])) == [1.234, 2.5]


def test_without_proof_the_rest_of_the_table_decides_and_it_is_reported() -> None:
    reading = read(["1,234", "7", "2,500"], usual="comma")
    assert values(reading) == [1.234, 7.0, 2.5]
    assert not reading.proven
    assert reading.unsure.tolist() == [0, 2]


def test_without_any_proof_the_kind_of_file_decides() -> None:
    assert values(read(["1,234"], fallback="comma")) == [1.234]
    assert values(read(["1,234"])) == [1234.0]
    assert values(read(["1.234"], fallback="comma")) == [1234.0]


def test_cells_that_can_only_mean_one_thing_are_not_reported() -> None:
    assert read(["12", "7"]).unsure.tolist() == []


def test_a_degree_beyond_the_pole_is_no_reading() -> None:
    reading = read(["-1,286", "-1,301"], low=-90, high=90)
    assert values(reading) == [-1.286, -1.301]
    assert reading.proven


def test_the_minority_of_a_mixed_column_is_not_read() -> None:
    assert values(read(["1.5", "2.5", "3,5"])) == [1.5, 2.5, None]


def test_evidence_that_contradicts_itself_is_none() -> None:
    assert evidence(numbers(["1.5"])) == "point"
    assert evidence(numbers(["1,5"])) == "comma"
    assert evidence(numbers(["1.5", "2,5"])) is None
    assert evidence(numbers(["1", "2"])) is None
    assert evidence(numbers([1.5, 2])) is None
