"""A new extract: ids that stay, ways that are split, streets drawn anew, gone or new."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scenarios.kerbside.rematch import ChangeKind, rematch
from scenarios.model.kerbside import KerbsideStreet
from tests.network.drawing import draw
from tests.scenarios.kerbside.drawn import NORTH, WEST, doors, everywhere, made, town

STREETS = made(town(), everywhere())


def told(old: tuple[KerbsideStreet, ...], new: tuple[KerbsideStreet, ...]) -> list[tuple[str, int, int]]:
    return sorted((str(change.kind), len(change.old), len(change.new)) for change in rematch(old, new))


def test_the_same_streets_have_no_changes_whatever_their_order() -> None:
    assert rematch(STREETS, STREETS[::-1]) == ()


def test_ids_outlive_an_extract_that_is_cut_differently() -> None:
    """Only two streets of the town: their names are the same ones."""
    part = made(town(), doors((NORTH, 75.0, -1, 10.0), (NORTH, 75.0, 1, 10.0), (WEST, 75.0, 1, 10.0)))
    assert {street.id for street in part} <= {street.id for street in STREETS}


def test_other_kilograms_and_metres_are_told() -> None:
    changed = replace(STREETS[0], kg_per_day={"residual": STREETS[0].total_kg_per_day + 7.0})
    (change,) = rematch(STREETS, (changed, *STREETS[1:]))
    assert (change.kind, change.old, change.new) == (ChangeKind.CHANGED, (changed.id,), (changed.id,))
    assert change.kg_per_day == 7.0
    assert change.metres == 0.0


def test_new_and_gone() -> None:
    assert told(STREETS[:-1], STREETS) == [("new", 0, 1)]
    assert told(STREETS, STREETS[1:]) == [("gone", 1, 0)]


def test_a_street_cut_into_more_parts_becomes_them() -> None:
    long = made(town(), doors((NORTH, 10.0, 1, 5.0), (NORTH, 190.0, 1, 7.0)))
    halves = tuple(replace(long[0], id=long[0].id.removesuffix("1") + n, stretch=f"x:{n}") for n in "23")
    first, second = halves
    piece = long[0].pieces[0]
    middle = (piece.from_m + piece.to_m) / 2
    halves = (
        replace(first, pieces=(replace(piece, to_m=middle),), kg_per_day={"residual": 5.0}),
        replace(second, pieces=(replace(piece, from_m=middle),), kg_per_day={"residual": 7.0}),
    )
    (change,) = rematch(long, halves)
    assert change.kind is ChangeKind.BECAME
    assert change.new == tuple(sorted(street.id for street in halves))
    assert (round(change.metres, 6), change.kg_per_day) == (0.0, 0.0)


def test_a_way_split_at_a_new_node_is_found_by_its_number() -> None:
    where = doors((0, 30.0, 1, 5.0), (0, 170.0, 1, 5.0))
    old = made(draw({"a": (0, 0), "b": (200, 0)}, [("a", "b", {"name": "Lane"})]), where)
    split = draw({"a": (0, 0), "m": (100, 0), "b": (200, 0), "n": (100, 90)}, [
        ("a", "m", {"name": "Lane"}), ("m", "b", {"name": "Lane"}), ("m", "n"),
    ])  # fmt: skip
    split = replace(split, way_id=np.array([100, 100, 102]), junction_id=np.array([1, 9, 2, 10]))
    new = made(split, doors((0, 30.0, 1, 5.0), (1, 70.0, 1, 5.0)))
    (change,) = rematch(old, new)
    assert (change.kind, len(change.new)) == (ChangeKind.BECAME, 2)
    assert change.kg_per_day == 0.0


def test_a_street_drawn_anew_is_found_by_its_name_and_place() -> None:
    network = town()
    new = made(replace(network, way_id=network.way_id + 5000, junction_id=network.junction_id + 700), everywhere())
    assert told(STREETS, new) == [("became", 1, 1)] * len(STREETS)
    elsewhere = tuple(replace(street, lon=street.lon + 0.01) for street in new)
    assert {kind for kind, *_ in told(STREETS, elsewhere)} == {"gone", "new"}


def test_the_other_side_is_another_street() -> None:
    left, right = (made(town(), doors((NORTH, 75.0, side, 10.0))) for side in (-1, 1))
    assert told(left, right) == [("gone", 1, 0), ("new", 0, 1)]
