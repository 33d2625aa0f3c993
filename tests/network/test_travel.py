import numpy as np
import pytest

from network.matrix import matrix
from network.travel import travel
from tests.network.towns import SOUTH, TOWN, driven, facing, scattered, standing


@pytest.mark.parametrize("seed", range(2))
def test_lazy_travel_gives_the_numbers_of_the_matrix(seed: int) -> None:
    drive = driven()
    places, stances = scattered(drive, 30, seed)
    dense, lazy = matrix(drive, places, stances, stances), travel(drive, places, stances, stances)
    rows, cols = np.array([3, 3, 29, 0]), np.array([1, 0, 17])
    ms, dm = lazy.block(rows, cols)
    assert (ms == dense.duration_ms[np.ix_(rows, cols)]).all()
    assert (dm == dense.distance_dm[np.ix_(rows, cols)]).all()
    ms, dm = lazy.legs(np.arange(30), np.arange(30)[::-1])
    assert (ms == dense.duration_ms[np.arange(30), np.arange(30)[::-1]]).all()
    assert (dm == dense.distance_dm[np.arange(30), np.arange(30)[::-1]]).all()
    assert (lazy.row("4" + stances.ids[4][-1]), lazy.column(stances.ids[7])) == (4, 7)
    assert (lazy.leaving, lazy.arriving) == (dense.leaving, dense.arriving)


def test_the_nearest_are_the_first_of_the_sorted_row() -> None:
    drive = driven()
    places, stances = scattered(drive, 40, 5)
    dense, lazy = matrix(drive, places, stances, stances), travel(drive, places, stances, stances)
    found = lazy.nearest(np.arange(40), 6)
    order = np.lexsort((dense.distance_dm, dense.duration_ms), axis=1)[:, :6]
    there = np.take_along_axis(dense.duration_ms, order, axis=1) < 2**31 - 1
    assert (found.columns == np.where(there, order, -1)).all()
    assert (found.duration_ms == np.take_along_axis(dense.duration_ms, order, axis=1)).all()
    assert (found.distance_dm == np.take_along_axis(dense.distance_dm, order, axis=1)).all()


def test_there_may_be_fewer_near_ones_than_asked_for() -> None:
    places = standing(TOWN, [SOUTH, SOUTH, -1], [50, 60, 0])
    lazy = travel(driven(), places, facing("ooo"), facing("ooo"))
    found = lazy.nearest(np.array([1, 2]), 9)
    assert found.columns.tolist() == [[1, 0, -1], [-1, -1, -1]]
    assert found.distance_dm[0].tolist() == [0, 100, 2**31 - 1]


def test_unknown_and_double_ids_are_refused() -> None:
    places = standing(TOWN, [SOUTH], [50])
    lazy = travel(driven(), places, facing("o"), facing("o"))
    with pytest.raises(KeyError):
        lazy.row("nowhere")
    with pytest.raises(KeyError):
        lazy.column("nowhere")
    double = facing("oo")
    object.__setattr__(double, "ids", ("a", "a"))
    with pytest.raises(ValueError, match="unique"):
        travel(driven(), standing(TOWN, [0, 0], [1, 2]), double, double)
