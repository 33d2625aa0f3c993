"""The clock: ways by time of day, releases, set-ups, queues, windows, shifts and overtime."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.rounds.check import check
from optimiser.rounds.features import Feature
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from tests.by_hand import drive
from tests.notation import HOUR, TWELVE, grid_travel, mode, shift, site, slower, stop, town, vehicle
from tests.optimiser.rounds.pairs import (
    Pair,
    accepted,
    change_round,
    change_site,
    change_stop,
    change_vehicle,
    change_visit,
    later,
    refused,
)


def plain(**more: object) -> RoundsProblem:
    return town(TWELVE, stops=list("abcd"), **more)


def rush(factor: float) -> RoundsProblem:
    """From 6:05 to 6:15 every way takes so many times as long."""
    return plain(slow={6 + 5 / 60: factor, 6.25: 1.0})


def two_at_a_yard(place: str = "yard") -> RoundsProblem:
    """Stops a and b, both at crossing a with two minutes of set-up."""
    at = mode("a", setup_s=120, place="yard")
    return town(
        TWELVE,
        stops=[stop("a", modes=(at,)), stop("b", modes=(replace(at, place=place),)), "c"],
        vehicles=[vehicle(service_type="crane")],
    )


def with_types(**times: object) -> RoundsProblem:
    return town(
        TWELVE,
        stops=[stop("a", modes=(mode("a", setup_s=60, **times),)), "b"],
        vehicles=[vehicle(service_type="crane")],
    )


PAIRS = {
    "arrives too early": Pair(
        code="arrival-wrong",
        good=plain(),
        text="v1: a b c d |",
        plan=lambda p: change_visit(p, 0, 0, arrive_s=p.rounds[0].visits[0].arrive_s - 60),
        visit="a",
        amount=-60,
    ),
    "as if there were no rush": Pair(
        uses=Feature.PERIODS,
        code="arrival-wrong",
        good=rush(2.0),
        text="v1: a b c d |",
        problem=lambda _: plain(slow={6 + 5 / 60: 2.0, 6.25: 1.0, 6 + 40 / 60: 2.0}),
        visit="depot",
        amount=-360,
    ),
    "sets out before it is ready": Pair(
        uses=Feature.RELEASE,
        code="release-early",
        good=replace(plain(), stops=(*plain().stops[:3], stop("d", release=6.5))),
        text="v1: a b c d |",
        problem=lambda p: change_stop(p, "d", release_s=7 * HOUR),
        visit="a",
        amount=1800,
    ),
    "the second trip sets out before it is ready": Pair(
        uses=Feature.RELEASE,
        code="release-early",
        good=replace(plain(), stops=(*plain().stops[:3], stop("d", release=7.5))),
        text="v1: a b | c d |",
        problem=lambda p: change_stop(p, "d", release_s=7.75 * HOUR),
        visit="c",
        amount=900,
    ),
    "set-up left out": Pair(
        uses=Feature.SETUP,
        code="service-wrong",
        good=two_at_a_yard(),
        text="v1: a b c |",
        problem=lambda p: change_stop(p, "b", modes=two_at_a_yard("garden").stops[1].modes),
        visit="b",
        amount=-120,
    ),
    "set-up done again": Pair(
        uses=Feature.SETUP,
        code="service-wrong",
        good=two_at_a_yard("garden"),
        text="v1: a b c |",
        problem=lambda p: change_stop(p, "b", modes=two_at_a_yard().stops[1].modes),
        visit="b",
        amount=120,
    ),
    "slower than its type": Pair(
        uses=Feature.SERVICE_TYPES,
        code="service-wrong",
        good=with_types(service_by={"crane": 30.0}),
        text="v1: a b |",
        problem=lambda p: change_vehicle(p, "v1", service_type="hand"),
        visit="a",
        amount=-30,
    ),
    "set up as another type": Pair(
        uses=Feature.SERVICE_TYPES,
        code="service-wrong",
        good=with_types(setup_by={"crane": 90.0}),
        text="v1: a b |",
        problem=lambda p: change_vehicle(p, "v1", service_type=""),
        visit="a",
        amount=30,
    ),
    "no queue": Pair(
        uses=Feature.QUEUES,
        code="service-wrong",
        good=plain(sites=[site(queue_s=240)]),
        text="v1: a b c d |",
        problem=lambda p: change_site(p, queue_s=300),
        visit="tip",
        amount=-60,
    ),
    "queues after closing": Pair(
        uses=Feature.QUEUES,
        code="site-closed",
        good=plain(sites=[site(queue_s=240, windows=[(6, 7)])]),
        text="v1: a b c d |",
        problem=lambda p: change_site(p, windows=site(windows=[(6, 6.2)]).windows),
        visit="tip",
    ),
    "after the window": Pair(
        code="window-missed",
        good=plain(),
        text="v1: a b c d |",
        problem=lambda p: change_stop(p, "a", windows=stop("x", windows=[(5, 6)]).windows),
        visit="a",
        amount=240,
    ),
    "begins before it is there": Pair(
        code="starts-before-arrival",
        good=plain(),
        text="v1: a b c d |",
        plan=lambda p: change_round(
            change_visit(p, 0, 0, start_s=p.rounds[0].visits[0].start_s - 60, end_s=p.rounds[0].visits[0].end_s - 60),
            0,
            visits=(
                replace(p.rounds[0].visits[0], start_s=6 * HOUR + 180, end_s=6 * HOUR + 240),
                *later(p.rounds[0], 1, -60).visits[1:],
            ),
            end_s=p.rounds[0].end_s - 60,
        ),
        visit="a",
        amount=60,
    ),
    "too early out": Pair(
        code="shift-start",
        good=plain(),
        text="v1: a b c d |",
        problem=lambda p: change_vehicle(p, "v1", shift=shift(6.5)),
        amount=1800,
    ),
    "later than overtime": Pair(
        uses=Feature.OVERTIME,
        code="shift-end",
        good=plain(vehicles=[vehicle(shift=shift(6, 6.5, overtime=0.2))]),
        text="v1: a b c d |",
        problem=lambda p: change_vehicle(p, "v1", shift=shift(6, 6.25, overtime=0.2)),
    ),
    "longer than overtime": Pair(
        uses=Feature.OVERTIME,
        code="shift-too-long",
        good=plain(vehicles=[vehicle(shift=shift(longest=0.5, overtime=0.2))]),
        text="v1: a b c d |",
        problem=lambda p: change_vehicle(p, "v1", shift=shift(longest=0.5, overtime=0.05)),
    ),
    "no way": Pair(
        code="unreachable-leg",
        good=plain(),
        text="v1: a b c d |",
        problem=lambda p: replace(
            change_vehicle(change_stop(p, "d", modes=(mode("d", "e"),)), "v1", start="depot"),
            travel={"truck": grid_travel({**TWELVE, "e": TWELVE["d"]}, cut_off=["d"])},
        ),
        visit="d",
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_accepted_and_refused(name: str) -> None:
    pair = PAIRS[name]
    assert accepted(pair) == ()
    found = refused(pair)
    assert [violation.code for violation in found] == [pair.code]
    assert pair.visit in {None, found[0].visit}
    assert pair.amount is None or found[0].amount == pytest.approx(pair.amount)


def test_in_a_rush_the_rest_of_a_way_takes_longer() -> None:
    # depot a: 2 blocks, there at 6:04; until 6:05 there; to b one block of 2 min at half the speed: 6:09
    visits = drive(rush(2.0), "v1: a b c d |").rounds[0].visits
    assert [visit.arrive_s for visit in visits[:2]] == [6 * HOUR + 240, 6 * HOUR + 540]
    assert check(rush(2.0), drive(rush(2.0), "v1: a b c d |")) == ()
    # d f: from c to d is 3 blocks, out at 6:10 + ...; nobody gets anywhere while the streets are shut
    shut = drive(rush(float("inf")), "v1: a b c d |")
    assert [visit.arrive_s for visit in shut.rounds[0].visits[:2]] == [6 * HOUR + 240, 6.25 * HOUR + 120]
    assert check(rush(float("inf")), shut) == ()


def test_a_night_without_streets_is_unreachable() -> None:
    shut = plain(slow={6.05: float("inf")})
    codes = {violation.code for violation in check(shut, drive(shut, "v1: a b c d |"))}
    assert codes == {"unreachable-leg"}


def test_waiting_for_a_release_is_at_the_depot() -> None:
    problem = replace(plain(), stops=(*plain().stops[:3], stop("d", release=6.5)))
    made = drive(problem, "v1: a b c d |")
    assert (made.rounds[0].start_s, made.rounds[0].visits[0].arrive_s) == (6 * HOUR, 6.5 * HOUR + 240)
    too_late = change_round(made, 0, visits=later(made.rounds[0], 0, 60).visits, end_s=made.rounds[0].end_s + 60)
    assert [(v.code, v.amount) for v in check(problem, too_late)] == [("arrival-wrong", 60)]


def test_overtime_is_the_larger_excess() -> None:
    # 14 blocks, four stops of a minute and ten minutes at the tip: out for 42 minutes
    problem = plain(vehicles=[vehicle(shift=shift(6, 6.5, longest=0.5, overtime=0.2))])
    made = drive(problem, "v1: a b c d |")
    assert check(problem, made) == ()
    less = change_vehicle(problem, "v1", shift=shift(6, 6.5, longest=0.5, overtime=0.19))
    assert [(v.code, v.amount) for v in check(less, made)] == [("shift-end", 36), ("shift-too-long", 36)]


def test_after_a_visit_that_nobody_knows_a_set_up_is_due() -> None:
    problem = two_at_a_yard()
    made = drive(problem, "v1: a c b |")
    assert check(problem, made) == ()
    assert [violation.code for violation in check(problem, change_visit(made, 0, 1, mode=7))] == ["unknown-mode"]


def test_kilometres_are_those_of_the_period_in_which_a_way_begins() -> None:
    problem = rush(1.0)
    near = problem.travel["times 1"]
    far = replace(near, distance_dm=near.distance_dm * 3)
    shut = slower(far, float("inf"))
    day = problem.periods["truck"]
    varied = replace(
        problem,
        travel={"truck": near, "near": near, "far": far, "shut": shut},
        periods={"truck": tuple(replace(p, travel=name) for p, name in zip(day, ["near", "far", "near"], strict=True))},
    )
    # depot a at 6:00 (2 blocks near), a b and b c from 6:05 on (2 far), c d at 6:11 (3 far), d tip depot (7 near)
    assert price(varied, drive(varied, "v1: a b c d |")).distance_m == 2000 + 3 * 5000 + 7000
    later_open = replace(
        varied,
        periods={"truck": tuple(replace(p, travel=name) for p, name in zip(day, ["near", "shut", "far"], strict=True))},
    )
    assert price(later_open, drive(later_open, "v1: a b c d |")).distance_m == 2000 + 3 * 12000
