"""What rounds amount to, on paper."""

from __future__ import annotations

import pytest

from optimiser.rounds.measures import (
    chosen,
    compactness_m,
    first_aims,
    measured,
    not_served,
    preferences,
    round_measure,
    spread,
)
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import Aim, Aims, Balance, Choice, Measure, RoundsProblem
from optimiser.rounds.view import views
from tests.by_hand import drive
from tests.notation import TWELVE, choices, mode, rest, shift, site, stop, town, vehicle


def paper() -> RoundsProblem:
    """Two vehicles; the first has a break, and works overtime after three quarters of an hour."""
    return town(
        TWELVE,
        stops=[
            stop("a", 2, at=(0.0, 0.0), usual="v1", modes=(mode("a", setup_s=30, distance_m=150.25),)),
            stop("b", 3, at=(600.0, 800.0), usual="v2", windows=[(6.25, 7)]),
            stop("c", 1, usual="v2"),
        ],
        sites=[site(queue_s=120)],
        vehicles=[
            vehicle("v1", 9, breaks=(rest("lunch", 15, (6, 8), paid=False),), shift=shift(6, 6.75, longest=0.7)),
            vehicle("v2", 9),
        ],
    )


def test_a_round_on_paper() -> None:
    # 6:00 out, a 6:04 (90 s), b 6:07:30, waits until 6:15, 6:16, lunch until 6:31, tip 3 blocks on: 6:37,
    # 2 + 10 minutes there, 6:49, depot 4 blocks: 6:57
    first, second = (round_measure(view) for view in views(paper(), drive(paper(), "v1: a b ~lunch |\n v2: c |")))
    assert (first.stops, first.tips, first.picked) == (2, 1, {"kg": 5.0})
    assert first.driving_ms == 10 * 120_000
    assert first.service_ms == (30 + 60 + 60 + 120 + 600) * 1000
    assert (first.break_ms, first.waiting_ms) == (900_000, 450_000)
    assert first.paid_ms == 57 * 60_000 - 900_000
    assert first.overtime_ms == 57 * 60_000 - 42 * 60_000  # longer than 0.7 h is more than later than 6:45
    assert first.distance_dm == 10 * 10_000 + 1502
    assert (first.compact_m, first.changes) == (1000.0, 1)
    assert (second.stops, second.changes, second.overtime_ms, second.compact_m) == (1, 0, 0, 0.0)


def test_spread_is_the_largest_minus_the_smallest() -> None:
    measures = [round_measure(view) for view in views(paper(), drive(paper(), "v1: a b ~lunch |\n v2: c |"))]
    load, weighed, stops, hours = (
        Balance(measure=Measure.LOAD),
        Balance(measure=Measure.LOAD, weights={"kg": 0.5, "l": 1.0}),
        Balance(measure=Measure.STOPS),
        Balance(measure=Measure.HOURS),
    )
    assert [measured(load, one) for one in measures] == [5, 1]
    assert [spread(one, measures) for one in (load, weighed, stops)] == [4, 2, 1]
    assert spread(hours, measures) == pytest.approx((measures[0].paid_ms - measures[1].paid_ms) / 3.6e6)
    assert spread(Balance(measure=Measure.LOAD, weights={"l": 1.0}), measures) == 0  # kilograms are not named
    assert spread(load, measures[:1]) == spread(load, []) == 0


def test_the_middle_is_the_mean_of_the_stops_that_have_a_position() -> None:
    square = [stop(str(n), at=spot) for n, spot in enumerate([(0.0, 0.0), (200.0, 0.0), (0.0, 200.0), (200.0, 200.0)])]
    assert compactness_m(square) == pytest.approx(4 * 100 * 2**0.5)
    assert compactness_m([*square, stop("nowhere")]) == compactness_m(square)
    assert compactness_m([stop("nowhere")]) == compactness_m([]) == 0


def test_preferences_name_what_has_a_weight() -> None:
    measures = [round_measure(view) for view in views(paper(), drive(paper(), "v1: a b ~lunch |\n v2: c |"))]
    balance = (Balance(measure=Measure.STOPS, per_unit=2.0), Balance(measure=Measure.LOAD, per_unit=0.5))
    aims = Aims(balance=balance, compact_per_km=3.0, change_per_stop=7.0)
    assert preferences(aims, measures) == {"balance": 2.0 * 1 + 0.5 * 4, "compact": 3.0, "changes": 7.0}
    assert preferences(Aims(balance=(Balance(measure=Measure.STOPS, at_most=1),), most_changes=0), measures) == {}


def test_what_comes_before_money_comes_in_its_order() -> None:
    measures = [round_measure(view) for view in views(paper(), drive(paper(), "v1: a b ~lunch |\n v2: c |"))]
    balance = (Balance(measure=Measure.LOAD), Balance(measure=Measure.STOPS))
    aims = Aims(balance=balance, first=(Aim.CHANGES, Aim.SPREAD, Aim.VEHICLES, Aim.DISTANCE, Aim.HOURS))
    km = sum(one.distance_dm for one in measures) / 1e4
    hours = sum(one.paid_ms for one in measures) / 3.6e6
    assert first_aims(aims, measures) == (1, 4, 2, km, hours)
    assert first_aims(Aims(), measures) == ()
    assert not views(paper(), Plan(rounds=()))
    assert first_aims(aims, []) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("served", "option", "left"),
    [
        ("", "a", "ad"),
        ("a", "a", "d"),
        ("bc", "bc", "d"),
        ("bd", "bc", "c"),
        ("bcad", "a", ""),  # both ways: as full is the first
        ("b", "bc", "cd"),
    ],
)
def test_what_is_left_out_of_a_choice_is_of_the_way_that_the_plan_goes(served: str, option: str, left: str) -> None:
    (way,) = choices("a | b c")
    problem = town(TWELVE, stops=list("abcd"), choices=(way,))
    assert "".join(chosen(way, served)) == option
    assert "".join(one.id for one in not_served(problem, served)) == left


def test_the_way_served_most_fully_counts() -> None:
    way = Choice(id="x", options=(("a", "b", "c"), ("d", "e")))
    assert chosen(way, {"a", "b", "d", "e"}) == ("d", "e")
    assert chosen(way, {"a", "b", "d"}) == ("a", "b", "c")
