"""A good plan broken in one place gives exactly one code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from optimiser.rounds.check import check
from optimiser.rounds.plan import Act, Order, Plan, Reason, Round, Unserved
from optimiser.rounds.problem import Break, Limit, RoundsProblem, Shift
from optimiser.rounds.schedule import schedule
from tests.notation import HOUR, TWELVE, grid_travel, plan, site, stop, town, vehicle
from tests.optimiser.rounds.pairs import (
    change_round,
    change_site,
    change_stop,
    change_vehicle,
    change_visit,
    later,
    moved,
)

LUNCH = Break(id="lunch", duration_s=1800, earliest_s=6 * HOUR, latest_s=6.25 * HOUR)


def good() -> tuple[RoundsProblem, Plan]:
    """Two rounds with tips and a break, one stop left out; v1 leaves at 6:00 and is back after 7:00."""
    problem = town(
        TWELVE,
        stops=[stop("a", windows=[(6, 6.1)]), *"bcd", stop("e", windows=[(6, 12)]), stop("f", prize=0.5)],
        sites=[site("tip", windows=[(6, 14)])],
        vehicles=[vehicle("v1", breaks=(LUNCH,)), vehicle("v2")],
    )
    made = plan(problem, "v1: a b c | e |\n v2: d |")
    return problem, replace(made, unserved=(Unserved(stop="f", reason=Reason.NOT_WORTH_IT),))


def test_the_good_plan_is_good() -> None:
    problem, made = good()
    assert check(problem, made) == ()
    assert [visit.id for visit in made.rounds[0].visits] == ["a", "lunch", "b", "c", "tip", "e", "tip"]


def longer_service(made: Plan) -> Plan:
    tour = later(made.rounds[1], 1, 30)
    first = replace(tour.visits[0], end_s=tour.visits[0].end_s + 30)
    return change_round(made, 1, visits=(first, *tour.visits[1:]), end_s=tour.end_s)


def begun_before_arrival(made: Plan) -> Plan:
    tour = later(made.rounds[1], 1, -60)
    early = tour.visits[0]
    early = replace(early, start_s=early.start_s - 60, end_s=early.end_s - 60)
    return change_round(made, 1, visits=(early, *tour.visits[1:]), end_s=tour.end_s)


def break_left_out(made: Plan) -> Plan:
    tour = later(made.rounds[0], 2, -1800)
    return change_round(made, 0, visits=(tour.visits[0], *tour.visits[2:]), end_s=tour.end_s)


def break_again(made: Plan) -> Plan:
    tour = later(made.rounds[0], 2, 1800)
    again = moved(tour.visits[1], 1800)
    visits = (*tour.visits[:2], again, *tour.visits[2:])
    return change_round(made, 0, visits=visits, end_s=tour.end_s)


def never_emptied(problem: RoundsProblem, *vehicles: str) -> RoundsProblem:
    for name in vehicles:
        problem = change_vehicle(problem, name, must_end_empty=False)
    return problem


def window(opens: float, closes: float) -> object:
    return stop("x", windows=[(opens, closes)]).windows


PLAN_FAULTS: dict[str, tuple[str, Callable[[Plan], Plan]]] = {
    "a vehicle nobody has": (
        "unknown-vehicle",
        lambda p: replace(p, rounds=(*p.rounds, Round(vehicle="ghost", start_s=0, end_s=0, visits=()))),
    ),
    "a vehicle twice": (
        "vehicle-used-twice",
        lambda p: replace(p, rounds=(*p.rounds, Round(vehicle="v2", start_s=7 * HOUR, end_s=7 * HOUR, visits=()))),
    ),
    "a mode there is not": ("unknown-mode", lambda p: change_visit(p, 1, 0, mode=3)),
    "a negative mode": ("unknown-mode", lambda p: change_visit(p, 1, 0, mode=-1)),
    "nothing said of a stop": ("stop-forgotten", lambda p: replace(p, unserved=())),
    "said twice": ("unserved-twice", lambda p: replace(p, unserved=p.unserved * 2)),
    "left out what is not there": (
        "unserved-unknown",
        lambda p: replace(p, unserved=(*p.unserved, Unserved(stop="z", reason=Reason.NO_ROOM))),
    ),
    "served and left out": (
        "served-and-unserved",
        lambda p: replace(p, unserved=(*p.unserved, Unserved(stop="a", reason=Reason.NO_ROOM))),
    ),
    "arrives too early": (
        "arrival-wrong",
        lambda p: change_visit(p, 1, 0, arrive_s=p.rounds[1].visits[0].arrive_s - 60),
    ),
    "home too early": ("arrival-wrong", lambda p: change_round(p, 1, end_s=p.rounds[1].end_s - 1)),
    "works longer than said": ("service-wrong", longer_service),
    "begins before it is there": ("starts-before-arrival", begun_before_arrival),
    "does not rest": ("break-missing", break_left_out),
}


PROBLEM_FAULTS: dict[str, tuple[str, Callable[[RoundsProblem], RoundsProblem]]] = {
    "may not serve it": ("vehicle-not-allowed", lambda p: change_stop(p, "d", vehicles=frozenset({"v1"}))),
    "too many stops": ("too-many-stops", lambda p: change_vehicle(p, "v1", max_stops=3)),
    "before the window": ("window-missed", lambda p: change_stop(p, "d", windows=window(8, 9))),
    "after the window": ("window-missed", lambda p: change_stop(p, "d", windows=window(5, 5.5))),
    "between two windows": (
        "window-missed",
        lambda p: change_stop(p, "d", windows=stop("x", windows=[(5, 6), (7, 8)]).windows),
    ),
    "too early out": (
        "shift-start",
        lambda p: change_vehicle(p, "v2", shift=Shift(start_s=6.1 * HOUR, end_s=15 * HOUR)),
    ),
    "too late home": ("shift-end", lambda p: change_vehicle(p, "v2", shift=Shift(start_s=6 * HOUR, end_s=6.2 * HOUR))),
    "too long out": (
        "shift-too-long",
        lambda p: change_vehicle(p, "v2", shift=Shift(start_s=6 * HOUR, end_s=15 * HOUR, max_duration_s=600)),
    ),
    "too full": (
        "limit-exceeded",
        lambda p: change_vehicle(p, "v1", limits=(Limit(name="payload", weights={"kg": 1.0}, at_most=2.5),)),
    ),
    "cannot carry that": (
        "cannot-carry",
        lambda p: change_vehicle(p, "v2", limits=(Limit(name="x", weights={}, at_most=1),)),
    ),
    "a break nobody has": ("unknown-break", lambda p: change_vehicle(p, "v1", breaks=())),
    "rests too early": (
        "break-outside-window",
        lambda p: change_vehicle(p, "v1", breaks=(replace(LUNCH, earliest_s=6.2 * HOUR),)),
    ),
    "rests too late": (
        "break-outside-window",
        lambda p: change_vehicle(p, "v1", breaks=(replace(LUNCH, latest_s=6.0 * HOUR),)),
    ),
    "rests too short": ("break-length", lambda p: change_vehicle(p, "v1", breaks=(replace(LUNCH, duration_s=2000),))),
    "may not unload there": ("site-not-allowed", lambda p: change_vehicle(p, "v2", tip_sites=frozenset())),
}


@pytest.mark.parametrize("fault", list(PLAN_FAULTS))
def test_a_plan_broken_in_one_place(fault: str) -> None:
    problem, made = good()
    code, breaking = PLAN_FAULTS[fault]
    assert {violation.code for violation in check(problem, breaking(made))} == {code}


@pytest.mark.parametrize("fault", list(PROBLEM_FAULTS))
def test_a_plan_for_a_stricter_problem(fault: str) -> None:
    problem, made = good()
    code, stricter = PROBLEM_FAULTS[fault]
    violations = check(stricter(problem), made)
    assert [violation.code for violation in violations] == [code]
    assert violations[0].vehicle


def test_a_break_taken_twice() -> None:
    problem, made = good()
    longer = change_vehicle(problem, "v1", breaks=(replace(LUNCH, latest_s=7 * HOUR),))
    assert [violation.code for violation in check(longer, break_again(made))] == ["break-twice"]


def test_stops_and_sites_that_the_problem_does_not_have() -> None:
    problem, made = good()
    fewer = replace(problem, stops=tuple(s for s in problem.stops if s.id != "d"))
    assert [violation.code for violation in check(fewer, made)] == ["unknown-stop"]
    nowhere = replace(never_emptied(problem, "v1", "v2"), tip_sites=())
    assert {violation.code for violation in check(nowhere, made)} == {"unknown-site"}


def test_a_stop_served_by_two() -> None:
    problem, _ = good()
    made = plan(problem, "v1: a b c | e | \n v2: d a |")
    assert [violation.code for violation in check(problem, made)] == ["stop-served-twice"]


def test_tips() -> None:
    problem, made = good()
    assert {v.code for v in check(change_site(problem, windows=window(9, 10)), made)} == {"site-closed"}
    refusing = change_site(never_emptied(problem, "v1", "v2"), accepts=frozenset())
    assert {v.code for v in check(refusing, made)} == {"tip-refused"}
    full = schedule(problem, [Order(vehicle="v2", visits=tuple("abcd"), tips="listed")])
    assert [v.code for v in check(problem, replace(full, unserved=made.unserved)) if v.vehicle] == ["not-empty"]


def test_an_empty_tip_breaks_no_rule() -> None:
    problem, _ = good()
    made = plan(problem, "v1: a b c | | e |\n v2: d |")
    assert check(problem, made) == ()
    assert made.rounds[0].trips[1].visits == ()


def test_legs_that_lead_nowhere() -> None:
    problem, made = good()
    cut = replace(problem, travel={"truck": grid_travel(TWELVE, cut_off=["d"])})
    assert [(v.code, v.visit) for v in check(cut, made)] == [("unreachable-leg", "d"), ("unreachable-leg", "tip")]


def test_a_crew_that_starts_after_its_break_needs_none() -> None:
    problem, _ = good()
    late = change_vehicle(problem, "v1", shift=Shift(start_s=6.5 * HOUR, end_s=15 * HOUR))
    made = plan(change_stop(late, "a", windows=()), "v1: a b c | e |\n v2: d |")
    assert check(change_stop(late, "a", windows=()), made) == ()
    assert all(visit.act is not Act.BREAK for visit in made.rounds[0].visits)


def test_a_millisecond_is_forgiven_and_two_are_not() -> None:
    problem, made = good()
    tour = made.rounds[1]
    assert check(problem, change_round(made, 1, end_s=tour.end_s + 0.001)) == ()
    assert [v.code for v in check(problem, change_round(made, 1, end_s=tour.end_s + 0.002))] == ["arrival-wrong"]


def test_a_millionth_of_a_load_is_forgiven() -> None:
    problem, made = good()
    assert check(change_stop(problem, "a", loads={"kg": 2 + 3e-6}), made) == ()
    broken = check(change_stop(problem, "a", loads={"kg": 2 + 5e-6}), made)
    assert [(v.code, v.visit) for v in broken] == [("limit-exceeded", "c")]
    assert broken[0].amount == pytest.approx(5e-6)
