import pytest

from network.closures import close_streets, together
from network.cutoff import CutOff, unreachable
from network.drive import closed, drive, prepare
from tests.network.drawing import draw
from tests.network.towns import TOWN, TRUCK, driven, standing

#  a = b = c - d    a ring on the left, a dead end c-d beyond the bridge b-c
RING = draw(
    {"a": (0, 0), "e": (0, 100), "f": (100, 100), "b": (100, 0), "c": (200, 0), "d": (300, 0)},
    [
        ("a", "e"), ("e", "f"), ("f", "b"), ("a", "b", {"name": "Ring"}), ("a", "f"),
        ("b", "c", {"name": "Bridge"}), ("c", "d", {"name": "Far Lane"}),
    ],
)  # fmt: skip
WORKS = close_streets(RING, ["Bridge"], "works")
PLACES = standing(RING, [0, 5, 6, -1], [50, 50, 50, 0])
IDS = ["home", "bridge", "far", "nowhere"]


def test_nobody_new_is_cut_off_where_nothing_is_closed() -> None:
    open_ = drive(prepare(RING), TRUCK)
    assert unreachable(open_, PLACES, IDS) == (CutOff(id="nowhere", by=(), closed_here=""),)
    assert unreachable(driven(), standing(TOWN, [0], [5]), ["fine"]) == ()


def test_who_is_cut_off_is_named_with_the_set_that_does_it() -> None:
    shut = drive(prepare(RING), TRUCK, closures=WORKS)
    assert unreachable(shut, PLACES, IDS) == (
        CutOff(id="bridge", by=("works",), closed_here="works"),
        CutOff(id="far", by=("works",), closed_here=""),
        CutOff(id="nowhere", by=(), closed_here=""),
    )


def test_of_several_sets_those_that_cut_off_alone_are_named() -> None:
    market = close_streets(RING, ["Far Lane"], "market")
    both = together("today", [WORKS, market])
    found = unreachable(closed(drive(prepare(RING), TRUCK), both), PLACES, IDS)
    assert [(c.id, c.by, c.closed_here) for c in found] == [
        ("bridge", ("works",), "works"),
        ("far", ("works", "market"), "market"),
        ("nowhere", (), ""),
    ]


def test_sets_that_cut_off_only_together_are_named_together() -> None:
    twice = draw(
        {"a": (0, 0), "e": (0, 100), "f": (100, 100), "b": (100, 0), "c": (200, 0), "d": (300, 0)},
        [
            ("a", "e"), ("e", "f"), ("f", "b"), ("a", "b"), ("a", "f"),
            ("b", "c", {"name": "Old Bridge"}), ("f", "c", {"name": "New Bridge"}), ("c", "d"),
        ],
    )  # fmt: skip
    sets = [close_streets(twice, [name], name) for name in ("Old Bridge", "New Bridge")]
    shut = drive(prepare(twice), TRUCK, closures=together("both bridges", sets))
    (found,) = unreachable(shut, standing(twice, [7], [50]), ["far"])
    assert found == CutOff(id="far", by=("both bridges",), closed_here="")


def test_ids_and_places_must_match() -> None:
    with pytest.raises(ValueError, match="2 ids for 1 places"):
        unreachable(driven(), standing(TOWN, [0], [5]), ["a", "b"])
