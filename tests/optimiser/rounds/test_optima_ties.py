"""Small problems with rules that tie stops and rounds to each other, their best plans worked out on paper.

The town is the one of ``notation.TWELVE``: the depot at (0, 1), d e f on the way east, a b c a block north of them, g h
i a block south, the tip at (4, 1). A block is a kilometre and costs 1.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from optimiser.result import Budget, Status
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import (
    Aim,
    Aims,
    Balance,
    Choice,
    Limit,
    Lock,
    Measure,
    RoundsProblem,
    Shipment,
    Stop,
    Vehicle,
)
from optimiser.rounds.solve import solve
from tests.notation import TWELVE, site, stop, town, vehicle, written

BUDGET = Budget(iterations=40)
PLACES = {**TWELVE, "yard": TWELVE["c"], "west": (0, 4)}
every_engine = pytest.mark.parametrize("engine", ["ruin", "pyvrp"])


def open_town(stops: list[Stop | str], vehicles: list[Vehicle] | None = None, **ties: Any) -> RoundsProblem:
    """Return a problem without sites; vehicles may come home loaded."""
    fleet = vehicles or [truck()]
    return replace(town(PLACES, stops=stops, sites=[], vehicles=fleet), **ties)


def truck(name: str = "v1", **more: Any) -> Vehicle:
    return vehicle(name, must_end_empty=False, **more)


def solved(problem: RoundsProblem, engine: str) -> tuple[str, float]:
    result = solve(problem, engine=engine, budget=BUDGET, seed=1)
    assert isinstance(result.plan, Plan)
    assert result.price is not None
    assert result.status is Status.FEASIBLE
    return written(result.plan), result.price.distance_m / 1000.0


@every_engine
@pytest.mark.parametrize(("kg", "blocks"), [(2.0, 8.0), (1.0, 12.0)])
def test_two_shipments_cross_only_if_both_fit_on_board(engine: str, kg: float, blocks: float) -> None:
    # d a c f and home is 8; one at a time: a c, back to d, f and home is 12
    parcels = (
        Shipment(id="x", pickup="a", delivery="c", loads={"kg": 1.0}),
        Shipment(id="y", pickup="d", delivery="f", loads={"kg": 1.0}),
    )
    problem = open_town([stop(name, kg=0) for name in "acdf"], [truck(kg=kg)], shipments=parcels)
    text, length = solved(problem, engine)
    assert length == blocks
    words = text.split()
    assert words.index("a") < words.index("c")
    assert words.index("d") < words.index("f")


@every_engine
def test_of_a_choice_the_cheaper_option_is_taken(engine: str) -> None:
    # d and e lie on the way to the tip (8), h a block beside it (10)
    problem = replace(town(TWELVE, stops=["h", "d", "e"]), choices=(Choice(id="side", options=(("h",), ("d", "e"))),))
    assert solved(problem, engine) == ("v1: d e |", 8.0)


@every_engine
def test_what_goes_together_goes_with_the_vehicle_that_does_both_for_less(engine: str) -> None:
    # apart: d by v1 (2) and c by v2, who stands there (0); together v1 needs 8, v2 needs 6
    fleet = [truck("v1"), truck("v2", at="yard")]
    assert solved(open_town(["d", "c"], fleet), engine)[1] == 2.0
    text, length = solved(open_town(["d", "c"], fleet, together=(frozenset("cd"),)), engine)
    assert (text[:3], length) == ("v2:", 6.0)


@every_engine
def test_what_stays_apart_needs_a_second_round(engine: str) -> None:
    # d and f in one round: 6; in two: 2 + 6
    fleet = [truck("v1"), truck("v2")]
    assert solved(open_town(["d", "f"], fleet), engine)[1] == 6.0
    assert solved(open_town(["d", "f"], fleet, apart=(frozenset("df"),)), engine)[1] == 8.0


@every_engine
def test_what_is_locked_is_driven_as_it_was_fixed(engine: str) -> None:
    # a b c in order: 8; b a c: 3 + 1 + 2 + 4
    lock = Lock(vehicle="v2", stops=("b", "a", "c"))
    problem = open_town(list("abc"), [truck("v1"), truck("v2")], locks=(lock,))
    assert solved(problem, engine) == ("v2: b a c", 10.0)


@every_engine
def test_nothing_comes_between_what_is_locked_side_by_side(engine: str) -> None:
    # e between d and f costs nothing; before or after them it is 2 more than 6, or f first and e last of three
    lock = Lock(vehicle="v1", stops=("d", "f"), adjacent=True)
    text, length = solved(open_town(list("def"), locks=(lock,)), engine)
    assert (text, length) == ("v1: d f e", 6.0)
    first = replace(lock, first=True)
    text, length = solved(open_town(["d", "f", "a"], locks=(first,)), engine)
    assert (text, length) == ("v1: d f a", 8.0)


@every_engine
def test_a_site_that_takes_no_more_is_passed_by(engine: str) -> None:
    # d f and the tip is 8, but it takes 1 kg a day; both to the site in the west is 12, in either order
    cap = Limit(name="a day", weights={"kg": 1.0}, at_most=1.0)
    problem = town(PLACES, stops=["d", "f"], sites=[site(caps=(cap,)), site("west")])
    text, length = solved(problem, engine)
    assert (text[-5:], length) == ("|west", 12.0)


@every_engine
def test_rounds_are_as_even_as_they_must_be(engine: str) -> None:
    # at most 3 stops each: e f b and d is 8 + 2; two each is 12 however they are paired
    fleet = [truck(name, kg=3) for name in ("v1", "v2")]
    stops: list[Stop | str] = list("defb")
    assert solved(open_town(stops, fleet), engine)[1] == 10.0
    even = Aims(balance=(Balance(measure=Measure.STOPS, at_most=0.0),))
    text, length = solved(open_town(stops, fleet, aims=even), engine)
    assert length == 12.0
    assert [len(line.split()) for line in text.splitlines()] == [3, 3]


@every_engine
def test_what_is_brought_is_on_board_from_the_start(engine: str) -> None:
    # full of what f wants, there is no room for what d has until f was there
    problem = open_town([stop("d", kg=2), stop("f", kg=0, deliveries={"kg": 2.0})], [truck(kg=2)])
    assert solved(problem, engine) == ("v1: f d", 6.0)


@every_engine
def test_only_who_has_the_skill_is_sent(engine: str) -> None:
    fleet = [truck("v1"), truck("v2", at="yard", skills=frozenset({"crane"}))]
    problem = open_town([stop("d", needs=frozenset({"crane"}))], fleet)
    assert solved(problem, engine) == ("v2: d", 6.0)


@every_engine
def test_fewest_vehicles_first_whatever_the_way(engine: str) -> None:
    # d by v1 and c by v2, who stands there, is 2; v2 alone is 6
    fleet = [truck("v1"), truck("v2", at="yard")]
    problem = open_town(["d", "c"], fleet, aims=Aims(first=(Aim.VEHICLES,)))
    text, length = solved(problem, engine)
    assert (text.count("\n"), length) == (0, 6.0)


@every_engine
def test_a_stop_keeps_its_vehicle_if_a_change_costs_more_than_the_way(engine: str) -> None:
    # v2 stands at c; v1, whose stop it is, drives 8
    fleet = [truck("v1"), truck("v2", at="yard")]
    for price, blocks in ((7.9, 0.0), (8.1, 8.0)):
        problem = open_town([stop("c", usual="v1")], fleet, aims=Aims(change_per_stop=price))
        assert solved(problem, engine)[1] == blocks


@every_engine
def test_the_weightier_stop_is_served_if_there_is_room_for_one(engine: str) -> None:
    problem = open_town([stop("d", weight=1.0), stop("f", weight=2.0)], [truck(max_stops=1)])
    result = solve(problem, engine=engine, budget=BUDGET, seed=1)
    assert result.plan is not None
    assert (written(result.plan), result.status) == ("v1: f", Status.PARTIAL)
