from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faults import InputError
from network.closures import Closures, close_areas, close_streets, closing, together
from network.drive import closed, drive
from network.matrix import matrix
from tests.network.drawing import degrees
from tests.network.towns import (
    FOURTH,
    MARKET,
    NORTH,
    QUARRY,
    SECOND,
    SOUTH,
    THIRD,
    TOWN,
    TRUCK,
    driven,
    ready,
    scattered,
)

UNREACHABLE = 2**31 - 1


def square(west: float, south: float, east: float, north: float) -> list[list[tuple[float, float]]]:
    """A rectangle given in metres, as a polygon of one ring."""
    lon, lat = degrees([west, east, east, west], [south, south, north, north])
    return [list(zip(lon.tolist(), lat.tolist(), strict=True))]


def streets(closures: Closures) -> list[int]:
    return np.flatnonzero(closures.touched).tolist()


def test_a_street_is_closed_if_any_of_it_lies_in_an_area() -> None:
    assert streets(close_areas(TOWN, [square(190, 120, 210, 180)], "roadworks")) == [SECOND + 1]
    assert streets(close_areas(TOWN, [square(240, 90, 260, 110)], "roadworks")) == [MARKET + 1]
    assert streets(close_areas(TOWN, [square(20, 20, 180, 80)], "park")) == []
    assert streets(close_areas(TOWN, [square(20, 20, 180, 80), square(590, 200, 700, 340)], "two")) == [QUARRY]
    assert streets(close_areas(TOWN, [], "nothing")) == []


def test_a_hole_in_an_area_stays_open() -> None:
    around, hole = square(150, 80, 550, 300), square(160, 90, 540, 290)
    closed_ = [MARKET, MARKET + 2, NORTH, QUARRY, SECOND, THIRD]
    assert streets(close_areas(TOWN, [[*around, *hole]], "ring")) == closed_
    assert streets(close_areas(TOWN, [around], "all of it")) == [3, 4, 5, 6, 7, 8, 11, 12, 13, 14]


def test_both_directions_are_closed_and_the_reason_is_the_name() -> None:
    found = close_areas(TOWN, [square(190, 120, 210, 180)], "roadworks")
    assert np.flatnonzero(found.closed).tolist() == [2 * SECOND + 2, 2 * SECOND + 3]
    assert found.why.strings()[SECOND + 1] == "roadworks"
    assert (found.factor == 1).all()


def test_an_area_may_slow_instead() -> None:
    found = close_areas(TOWN, [square(190, 120, 210, 180)], "market", factor=0.25)
    assert not found.closed.any()
    assert np.flatnonzero(found.factor < 1).tolist() == [2 * SECOND + 2, 2 * SECOND + 3]
    assert found.factor.min() == 0.25


@pytest.mark.parametrize(
    "area", [[[(0, 0), (1, 1)]], [[(0, 0), (1, 1), (float("nan"), 0)]], [[("a", "b")] * 3], [[1, 2, 3]], [], [[]]]
)
def test_broken_areas_are_all_reported(area: list) -> None:
    with pytest.raises(InputError) as error:
        close_areas(TOWN, [area, square(0, 0, 1, 1), area], "flood")
    assert [(f.code, f.place) for f in error.value.faults] == [
        ("area-broken", "flood, area 1"),
        ("area-broken", "flood, area 3"),
    ]


@pytest.mark.parametrize(
    ("entry", "directed"),
    [
        (108, [2 * FOURTH, 2 * FOURTH + 1]),
        ("108", [2 * FOURTH, 2 * FOURTH + 1]),
        (" quarry   ROAD ", [2 * QUARRY, 2 * QUARRY + 1]),
        ("101:2-3", [2 * SOUTH + 2, 2 * SOUTH + 3]),
        ("101:3-2", [2 * SOUTH + 2, 2 * SOUTH + 3]),
        ("101:2>3", [2 * SOUTH + 2]),
        ("101:3>2", [2 * SOUTH + 3]),
        ("South Lane", list(range(6))),
    ],
)
def test_streets_are_closed_by_number_piece_and_name(entry: str | int, directed: list[int]) -> None:
    assert np.flatnonzero(close_streets(TOWN, [entry], "list").closed).tolist() == directed


def test_unknown_streets_are_all_reported_with_what_was_meant() -> None:
    with pytest.raises(InputError) as error:
        close_streets(TOWN, ["South Lane", "Quary Road", "101:2-9", 999, "101:2", ":", ""], "list")
    assert [f.code for f in error.value.faults] == ["closure-unknown"] * 6
    assert "Quarry Road" in error.value.faults[0].action


def test_sets_together_close_what_any_of_them_closes() -> None:
    one = close_streets(TOWN, ["Quarry Road"], "works")
    two = close_streets(TOWN, ["Quarry Road", "South Lane"], "market", factor=0.5)
    both = together("today", [one, two])
    assert np.flatnonzero(both.closed).tolist() == [2 * QUARRY, 2 * QUARRY + 1]
    assert both.factor[:6].tolist() == [0.5] * 6
    assert both.why.strings()[[QUARRY, SOUTH, NORTH]].tolist() == ["works; market", "market", ""]
    assert [part.name for part in both.parts] == ["works", "market"]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="one network only"):
        together("none", [])
    with pytest.raises(ValueError, match="between 0 and 1"):
        close_streets(TOWN, ["Quarry Road"], "x", factor=1.5)
    fine = close_streets(TOWN, ["Quarry Road"], "x")
    with pytest.raises(ValueError, match="differ in length"):
        Closures(name="x", closed=fine.closed[:2], factor=fine.factor, why=fine.why)
    with pytest.raises(ValueError, match="a factor"):
        Closures(name="x", closed=fine.closed, factor=fine.factor * 0, why=fine.why)


def test_a_closed_street_is_gone_round() -> None:
    places, stances = scattered(driven(), 20, 3)
    shut = drive(ready(), TRUCK, closures=close_streets(TOWN, ["101:2-3"], "works"))
    found = matrix(shut, places, stances, stances)
    there = places.segment == SOUTH + 1
    assert (found.duration_ms[there][:, ~there] == UNREACHABLE).all()
    assert (found.duration_ms[np.ix_(~there, ~there)] < UNREACHABLE).any()


closure_sets = st.builds(
    lambda slow, shut: together(
        "both",
        [closing("slow", slow, slow[::2] | slow[1::2], factor=0.5), closing("shut", shut, shut[::2] | shut[1::2])],
    ),
    *[
        st.lists(st.booleans(), min_size=2 * TOWN.segments, max_size=2 * TOWN.segments).map(
            lambda flags: np.array(flags) & (np.random.default_rng(len(flags)).random(len(flags)) < 0.3)
        )
        for _ in range(2)
    ],
)


@settings(max_examples=25, deadline=None)
@given(closure_sets)
def test_closures_never_make_a_way_quicker(closures: Closures) -> None:
    who = driven(replace(TRUCK, id="turns-anywhere", u_turns="anywhere"))
    places, stances = scattered(who, 25, 8)
    before, after = (matrix(one, places, stances, stances) for one in (who, closed(who, closures)))
    assert (after.duration_ms >= before.duration_ms).all()


@settings(max_examples=25, deadline=None)
@given(closure_sets)
def test_a_closure_opens_nothing_but_turning_round_before_it(closures: Closures) -> None:
    places, stances = scattered(driven(), 25, 8)
    shut = closed(driven(), closures)
    opened = (shut.weights.turn_ms >= 0) & (driven().weights.turn_ms < 0)
    assert not (opened & ~ready().graph.u_turn).any()
    before, after = (matrix(one, places, stances, stances) for one in (driven(), shut))
    assert opened.any() or (after.duration_ms >= before.duration_ms).all()


@settings(max_examples=15, deadline=None)
@given(closure_sets)
def test_putting_closures_on_and_off_is_driving_anew(closures: Closures) -> None:
    places, stances = scattered(driven(), 25, 8)
    anew, on = drive(ready(), TRUCK, closures=closures), closed(driven(), closures)
    off = closed(on, None)
    for one, other in ((anew, on), (driven(), off)):
        a, b = (matrix(who, places, stances, stances) for who in (one, other))
        assert (a.duration_ms == b.duration_ms).all()
        assert (a.distance_dm == b.distance_dm).all()
