import json
from dataclasses import replace

import pytest

from scenarios.documents.strict import strict
from scenarios.documents.summary import summary
from scenarios.evidence.figure import Figure

KEYS = {
    "name", "country", "currency", "language", "days", "illustration", "figures", "hubs", "baseline", "balance",
    "doubts", "provenance",
}  # fmt: skip


def test_keys_are_those_described(outcome):
    found = summary(outcome)
    assert set(found) == KEYS
    json.dumps(found, allow_nan=False)
    for day in found["days"]:
        assert {"day", "status", "price", "violations", "left_out", "rounds", "gap", "bound"} <= set(day)


def test_visits_and_money_agree_with_the_plan(full):
    found = summary(full)
    for shown, day in zip(found["days"], full.days, strict=True):
        visits = [(r["vehicle"], v["id"]) for r in shown["rounds"] for v in r["visits"]]
        assert visits == [(r.vehicle, v.id) for r in day.result.plan.rounds for v in r.visits]
        assert sum(r["price"]["total"] for r in shown["rounds"]) == pytest.approx(shown["price"]["total"])
        assert {item["stop"] for item in shown["left_out"]} == {item.stop for item in day.result.plan.unserved}
    assert found["hubs"]["open"][0]["place"] == "hub-1"
    assert found["hubs"]["people_left_out"] == {"not-chosen": 60.0}


def test_what_is_unloaded_equals_what_is_collected(full):
    for day in summary(full)["days"]:
        for round_ in day["rounds"]:
            tipped = sum(visit["kg"] for visit in round_["visits"] if visit["act"] == "tip")
            assert tipped == pytest.approx(round_["collected_kg"])
            assert round_["visits"][-1]["on_board_kg"] == 0


def test_a_comparison_is_given_only_where_it_may_be_claimed(full, illustration):
    assert [figure["id"] for figure in summary(full)["baseline"]["comparison"]] == ["today-cost", "saving-cost"]
    claimed = replace(illustration.baseline, comparison=(Figure(id="saving-cost", value=9.0, unit="KES"),))
    assert summary(replace(illustration, baseline=claimed))["baseline"]["comparison"] == []
    doubted = replace(full.baseline, agrees=False)
    assert summary(replace(full, baseline=doubted))["baseline"]["comparison"] == []


def test_what_is_not_a_number_is_null():
    assert strict({"a": float("nan"), "b": (float("inf"), 1.5), "c": True}) == {"a": None, "b": [None, 1.5], "c": True}
    with pytest.raises(TypeError):
        strict(object())
