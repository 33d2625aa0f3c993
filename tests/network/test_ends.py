"""Times between places on states; on paper here, against plain Dijkstra in test_oracle.py and test_matrix.py."""

import numpy as np
import pytest

from network.ends import arriving_ends, block, come_round, leaving_ends, legs
from tests.network.towns import MS_PER_M, SECOND, SOUTH, THIRD, TOWN, driven, facing, scattered, standing

UNREACHABLE = 2**31 - 1


def metres(segment: list[int], along: list[float], leave: str, arrive: str) -> list[list[float]]:
    """Return the metres between places; the truck takes 0.24 s for each."""
    drive, places = driven(), standing(TOWN, segment, along)
    ms, dm = block(drive, leaving_ends(drive, places, facing(leave)), arriving_ends(drive, places, facing(arrive)))
    known = ms < UNREACHABLE
    assert ((ms == dm * MS_PER_M // 10) | ~known).all()
    return np.where(known, dm / 10, -1).tolist()


def test_ahead_on_the_same_street_is_a_piece_of_it() -> None:
    assert metres([SOUTH, SOUTH], [50, 150], ">>", ">>")[0] == [0, 100]
    assert metres([SOUTH, SOUTH], [50, 150], "<<", "<<")[1] == [100, 0]


def test_behind_on_the_same_street_one_comes_round_the_block() -> None:
    # 50 m to junction 2, then by 6, 10, 9, 5 and 1, and 50 m along South Lane again
    assert metres([SOUTH, SOUTH], [50, 150], ">>", ">>")[1][0] == 50 + 100 + 150 + 200 + 150 + 100 + 50


def test_in_a_yard_one_turns_round() -> None:
    assert metres([SOUTH, SOUTH], [50, 150], "oo", "oo") == [[0, 100], [100, 0]]
    assert metres([SOUTH, SOUTH], [50, 150], "oo", "<>") == [[0, 100], [100, 0]]


def test_facing_the_other_way_is_somewhere_else() -> None:
    # from 50 m ahead to the same spot facing back: to junction 2, round by 6, 7 and 3, and back along South Lane
    assert metres([SOUTH], [50], ">", "<") == [[150 + 100 + 300 + 100 + 300 + 150]]


def test_a_one_way_street_is_not_left_against_it() -> None:
    assert metres([THIRD, SOUTH], [50, 0], "><", "><")[0] == [-1, -1], "Third Avenue is mapped against its one way"
    assert metres([THIRD, SECOND], [50, 50], "<<", "<<")[0][0] == 0


def test_nowhere_to_stand_is_nowhere_to_go() -> None:
    assert metres([SOUTH, -1], [50, 0], ">>", ">>") == [[0, -1], [-1, -1]]
    assert metres([SOUTH, SOUTH], [50, 60], ">.", ">>") == [[0, 10], [-1, -1]]
    assert metres([], [], "", "") == []


def test_coming_round_is_the_best_over_the_turns() -> None:
    drive = driven()
    weight, turn = come_round(drive, np.array([2 * SOUTH, 2 * SOUTH + 1], np.int32))
    ms, dm = drive.split(weight)
    assert dm.tolist() == [9000, 6000]  # round two blocks, since Market Street is one-way, and round one
    assert ms.tolist() == (dm * MS_PER_M // 10).tolist()
    assert (drive.prepared.graph.turn_from[turn] == drive.prepared.graph.leaving[[0, 1]]).all()


@pytest.mark.parametrize("seed", range(3))
def test_legs_one_by_one_are_the_block(seed: int) -> None:
    drive = driven()
    places, stances = scattered(drive, 40, seed)
    rows, cols = leaving_ends(drive, places, stances), arriving_ends(drive, places, stances)
    ms, dm = block(drive, rows, cols)
    i, j = np.divmod(np.arange(40 * 40), 40)
    found = legs(drive, rows.take(i), cols.take(j))
    assert [part.tolist() for part in drive.split(found.total)] == [ms.ravel().tolist(), dm.ravel().tolist()]
    assert found.round.any()


def test_blocks_in_parts_are_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    drive = driven()
    places, stances = scattered(drive, 30, 7)
    rows, cols = leaving_ends(drive, places, stances), arriving_ends(drive, places, stances)
    whole = block(drive, rows, cols)
    monkeypatch.setattr("network.ends.AT_ONCE", 100)
    assert all((a == b).all() for a, b in zip(whole, block(drive, rows, cols), strict=True))


def test_ends_are_taken_with_their_stances() -> None:
    drive = driven()
    ends = leaving_ends(drive, standing(TOWN, [0, 0, -1, 1], [10, 20, 0, 30]), facing("o><<"))
    assert np.diff(ends.start).tolist() == [2, 1, 0, 1]
    taken = ends.take(np.array([3, 0, 0, 2]))
    assert np.diff(taken.start).tolist() == [1, 2, 2, 0]
    assert taken.directed.tolist() == [3, 0, 1, 0, 1]
