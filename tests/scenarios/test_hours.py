from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.rounds.problem import Window
from scenarios.choices import HoursRef
from scenarios.hours import ALL_DAY, allowed, own_spans
from scenarios.scenario import Scenario
from tests.scenarios.read.kit import scenario

HOUR = 3600.0


def ruled(*rules: HoursRef) -> Scenario:
    return replace(scenario(), hours=rules)


def hours(*pairs: tuple[float, float]) -> tuple[Window, ...]:
    return tuple(Window(open_s=a * HOUR, close_s=b * HOUR) for a, b in pairs)


QUIET = HoursRef(name="quiet", open="06:00", close="22:00")


def test_without_rules_a_stop_keeps_its_own_hours() -> None:
    assert own_spans((None, None), (None, None)) == ALL_DAY
    assert allowed(ALL_DAY, (), ruled(), "mon") == ()
    own = own_spans((5 * HOUR, 7 * HOUR), (20 * HOUR, None))
    assert allowed(own, (), ruled(), "mon") == hours((5, 7), (20, 24))


def test_a_rule_cuts_what_lies_outside_it() -> None:
    own = own_spans((5 * HOUR, 7 * HOUR), (20 * HOUR, None))
    assert allowed(own, (0,), ruled(QUIET), "mon") == hours((6, 7), (20, 22))


def test_rules_of_one_name_add_up_and_of_different_names_all_bind() -> None:
    school = (HoursRef(name="school", open="00:00", close="07:00"), HoursRef(name="school", open="09:00"))
    assert allowed(ALL_DAY, (0, 1), ruled(*school), "mon") == hours((0, 7), (9, 24))
    assert allowed(ALL_DAY, (0, 1, 2), ruled(*school, QUIET), "mon") == hours((6, 7), (9, 22))


def test_a_rule_holds_on_its_days_only_and_on_a_day_of_no_week() -> None:
    market = replace(QUIET, days=("tue",))
    assert allowed(ALL_DAY, (0,), ruled(market), "mon") == ()
    assert allowed(ALL_DAY, (0,), ruled(market), "tue") == hours((6, 22))
    assert allowed(ALL_DAY, (0,), ruled(market), "day") == hours((6, 22))


def test_hours_with_nothing_in_common_leave_nothing() -> None:
    night = own_spans((1 * HOUR, 4 * HOUR))
    assert allowed(night, (0,), ruled(QUIET), "mon") is None


@pytest.mark.parametrize("touching", [("06:00", "10:00", "10:00", "12:00"), ("06:00", "11:00", "10:00", "12:00")])
def test_spans_of_one_name_that_touch_are_one(touching: tuple[str, str, str, str]) -> None:
    a, b, c, d = touching
    rules = (HoursRef(name="x", open=a, close=b), HoursRef(name="x", open=c, close=d))
    assert allowed(ALL_DAY, (0, 1), ruled(*rules), "mon") == hours((6, 12))
