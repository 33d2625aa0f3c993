"""Who and what: ids, modes, lists, who may go where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.rounds.check import check
from optimiser.rounds.features import Feature
from optimiser.rounds.plan import Reason, Round, Unserved
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from tests.by_hand import drive
from tests.notation import HOUR, TWELVE, stop, town, vehicle
from tests.optimiser.rounds.pairs import (
    Pair,
    accepted,
    change_round,
    change_stop,
    change_vehicle,
    change_visit,
    refused,
)


def two() -> RoundsProblem:
    return town(
        TWELVE,
        stops=[*"abc", stop("d", needs=["crane"])],
        vehicles=[vehicle("v1", skills=["crane", "permit"]), vehicle("v2")],
    )


TEXT = "v1: a d |\n v2: b |\n out: c"
GHOST = Round(vehicle="ghost", start_s=0, end_s=0, visits=())
IDLE = Round(vehicle="v2", start_s=7 * HOUR, end_s=7 * HOUR, visits=())

PAIRS = {
    "a vehicle nobody has": Pair(
        code="unknown-vehicle", good=two(), text=TEXT, plan=lambda p: replace(p, rounds=(*p.rounds, GHOST))
    ),
    "a vehicle twice": Pair(
        code="vehicle-used-twice", good=two(), text=TEXT, plan=lambda p: replace(p, rounds=(*p.rounds, IDLE)), amount=1
    ),
    "a time that is none": Pair(
        code="unknown-time", good=two(), text=TEXT, plan=lambda p: change_visit(p, 0, 0, start_s=float("nan"))
    ),
    "a time without end": Pair(
        code="unknown-time", good=two(), text=TEXT, plan=lambda p: change_round(p, 0, end_s=float("inf"))
    ),
    "a time no clock can hold": Pair(
        code="unknown-time", good=two(), text=TEXT, plan=lambda p: change_visit(p, 0, 1, end_s=-1e300)
    ),
    "a stop there is not": Pair(
        code="unknown-stop",
        good=two(),
        text=TEXT,
        problem=lambda p: replace(p, stops=tuple(s for s in p.stops if s.id != "a")),
        visit="a",
    ),
    "a site there is not": Pair(
        code="unknown-site",
        good=change_vehicle(two(), "v2", must_end_empty=False),
        text=TEXT,
        plan=lambda p: change_visit(p, 1, 1, id="hill"),
        visit="hill",
    ),
    "a mode there is not": Pair(
        code="unknown-mode", good=two(), text=TEXT, plan=lambda p: change_visit(p, 1, 0, mode=3), visit="b"
    ),
    "a negative mode": Pair(
        code="unknown-mode", good=two(), text=TEXT, plan=lambda p: change_visit(p, 1, 1, mode=-1), visit="tip"
    ),
    "a stop by two": Pair(
        code="stop-served-twice", good=two(), text=TEXT, instead="v1: a d b |\n v2: b |\n out: c", visit="b", amount=1
    ),
    "nothing said of a stop": Pair(
        code="stop-forgotten", good=two(), text=TEXT, instead="v1: a d |\n v2: b |", visit="c"
    ),
    "left out twice": Pair(
        code="unserved-twice", good=two(), text=TEXT, instead="v1: a d |\n v2: b |\n out: c c", visit="c", amount=1
    ),
    "served and left out": Pair(
        code="served-and-unserved", good=two(), text=TEXT, instead="v1: a d |\n v2: b |\n out: c a", visit="a"
    ),
    "left out what is not there": Pair(
        code="unserved-unknown",
        good=two(),
        text=TEXT,
        plan=lambda p: replace(p, unserved=(*p.unserved, Unserved(stop="z", reason=Reason.NO_ROOM))),
        visit="z",
    ),
    "may not serve it": Pair(
        code="vehicle-not-allowed",
        good=change_stop(two(), "a", vehicles=frozenset({"v1"})),
        text=TEXT,
        instead="v1: d |\n v2: a b |\n out: c",
        visit="a",
    ),
    "has no crane": Pair(
        uses=Feature.SKILLS,
        code="skill-missing",
        good=two(),
        text=TEXT,
        instead="v1: a |\n v2: b d |\n out: c",
        visit="d",
        amount=1,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_accepted_and_refused(name: str) -> None:
    pair = PAIRS[name]
    assert accepted(pair) == ()
    found = refused(pair)
    assert [violation.code for violation in found] == [pair.code]
    assert pair.visit in {None, found[0].visit}
    assert found[0].amount == (pair.amount or 0.0)


def test_a_round_without_times_costs_nothing() -> None:
    made = drive(two(), "v1: a b c d |")
    assert price(two(), change_visit(made, 0, 0, end_s=float("nan"))).total == 0


def test_all_skills_that_lack_are_named() -> None:
    problem = change_stop(two(), "b", needs=frozenset({"permit", "crane", "hook"}))
    broken = check(problem, drive(problem, "v1: b |\n out: a c d"))
    assert [(v.code, v.detail, v.amount) for v in broken] == [("skill-missing", "hook", 1)]
