"""Sides of streets on paper: which are joined, cut, served in one go, what they are called; nothing is lost."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from network.streets import StreetNetwork
from scenarios.kerbside.build import build
from scenarios.kerbside.doors import IN_ONE_PASS, Doors
from scenarios.kerbside.fleet import reach
from scenarios.kerbside.ref import KerbsideRef
from scenarios.model.kerbside import Side
from tests.network.drawing import draw, grid
from tests.scenarios.kerbside.drawn import (
    CUL,
    HERE,
    NORTH,
    WIDE,
    by_name,
    doors,
    everywhere,
    made,
    town,
    vehicle,
)

CHOOSE = KerbsideRef()


def test_each_street_has_the_sides_that_its_rules_give() -> None:
    """The one-way street is narrow: both sides at once; the dead end is served in and out; the others side by side."""
    found = by_name(made(town(), everywhere()))
    assert sorted(found) == [
        "Cul-de-sac both",
        "Gate Street both",
        "North Street left",
        "North Street right",
        "West Street left",
        "West Street right",
        "Wide Street left",
        "Wide Street right",
    ]
    assert found["Cul-de-sac both"].blind == "last"
    assert {street.blind for name, street in found.items() if name != "Cul-de-sac both"} == {""}


@pytest.mark.parametrize(
    ("rule", "both"),
    [
        ("never", {"Cul-de-sac"}),
        ("choose", {"Cul-de-sac", "Gate Street"}),
        ("always", {"Cul-de-sac", "Gate Street", "West Street"}),
    ],
)
def test_how_both_sides_at_once_are_chosen(rule: str, both: set[str]) -> None:
    streets = made(town(), everywhere(), replace(CHOOSE, at_once=rule))  # type: ignore[arg-type]
    assert {street.name for street in streets if street.side is Side.BOTH} == both


def test_ids_say_way_nodes_side_and_part() -> None:
    network = town()
    street = by_name(made(network, everywhere()))["North Street left"]
    way, c, d = network.way_id[NORTH], network.junction_id[2], network.junction_id[3]
    assert street.id == f"{way}:{c}-{d}:left:1"
    assert street.stretch == f"{way}:{c}-{d}:1"
    (piece,) = street.pieces
    assert (piece.way, piece.tail, piece.head) == (way, c, d)
    assert (piece.from_m, piece.to_m) == (0.0, pytest.approx(200, abs=0.01))


def test_left_is_left_of_the_direction_of_the_stretch_also_where_a_piece_is_mapped_against_it() -> None:
    places = {"a": (0, 0), "b": (300, 0), "c": (400, 0), "x": (0, 100), "y": (400, 100)}
    name = {"name": "Long Street"}
    network = draw(places, [("a", "b", name), ("c", "b", name), ("a", "x"), ("c", "y"), ("x", "y")])
    north, south = (1, 50.0, 1, 7.0), (1, 60.0, -1, 9.0)  # of the piece mapped from c to b
    streets = made(network, doors((0, 100.0, -1, 5.0), north, south), replace(CHOOSE, longest_m=1000.0))
    sides = {street.side: street.kg_per_day["residual"] for street in streets}
    assert sides == {Side.LEFT: 12.0, Side.RIGHT: 9.0}
    assert [round(piece.length_m) for piece in streets[0].pieces] == [300, 100]
    assert streets[0].pieces[1].from_m > streets[0].pieces[1].to_m


def test_only_sides_with_doors_are_work() -> None:
    assert [street.side for street in made(town(), doors((NORTH, 50.0, 1, 3.0)))] == [Side.RIGHT]
    assert made(town(), doors((NORTH, 50.0, 1, 3.0)).take(np.zeros(0, int))) == ()


def test_a_long_street_is_cut_evenly_and_every_part_has_its_own() -> None:
    where = doors((NORTH, 10.0, 1, 1.0), (NORTH, 90.0, 1, 2.0), (NORTH, 190.0, 1, 4.0))
    streets = made(town(), where, replace(CHOOSE, longest_m=80.0))
    assert [street.id.rsplit(":", 1)[1] for street in streets] == ["1", "2", "3"]
    assert [street.kg_per_day["residual"] for street in streets] == [1.0, 2.0, 4.0]
    assert [street.length_m for street in streets] == pytest.approx([200 / 3] * 3, abs=0.01)


def test_a_heavy_street_is_halved_until_no_part_is_more_than_its_share_of_the_payload() -> None:
    where = doors((NORTH, 10.0, 1, 300.0), (NORTH, 60.0, 1, 300.0), (NORTH, 110.0, -1, 300.0), (NORTH, 160.0, 1, 300.0))
    streets = made(town(), where, replace(CHOOSE, payload_share=0.5), (vehicle(payload_kg=1000.0),))
    assert [street.kg_per_day["residual"] for street in streets] == [300.0] * 4
    lone = made(town(), doors((NORTH, 10.0, 1, 900.0)), CHOOSE, (vehicle(payload_kg=1000.0),))
    assert [street.length_m for street in lone] == pytest.approx([25.0], abs=0.01)  # one house cannot be cut


def test_of_a_long_dead_end_only_the_last_part_is_served_in_and_out() -> None:
    where = doors((CUL, 10.0, 1, 1.0), (CUL, 20.0, -1, 1.0), (CUL, 140.0, 1, 1.0), (CUL, 141.0, -1, 1.0))
    streets = made(town(), where, replace(CHOOSE, longest_m=80.0))
    assert [(street.side, street.blind) for street in streets] == [
        (Side.LEFT, ""),
        (Side.RIGHT, ""),
        (Side.BOTH, "last"),
    ]


def test_a_list_may_want_both_sides_at_once_but_not_on_a_street_that_no_crew_may_cross() -> None:
    streets = by_name(made(town(), doors((NORTH, 50.0, IN_ONE_PASS, 8.0), (WIDE, 50.0, IN_ONE_PASS, 8.0))))
    assert {name: street.kg_per_day["residual"] for name, street in streets.items()} == {
        "North Street both": 8.0,
        "Wide Street left": 4.0,
        "Wide Street right": 4.0,
    }


def test_the_same_way_twice_between_the_same_nodes_has_two_numbers() -> None:
    network = draw(
        {"a": (0, 0), "b": (200, 0)}, [("a", "b"), ("a", "b"), ("b", "a")], {1: [(100, 80)], 2: [(100, -80)]}
    )
    twin = replace(network, way_id=np.array([7, 7, 7]))
    ids = [street.id for street in made(twin, doors((0, 50.0, 1, 1.0), (1, 50.0, 1, 1.0), (2, 50.0, 1, 1.0)))]
    assert len(set(ids)) == 3
    assert [id_.rsplit(":", 1)[1] for id_ in sorted(ids)][:2] == ["1", "2"]


def random_doors(network: StreetNetwork, count: int, seed: int) -> Doors:
    random = np.random.default_rng(seed)
    segment = random.integers(0, network.segments, count)
    share, side, kg = random.random(count), random.choice([-1, 1], count), random.random(count) * 50
    return doors(
        *zip(segment.tolist(), (share * network.length_m[segment]).tolist(), side.tolist(), kg.tolist(), strict=True)
    )


@pytest.mark.parametrize("seed", range(4))
def test_no_kilogram_nobody_and_no_metre_is_lost(seed: int) -> None:
    network = grid(8, 8, seed=seed)
    where = random_doors(network, 400, seed)
    ref = replace(CHOOSE, longest_m=90.0, shortest_m=70.0, payload_share=0.1)
    streets = made(network, where, ref, (vehicle(payload_kg=800.0),))
    assert len({street.id for street in streets}) == len(streets)
    for name, total in (("people", where.people), ("households", where.households), ("doors", where.doors)):
        assert math.fsum(getattr(street, name) for street in streets) == pytest.approx(total.sum(), rel=1e-12)
    assert math.fsum(s.total_kg_per_day for s in streets) == pytest.approx(where.kg_per_day.sum(), rel=1e-12)
    covered = {street.stretch: street.length_m for street in streets}
    assert max(covered.values()) <= 90.0 + 1e-6
    assert sum(covered.values()) <= network.length_m[np.unique(where.segment)].sum() + 1e-6
    dense = np.repeat(np.arange(network.segments), 40)
    along = np.tile((np.arange(40) + 0.5) / 40, network.segments) * network.length_m[dense]
    whole = doors(*zip(dense.tolist(), along.tolist(), [1] * len(dense), [1.0] * len(dense), strict=True))
    metres = {street.stretch: street.length_m for street in made(network, whole, ref)}
    assert math.fsum(metres.values()) == pytest.approx(network.length_m.sum(), abs=1e-6)


def test_several_streams_are_several_streets_of_one_stretch() -> None:
    network = town()
    where = replace(doors((NORTH, 50.0, 1, 3.0), (NORTH, 60.0, 1, 4.0)), stream=np.array([0, 1]))
    fleet = reach(network, (vehicle(),), {"residual"})
    streets = build(
        network, where, fleet, CHOOSE, streams=["residual", "organic"], gap_days=1.0, origins=[], estimate=HERE
    )
    assert [street.kg_per_day for street in streets] == [{"residual": 3.0}, {"organic": 4.0}]
    assert streets[1].id == f"{streets[0].id}+organic"
    assert streets[0].stretch == streets[1].stretch
