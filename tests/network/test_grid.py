import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.grid import CELLS_PER_PIECE, SURVEY, Pieces, grid_of, pieces_of, project
from network.plane import to_plane
from tests.network.drawing import draw, grid

ALL = np.ones(100_000, bool)


def lines(*ends: tuple[float, float, float, float]) -> Pieces:
    """Pieces from x, y to x, y, each a segment of its own."""
    a = np.array(ends, float)
    line = np.column_stack([a[:, :2], a[:, 2:] - a[:, :2]])
    length = np.hypot(line[:, 2], line[:, 3])
    count = np.arange(len(a))
    return Pieces(count, count.astype(np.int32), line, length, np.zeros(len(a)), length)


def random_lines(seed: int, count: int, spread: float) -> Pieces:
    """Pieces of very different length; some level, some upright, some on the borders of cells."""
    random = np.random.default_rng(seed)
    a = random.uniform(0, spread, (count, 2))
    step = random.normal(0, 1, (count, 2)) * spread * 10.0 ** random.uniform(-4, 0, (count, 1))
    step[random.random(count) < 0.2, 0] = 0
    step[random.random(count) < 0.2, 1] = 0
    whole = random.random(count) < 0.3
    a[whole], step[whole] = np.round(a[whole]), np.round(step[whole])
    step[(step == 0).all(axis=1)] = [1, 0]
    return lines(*np.column_stack([a, a + step]))


def test_pieces_are_cut_in_the_order_of_the_segments_without_points_twice() -> None:
    network = draw(
        {"a": (0, 0), "b": (100, 0), "c": (100, 50)}, [("a", "b"), ("b", "c"), ("c", "a")], {0: [(30, 0), (30, 0)]}
    )
    pieces = pieces_of(network, np.array([True, False, True]), 0.0)
    assert pieces.segment.tolist() == [0, 0, 2]
    assert pieces.point.tolist() == [0, 2, 6]
    assert pieces.length == pytest.approx([30, 70, np.hypot(100, 50)])
    assert pieces.before == pytest.approx([0, 30, 0])
    assert pieces.whole == pytest.approx([100, 100, np.hypot(100, 50)])


def test_no_pieces_of_nothing() -> None:
    network = grid(3, 3)
    assert len(pieces_of(network, np.zeros(network.segments, bool), 0.0).line) == 0


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), spread=st.sampled_from([1.0, 300.0, 1e5]), coarse=st.booleans())
def test_every_point_of_a_piece_lies_in_a_cell_that_lists_it(seed: int, spread: float, coarse: bool) -> None:
    pieces = random_lines(seed, 40, spread)
    cells = grid_of(pieces, coarse=coarse)
    west, south, size = cells.frame
    columns, rows = cells.shape
    listed = [set(cells.piece[a:b].tolist()) for a, b in zip(cells.start, cells.start[1:], strict=False)]
    assert len(listed) == columns * rows
    for p, (x, y, dx, dy) in enumerate(pieces.line):
        for share in np.linspace(0, 1, 201):
            column, row = int((x + share * dx - west) // size), int((y + share * dy - south) // size)
            assert p in listed[min(max(row, 0), rows - 1) * columns + min(max(column, 0), columns - 1)]


def test_cells_list_pieces_in_their_order_and_once() -> None:
    cells = grid_of(random_lines(1, 60, 500.0))
    for a, b in zip(cells.start, cells.start[1:], strict=False):
        assert (np.diff(cells.piece[a:b]) > 0).all()


def test_few_streets_far_apart_do_not_make_many_cells() -> None:
    pieces = lines((0, 0, 1, 1), (1e7, 1e7, 1e7 + 1, 1e7), (5e6, 0, 5e6, 2))
    columns, rows = grid_of(pieces).shape
    assert columns * rows <= 2 * (CELLS_PER_PIECE * 3 + SURVEY)
    columns, rows = grid_of(lines((0, 0, 1e7, 0), (0, 0, 5, 0))).shape
    assert columns * rows <= 2 * (CELLS_PER_PIECE * 2 + SURVEY)


def test_cells_suit_where_streets_are_and_not_the_country_between() -> None:
    town = random_lines(3, 4000, 2000.0).line.copy()
    town[:, 2:] = np.clip(town[:, 2:], -40, 40)
    alone = lines(*np.column_stack([town[:, :2], town[:, :2] + town[:, 2:]]))
    twins = np.vstack([town, town + np.array([20_000, 0, 0, 0])])
    both = lines(*np.column_stack([twins[:, :2], twins[:, :2] + twins[:, 2:]]))
    assert grid_of(both).frame[2] < 4 * grid_of(alone).frame[2]


def test_project_is_held_within_the_piece() -> None:
    pieces = lines((0, 0, 10, 0))
    at = np.zeros(3, np.int64)
    on, distance = project(pieces, at, np.array([-3.0, 4.0, 13.0]), np.array([4.0, 2.0, 0.0]))
    assert on.tolist() == [0, 4, 10]
    assert distance.tolist() == [5, 2, 3]


def test_the_plane_of_a_network_is_that_of_to_plane() -> None:
    network = grid(3, 4)
    pieces = pieces_of(network, ALL[: network.segments], 10.0)
    assert pieces.line[:, :2] == pytest.approx(to_plane(network.shape_lon, network.shape_lat, 10.0)[pieces.point])
