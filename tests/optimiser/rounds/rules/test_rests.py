"""Breaks: due, once, in time, long enough, with what on board; rests from driving."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.rounds.check import check
from optimiser.rounds.features import Feature
from optimiser.rounds.problem import Break, DrivingRest, RoundsProblem
from tests.by_hand import drive
from tests.notation import HOUR, TWELVE, limit, rest, shipments, stop, town, vehicle
from tests.optimiser.rounds.pairs import Pair, accepted, change_round, change_vehicle, change_visit, refused

LUNCH = rest("lunch", 30, (6, 6.25))
AT_HOME = rest("lunch", 30, (6, 7), at=["depot", "tip"])
ALWAYS = rest("lunch", 30, (6, 9), always=True)
SPANS = rest("lunch", 30, (6, 6.1), (6.5, 6.75))
EMPTY = rest("lunch", 30, (6, 9), limits=(limit(0),))
NAP = DrivingRest(id="nap", duration_s=900, after_s=600)
PAUSE = DrivingRest(id="nap", duration_s=900, after_s=1440, of="work")


def resting(*breaks: Break, nap: DrivingRest | None = None) -> RoundsProblem:
    return town(TWELVE, stops=list("abcd"), vehicles=[vehicle(breaks=breaks, driving_rest=nap)])


def instead(*breaks: Break, nap: DrivingRest | None = None) -> dict:
    return {"problem": lambda p: change_vehicle(p, "v1", breaks=breaks, driving_rest=nap)}


PAIRS = {
    "not taken": Pair(
        code="break-missing",
        good=resting(LUNCH),
        text="v1: a ~lunch b c d |",
        instead="v1: a b c d |",
        visit="lunch",
    ),
    "a break nobody has": Pair(
        code="unknown-break", good=resting(LUNCH), text="v1: a ~lunch b c d |", visit="lunch", **instead()
    ),
    "always due": Pair(
        uses=Feature.BREAKS_ALWAYS,
        code="break-missing",
        good=resting(ALWAYS),
        text="v1: a b ~lunch c d |",
        instead="v1: a b c d |",
        visit="lunch",
    ),
    "taken twice": Pair(
        code="break-twice",
        good=resting(rest("lunch", 30, (6, 8))),
        text="v1: a ~lunch b c d |",
        instead="v1: a ~lunch b ~lunch c d |",
        visit="lunch",
    ),
    "too early": Pair(
        code="break-outside-window",
        good=resting(LUNCH),
        text="v1: a ~lunch b c d |",
        visit="lunch",
        amount=420,
        **instead(rest("lunch", 30, (6.2, 6.25))),
    ),
    "between two spans": Pair(
        uses=Feature.BREAK_SPANS,
        code="break-outside-window",
        good=resting(SPANS),
        text="v1: a ~lunch b c d |",
        visit="lunch",
        amount=120,
        **instead(rest("lunch", 30, (6, 6.05), (6.5, 6.75))),
    ),
    "due until the last span": Pair(
        uses=Feature.BREAK_SPANS,
        code="break-missing",
        good=resting(SPANS),
        text="v1: a b ~lunch c d |",
        instead="v1: a b c | d |",
        visit="lunch",
    ),
    "too short": Pair(
        code="break-length",
        good=resting(LUNCH),
        text="v1: a ~lunch b c d |",
        visit="lunch",
        amount=-600,
        **instead(rest("lunch", 40, (6, 6.25))),
    ),
    "at no place there is": Pair(
        uses=Feature.BREAK_PLACES,
        code="unknown-mode",
        good=resting(AT_HOME),
        text="v1: a ~lunch#1 b c d |",
        plan=lambda p: change_visit(p, 0, 1, mode=2),
        visit="lunch",
    ),
    "rests where it stands": Pair(
        uses=Feature.BREAK_PLACES,
        code="arrival-wrong",
        good=resting(rest("lunch", 30, (6, 7), at=["a", "tip"])),
        text="v1: a ~lunch b c d |",
        visit="lunch",
        amount=-240,
        **instead(replace(AT_HOME, modes=(replace(AT_HOME.modes[0], leave="a"),))),
    ),
    "with a load": Pair(
        uses=Feature.BREAK_LIMITS,
        code="break-load",
        good=resting(EMPTY),
        text="v1: a b | ~lunch c d |",
        instead="v1: a b ~lunch | c d |",
        visit="lunch",
        amount=2,
    ),
    "drives too long before it rests": Pair(
        uses=Feature.DRIVING_REST,
        code="rest-overdue",
        good=resting(nap=NAP),
        text="v1: a b ~nap c d ~nap | ~nap",
        instead="v1: a b c d ~nap | ~nap",
        visit="nap",
        amount=240,
    ),
    "drives too long to go home": Pair(
        uses=Feature.DRIVING_REST,
        code="rest-overdue",
        good=resting(nap=NAP),
        text="v1: a b ~nap c d ~nap | ~nap",
        instead="v1: a b ~nap c d ~nap |",
        visit="depot",
        amount=240,
    ),
    "works too long": Pair(
        uses=Feature.DRIVING_REST,
        code="rest-overdue",
        good=resting(nap=PAUSE),
        text="v1: a b c d ~nap |",
        visit="depot",
        amount=240,
        **instead(nap=replace(PAUSE, after_s=1200)),
    ),
    "rests too short": Pair(
        uses=Feature.DRIVING_REST,
        code="break-length",
        good=resting(nap=NAP),
        text="v1: a b ~nap c d ~nap | ~nap",
        plan=lambda p: change_round(
            change_visit(p, 0, 7, end_s=p.rounds[0].visits[7].end_s - 60), 0, end_s=p.rounds[0].end_s - 60
        ),
        visit="nap",
        amount=-60,
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


def test_a_break_ends_a_stretch_of_driving_too_if_it_is_long_enough() -> None:
    text = "v1: a b ~lunch c d ~nap | ~nap"
    enough = resting(rest("lunch", 30, (6, 9)), nap=NAP)
    assert check(enough, drive(enough, text)) == ()
    short = resting(rest("lunch", 10, (6, 9)), nap=NAP)
    assert [(v.code, v.visit) for v in check(short, drive(short, text))] == [("rest-overdue", "nap")]


def test_waiting_is_work_and_no_driving() -> None:
    late = [stop("a", windows=[(7, 8)]), "b"]
    driving, work = (
        town(TWELVE, stops=late, vehicles=[vehicle(driving_rest=replace(nap, after_s=3000))]) for nap in (NAP, PAUSE)
    )
    text = "v1: a b ~nap |"
    assert check(driving, drive(driving, text)) == ()
    assert [(v.code, v.visit) for v in check(work, drive(work, text))] == [("rest-overdue", "nap")]


def test_a_break_that_is_always_due_is_due_with_a_stop() -> None:
    problem = resting(ALWAYS)
    assert check(problem, drive(problem, "v1:\n out: a b c d")) == ()
    missing = check(problem, drive(problem, "v1: a |\n out: b c d"))
    assert [(v.code, v.amount) for v in missing] == [("break-missing", 0)]


def test_a_break_in_another_place_is_driven_to_and_from() -> None:
    problem = resting(AT_HOME)
    visits = drive(problem, "v1: a ~lunch b c d |").rounds[0].visits
    assert [visits[1].arrive_s, visits[2].arrive_s] == [6 * HOUR + 300 + 240, 6 * HOUR + 540 + 1800 + 360]


def test_a_crew_that_is_home_before_the_last_span_ends_needs_no_break() -> None:
    problem = resting(SPANS)  # back at 6:42; it may begin until 6:06, and from 6:30 to 6:45
    assert check(problem, drive(problem, "v1: a b c d |")) == ()


def test_goods_and_shipments_are_on_board_during_a_break() -> None:
    goods = town(
        TWELVE,
        stops=[stop("a", 0, deliveries={"kg": 2.0}), stop("b", 0), stop("c", 0)],
        vehicles=[vehicle(breaks=(EMPTY,))],
        shipments=shipments("b>c", 3),
    )
    assert check(goods, drive(goods, "v1: a ~lunch b c")) == ()
    for text, amount in (("v1: ~lunch a b c", 2), ("v1: a b ~lunch c", 3)):
        assert [(v.code, v.amount) for v in check(goods, drive(goods, text))] == [("break-load", amount)]
