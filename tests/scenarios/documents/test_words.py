from dataclasses import replace

import pytest

from optimiser.rounds.plan import Violation
from scenarios.documents import words
from scenarios.evidence.figure import Figure


def test_dates_days_and_rows():
    assert words.date_name("2025-11-20T08:30:00+00:00", "en") == "20 November 2025, 08:30 UTC"
    assert words.day_name("mon", "en") == "Monday"
    assert words.day_name("holiday", "en") == "holiday"
    assert words.listed([], "en") == ""
    assert words.listed(["a"], "en") == "a"
    assert words.listed(["a", "b", "c"], "en") == "a, b and c"


@pytest.mark.parametrize(
    ("figure", "value", "spread"),
    [
        (Figure(id="x", value=0.834, unit="share", low=0.8, high=0.9), ("83", "%"), "80\u201390"),
        (Figure(id="x", value=12.34, unit="km", low=12.34, high=12.34), ("12.3", "km"), ""),
        (Figure(id="x", value=None, unit="km", low=1, high=2), ("\u2013", ""), ""),
        (Figure(id="x", value=5, unit="t", low=4, high=None), ("5", "t"), ""),
    ],
)
def test_figures(figure, value, spread):
    assert words.figure_value(figure) == value
    assert words.figure_range(figure) == spread


def test_names_of_plug_ins_without_an_entry_are_readable():
    assert words.figure_name(Figure(id="brand-new", value=1, unit=""), "en") == "Brand new"
    assert words.rule_name("brand-new", "en") == "brand new"
    assert words.reason_name("brand-new", "en") == "brand-new"


def test_differences_have_a_direction():
    assert words.difference(3.0, "km", "KES", "en") == "3\u00a0km more"
    assert words.difference(-250.0, "KES", "KES", "en") == "KES\u00a0250 less"
    assert words.difference(0.0, "km", "KES", "en") == "no difference"


def test_broken_rules_are_counted_and_placed():
    broken = [Violation(code="shift-end", vehicle=f"v{k}", amount=60.0) for k in range(20)]
    rules = words.broken_rules([*broken, Violation(code="odd-rule", visit="a", detail="x")], "en")
    name, times, where = rules[0]
    assert (name, times) == ("The vehicle is back after the end of its shift", 20)
    assert where.split("; ") == [f"v{k}" for k in range(words.MOST_NAMED)]
    assert rules[1] == ("odd rule", 1, "a x")


def test_reasons_of_what_is_left_read_as_sentences():
    assert words.left_reasons("", "en") == []
    assert words.left_reasons("no-time 120 kg; odd 3 kg", "en") == [
        "120 kg: No vehicle can do it within its shift, the opening hours of the stop and those of the sites.",
        "3 kg: odd",
    ]
    assert words.left_reasons("no-plan", "en") == ["No plan was found."]


def test_invented(full, illustration):
    assert words.invented(full) == ""
    assert words.marked("A", full) == "A"
    assert words.invented(illustration) == "the vehicles and today's rounds"
    scene = replace(illustration.scenario, illustration=("weather",))
    assert words.invented(replace(illustration, scenario=scene)) == "weather"
