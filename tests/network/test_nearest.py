import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.grid import Pieces, grid_of, project
from network.nearest import TIE_M, far_distance, nearest_piece, nearest_pieces
from tests.network.test_grid import lines, random_lines

SEEDS, SPREADS = st.integers(0, 10**6), st.sampled_from([3.0, 300.0, 1e5])


def by_hand(pieces: Pieces, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Distance of every place from every piece."""
    every = np.arange(len(pieces.line))
    return np.stack([project(pieces, every, a, b)[1] for a, b in zip(x, y, strict=True)])


def places(seed: int, pieces: Pieces, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Places all over and beyond, on the ends of pieces, and at whole numbers."""
    random = np.random.default_rng(seed + 1)
    somewhere = random.uniform(-spread, 2 * spread, (40, 2))
    ends = pieces.line[:10, :2] + pieces.line[:10, 2:]
    return tuple(np.concatenate([somewhere, np.round(somewhere), ends, pieces.line[:10, :2]]).T.copy())  # type: ignore[return-value]


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, spread=SPREADS, reach=st.sampled_from([0.01, 0.3, 10.0]), coarse=st.booleans())
def test_the_nearest_piece_is_the_nearest_of_all(seed: int, spread: float, reach: float, coarse: bool) -> None:
    pieces = random_lines(seed, 50, spread)
    x, y = places(seed, pieces, spread)
    limit = np.full(len(x), reach * spread)
    distance = by_hand(pieces, x, y)
    best = distance.min(axis=1)
    first = np.argmax(distance <= best[:, None] + TIE_M, axis=1)
    assert (
        nearest_piece(pieces, grid_of(pieces, coarse=coarse), x, y, limit).tolist()
        == np.where(best <= limit, first, -1).tolist()
    )


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, spread=SPREADS, k=st.integers(1, 9), reach=st.sampled_from([0.01, 0.3, 10.0]))
def test_the_nearest_segments_are_the_nearest_of_all(seed: int, spread: float, k: int, reach: float) -> None:
    pieces = random_lines(seed, 50, spread)
    pieces = pieces._replace(segment=np.sort(np.random.default_rng(seed).integers(0, 12, 50)).astype(np.int32))
    x, y = places(seed, pieces, spread)
    piece, far = nearest_pieces(pieces, grid_of(pieces), x, y, np.full(len(x), reach * spread), k)
    distance = by_hand(pieces, x, y)
    for row, (found, metres) in enumerate(zip(piece, far, strict=True)):
        wanted: list[int] = []
        for p in np.lexsort((np.arange(50), distance[row])):
            if distance[row, p] <= reach * spread and pieces.segment[p] not in pieces.segment[wanted]:
                wanted.append(int(p))
        wanted = wanted[:k]
        count = np.count_nonzero(found >= 0)
        assert count == len(wanted)
        assert metres[:count] == pytest.approx(distance[row, wanted], rel=1e-12, abs=1e-12)
        assert len(set(pieces.segment[found[:count]])) == count
        assert np.isinf(metres[count:]).all()


def test_segments_equally_near_come_in_their_order() -> None:
    star = lines((0, 0, 9, 0), (0, 0, 0, 9), (0, 0, 9, 9), (50, 50, 60, 60))
    piece, far = nearest_pieces(star, grid_of(star), np.array([-3.0]), np.array([-4.0]), np.array([40.0]), 4)
    assert piece.tolist() == [[0, 1, 2, -1]]
    assert far[0, :3].tolist() == [5, 5, 5]


def test_rivals_within_the_tie_go_to_the_first_though_the_second_is_nearer() -> None:
    pair = lines((0, 1 + TIE_M / 2, 9, 1 + TIE_M / 2), (0, -1, 9, -1), (0, 2, 9, 2))
    found = nearest_piece(pair, grid_of(pair), np.array([4.0]), np.array([0.0]), np.array([5.0]))
    assert found.tolist() == [0]


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, spread=SPREADS, far=st.sampled_from([0.0, 1.0, 1e3, 1e9]))
def test_however_far_the_distance_is_found(seed: int, spread: float, far: float) -> None:
    pieces = random_lines(seed, 50, spread)
    x, y = places(seed, pieces, spread)
    x, y = x + far * spread, y - far * spread
    assert far_distance(pieces, x, y) == pytest.approx(by_hand(pieces, x, y).min(axis=1), rel=1e-9, abs=1e-9)


def test_a_place_off_the_world_is_near_nothing() -> None:
    pieces = random_lines(5, 20, 300.0)
    x, y = np.array([1e8, -1e8, 0.0]), np.array([0.0, 1e8, -1e8])
    assert nearest_piece(pieces, grid_of(pieces), x, y, np.full(3, 150.0)).tolist() == [-1, -1, -1]
