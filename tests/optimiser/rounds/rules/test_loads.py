"""What is on board: waste, goods and shipments within limits, sites that take it, empty at the end of the day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.rounds.check import check
from optimiser.rounds.features import Feature
from optimiser.rounds.problem import Limit, RoundsProblem
from tests.by_hand import drive
from tests.notation import TWELVE, limit, shipments, site, stop, town, vehicle
from tests.optimiser.rounds.pairs import Pair, accepted, change_site, change_stop, change_vehicle, refused

BOTH = ("kg", "bins")


def waste() -> RoundsProblem:
    return town(TWELVE, stops=list("abcd"), vehicles=[vehicle("v1", 4), vehicle("v2", 4)])


def deliveries(**more: object) -> RoundsProblem:
    """A stop with a kilogram of waste, then new bins to two stops; five pieces fit."""
    return town(
        TWELVE,
        stops=[stop("a", 1), *(stop(name, 0, deliveries={"bins": 2.0}) for name in "bc")],
        vehicles=[vehicle(limits=(limit(5, *BOTH),))],
        dimensions=BOTH,
        **more,
    )


def shipped() -> RoundsProblem:
    """Three kilograms from a to b, and two of waste at c and d each."""
    return town(
        TWELVE,
        stops=[stop("a", 0), stop("b", 0), stop("c", 2), stop("d", 2)],
        vehicles=[vehicle(kg=4)],
        shipments=shipments("a>b", 3),
    )


def bays(organic: float, paper: float) -> tuple[Limit, ...]:
    return limit(organic, "organic", name="organic bay"), limit(paper, "paper", name="paper bay")


def divided(paper: float = 1.0) -> RoundsProblem:
    """Bays of three and one, one stream each, whichever way round."""
    return town(
        TWELVE,
        stops=[stop("a", loads={"organic": 3.0}), stop("b", loads={"paper": paper})],
        sites=[site(accepts={"organic", "paper"})],
        vehicles=[vehicle(limits=(), loadings=(bays(1, 3), bays(3, 1)))],
        dimensions=("organic", "paper", "glass"),
    )


def capped(at_most: float) -> RoundsProblem:
    return change_site(waste(), caps=(limit(at_most, name="day"),))


PAIRS = {
    "too full": Pair(
        code="limit-exceeded",
        good=waste(),
        text="v1: a b | c d |",
        problem=lambda p: change_vehicle(p, "v1", limits=(limit(1.5),)),
        plan=lambda p: replace(p, rounds=tuple(replace(r, vehicle="v1") for r in p.rounds)),
        instead="v1: a b | c | d |",
        visit="b",
        amount=0.5,
    ),
    "cannot carry that": Pair(
        code="cannot-carry",
        good=waste(),
        text="v1: a b c |\n v2: d |",
        problem=lambda p: change_vehicle(
            p, "v2", limits=(limit(4, "kg"),) and (Limit(name="x", weights={}, at_most=1),)
        ),
        visit="d",
        amount=1.0,
    ),
    "cannot bring that": Pair(
        uses=Feature.DELIVERIES,
        code="cannot-carry",
        good=town(
            TWELVE,
            stops=[stop("a", 0, deliveries={"bins": 2.0})],
            vehicles=[vehicle(limits=(limit(4, *BOTH),))],
            dimensions=BOTH,
        ),
        text="v1: a",
        problem=lambda p: change_vehicle(p, "v1", limits=(limit(4),)),
        visit="a",
        amount=2.0,
    ),
    "cannot send that": Pair(
        uses=Feature.SHIPMENTS,
        code="cannot-carry",
        good=town(
            TWELVE,
            stops=[stop("a", 0), stop("b", 0)],
            vehicles=[vehicle(limits=(limit(4, *BOTH),))],
            dimensions=BOTH,
            shipments=shipments("a>b", 3),
        ),
        text="v1: a b",
        problem=lambda p: change_vehicle(p, "v1", limits=(limit(4, "bins"),)),
        visit="a",
        amount=3.0,
    ),
    "too much to bring from the start on": Pair(
        uses=Feature.DELIVERIES,
        code="limit-exceeded",
        good=deliveries(),
        text="v1: b a | c",
        problem=lambda p: change_stop(p, "b", deliveries={"bins": 4.0}),
        visit="depot",
        amount=1.0,
    ),
    "waste picked up beside goods still to bring": Pair(
        uses=Feature.DELIVERIES,
        code="limit-exceeded",
        good=change_stop(deliveries(), "a", loads={"kg": 2.0}),
        text="v1: b a | c",
        instead="v1: a b | c",
        visit="a",
        amount=1.0,
    ),
    "goods that nobody loads on the way": Pair(
        uses=Feature.SUPPLIES,
        code="limit-exceeded",
        good=town(
            TWELVE,
            stops=[stop(name, 0, deliveries={"bins": 3.0}) for name in "ab"],
            sites=[site(supplies={"bins"})],
            vehicles=[vehicle(limits=(limit(5, *BOTH),))],
            dimensions=BOTH,
        ),
        text="v1: a | b",
        problem=lambda p: change_site(p, supplies=frozenset()),
        visit="depot",
        amount=1.0,
    ),
    "too much loaded on the way": Pair(
        uses=Feature.SUPPLIES,
        code="limit-exceeded",
        good=town(
            TWELVE,
            stops=[stop(name, 0, deliveries={"bins": 3.0}) for name in "ab"],
            sites=[site(supplies={"bins"})],
            vehicles=[vehicle(limits=(limit(5, *BOTH),))],
            dimensions=BOTH,
        ),
        text="v1: a | b",
        problem=lambda p: change_stop(p, "b", deliveries={"bins": 7.0}),
        visit="tip",
        amount=2.0,
    ),
    "a shipment on board beside waste": Pair(
        uses=Feature.SHIPMENTS,
        code="limit-exceeded",
        good=shipped(),
        text="v1: a b c d |",
        instead="v1: a c b d |",
        visit="c",
        amount=1.0,
    ),
    "bays that fit neither way round": Pair(
        uses=Feature.LOADINGS,
        code="limit-exceeded",
        good=divided(),
        text="v1: a b |",
        problem=lambda p: change_stop(p, "b", loads={"paper": 2.5}),
        visit="b",
        amount=1.5,
    ),
    "what is in no bay": Pair(
        uses=Feature.LOADINGS,
        code="cannot-carry",
        good=divided(),
        text="v1: a b |",
        problem=lambda p: change_site(
            change_stop(p, "b", loads={"paper": 1.0, "glass": 1.0}), accepts=frozenset(p.dimensions)
        ),
        visit="b",
        amount=1.0,
    ),
    "too much in a day": Pair(
        uses=Feature.DAY_LIMITS,
        code="day-limit-exceeded",
        good=change_vehicle(waste(), "v1", day_limits=(limit(4),)),
        text="v1: a b | c d |",
        problem=lambda p: change_vehicle(p, "v1", day_limits=(limit(3.5),)),
        amount=0.5,
    ),
    "may not unload there": Pair(
        code="site-not-allowed",
        good=waste(),
        text="v1: a b c |\n v2: d |",
        problem=lambda p: change_vehicle(p, "v2", tip_sites=frozenset()),
        visit="tip",
    ),
    "nothing of it is taken": Pair(
        code="tip-refused",
        good=town(
            TWELVE,
            stops=["a"],
            sites=[site(), site("f", accepts=())],
            vehicles=[vehicle(must_end_empty=False)],
        ),
        text="v1: a |",
        instead="v1: a |f",
        visit="f",
        amount=1.0,
    ),
    "not unloaded": Pair(
        code="not-empty",
        good=waste(),
        text="v1: a b | c d |",
        instead="v1: a b | c d",
        amount=2.0,
    ),
    "more than the site takes from all": Pair(
        uses=Feature.CAPS,
        code="cap-exceeded",
        good=capped(4),
        text="v1: a b | c |\n v2: d |",
        problem=lambda p: change_site(p, caps=(limit(9, name="year"), limit(3, name="day"))),
        visit="tip",
        amount=1.0,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_accepted_and_refused(name: str) -> None:
    pair = PAIRS[name]
    assert accepted(pair) == ()
    found = refused(pair)
    assert [violation.code for violation in found] == [pair.code]
    assert pair.visit in {None, found[0].visit}
    assert found[0].amount == pytest.approx(pair.amount or 0.0)


def test_a_limit_is_named_once_for_each_trip() -> None:
    small = change_vehicle(waste(), "v1", limits=(limit(1.5),))
    broken = check(small, drive(small, "v1: a b | c d |"))
    assert [(v.code, v.visit, v.amount) for v in broken] == [("limit-exceeded", n, 0.5) for n in "bd"]


def test_goods_are_never_tipped_and_need_no_tip() -> None:
    bins = replace(deliveries(), stops=tuple(s for s in deliveries().stops if s.id != "a"))
    assert check(bins, drive(bins, "v1: b c")) == ()


def test_loading_goods_is_a_reason_to_go_to_a_site_that_takes_no_waste() -> None:
    store = site("f", accepts=(), supplies={"bins"})
    problem = deliveries(sites=[site(), store])
    assert check(problem, drive(problem, "v1: b a |f c |")) == ()
    refused_ = check(problem, drive(problem, "v1: b c a |f |"))
    assert [(v.code, v.visit) for v in refused_] == [("tip-refused", "f")]


def test_a_loading_holds_for_the_whole_round() -> None:
    swapped = replace(
        divided(),
        stops=(
            *divided().stops,
            stop("c", loads={"paper": 3.0}),
            stop("d", loads={"organic": 1.0}),
        ),
    )
    broken = check(swapped, drive(swapped, "v1: a b | c d |"))
    assert [(v.code, v.detail) for v in broken] == [("limit-exceeded", "organic bay")]


def test_a_shipment_that_is_never_brought_weighs_nothing_more() -> None:
    problem = replace(shipped(), stops=(*shipped().stops, stop("e", 2)))
    made = drive(problem, "v1: a c d | e |\n out: b")
    assert [violation.code for violation in check(problem, made)] == ["shipment-split"]


def test_a_tip_empties_only_what_the_site_accepts() -> None:
    mixed = town(
        TWELVE,
        stops=[stop("a", loads={"kg": 1.0, "glass": 2.0})],
        sites=[site(), site("f", accepts={"glass"})],
        vehicles=[vehicle(limits=(limit(9, "kg", "glass"),))],
        dimensions=("kg", "glass"),
    )
    assert check(mixed, drive(mixed, "v1: a |f |")) == ()
    assert [(v.code, v.detail, v.amount) for v in check(mixed, drive(mixed, "v1: a |"))] == [("not-empty", "glass", 2)]


def test_a_loading_that_is_broken_in_fewer_places_is_broken_less() -> None:
    many = (limit(2.9, "organic", name="left"), limit(0.9, "paper", name="right"))
    once = (limit(1, "organic", name="wide"), limit(9, "paper", name="high"))
    for loadings in ((many, once), (once, many)):
        problem = change_vehicle(divided(), "v1", loadings=loadings)
        assert [v.detail for v in check(problem, drive(problem, "v1: a b |"))] == ["wide"]
