"""Travel on a plane keeps its points as they were given."""

from __future__ import annotations

import numpy as np
import pytest

from optimiser.plane import Metric, PlaneTravel


def test_a_pair_is_as_far_as_in_a_block_whatever_the_metric() -> None:
    xy = np.random.default_rng(2).uniform(-500.0, 500.0, (40, 2))
    rows, cols = np.arange(40), np.arange(39, -1, -1)
    for metric in Metric:
        travel = PlaneTravel(names=tuple(map(str, rows)), xy=xy, metric=metric, dm=7.0, ms=3.3)
        block, legs = travel.block(rows, cols), travel.legs(rows, cols)
        for full, pairs in zip(block, legs, strict=True):
            assert full.dtype == pairs.dtype == np.int32
            assert np.array_equal(np.diag(full), pairs)
            assert full.max() <= np.ceil(travel.widest * 7.0)


def test_points_cannot_be_changed_from_outside() -> None:
    xy = np.zeros((2, 2))
    travel = PlaneTravel(names=("a", "b"), xy=xy, metric=Metric.EUCLID, dm=1.0)
    xy[1] = 5.0
    assert travel.legs(np.array([0]), np.array([1]))[1] == 0
    with pytest.raises(ValueError, match="read-only"):
        travel.xy[0] = 1.0


def test_every_place_has_its_name_and_its_point() -> None:
    for names in (("a",), ("a", "a")):
        with pytest.raises(ValueError, match="every place needs"):
            PlaneTravel(names=names, xy=np.zeros((2, 2)), metric=Metric.EUCLID, dm=1.0)
