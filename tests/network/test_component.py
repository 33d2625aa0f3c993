import numpy as np

from network.component import behind, component, enclosed
from network.profiles import PROFILES
from network.tags import usable
from tests.network.drawing import draw

TRUCK, FOOT = PROFILES["refuse-truck"], PROFILES["foot"]
CORNERS = {"a": (0, 0), "b": (100, 0), "c": (100, 100), "d": (0, 100), "e": (200, 0), "x": (900, 0), "y": (990, 0)}
RING = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")]


def inside(streets, profile=TRUCK):
    network = draw(CORNERS, streets)
    return component(network, usable(network, profile)).tolist()


def test_a_one_way_dead_end_and_an_island_are_outside() -> None:
    assert inside([*RING, ("b", "e", {"oneway": "yes"}), ("x", "y")]) == [True] * 4 + [False, False]


def test_on_foot_the_same_dead_end_is_inside() -> None:
    assert inside([*RING, ("b", "e", {"oneway": "yes"}), ("x", "y")], FOOT) == [True] * 5 + [False]


def test_the_largest_part_is_the_one_with_most_metres_not_most_junctions() -> None:
    far = {"x": (2000, 0), "y": (9000, 0)}
    network = draw(CORNERS | far, [*RING, ("x", "y")])
    assert component(network, usable(network, TRUCK)).tolist() == [False] * 4 + [True]


def test_a_one_way_ring_holds_together() -> None:
    assert inside([(*ends, {"oneway": "yes"}) for ends in RING]) == [True] * 4


def test_a_street_that_only_leads_out_of_the_ring_and_never_back_is_not_passed() -> None:
    streets = [*RING, ("c", "e", {"oneway": "yes"}), ("e", "b", {"oneway": "yes"})]
    assert inside(streets) == [True] * 6
    assert inside([*RING, ("c", "e", {"oneway": "yes"}), ("b", "e", {"oneway": "yes"})]) == [True] * 4 + [False] * 2


def test_nothing_usable_is_no_part() -> None:
    assert inside([("a", "b", {"highway": "steps"})]) == [False]
    assert inside([("a", "b", {"oneway": "yes"})]) == [False]


def test_arrays_are_plain_booleans() -> None:
    network = draw(CORNERS, RING)
    assert component(network, usable(network, TRUCK)).dtype == np.bool_


YARD = [
    *RING,
    ("b", "e", {"access": "private"}),
    ("e", "x", {"length": "50"}),
    ("x", "y", {"oneway": "yes"}),
    ("d", "z", {"oneway": "yes"}),
]


def pockets(streets, profile=TRUCK):
    network = draw(CORNERS | {"z": (-100, 100)}, streets)
    return enclosed(network, usable(network, profile)).tolist()


def test_public_streets_behind_a_private_one_are_come_to_through_it() -> None:
    assert pockets(YARD) == [False] * 5 + [True, True, False]


def test_they_are_passed_where_another_public_street_leads_there_and_back() -> None:
    assert not any(pockets([*YARD, ("x", "c"), ("y", "c", {"oneway": "yes"})]))
    assert pockets([*YARD, ("x", "c", {"oneway": "yes"})])[5:7] == [True, True], "only out"


def test_without_private_streets_nothing_is_enclosed() -> None:
    assert not any(pockets([*RING, ("x", "y"), ("d", "z", {"oneway": "yes"})]))


def test_without_public_streets_nothing_is_enclosed() -> None:
    assert not any(pockets([("a", "b", {"access": "private"}), ("b", "c", {"oneway": "yes"})]))


def test_the_heavy_are_not_let_through_where_the_light_have_another_way() -> None:
    bridge = ("x", "c", {"length": "50", "maxweight": "3"})
    network = draw(CORNERS | {"z": (-100, 100)}, [*YARD, bridge, ("y", "c", {"oneway": "yes"})])
    assert enclosed(network, usable(network, TRUCK))[5]
    assert not behind(network, TRUCK).any()
    assert behind(draw(CORNERS | {"z": (-100, 100)}, YARD), TRUCK).tolist() == [False] * 5 + [True, True, False]
