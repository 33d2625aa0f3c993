"""Which rounds are neighbours: by angles, by halves, and where there are no coordinates."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optimiser.rounds.strings.desk import Laid
from optimiser.rounds.strings.neighbourhoods import divided, positions
from tests.optimiser.rounds.strings.posed import CLASSES, problem_of, staged, without_ways
from tests.optimiser.rounds.strings.test_engine import plane

CORNERS = np.array([(0, 0), (9, 1), (9, 2), (1, 9), (2, 9), (-9, -1), (-9, -2), (-1, -9), (-2, -9)], dtype=np.float64)


def four(*, idle: int = 1) -> Laid:
    """Return four rounds of two stops each, one for each side of the world, and vehicles without work."""
    return Laid(visits=np.array([0, 1, -1, 2, 3, 4, 5, -2, 6, 7]), first=np.array([0, 3, 5, 8, 10] + [10] * idle))


@pytest.mark.parametrize("halves", [True, False])
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_every_round_with_work_has_a_part(count: int, halves: bool) -> None:
    for angle in np.linspace(0.0, 2.0 * math.pi, 11):
        part = divided(four(idle=2), CORNERS, count, angle=float(angle), halves=halves)
        assert part[4:].tolist() == [-1, -1]
        assert set(part[:4].tolist()) == set(range(count))


def test_cuts_turn_with_the_angle() -> None:
    east_first = divided(four(), CORNERS, 2, angle=-0.5, halves=False)
    north_first = divided(four(), CORNERS, 2, angle=1.0, halves=False)
    assert east_first.tolist() == [0, 0, 1, 1, -1]
    assert north_first.tolist() == [1, 0, 0, 1, -1]


def test_halves_are_on_either_side_of_a_line() -> None:
    part = divided(four(), CORNERS, 2, angle=0.3, halves=True)
    assert part[0] == part[1] != part[2] == part[3]


def test_parts_have_about_as_many_stops() -> None:
    rng = np.random.default_rng(1)
    lengths = rng.integers(5, 60, 80)
    where = rng.normal(size=(1 + lengths.sum(), 2))
    laid = Laid(visits=np.arange(lengths.sum()), first=np.concatenate([[0], np.cumsum(lengths)]))
    for halves in (True, False):
        part = divided(laid, where, 6, angle=1.0, halves=halves)
        held = np.bincount(part, weights=lengths)
        assert len(held) == 6
        assert held.max() - held.min() <= 2 * 60


def test_points_of_a_plane_are_where_they_are() -> None:
    stage = staged(plane(4_100))
    assert not stage.scene.dense
    assert np.array_equal(positions(stage)[1:], stage.scene.xy[stage.ways[:4_100, 0]])


def test_where_there_are_no_coordinates_points_lie_as_far_apart_as_their_ways_are_long() -> None:
    stage = staged(plane(300))
    assert stage.scene.dense
    where, n = positions(stage), 300
    places = stage.ways[:n, 0]
    legs = stage.scene.cost[0][np.ix_(places, places)].astype(np.float64)
    gaps = np.linalg.norm(where[1:, None] - where[None, 1:], axis=2)
    assert np.abs(gaps - legs).max() <= 0.01 * legs.max()


@pytest.mark.parametrize("name", list(CLASSES))
def test_positions_are_numbers_whatever_the_legs(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 3))
    where = positions(stage)
    assert where.shape == (1 + stage.scene.n, 2)
    assert np.isfinite(where).all()
    assert np.ptp(where) > 0


def test_missing_ways_are_far() -> None:
    problem = problem_of(CLASSES["plain"], 3)
    names = [stop.modes[0].arrive for stop in problem.stops]
    cut = [(a, b) for a in names[:6] for b in names[6:]]
    stage = staged(without_ways(problem, [*cut, *((b, a) for a, b in cut)]))
    where = positions(stage)
    assert np.isfinite(where).all()
    own = max(np.linalg.norm(where[1 + a] - where[1 + b]) for a in range(6) for b in range(6))
    other = np.linalg.norm(where[1:7].mean(axis=0) - where[7:].mean(axis=0))
    assert other > 0.3 * own
