"""Why stops are left out, and the cheapest change that serves them, worked out on the paper of the twelve junctions.

Driving one block takes 2 minutes and costs 1. Serving ``d`` alone takes 27 minutes, ``a`` alone 31, both together 32.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.explain import colliding, explain
from optimiser.rounds.explain.loosen import with_extra
from optimiser.rounds.plan import Plan, Reason, Unserved
from optimiser.rounds.problem import Limit, RoundsProblem, Shipment, VehicleCosts, Window
from optimiser.rounds.reasons import impossible_alone
from tests.notation import HOUR, TWELVE, choices, plan, rest, shift, site, stop, town, vehicle

LONGEST_H = 1900 / HOUR
BUDGET = Budget(seconds=60)


def explained(problem: RoundsProblem, text: str) -> dict[str, Unserved]:
    """Return what is said about the stops that the plan on the whiteboard leaves out."""
    given = plan(problem, text)
    proofs = impossible_alone(problem, [left.stop for left in given.unserved])
    given = Plan(rounds=given.rounds, unserved=tuple(proofs.get(left.stop, left) for left in given.unserved))
    assert not check(problem, given)
    told = explain(problem, given, budget=BUDGET)
    assert told.rounds == given.rounds
    return {left.stop: left for left in told.unserved}


def crew(price: float = 36.0, **more: object) -> RoundsProblem:
    """Return ``d`` and ``a`` for one crew whose day is 20 seconds too short for both."""
    costs = VehicleCosts(per_km=1.0, overtime_per_hour=price)
    return town(TWELVE, stops=["d", "a"], vehicles=[vehicle(shift=shift(longest=LONGEST_H), costs=costs)], **more)


def test_a_minute_of_overtime_is_the_cheapest_change() -> None:
    left = explained(crew(), "v1: d |")["a"]
    assert left.reason is Reason.NO_ROOM
    assert "shift-too-long" in left.rules
    assert left.change is not None
    assert (left.change.kind, left.change.of, left.change.amount, left.change.unit) == ("overtime", "v1", 60.0, "s")
    assert left.change.cost == pytest.approx(2.0 + 36.0 * 20 / 3600)
    assert left.change.serves == ("a",)
    assert "1 minutes of overtime for v1" in left.fix


def test_where_overtime_is_dear_another_vehicle_is_cheaper() -> None:
    left = explained(crew(price=1e5), "v1: d |")["a"]
    assert left.change is not None
    assert (left.change.kind, left.change.of, left.change.cost) == ("extra-vehicle", "v1", 10.0)


def test_one_change_tells_all_the_stops_that_it_serves() -> None:
    costs = VehicleCosts(per_km=1.0, overtime_per_hour=1e5)
    problem = town(
        TWELVE,
        stops=["d", "a", "g", stop("b", 0.5)],
        vehicles=[vehicle(shift=shift(longest=0.75), costs=costs, max_stops=3)],
    )
    told = explained(problem, "v1: d |")
    kinds = {left.change.kind for left in told.values() if left.change}
    assert kinds == {told["a"].change.kind} if told["a"].change else False
    assert all(set(left.change.serves) >= {left.stop} for left in told.values() if left.change)


def test_a_site_that_closes_a_little_later_is_told_with_its_hour() -> None:
    problem = town(
        TWELVE,
        stops=[stop("d", windows=[(6, 9)]), "f"],
        sites=[site(windows=[(6, 6.35)])],
        vehicles=[vehicle(kg=1.0, costs=VehicleCosts(per_km=1.0, fixed=50.0))],
    )
    left = explained(problem, "v1: d |")["f"]
    assert {"site-closed", "limit-exceeded"} <= set(left.rules)
    assert left.change is not None
    assert (left.change.kind, left.change.of, left.change.amount) == ("site-hours", "tip", 180.0)
    assert "until 06:24" in left.fix


def test_what_needs_a_larger_truck_is_told_last() -> None:
    problem = town(TWELVE, stops=["d", "a"], vehicles=[vehicle(kg=1.0, max_driving_s=None, shift=shift(longest=0.52))])
    left = explained(problem, "v1: d |")["a"]
    assert left.change is not None
    assert left.change.kind == "overtime"
    single = town(TWELVE, stops=[stop("a", kg=9.0)])
    alone = explained(single, "")["a"]
    assert alone.reason is Reason.TOO_LARGE
    assert alone.rules == ("limit-exceeded",)
    assert alone.change is not None
    assert (alone.change.kind, alone.change.amount, alone.change.unit) == ("capacity", 5.0, "payload")


def test_a_skill_that_nobody_has() -> None:
    problem = town(TWELVE, stops=["d", stop("a", needs={"keys"})])
    left = explained(problem, "v1: d")["a"]
    assert left.rules == ("skill-missing",)
    assert left.change is not None
    assert (left.change.kind, left.change.of) == ("skill", "v1")
    assert "keys" in left.fix


def test_hours_that_miss_the_shift_collide_with_it_and_either_can_give() -> None:
    problem = town(TWELVE, stops=["d", stop("a", windows=[(5.5, 5.9)])])
    left = explained(problem, "v1: d")["a"]
    assert left.reason is Reason.NO_TIME
    assert left.rules == ("shift-start", "window-missed")
    assert left.change is not None
    assert left.change.kind in {"earlier-start", "stop-hours"}


def test_an_optional_stop_is_told_what_it_would_have_to_be_worth() -> None:
    problem = town(TWELVE, stops=["d", stop("a", prize=0.5)])
    left = explained(problem, "v1: d |")["a"]
    assert left.change is not None
    assert (left.change.kind, left.change.cost, left.change.amount) == ("prize", 2.0, 1.5)


def test_both_ends_of_a_shipment_and_options_of_a_choice_come_in_as_a_whole() -> None:
    costs = VehicleCosts(per_km=1.0, overtime_per_hour=36.0)
    fleet = [vehicle(shift=shift(longest=LONGEST_H), costs=costs)]
    pair = Shipment(id="a>b", pickup="a", delivery="b", loads={"kg": 1.0})
    problem = town(TWELVE, stops=["d", stop("a", 0), stop("b", 0)], vehicles=fleet, shipments=(pair,))
    told = explained(problem, "v1: d |")
    assert told["a"].change is not None
    assert told["a"].change == told["b"].change
    assert set(told["a"].change.serves) == {"a", "b"}
    either = town(TWELVE, stops=["d", "a", "b", "c"], vehicles=fleet, choices=choices("a | b c"))
    assert set(explained(either, "v1: d |")) == {"a"}


def test_a_rest_is_named_where_it_binds_but_never_bargained_with() -> None:
    lunch = rest("lunch", 600, (6.4, 6.45))
    problem = town(TWELVE, stops=["d", "a"], vehicles=[vehicle(shift=shift(end=6.53), breaks=(lunch,))])
    left = explained(problem, "v1: d |")["a"]
    assert "break-missing" in left.rules
    assert left.change is None or left.change.kind != "breaks"


def test_changes_found_are_plans_that_pass_the_judges() -> None:
    problem = crew(price=1e5)
    left = explained(problem, "v1: d |")["a"]
    assert left.change is not None
    wider = with_extra(problem, [left.change.of])
    assert not check(wider, plan(wider, "v1: d |\nv1 (extra): a |"))


def test_without_a_way_no_rule_is_to_blame() -> None:
    problem = town(TWELVE, stops=["d", "a"], cut_off=["a"])
    assert colliding(problem, "a") == ("unreachable-leg",)
    assert colliding(problem, "d") == ()
    assert explained(problem, "v1: d")["a"].rules == ("unreachable-leg",)


def test_a_smallest_set_of_rules_is_smallest() -> None:
    early = stop("a", kg=9.0, windows=[(3.0, 3.5)])
    problem = town(TWELVE, stops=[early], vehicles=[vehicle(kg=4.0)])
    rules = colliding(problem, "a")
    assert rules in {("limit-exceeded",), ("shift-start", "window-missed")}
    fitting = replace(early, windows=(Window(open_s=7 * HOUR, close_s=8 * HOUR),))
    assert colliding(replace(problem, stops=(fitting,)), "a") == ("limit-exceeded",)
    roomy = replace(problem.vehicles[0], limits=(Limit(name="payload", weights={"kg": 1.0}, at_most=10.0),))
    assert colliding(replace(problem, vehicles=(roomy,)), "a") == ("shift-start", "window-missed")
