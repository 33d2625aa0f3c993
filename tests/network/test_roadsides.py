"""Running along a part of a street: which way, how long, where one turns round; and standing at its ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from network.drive import Drive, drive, prepare
from network.matrix import matrix
from network.parts import Pieces, cut, pieces
from network.profiles import PROFILES
from network.roadsides import BEYOND, Ways, ends, names, reversed_, runs, standing, turning
from network.stances import AHEAD, BACK
from network.streets import StreetNetwork
from network.stretches import stretches
from tests.network.drawing import Street, draw

# g---h   a block to drive round, a dead end e-f, a one-way street a-b, a wide one c-d
PLACES = {
    "a": (0, 0),
    "b": (200, 0),
    "c": (400, 0),
    "d": (400, 200),
    "e": (0, 200),
    "f": (-150, 200),
}
STREETS: list[Street] = [
    ("a", "b", {"oneway": "yes"}),
    ("b", "c"),
    ("c", "d", {"highway": "primary"}),
    ("d", "e"),
    ("e", "a"),
    ("e", "f"),
]
TRUCK = PROFILES["refuse-truck"]


def town(*, left_hand: bool = False) -> tuple[StreetNetwork, Drive]:
    network = replace(draw(PLACES, STREETS), left_hand=left_hand)
    return network, drive(prepare(network), TRUCK)


def whole(network: StreetNetwork) -> Pieces:
    """Each segment a part of its own, in the direction mapped."""
    count = network.segments
    return Pieces(
        start=np.arange(count + 1),
        directed=2 * np.arange(count),
        from_m=np.zeros(count),
        to_m=network.length_m.copy(),
    )


def test_a_one_way_street_is_run_along_one_way_and_a_dead_end_is_turned_round_in() -> None:
    network, truck = town()
    run = runs(truck, whole(network))
    both = [True, True]
    assert run.open_.tolist() == [[True, False], both, both, both, [True, False], both]  # nobody gets to a to go to e
    assert run.one_way.tolist() == [[True, False], *[[False, False]] * 5]
    assert run.crossing.tolist() == [True, True, False, True, True, True]
    assert run.round_ms[5].tolist() == [int(TRUCK.u_turn_s * 1000), -1]
    assert run.ms[0].tolist() == [int(3600 * network.length_m[0] / TRUCK.speed_kmh["residential"] + 0.5), 0]


def test_two_pieces_take_what_each_takes_and_the_turn_between() -> None:
    network, truck = town()
    both = Pieces(
        start=np.array([0, 2]),
        directed=np.array([2, 4]),
        from_m=np.zeros(2),
        to_m=network.length_m[[1, 2]],
    )
    run, alone = runs(truck, both), runs(truck, whole(network))
    turn = turning(truck, np.array([2, 4]), np.array([4, 8]))
    assert (turn >= 0).tolist() == [True, False]
    assert run.ms[0, 0] == alone.ms[1, 0] + alone.ms[2, 0] + turn[0]
    assert not run.crossing[0]


def test_a_part_that_is_closed_on_the_way_cannot_be_run_along() -> None:
    shut: list[Street] = [*STREETS[:1], ("b", "c", {"access": "no"}), *STREETS[2:]]
    network = draw(PLACES, shut)
    truck = drive(prepare(network), TRUCK)
    assert not runs(truck, whole(network)).open_[1].any()


def test_back_is_the_same_pieces_the_other_way_round() -> None:
    found = Pieces(
        start=np.array([0, 2, 3]),
        directed=np.array([2, 5, 6]),
        from_m=np.array([10.0, 80.0, 0.0]),
        to_m=np.array([50.0, 20.0, 30.0]),
    )
    back = reversed_(found)
    assert back.directed.tolist() == [4, 3, 7]
    assert back.from_m.tolist() == [20.0, 50.0, 30.0]
    assert back.to_m.tolist() == [80.0, 10.0, 0.0]
    again = reversed_(back)
    assert again.directed.tolist() == found.directed.tolist()


def test_a_reversal_costs_a_turn_and_going_on_costs_nothing() -> None:
    """Served ahead from e to f: the way back begins with turning round; the next street begins where this one ends."""
    network, truck = town()
    every = whole(network)
    ways = Ways(part=np.array([5, 5, 1, 2]), back=np.array([False, True, False, False]), far=np.zeros(4, bool))
    ids = names(ways, [f"s{k}" for k in range(6)])
    assert ids == (f"s5{AHEAD}", f"s5{BACK}", f"s1{AHEAD}", f"s2{AHEAD}")
    rows, columns = standing(every, ways, ids, np.ones(4, bool), 0)
    table = matrix(truck, ends(network, every), rows, columns)
    assert table.duration_ms[0, 1] == int(TRUCK.u_turn_s * 1000)
    assert table.distance_dm[0, 1] == 0
    assert table.duration_ms[2, 3] == turning(truck, np.array([2]), np.array([4]))[0]
    assert table.distance_dm[1, 0] > 0


def test_a_way_that_a_drive_may_not_go_leads_nowhere() -> None:
    network, truck = town()
    every = whole(network)
    ways = Ways(part=np.array([1, 1]), back=np.array([False, False]), far=np.array([False, True]))
    ids = names(ways, [f"s{k}" for k in range(6)])
    assert ids[1] == f"s1{AHEAD}{BEYOND}"
    rows, columns = standing(every, ways, ids, np.array([True, False]), 0)
    table = matrix(truck, ends(network, every), rows, columns)
    assert (table.duration_ms[1] == 2**31 - 1).all()
    assert table.duration_ms[0, 0] < 2**31 - 1


def test_parts_cut_in_the_middle_of_a_street_are_run_one_after_the_other_without_a_gap() -> None:
    network, truck = town()
    every = np.ones(network.segments, bool)
    known = stretches(network, every, np.ones(2 * network.segments, bool), streets=every, short_m=0.0)
    parts = cut(known, 60.0)
    found = pieces(known, parts)
    ways = Ways(part=np.arange(len(parts)), back=np.zeros(len(parts), bool), far=np.zeros(len(parts), bool))
    run = runs(truck, found)
    rows, columns = standing(found, ways, names(ways, [str(k) for k in range(len(parts))]), run.open_[:, 0], 0)
    table = matrix(truck, ends(network, found), rows, columns)
    same = parts.stretch[1:] == parts.stretch[:-1]
    onward = np.flatnonzero(same & run.open_[1:, 0])
    turns = found.directed[found.start[1:-1][onward] - 1] != found.directed[found.start[1:-1][onward]]
    plain = onward[~turns]
    assert len(plain) > 3
    assert (table.distance_dm[plain, plain + 1] == 0).all()
    assert table.duration_ms[plain, plain + 1] == pytest.approx(0, abs=1)


def test_nothing_to_run_along() -> None:
    network, truck = town()
    none = Pieces(start=np.zeros(1, np.int64), directed=np.zeros(0, np.int64), from_m=np.zeros(0), to_m=np.zeros(0))
    assert runs(truck, none).open_.shape == (0, 2)
    assert len(ends(network, none)) == 0
