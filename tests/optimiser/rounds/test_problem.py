"""Problems and plans check their own references."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from optimiser.result import Budget
from optimiser.rounds.plan import Act
from optimiser.rounds.problem import Break, Limit, Mode, Shift, Stop, TipSite, Window
from tests.notation import TWELVE, plan, site, stop, town, vehicle

MODE = Mode(arrive="a", leave="a", service_s=0)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Window(open_s=2, close_s=1),
        lambda: Window(open_s=-1, close_s=1),
        lambda: Mode(arrive="a", leave="a", service_s=-1),
        lambda: Stop(id="a", modes=()),
        lambda: Stop(id="a", modes=(MODE,), loads={"kg": -1.0}),
        lambda: Stop(id="a", modes=(MODE,), windows=(Window(open_s=1, close_s=3), Window(open_s=3, close_s=4))),
        lambda: TipSite(id="t", modes=(), accepts=frozenset()),
        lambda: Limit(name="x", weights={}, at_most=-1),
        lambda: Limit(name="x", weights={"kg": -1.0}, at_most=1),
        lambda: Break(id="b", duration_s=-1, earliest_s=0, latest_s=1),
        lambda: Break(id="b", duration_s=1, earliest_s=2, latest_s=1),
        lambda: Shift(start_s=2, end_s=2),
        lambda: Shift(start_s=1, end_s=2, max_duration_s=0),
        Budget,
        lambda: Budget(seconds=0),
        lambda: Budget(iterations=-1),
    ],
)
def test_nouns_that_cannot_be(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        wrong()


def test_all_broken_references_are_said_at_once() -> None:
    good = town(TWELVE, stops=["a"])
    with pytest.raises(ValueError) as broken:
        replace(
            good,
            stops=(stop("a"), stop("a"), stop("b", loads={"ash": 1.0}), stop("nowhere")),
            tip_sites=(site("tip", fees={"ash": 1.0}),),
            vehicles=(
                vehicle("v1", tip_sites=frozenset({"hill"})),
                vehicle("v1", profile="plane", at="airport"),
                vehicle("v2", limits=(Limit(name="x", weights={"ash": 1.0}, at_most=1),)),
            ),
        )
    said = str(broken.value)
    for part in (
        "stop and tip site ids are not unique",
        "vehicle ids are not unique",
        "stop b names unknown dimensions ['ash']",
        "tip site tip names unknown dimensions ['ash']",
        "vehicle v2 names unknown dimensions ['ash']",
        "no travel for profile plane",
        "travel of truck lacks ['nowhere']",
        "unknown tip sites ['hill']",
    ):
        assert part in said


def test_a_round_is_cut_into_trips_at_its_tips() -> None:
    tour = plan(town(TWELVE, stops=list("abc")), "v1: a b | c").rounds[0]
    assert [[visit.id for visit in trip.visits] for trip in tour.trips] == [["a", "b"], ["c"]]
    assert [trip.tip is None for trip in tour.trips] == [False, True]
    assert tour.stops == ("a", "b", "c")
    assert [visit.act for visit in tour.visits] == [Act.STOP, Act.STOP, Act.TIP, Act.STOP]
