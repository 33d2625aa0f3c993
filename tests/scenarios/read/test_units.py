from __future__ import annotations

import pytest

from scenarios.read.columns import TABLES
from scenarios.read.units import UNITS, factor, known


@pytest.mark.parametrize(
    ("ours", "theirs", "value"),
    [
        ("kg/day", "kg/day", 1),
        ("kg/day", "t/week", 1000 / 7),
        ("kg/day", "kg per day", 1),
        ("kg/day", "tonnes / year", 1000 / 365.25),
        ("kg/day", "kg/month", 12 / 365.25),
        ("kg/day", "kg a week", 1 / 7),
        ("kg/day", "kg/a", 1 / 365.25),
        ("kg/day", "lb/day", 0.45359237),
        ("kg", "t", 1000),
        ("kg", "short tons", 907.18474),
        ("m3", "m³", 1),
        ("m3", "Litres", 0.001),
        ("m3", "cubic metres", None),
        ("m3", "kg", None),
        ("s", "min", 60),
        ("s", "hours", 3600),
        ("h", "min", 1 / 60),
        ("km", "m", 0.001),
        ("km", "miles", 1.609344),
        ("money", "kes", 1),
        ("money", "USD", None),
        ("money/h", "KES/h", 1),
        ("money/h", "KES per hour", 1),
        ("money/h", "kes/min", 60),
        ("money/h", "USD/h", None),
        ("money/h", "KES/month", None),
        ("money/kg", "KES/t", 0.001),
        ("money/t", "KES/kg", 1000),
        ("money/calendar day", "KES/year", 1 / 365.25),
        ("money/day out", "KES/day", 1),
        ("money/day out", "KES/month", None),
        ("l/100 km", "l/km", 100),
        ("kg/day", "m3/day", None),
        ("kg/day", "", None),
        ("kg/day", "//", None),
        ("", "kg", None),
    ],
)
def test_what_one_of_theirs_is_in_ours(ours: str, theirs: str, value: float | None) -> None:
    assert factor(ours, theirs, "KES") == pytest.approx(value) if value else factor(ours, theirs, "KES") is None


def test_every_unit_that_is_offered_is_understood() -> None:
    for ours in UNITS:
        for theirs in known(ours, "KES"):
            assert factor(ours, theirs, "KES") is not None, (ours, theirs)


def test_every_column_has_a_unit_of_the_table_and_one_of_its_own_is_one() -> None:
    for columns in TABLES.values():
        for column in columns:
            assert not column.unit or column.unit in UNITS, column.name
            assert not column.unit or 1.0 in UNITS[column.unit].values()
