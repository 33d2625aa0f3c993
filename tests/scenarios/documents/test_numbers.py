import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.documents import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\u2013"), (float("nan"), "\u2013"), (float("inf"), "\u2013"), (0, "0"), (12, "12"), (12.345, "12.3"),
        (123.45, "123"), (12_345.6, "12\u202f346"), (1_234_567, "1\u202f234\u202f567"), (0.01234, "0.0123"),
        (-3.14159, "\u22123.14"), (1e-9, "0.000000"), (-1234.5, "\u22121\u202f234"),
    ],
)  # fmt: skip
def test_number(value, text):
    assert numbers.number(value) == text


@given(st.floats(min_value=0.01, max_value=1e9))
def test_a_number_reads_back_within_half_a_unit_of_its_third_digit(value):
    back = float(numbers.number(value).replace("\u202f", ""))
    assert back == pytest.approx(value, rel=0.0051)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "\u2013"),
        (0, "00:00"),
        (6 * 3600 + 59, "06:01"),
        (29, "00:00"),
        (86_399, "00:00\u202f+1"),
        (90_000, "01:00\u202f+1"),
    ],
)
def test_clock(seconds, text):
    assert numbers.clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "\u2013"), (59, "0:01"), (3_660, "1:01"), (360_000, "100:00"), (-90, "\u22120:02"), (-1, "0:00")],
)
def test_span(seconds, text):
    assert numbers.span(seconds) == text


def test_a_range_is_shown_only_when_it_says_something():
    assert numbers.spread(12.3, 10, 15) == "12.3 (10\u201315)"
    assert numbers.spread(12.3, 12.3, 12.3) == "12.3"
    assert numbers.spread(12.3, None, 15) == "12.3"
    assert numbers.spread(None, 1, 2) == "\u2013"


def test_money_percent_tonnes_and_km():
    assert numbers.money(7783.4, "KES") == "KES\u00a07\u202f783"
    assert numbers.money(0.6, "EUR") == "EUR\u00a00.60"
    assert numbers.money(None, "EUR") == "\u2013"
    assert numbers.percent(0.834) == "83\u202f%"
    assert numbers.percent(None) == "\u2013"
    assert numbers.tonnes(1240) == "1.24"
    assert numbers.km(5_140) == "5.1"
    assert numbers.mass(221.4) == "221\u00a0kg"
    assert numbers.mass(11_420) == "11.4\u00a0t"
    assert numbers.fixed(-0.04, 1) == "0.0"  # no minus before nothing
