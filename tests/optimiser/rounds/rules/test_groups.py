"""What belongs together, what excludes each other, what is fixed by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.rounds.check import check
from optimiser.rounds.features import Feature
from optimiser.rounds.problem import RoundsProblem
from tests.by_hand import drive
from tests.notation import TWELVE, choices, locks, sets, shipments, town, vehicle
from tests.optimiser.rounds.pairs import Pair, accepted, refused


def two(**more: object) -> RoundsProblem:
    """Five stops and two vehicles."""
    return town(TWELVE, stops=list("abcde"), vehicles=[vehicle("v1", 9), vehicle("v2", 9)], **more)


SHIPPED = two(shipments=shipments("a>b"))
BOTH = two(choices=choices("a | b c"))
OTHER = two(choices=choices("b c | a"))

PAIRS = {
    "fetched and not brought": Pair(
        uses=Feature.SHIPMENTS,
        code="shipment-split",
        good=SHIPPED,
        text="v1: a b c d e |",
        instead="v1: a c d e |\n out: b",
        visit="a",
    ),
    "brought and not fetched": Pair(
        uses=Feature.SHIPMENTS,
        code="shipment-split",
        good=SHIPPED,
        text="v1: c d e |\n out: a b",
        instead="v1: b c d e |\n out: a",
        visit="b",
    ),
    "fetched by one and brought by another": Pair(
        uses=Feature.SHIPMENTS,
        code="shipment-split",
        good=SHIPPED,
        text="v1: c d e |\n v2: a b |",
        instead="v1: a c d e |\n v2: b |",
        visit="a",
    ),
    "brought before it is fetched": Pair(
        uses=Feature.SHIPMENTS,
        code="shipment-order",
        good=SHIPPED,
        text="v1: a c b d e |",
        instead="v1: b c a d e |",
        visit="b",
    ),
    "both ways": Pair(
        uses=Feature.CHOICES,
        code="choice-both",
        good=BOTH,
        text="v1: a d e |",
        instead="v1: a d e |\n v2: b |",
        visit="b",
    ),
    "the other way in part": Pair(
        uses=Feature.CHOICES,
        code="stop-forgotten",
        good=BOTH,
        text="v1: b c d e |",
        instead="v1: b d e |",
        visit="c",
    ),
    "neither way": Pair(
        uses=Feature.CHOICES,
        code="stop-forgotten",
        good=BOTH,
        text="v1: d e |\n out: a",
        instead="v1: d e |",
        visit="a",
    ),
    "the other way listed too": Pair(
        uses=Feature.CHOICES,
        code="unserved-not-due",
        good=BOTH,
        text="v1: a d e |",
        instead="v1: a d e |\n out: c",
        visit="c",
    ),
    "neither way, and the second listed": Pair(
        uses=Feature.CHOICES,
        code="unserved-not-due",
        good=OTHER,
        text="v1: d e |\n out: b c",
        instead="v1: d e |\n out: b c a",
        visit="a",
    ),
    "together by two": Pair(
        uses=Feature.TOGETHER,
        code="together-split",
        good=two(together=sets("a b c, d e")),
        text="v1: a c |\n v2: d e |\n out: b",
        instead="v1: a d e |\n v2: c |\n out: b",
        visit="c",
        amount=1,
    ),
    "apart by one": Pair(
        uses=Feature.APART,
        code="apart-together",
        good=two(apart=sets("a b c")),
        text="v1: a d |\n v2: b e |\n out: c",
        instead="v1: a d b e |\n out: c",
        visit="b",
        amount=1,
    ),
    "locked to another vehicle": Pair(
        uses=Feature.LOCKS,
        code="lock-broken",
        good=two(locks=locks("v1: a b")),
        text="v1: c a d b |\n v2: e |",
        instead="v1: c a d |\n v2: e b |",
        visit="b",
    ),
    "locked in another order": Pair(
        uses=Feature.LOCKS,
        code="lock-broken",
        good=two(locks=locks("v1: a b c")),
        text="v1: d a e b | c |",
        instead="v1: d a e c | b |",
        visit="c",
    ),
    "locked next to each other": Pair(
        uses=Feature.LOCKS,
        code="lock-broken",
        good=two(locks=locks("v1: a-b")),
        text="v1: c a | b d e |",
        instead="v1: c a d | b e |",
        visit="b",
    ),
    "locked to come first": Pair(
        uses=Feature.LOCKS,
        code="lock-broken",
        good=two(locks=locks("v1: ^a b")),
        text="v1: a b c d e |",
        instead="v1: a c b d e |",
        visit="b",
    ),
    "locked to begin with": Pair(
        uses=Feature.LOCKS,
        code="lock-broken",
        good=two(locks=locks("v1: ^a")),
        text="v1: a b c d e |",
        instead="v1: b a c d e |",
        visit="a",
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_accepted_and_refused(name: str) -> None:
    pair = PAIRS[name]
    assert accepted(pair) == ()
    assert [violation.code for violation in refused(pair)] == [pair.code]
    assert pair.visit in {None, refused(pair)[0].visit}
    assert pair.amount in {None, refused(pair)[0].amount}


def test_what_is_left_out_breaks_no_group() -> None:
    bound = two(together=sets("a b"), apart=sets("c d"), locks=locks("v1: ^a-b-c"), shipments=shipments("d>e"))
    assert check(bound, drive(bound, "out: a b c d e")) == ()
    assert check(bound, drive(bound, "v1: a c |\n out: b d e")) == ()  # the lock holds for those that are served


def test_a_choice_done_in_both_ways_has_nothing_forgotten() -> None:
    three = two(choices=choices("a | b c | d e"))
    broken = check(three, drive(three, "v1: b d e |"))
    assert [(v.code, v.visit, v.amount) for v in broken] == [("choice-both", "d", 1)]


def test_stops_served_twice_do_not_split_what_they_belong_to() -> None:
    bound = two(together=sets("a b"), locks=locks("v1: a b"), shipments=shipments("c>d"))
    made = drive(bound, "v1: a b c d c e |")
    assert [violation.code for violation in check(bound, made)] == ["stop-served-twice"]


def test_rounds_by_vehicles_nobody_has_count_as_service() -> None:
    bound = two(locks=locks("v1: a"))
    made = drive(bound, "v2: a b c d e |")
    strange = replace(made, rounds=(replace(made.rounds[0], vehicle="ghost"),))
    assert {violation.code for violation in check(bound, strange)} == {"unknown-vehicle", "lock-broken"}
