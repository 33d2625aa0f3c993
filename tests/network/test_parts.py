"""Stretches cut into parts and pieces: no metre is lost, and every place is in the part that it lies on."""

from __future__ import annotations

import numpy as np
import pytest

from network.parts import cut, halved, part_of, pieces
from network.stretches import Stretches, stretches
from tests.network.drawing import draw, grid

PLACES = {"a": (0, 0), "b": (100, 0), "c": (350, 0)}


def known(seed: int | None = None) -> Stretches:
    network = draw(PLACES, [("a", "b"), ("c", "b")]) if seed is None else grid(8, 8, seed=seed)
    every = np.ones(network.segments, bool)
    return stretches(network, every, np.ones(2 * network.segments, bool), streets=every, short_m=60.0)


def test_a_stretch_of_350_m_is_cut_into_four_equal_parts_of_at_most_100_m() -> None:
    stretch = known()
    parts = cut(stretch, 100.0)
    assert parts.length_m == pytest.approx([87.5] * 4, abs=1e-3)
    assert parts.number.tolist() == [1, 2, 3, 4]
    assert len(cut(stretch, 350.1)) == 1


def test_a_part_runs_along_pieces_of_segments_in_its_direction() -> None:
    stretch = known()  # 250 m were mapped from c to b, so it runs from c to a
    found = pieces(stretch, cut(stretch, 175.1))
    assert found.start.tolist() == [0, 1, 3]
    assert found.directed.tolist() == [2, 2, 1]
    assert found.from_m == pytest.approx([0, 175, 100], abs=0.01)
    assert found.to_m == pytest.approx([175, 250, 0], abs=0.01)


def test_halves_add_up() -> None:
    stretch = known()
    parts = halved(cut(stretch, 100.0), np.array([False, True, False, False]))
    assert parts.length_m == pytest.approx([87.5, 43.75, 43.75, 87.5, 87.5], abs=1e-3)
    assert parts.length_m.sum() == pytest.approx(stretch.length_m.sum(), abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_no_metre_is_lost_and_every_place_is_in_its_part(seed: int) -> None:
    stretch = known(seed)
    random = np.random.default_rng(seed)
    parts = cut(stretch, 70.0)
    parts = halved(parts, random.random(len(parts)) < 0.3)
    found = pieces(stretch, parts)
    network = stretch.network
    assert np.abs(found.to_m - found.from_m).sum() == pytest.approx(network.length_m.sum(), abs=1e-6)
    sums = np.add.reduceat(np.abs(found.to_m - found.from_m), found.start[:-1])
    assert sums == pytest.approx(parts.length_m, abs=1e-6)
    segment = random.integers(0, network.segments, 500)
    along = random.random(500) * network.length_m[segment]
    at = part_of(stretch, parts, segment, along)
    for k, s, x in zip(at.tolist(), segment.tolist(), along.tolist(), strict=True):
        mine = slice(found.start[k], found.start[k + 1])
        here = found.directed[mine] >> 1 == s
        low, high = np.minimum(found.from_m, found.to_m)[mine][here], np.maximum(found.from_m, found.to_m)[mine][here]
        assert ((low - 1e-6 <= x) & (x <= high + 1e-6)).any()


def test_a_place_on_another_street_is_in_no_part() -> None:
    network = draw(PLACES, [("a", "b"), ("b", "c")])
    first = np.array([True, False])
    stretch = stretches(network, first, np.ones(4, bool), streets=first, short_m=0.0)
    assert part_of(stretch, cut(stretch, 50.0), np.array([0, 1]), np.array([60.0, 10.0])).tolist() == [1, -1]
