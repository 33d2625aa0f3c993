"""Ways on paper, and what a driver is told on them."""

from dataclasses import replace

import numpy as np
import pytest

from network.instructions import Step, steps
from tests.network.driving import Town

MANGO, ACACIA = {"name": "Mango Road"}, {"name": "Acacia Lane"}
#      n
#      |
#  w - x - e     Mango Road from west to east, Acacia Lane from south to north
#      |
#      s
CROSS = Town(
    {"w": (-100, 0), "x": (0, 0), "e": (100, 0), "n": (0, 100), "s": (0, -100)},
    [("w", "x", MANGO), ("x", "e", MANGO), ("s", "x", ACACIA), ("x", "n", ACACIA)],
)


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("wxe", []),
        ("wxn", ["turn|left|Acacia Lane"]),
        ("wxs", ["turn|right|Acacia Lane"]),
        ("sxe", ["turn|right|Mango Road"]),
        ("wxw", ["continue|uturn|Mango Road"]),
    ],
)
def test_at_crossroads_only_turns_are_told(way: str, told: list[str]) -> None:
    assert CROSS.told(way) == told


def test_steps_carry_where_and_how_far() -> None:
    depart, turn, arrive = CROSS.steps("wxn")
    assert (depart.kind, turn.kind, arrive.kind) == ("depart", "turn", "arrive")
    assert (depart.bearing_before, depart.bearing_after) == (0, 90)
    assert (turn.bearing_before, turn.bearing_after) == (90, 0)
    assert (arrive.bearing_before, arrive.bearing_after, arrive.modifier) == (0, 0, "right")
    assert (turn.lon, turn.lat) == (CROSS.network.junction_lon[1], CROSS.network.junction_lat[1])
    assert [(s.first_point, s.last_point) for s in (depart, turn, arrive)] == [(0, 1), (1, 2), (2, 2)]
    assert depart.distance_m == turn.distance_m == 100
    assert depart.duration_s == 7.0 + 1.0, "the turn belongs to the step that leads to it"
    assert turn.duration_s == 7.0
    assert arrive.distance_m == arrive.duration_s == 0


def test_intersections_list_the_streets_and_which_may_be_entered() -> None:
    depart, turn, arrive = CROSS.steps("wxn")
    (start,), (crossing,), (end,) = (s.intersections for s in (depart, turn, arrive))
    assert (start.bearings, start.entry, start.arm_in, start.arm_out) == ((90,), (True,), None, 0)
    assert crossing.bearings == (0, 90, 180, 270)
    assert crossing.entry == (True, True, True, True)
    assert (crossing.arm_in, crossing.arm_out) == (3, 0)
    assert (end.bearings, end.entry, end.arm_in, end.arm_out) == ((180,), (True,), 0, None)
    (passed,) = [s.intersections for s in CROSS.steps("wxe")[:1]]
    assert len(passed) == 2, "the crossroads is passed in the first step"


def test_a_one_way_street_against_us_is_seen_but_not_open() -> None:
    town = Town(
        {"w": (-100, 0), "x": (0, 0), "e": (100, 0), "n": (0, 100)},
        [("w", "x"), ("x", "e"), ("n", "x", {"oneway": "yes"})],
    )
    passed = town.steps("wxe")[0].intersections[1]
    assert passed.bearings == (0, 90, 270)
    assert passed.entry == (False, True, True)


def test_a_bend_without_another_street_is_not_told_but_its_new_name_is() -> None:
    bent = Town({"a": (0, 0), "b": (100, 0), "c": (100, 100)}, [("a", "b", MANGO), ("b", "c", MANGO)])
    assert bent.told("abc") == []
    renamed = Town({"a": (0, 0), "b": (100, 0), "c": (100, 100)}, [("a", "b", MANGO), ("b", "c", ACACIA)])
    assert renamed.told("abc") == ["new name|left|Acacia Lane"]
    unnamed = Town({"a": (0, 0), "b": (100, 0), "c": (200, 0)}, [("a", "b", MANGO), ("b", "c")])
    assert unnamed.told("abc") == [], "a street that loses its name is no news"


def test_a_name_that_comes_back_after_a_nameless_piece_is_no_news() -> None:
    town = Town(
        {"a": (0, 0), "b": (100, 0), "c": (120, 0), "d": (200, 0)}, [("a", "b", MANGO), ("b", "c"), ("c", "d", MANGO)]
    )
    assert town.told("abcd") == []


def test_a_street_that_turns_off_under_its_name_is_continued() -> None:
    town = Town(
        {"a": (0, 0), "b": (100, 0), "c": (100, 100), "d": (200, 0)},
        [("a", "b", MANGO), ("b", "c", MANGO), ("b", "d", ACACIA)],
    )
    assert town.told("abc") == ["continue|left|Mango Road"]
    assert town.told("abd") == ["new name|straight|Acacia Lane"]


@pytest.mark.parametrize(("y", "told"), [(100, "left"), (-100, "right")])
def test_the_end_of_a_road_is_a_t(y: int, told: str) -> None:
    town = Town(
        {"a": (0, 0), "b": (100, 0), "c": (100, 100), "d": (100, -100)},
        [("a", "b", MANGO), ("c", "b", ACACIA), ("b", "d", ACACIA)],
    )
    way = "abc" if y > 0 else "abd"
    assert town.told(way) == [f"end of road|{told}|Acacia Lane"]
    assert town.told("cba") == ["turn|right|Mango Road"], "off the street across it is a plain turn"


def test_a_fork_says_which_branch() -> None:
    town = Town(
        {"a": (0, 0), "b": (100, 0), "c": (200, 45), "d": (200, -45)},
        [("a", "b", MANGO), ("b", "c", ACACIA), ("b", "d", MANGO)],
    )
    assert town.told("abc") == ["fork|slight left|Acacia Lane"]
    assert town.told("abd") == ["fork|slight right|Mango Road"]


def test_a_lane_beside_the_street_is_no_fork() -> None:
    town = Town(
        {"a": (0, 0), "b": (100, 0), "c": (200, 20), "d": (200, -20)},
        [("a", "b", MANGO), ("b", "c", MANGO), ("b", "d", {"highway": "service"})],
    )
    assert town.told("abc") == []
    assert town.told("abd") == ["fork|slight right|"]


def test_ramps_are_taken_left_and_merged_from() -> None:
    motorway, ramp = {"highway": "motorway", "oneway": "yes"}, {"highway": "motorway_link", "oneway": "yes"}
    junctions = {
        "a": (0, 0), "b": (300, 0), "c": (900, 0), "d": (1200, 0),
        "s": (-100, -60), "r": (100, -60), "t": (200, -60), "v": (700, -60), "z": (900, -60),
    }  # fmt: skip
    town = Town(
        junctions,
        [
            ("a", "b", motorway), ("b", "c", motorway), ("c", "d", motorway),
            ("s", "r", MANGO), ("r", "t", MANGO), ("r", "b", ramp),
            ("b", "v", ramp), ("v", "z", MANGO), ("v", "t", ACACIA),
        ],
    )  # fmt: skip
    assert town.told("srbc") == ["on ramp|slight left|", "merge|slight left|"]
    assert town.told("abv") == ["off ramp|slight right|"]
    assert town.told("abcd") == []


def roundabout(*, left_hand: bool = False, size: float = 10.0, **tags: str) -> Town:
    """A roundabout with four streets; driven anticlockwise in right-hand traffic."""
    ring = {"junction": "roundabout", "oneway": "yes", **tags}
    around = [("E", "N"), ("N", "W"), ("W", "S"), ("S", "E")]
    if left_hand:
        around = [(b, a) for a, b in around]
    return Town(
        {
            "E": (size, 0), "N": (0, size), "W": (-size, 0), "S": (0, -size),
            "e": (100, 0), "n": (0, 100), "w": (-100, 0), "s": (0, -100),
        },
        [
            *[(a, b, ring) for a, b in around],
            ("E", "e", MANGO), ("w", "W", MANGO), ("N", "n", ACACIA), ("S", "s", ACACIA),
        ],
        left_hand=left_hand,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("way", "exit_", "name"),
    [
        ("sSEe", 1, "Mango Road"),
        ("sSENn", 2, "Acacia Lane"),
        ("sSENWw", 3, "Mango Road"),
        ("sSENWSs", 4, "Acacia Lane"),
    ],
)
def test_exits_of_a_roundabout_are_counted(way: str, exit_: int, name: str) -> None:
    enter, leave = roundabout().told(way)
    assert (enter.split("|")[0], *enter.split("|")[2:]) == ("roundabout", name, str(exit_))
    assert (leave.split("|")[0], *leave.split("|")[2:]) == ("exit roundabout", name, str(exit_))


def test_in_left_hand_traffic_it_goes_round_the_other_way() -> None:
    town = roundabout(left_hand=True)
    assert [s.exit for s in town.steps("sSWw")[1:-1]] == [1, 1]
    assert all(s.left_hand for s in town.steps("sSWw"))


def test_a_large_roundabout_with_a_name_is_a_rotary() -> None:
    kinds = [s.kind for s in roundabout(size=40, name="Uhuru Circle").steps("sSENn")[1:-1]]
    assert kinds == ["rotary", "exit rotary"]
    assert [s.kind for s in roundabout(size=40).steps("sSENn")[1:-1]] == ["roundabout", "exit roundabout"]
    assert [s.kind for s in roundabout(name="Uhuru Circle").steps("sSENn")[1:-1]] == ["roundabout", "exit roundabout"]


def test_a_way_may_start_or_end_on_a_roundabout() -> None:
    assert [(s.kind, s.exit) for s in roundabout().steps("sSEN")[1:-1]] == [("roundabout", None)]
    assert [(s.kind, s.exit) for s in roundabout().steps("ENn")[1:-1]] == [("exit roundabout", 1)]


def test_two_exits_at_one_junction_are_told_apart_from_the_near_side() -> None:
    ring = {"junction": "roundabout", "oneway": "yes"}
    town = Town(
        {"S": (0, -10), "N": (0, 10), "s": (0, -100), "a": (90, 40), "b": (90, 90)},
        [("S", "N", {**ring}), ("N", "S", {**ring}), ("s", "S"), ("N", "a"), ("N", "b")],
    )
    assert [s.exit for s in town.steps("sSNa")[1:-1]] == [1, 1]
    assert [s.exit for s in town.steps("sSNb")[1:-1]] == [2, 2]


def test_steps_add_up_to_their_way() -> None:
    town = roundabout()
    for way in ("sSENWw", "wWSEe", "nNWSEe"):
        driven = town.driven(way)
        told: tuple[Step, ...] = town.steps(way)
        assert sum(round(s.distance_m * 10) for s in told) == driven.dm.sum()
        assert sum(round(s.duration_s * 1000) for s in told) == driven.ms.sum() + driven.turn_ms.sum()
        points = [s.first_point for s in told] + [told[-1].last_point]
        assert points == sorted(points)
        assert [s.last_point for s in told[:-1]] == [s.first_point for s in told[1:]]


def test_a_rotary_is_named_on_the_way_in_and_out() -> None:
    town = roundabout(size=40, name="Uhuru Circle")
    assert [(s.name, s.roundabout) for s in town.steps("sSENn")] == [
        ("Acacia Lane", ""), ("Acacia Lane", "Uhuru Circle"), ("Acacia Lane", "Uhuru Circle"), ("Acacia Lane", ""),
    ]  # fmt: skip


def test_a_street_of_which_nothing_is_driven_is_not_told() -> None:
    driven = CROSS.driven("wxn")
    whole = CROSS.steps("wxn")
    at_end = replace(driven, ms=driven.ms * [1, 0], dm=driven.dm * [1, 0])
    depart, arrive = steps(CROSS.cross, at_end)
    assert (depart.name, depart.distance_m, depart.duration_s) == ("Mango Road", 100, whole[0].duration_s)
    assert (arrive.name, arrive.modifier, arrive.bearing_before) == ("Mango Road", "straight", 90)
    assert (depart.first_point, depart.last_point, arrive.first_point) == (0, 2, 2)
    at_start = replace(driven, ms=driven.ms * [0, 1], dm=driven.dm * [0, 1])
    depart, arrive = steps(CROSS.cross, at_start)
    assert (depart.name, depart.distance_m, depart.duration_s) == ("Acacia Lane", 100, 1.0 + whole[1].duration_s)
    assert (depart.bearing_after, depart.last_point, arrive.modifier) == (0, 2, "right")


def test_a_road_number_is_told() -> None:
    town = Town({"a": (0, 0), "b": (100, 0)}, [("a", "b", {"ref": "A104"})])
    assert [s.ref for s in town.steps("ab")] == ["A104", "A104"]


def test_a_way_within_one_street_departs_and_arrives() -> None:
    assert [s.kind for s in CROSS.steps("wx")] == ["depart", "arrive"]
    assert np.isclose(CROSS.steps("wx")[0].distance_m, 100)
