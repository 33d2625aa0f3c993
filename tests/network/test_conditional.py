"""What holds when, and for whom."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.conditional import DAYS, About, Moment, chosen, clauses, holds, terms
from network.profiles import PROFILES

TRUCK, SMALL, FOOT = PROFILES["refuse-truck"], PROFILES["small-truck"], PROFILES["foot"]
HOUR = 3600


def at(said: str, *, month: int | None = None, holiday: bool = False) -> Moment:
    """Return "mon 08:30" as a moment."""
    day, clock = said.split()
    hours, minutes = map(int, clock.split(":"))
    return Moment(day=day, time_s=hours * HOUR + minutes * 60, month=month, holiday=holiday)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("condition", "moment", "expected"),
    [
        ("Mo-Fr 07:00-19:00", at("mon 07:00"), True),
        ("Mo-Fr 07:00-19:00", at("fri 18:59"), True),
        ("Mo-Fr 07:00-19:00", at("fri 19:00"), False),
        ("Mo-Fr 07:00-19:00", at("sat 12:00"), False),
        ("Mo-Fr 07:00-19:00", None, False),
        ("24/7", at("mon 07:00"), True),
        ("7:30-19:00", at("mon 07:31"), True),
        ("7:30-19:00", at("mon 07:29"), False),
        ("22:00-24:00, 0:00-06:00", at("tue 05:59"), True),
        ("(22:00-06:00)", at("sun 23:00"), True),
        ("Mo-Fr 16:00-11:00;Sa 00:00-11:00", at("tue 10:00"), True),
        ("Mo-Fr 16:00-11:00;Sa 00:00-11:00", at("tue 12:00"), False),
        ("Su 00:00-24:00; Mo-Fr 00:00-09:00,19:00-00:00", at("wed 20:00"), True),
        ("Sa,Su,PH 07:00-20:00", at("wed 12:00"), False),
        ("Sa,Su,PH 07:00-20:00", at("wed 12:00", holiday=True), True),
        ("Mo-Sa 07:00-10:00; PH off", at("wed 08:00"), True),
        ("Mo-Sa 07:00-10:00; PH off", at("wed 08:00", holiday=True), False),
        ("SH 07:00-09:00", at("wed 08:00"), False),
        ("Apr-Oct", at("wed 08:00"), False),
        ("Apr-Oct", at("wed 08:00", month=5), True),
        ("Apr-Oct", at("wed 08:00", month=12), False),
        ("2016 Apr 25 - 2016 Sep 26", at("wed 08:00", month=5), False),
        ("2016-2040 Apr 25", at("wed 08:00", month=5), False),
        ("20:00-20:30", at("wed 20:15"), True),
        ("sunrise-sunset", at("wed 12:00"), True),
        ("sunset-sunrise", at("wed 12:00"), False),
        ("weight>7.5", None, True),
        ("weight>13.05", None, False),
        ("weight>=13.05", None, True),
        ("weight > 7500 kg", None, True),
        ("weight<3.5", None, False),
        ("length>8", None, True),
        ("width>2.6 m", None, False),
        ("height>11'", None, True),
        ("axleload>8", None, True),
        ("Mo-Fr 07:00-19:00 AND weight>7.5", at("mon 08:00"), True),
        ("(Mo-Fr 07:00-19:00) AND (weight>7.5)", at("mon 08:00"), True),
        ("(Mo-Fr 07:00-19:00 and weight>20)", at("mon 08:00"), False),
        ("7:30-19:00 AND weight>7.5", None, False),
        ("hgv", None, True),
        ("motorcar", None, False),
        ("hgv AND Mo-Fr 07:00-19:00", at("mon 08:00"), True),
        ("destination", None, True),
        ("wet", at("mon 08:00"), False),
        ("snow AND weight>7.5", at("mon 08:00"), False),
        ("", None, True),
        ("wheels>6", at("mon 08:00"), False),
        ("weight>heavy", at("mon 08:00"), False),
        ("when it suits", at("mon 08:00"), False),
        ("(dawn+23:00)-26:00", at("mon 08:00"), False),
    ],
)
def test_conditions(condition: str, moment: Moment | None, *, expected: bool) -> None:
    assert holds(terms(condition), TRUCK, moment) is expected


def test_hours_after_midnight_belong_to_the_next_day() -> None:
    assert holds(terms("Tu 01:00-03:00"), TRUCK, Moment(day="mon", time_s=26 * HOUR))


@pytest.mark.parametrize(
    ("text", "moment", "expected"),
    [
        ("no @ (Mo-Fr 07:00-19:00)", at("mon 08:00"), "no"),
        ("no @ (Mo-Fr 07:00-19:00)", at("mon 20:00"), None),
        ("no @ (Mo-Fr 07:00-19:00); destination @ (weight>7.5)", at("mon 08:00"), "destination"),
        ("no @ (Mo-Fr 07:00-19:00); destination @ (weight>70)", at("mon 08:00"), "no"),
        ("yes @ (Su 00:00-24:00; Mo-Fr 00:00-09:00)", at("mon 08:00"), "yes"),
        ("no @ Mo-Fr 12:45-13:30", at("mon 13:00"), "no"),
        ("no @ Mo-Fr 12:45-13:30; Sa 10:00-12:00", at("sat 11:00"), "no"),
        ("Mo-Fr 12:45-13:30", at("mon 13:00"), None),
        ("", at("mon 08:00"), None),
        ("@", None, None),
        (";;;", None, None),
        ("NO@(HGV)", None, "no"),
    ],
)
def test_the_last_clause_that_holds_counts(text: str, moment: Moment | None, expected: str | None) -> None:
    assert chosen(text, TRUCK, moment) == expected


def test_passing_is_not_serving() -> None:
    assert chosen("none @ destination", TRUCK, None, serving=True) == "none"
    assert chosen("none @ destination", TRUCK, None, serving=False) is None


def test_nobody_on_foot_is_heavy() -> None:
    assert chosen("no @ (weight>0.1)", FOOT, None) is None


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("no @ (Mo-Fr 07:00-09:00)", [About.HOURS]),
        ("no @ (weight>7.5 AND wet)", [About.SIZE, About.IGNORED]),
        ("yes @ delivery", [About.PURPOSE]),
        ("no @ bus", [About.KIND]),
        ("no @ (stay > 2 hours)", [About.UNREAD]),
        ("no @ (Mo-Fr 25:00-99:00)", [About.UNREAD]),
    ],
)
def test_what_a_condition_is_about(text: str, about: list[About]) -> None:
    assert [term.about for clause in clauses(text) for term in clause.terms] == about


@pytest.mark.parametrize("change", [{"day": "monday"}, {"time_s": -1.0}, {"time_s": 2e5}, {"month": 13}])
def test_no_such_moment(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no such moment"):
        replace(Moment(day="mon", time_s=0.0), **change)  # type: ignore[arg-type]


def test_every_moment_is_on_its_day() -> None:
    for k, day in enumerate(DAYS):
        for month in (None, *range(1, 13)):
            when = Moment(day=day, time_s=7.5 * HOUR, month=month).as_datetime()
            assert (when.weekday(), when.hour, when.minute) == (k, 7, 30)
            assert when.month == (month or 6)
            assert 11 <= when.day <= 17


pieces = st.sampled_from(
    [
        *("Mo-Fr", "PH", "SH", "07:00-19:00", "26:00", "sunset", "(dawn+05:00)", "week 10", "easter", "2020", "Feb 30"),
        *(
            "weight>7.5",
            "weight>",
            "@",
            ";",
            "(",
            ")",
            "AND",
            "wet",
            "hgv",
            "no",
            "yes",
            ",",
            "-",
            "[1]",
            "\x00",
            "off",
        ),
    ]
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=30), st.lists(pieces, max_size=8).map(" ".join)), st.sampled_from(DAYS))
def test_whatever_is_written_never_breaks_anything(text: str, day: str) -> None:
    moment = Moment(day=day, time_s=30_000.0, month=3)  # type: ignore[arg-type]
    for profile in (TRUCK, FOOT):
        value = chosen(text, profile, moment)
        assert value is None or value in text.lower()
    if chosen(text, TRUCK, None, serving=False) is not None:  # what holds without a time holds at any time
        assert chosen(text, TRUCK, moment) is not None


@settings(deadline=None)
@given(st.floats(0.5, 40), st.floats(0.5, 40), st.floats(0.5, 40))
def test_a_limit_on_weight_that_holds_for_a_light_truck_holds_for_a_heavy_one(a: float, b: float, limit: float) -> None:
    light, heavy = (replace(TRUCK, weight_t=t) for t in sorted((a, b)))
    if chosen(f"no @ (weight>{limit})", light, None):
        assert chosen(f"no @ (weight>{limit})", heavy, None)
