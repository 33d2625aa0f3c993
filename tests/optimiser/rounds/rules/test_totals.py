"""Sums of a round, and of all rounds together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.rounds.check import check
from optimiser.rounds.features import Feature
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import Aims, Balance, Measure, RoundsProblem
from tests.by_hand import drive
from tests.notation import TWELVE, mode, rest, stop, town, vehicle
from tests.optimiser.rounds.pairs import Pair, accepted, change_stop, change_vehicle, refused


def two(**aims: object) -> RoundsProblem:
    """Stops of 1, 2, 3 kg for two vehicles; a is v1's, b is v2's, c nobody's as a rule."""
    stops = [stop("a", 1, usual="v1"), stop("b", 2, usual="v2"), stop("c", 3), "d"]
    return town(TWELVE, stops=stops, vehicles=[vehicle("v1", 9), vehicle("v2", 9)], aims=Aims(**aims))


def even(measure: Measure, at_most: float, **more: object) -> dict:
    return {"balance": (Balance(measure=measure, at_most=at_most, **more),)}


def limited(**most: object) -> RoundsProblem:
    return change_vehicle(two(), "v1", **most)


def aims(**change: object) -> dict:
    return {"problem": lambda p: replace(p, aims=Aims(**change))}


PAIRS = {
    "too many stops": Pair(
        code="too-many-stops",
        good=limited(max_stops=3),
        text="v1: a b c |\n v2: d |",
        instead="v1: a b c d |",
        amount=1,
    ),
    # depot a b c: 4 blocks, c d: 3, d tip: 3, tip depot: 4
    "too much driving": Pair(
        uses=Feature.MAX_DRIVING,
        code="driving-exceeded",
        good=limited(max_driving_s=14 * 120),
        text="v1: a b c d |",
        problem=lambda p: change_vehicle(p, "v1", max_driving_s=13 * 120),
        amount=120,
    ),
    "too far": Pair(
        uses=Feature.MAX_DISTANCE,
        code="distance-exceeded",
        good=limited(max_distance_m=14e3),
        text="v1: a b c d |",
        problem=lambda p: change_vehicle(p, "v1", max_distance_m=13e3),
        amount=1000,
    ),
    "too far at work": Pair(
        uses=Feature.SERVICE_DISTANCE,
        code="distance-exceeded",
        good=change_stop(limited(max_distance_m=14.2e3), "a", modes=(mode("a", distance_m=200),)),
        text="v1: a b c d |",
        problem=lambda p: change_stop(p, "b", modes=(mode("b", distance_m=50.5),)),
        amount=50.5,
    ),
    "uneven loads": Pair(
        uses=Feature.BALANCE,
        code="balance-exceeded",
        good=two(**even(Measure.LOAD, 2)),
        text="v1: a b |\n v2: c d |",
        instead="v1: b d |\n v2: a c |",
        problem=lambda p: replace(p, aims=Aims(**even(Measure.LOAD, 0.5))),
        amount=0.5,
    ),
    "uneven loads as weighed": Pair(
        uses=Feature.BALANCE,
        code="balance-exceeded",
        good=two(**even(Measure.LOAD, 20, weights={"kg": 10.0})),
        text="v1: a b |\n v2: c d |",
        amount=9.0,
        **aims(**even(Measure.LOAD, 1, weights={"kg": 10.0})),
    ),
    "uneven stops": Pair(
        uses=Feature.BALANCE,
        code="balance-exceeded",
        good=two(**even(Measure.STOPS, 1)),
        text="v1: a b |\n v2: c d |",
        instead="v1: a d c |\n v2: b |",
        amount=1,
    ),
    "uneven hours": Pair(
        uses=Feature.BALANCE,
        code="balance-exceeded",
        good=two(**even(Measure.HOURS, 0.5)),
        text="v1: a b c |\n v2: d |",
        amount=0.1,
        # a b c: 10 blocks, 13 minutes; d: 8 blocks, 11 minutes
        **aims(**even(Measure.HOURS, 0.0)),
    ),
    "too many changes": Pair(
        uses=Feature.CHANGES,
        code="changes-exceeded",
        good=two(most_changes=1),
        text="v1: a b |\n v2: c d |",
        instead="v1: b d |\n v2: a c |",
        amount=1,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_accepted_and_refused(name: str) -> None:
    pair = PAIRS[name]
    assert accepted(pair) == ()
    found = refused(pair)
    assert [violation.code for violation in found] == [pair.code]
    assert found[0].amount == pytest.approx(pair.amount or 0.0)


def test_one_round_alone_is_even() -> None:
    problem = two(**even(Measure.STOPS, 0))
    assert check(problem, drive(problem, "v1: a b c d |")) == ()
    assert [v.code for v in check(problem, Plan(rounds=()))] == ["stop-forgotten"] * 4


def test_the_round_with_the_most_is_named() -> None:
    problem = two(**even(Measure.STOPS, 0))
    broken = check(problem, drive(problem, "v1: a |\n v2: b c d |"))
    assert [(v.code, v.vehicle, v.detail, v.amount) for v in broken] == [("balance-exceeded", "v2", "stops", 2)]


def test_each_balance_has_its_own_measure() -> None:
    both = (Balance(measure=Measure.STOPS, at_most=0), Balance(measure=Measure.LOAD, at_most=2))
    problem = two(balance=both)
    assert check(problem, drive(problem, "v1: a b |\n v2: c d |")) == ()
    broken = check(problem, drive(problem, "v1: a d |\n v2: b c |"))
    assert [(v.vehicle, v.detail, v.amount) for v in broken] == [("v2", "load", 1)]


def test_of_the_place_of_a_break_only_where_it_is_counts() -> None:
    yard = replace(rest("lunch", 30, (6, 9)), modes=(mode("a", service_s=600, setup_s=60, distance_m=900),))
    problem = limited(max_distance_m=14e3, breaks=(yard,))
    assert check(problem, drive(problem, "v1: a ~lunch b c d |")) == ()
