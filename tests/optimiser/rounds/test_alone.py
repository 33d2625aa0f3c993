"""What is said to be possible is; what a plain round serves is said to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import event, given, settings

from optimiser.rounds.alone import surely_possible
from optimiser.rounds.problem import DrivingRest, RoundsProblem, Shift, Stop, Vehicle, Window
from optimiser.rounds.tables import tables
from optimiser.rounds.timing import best_round
from tests.notation import HOUR, TWELVE, mode, rest, shift, shipments, site, stop, town, vehicle
from tests.optimiser.rounds.made import problems
from tests.optimiser.rounds.wide import wide


def surely(problem: RoundsProblem) -> list[bool]:
    return surely_possible(tables(problem), np.arange(len(problem.stops))).tolist()


@settings(max_examples=150, deadline=None)
@given(problem=problems(most_stops=6, most_vehicles=3, optional=True))
def test_a_round_is_found_for_every_stop_that_is_surely_possible(problem: RoundsProblem) -> None:
    known = tables(problem)
    sure = surely(problem)
    event(f"{sum(sure)} of {len(sure)}")
    for one, possible in zip(problem.stops, sure, strict=True):
        if possible:
            assert any(best_round(known, v.id, [one.id]) for v in problem.vehicles)


def test_plain_stops_are_seen_through_in_any_number() -> None:
    assert all(surely(wide(500)))
    assert all(surely(wide(500, tips=True)))


@pytest.mark.parametrize(
    ("changed", "fleet"),
    [
        (stop("a", kg=9), vehicle()),
        (stop("a", windows=(Window(open_s=0, close_s=6 * HOUR),)), vehicle()),
        (stop("a", release=7.0), vehicle()),
        (stop("a", vehicles=frozenset({"v1"})), vehicle()),
        (stop("a", needs=frozenset({"crane"})), vehicle()),
        (stop("a", modes=(mode("a", service_s=10 * HOUR),)), vehicle()),
        (stop("a"), vehicle(shift=Shift(start_s=0, end_s=12 * 60))),
        (stop("a"), vehicle(shift=shift(longest=0.1))),
        (stop("a"), vehicle(max_stops=0)),
        (stop("a"), vehicle(max_driving_s=60.0)),
        (stop("a"), vehicle(max_distance_m=1000.0)),
        (stop("a"), vehicle(tip_sites=frozenset())),
        (stop("a"), vehicle(breaks=(rest("lunch", 30, (6.0, 6.1)),))),
        (stop("a"), vehicle(driving_rest=DrivingRest(id="r", duration_s=60.0, after_s=120.0))),
    ],
)
def test_what_is_not_plain_is_left_to_others(changed: Stop, fleet: Vehicle) -> None:
    assert surely(town(TWELVE, stops=["b"])) == [True]
    assert surely(town(TWELVE, stops=[changed], vehicles=[fleet])) == [False]


def test_one_of_several_sites_or_vehicles_is_enough() -> None:
    shut = site("far", at="tip", windows=(Window(open_s=0, close_s=1),))
    assert surely(town(TWELVE, stops=["a"], sites=[shut, site()])) == [True]
    assert surely(town(TWELVE, stops=["a"], sites=[shut])) == [False]
    assert surely(town(TWELVE, stops=[stop("a", kg=9)], vehicles=[vehicle("v1"), vehicle("v2", kg=10)])) == [True]


def test_where_no_way_leads_and_half_a_shipment_is_not_plain() -> None:
    assert surely(town(TWELVE, stops=["a", "b"], cut_off=["b"])) == [True, False]
    assert surely(town(TWELVE, stops=["a", "b", "c"], shipments=shipments("a>b"))) == [False, False, True]
