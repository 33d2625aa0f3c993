from itertools import pairwise

import numpy as np
import pytest

from network.geometry import METRES_PER_DEGREE, steps_m
from network.lines import along_lines, points_at, shape_metres
from tests.network.drawing import draw, grid

BENT = draw({"a": (0, 0), "b": (100, 100)}, [("a", "b")], {0: [(100, 0)]})


def metres(points: np.ndarray) -> list[list[float]]:
    return (points * METRES_PER_DEGREE).round(3).tolist()


def test_positions_follow_the_bend() -> None:
    at = points_at(BENT, np.zeros(4, int), np.array([0, 50, 150, 200.0]))
    assert metres(at) == [[0, 0], [50, 0], [100, 50], [100, 100]]


def test_a_piece_has_its_ends_and_the_bends_between_in_the_direction_driven() -> None:
    points, start = along_lines(BENT, np.zeros(3, int), np.array([50, 150, 10.0]), np.array([150, 50, 20.0]))
    assert start.tolist() == [0, 3, 6, 8]
    forth = [[50, 0], [100, 0], [100, 50]]
    assert metres(points) == forth + forth[::-1] + [[10, 0], [20, 0]]


def test_lengths_along_pieces_are_the_metres_asked_for() -> None:
    network = grid(4, 4, seed=7)
    random = np.random.default_rng(7)
    segment = random.integers(0, network.segments, 200)
    ends = random.uniform(0, 1, (2, 200)) * network.length_m[segment]
    points, start = along_lines(network, segment, *ends)
    drawn = [steps_m(*points[a:b].T).sum() for a, b in pairwise(start)]
    assert drawn == pytest.approx(np.abs(ends[1] - ends[0]), abs=1e-4)


def test_shape_metres_end_at_the_length_stated() -> None:
    network = draw({"a": (0, 0), "b": (100, 0)}, [("a", "b", {"length": "130"})], {0: [(40, 0)]})
    assert shape_metres(network) == pytest.approx([0, 52, 130])
