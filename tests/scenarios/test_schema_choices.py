from __future__ import annotations

import copy
from typing import Any

import pytest

from scenarios.schema import dump, parse
from tests.scenarios.read.kit import faults
from tests.scenarios.test_schema import WHOLE

CHOICES: dict[str, Any] = {
    "hours": [{"name": "Quiet", "open": "06:00", "close": "22:00", "kinds": ["container"], "days": ["mon"]}],
    "periods": [{"start": "07:00", "speed": 0.7}, {"start": "09:30", "speed": 1.0}],
    "aims": {"even": "hours", "even_price": 5, "even_within": 0.5, "most_changes": 3, "first": ["vehicles"]},
    "locks": [{"vehicle": "truck-1", "points": ["a", "b"], "in_order": True}],
}


def chosen(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(WHOLE), **copy.deepcopy(CHOICES), **changes}


def test_choices_of_a_day_are_read_and_come_back_as_they_were() -> None:
    scenario = parse(chosen())
    assert scenario.hours[0].close == "22:00"
    assert [period.speed for period in scenario.periods] == [0.7, 1.0]
    assert scenario.aims.even_within == 0.5
    assert scenario.locks[0].points == ("a", "b")
    assert parse(dump(scenario)) == scenario


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"hours": [{"name": "x", "open": "late"}]}, "not-a-time", "hours.1.open"),
        ({"hours": [{"name": "x", "close": "26:00"}]}, "not-a-time", "hours.1.close"),
        ({"hours": [{"name": "x", "open": "22:00", "close": "06:00"}]}, "hours-reversed", "hours.1"),
        ({"hours": [{"name": " "}]}, "missing", "hours.1.name"),
        ({"hours": [{"name": "x", "file": "../a.geojson"}]}, "path-outside", "hours.1.file"),
        ({"hours": [{"name": "x", "kinds": ["markt"]}]}, "not-a-choice", "hours.1.kinds"),
        ({"periods": [{"start": "x", "speed": 1}]}, "not-a-time", "periods.1.start"),
        ({"periods": [{"start": "9:00", "speed": 1}, {"start": "8:00", "speed": 1}]}, "periods-order", "periods.2"),
        ({"periods": [{"start": "9:00", "speed": 0}]}, "out-of-range", "periods.1.speed"),
        ({"aims": {"even": "hours", "even_price": -1}}, "negative", "aims.even_price"),
        ({"aims": {"even_price": 1}}, "missing", "aims.even"),
        ({"aims": {"first": ["spread"]}}, "missing", "aims.even"),
        ({"aims": {"even": "load"}}, "missing", "aims.even_price"),
        ({"aims": {"even": "kilometres"}}, "not-a-choice", "aims.even"),
        ({"locks": [{"vehicle": "truck-1", "points": []}]}, "lock-points", "locks.1.points"),
        ({"locks": [{"vehicle": "truck-1", "points": ["a", "a"]}]}, "lock-points", "locks.1.points"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(changes: dict[str, Any], code: str, place: str) -> None:
    found = faults(parse, chosen(**changes))
    assert (code, place) in [(fault.code, fault.place) for fault in found]
