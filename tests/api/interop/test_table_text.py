"""The compiled writer against Python's own."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from api.interop.table_text import ROWS, table

NUMBERS = st.one_of(st.just(np.nan), st.floats(0, 1e9), st.integers(0, 10**6).map(float), st.floats(0, 1))


@settings(deadline=None)  # compiles
@given(
    arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=NUMBERS), st.sampled_from([1, 2, 5])
)
def test_a_table_reads_as_its_rounded_numbers(values: np.ndarray, digits: int) -> None:
    text = table(values, digits)
    read = json.loads(text)
    for row, line in zip(values.tolist(), read, strict=True):
        for value, number in zip(row, line, strict=True):
            if np.isnan(value):
                assert number is None
            else:
                assert number == pytest.approx(value, abs=0.5000001 * 10**-digits, rel=1e-14)
                assert number == round(number, digits)
    assert " " not in text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 1, "0"),
        (102.94, 1, "102.9"),
        (102.95, 1, "103"),
        (1000.0, 1, "1000"),
        (0.05, 2, "0.05"),
        (0.00001, 5, "0.00001"),
        (12.30, 2, "12.3"),
        (np.nan, 1, "null"),
    ],
)
def test_numbers_are_written_short(value: float, digits: int, text: str) -> None:
    assert table(np.array([[value, value]]), digits) == f"[[{text},{text}]]"


def test_many_rows_are_written_in_parts() -> None:
    values = np.arange((2 * ROWS + 3) * 2, dtype=np.float64).reshape(-1, 2)
    assert json.loads(table(values, 1)) == values.tolist()
