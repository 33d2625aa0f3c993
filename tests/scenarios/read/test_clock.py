from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.read.clock import WEEK, read_days, span, time_of_day


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("8:30", 30_600),
        ("08:30", 30_600),
        ("08:30:15", 30_615),
        ("08.30", 30_600),
        ("8h30", 30_600),
        ("8 h 30", 30_600),
        ("0830", 30_600),
        ("8", 28_800),
        ("8h", 28_800),
        ("8 Uhr", 28_800),
        ("8:30 Uhr", 30_600),
        ("8:30 am", 30_600),
        ("8:30 p.m.", 73_800),
        ("12 am", 0),
        ("12:00 pm", 43_200),
        ("24:00", 86_400),
        ("28:00", 100_800),
        (0.354166667, 30_600),
        ("0.354166667", 30_600),
        ("0,354166667", 30_600),
        (0.75, 64_800),
        (0, 0),
        (8, 28_800),
        (30_600, 30_600),
        ("30600", 30_600),
        ("٨:٣٠", 30_600),
    ],
)
def test_a_time_of_day_in_many_ways(cell: str | float, seconds: float) -> None:
    assert time_of_day(cell) == seconds


@pytest.mark.parametrize(
    "cell",
    ["noon", "8:75", "25:61", "49:00", "13 pm", "0 am", 8.5, "8.5", 8.3, "1800", 100, -1, "-8:00", "8:3", "0.35"],
)
def test_what_can_mean_two_times_or_none_is_not_guessed(cell: str | float) -> None:
    assert isinstance(time_of_day(cell), str)


@given(st.integers(0, 86_399))
def test_every_second_of_the_day_reads_back(second: int) -> None:
    assert time_of_day(f"{second // 3600}:{second // 60 % 60:02d}:{second % 60:02d}") == second


@given(st.text(max_size=12))
def test_no_text_breaks_it(text: str) -> None:
    value = time_of_day(text)
    assert isinstance(value, str) or 0 <= value <= 172_800


def test_a_duration_as_spreadsheets_write_it() -> None:
    assert span("0:05:00") == 300
    assert span("30:00:00") == 108_000
    assert span("5:30") is None
    assert span(0.5) is None


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("Mon", "mon"),
        ("Monday", "mon"),
        ("Saturdays", "sat"),
        ("Mon, Thu", "mon thu"),
        ("Thu/Mon", "mon thu"),
        ("mon & wed and fri", "mon wed fri"),
        ("mon-fri", "mon tue wed thu fri"),
        ("Fri to Mon", "mon fri sat sun"),
        ("1-5", "mon tue wed thu fri"),
        ("1, 7", "mon sun"),
        (4, "thu"),
        ("daily", "mon tue wed thu fri sat sun"),
        ("jumatatu, ijumaa", "mon fri"),
        ("Jumamosi na Jumapili", "sat sun"),
        ("lunes y jueves", "mon thu"),
        ("lun-vie", "mon tue wed thu fri"),
        ("mié, sáb", "wed sat"),
        ("segunda-feira", "mon"),
        ("seg a sex", "mon tue wed thu fri"),
        ("terça e quinta", "tue thu"),
        ("Mo bis Fr", "mon tue wed thu fri"),
        ("Sonnabend", "sat"),
        ("lundi et jeudi", "mon thu"),
        ("mar, ven", "tue fri"),
        ("", ""),
    ],
)
def test_weekdays_in_six_languages(cell: str | int, days: str) -> None:
    assert read_days([cell]).values == (tuple(days.split()),)


@pytest.mark.parametrize("cell", ["foo", "0", "8", "MonThu", "mon-foo", "di", "do", "M"])
def test_a_word_that_is_no_day_or_two_days_is_not_read(cell: str) -> None:
    found = read_days([cell])
    assert found.values == (None,)
    assert found.reasons[0]


def test_the_language_of_the_column_decides_what_a_short_name_is() -> None:
    assert read_days(["lu,ma,me", "di"]).values[1] == ("sun",)
    assert read_days(["Mo,Di,Mi", "Do"]).values[1] == ("thu",)
    assert read_days(["lun, mié", "do"]).values[1] == ("sun",)


def test_numbers_are_reported() -> None:
    assert read_days(["1", "mon"]).by_number
    assert not read_days(["mon"]).by_number


@given(st.sets(st.sampled_from(WEEK)))
def test_days_come_back_in_the_order_of_the_week(days: set[str]) -> None:
    assert read_days([", ".join(days)]).values == (tuple(day for day in WEEK if day in days),)


@pytest.mark.parametrize("cell", ["2ª, 5ª", "2.ª e 5.ª", "2ª-feira / 5ª-feira", "2a 5a"])
def test_portuguese_weekdays_are_counted_from_sunday(cell: str) -> None:
    days = read_days([cell, "2ª a 6ª"])
    assert days.values == (("mon", "thu"), ("mon", "tue", "wed", "thu", "fri"))
    assert not days.by_number
