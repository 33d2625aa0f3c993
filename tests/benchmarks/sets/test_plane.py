"""Lazy and dense travel are the same, and exact in the set's convention."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.sets import plane as planes
from benchmarks.sets.plane import Plane, PlaneTravel, euclid, manhattan, nearest_whole, rounded_up, tenths


def points(count: int, metric: planes.Metric, *, dm: float = 1.0, ms: float = 0.0) -> Plane:
    xy = np.random.default_rng(1).integers(0, 1000, (count, 2)).astype(float)
    return Plane(names=tuple(f"p{k}" for k in range(count)), xy=xy, metric=metric, dm=dm, ms=ms)


@pytest.mark.parametrize("metric", [euclid, manhattan, nearest_whole, rounded_up, tenths])
def test_lazy_is_dense(metric: planes.Metric, monkeypatch: pytest.MonkeyPatch) -> None:
    plane = points(30, metric, dm=100.0, ms=7.3)
    dense = plane.travel()
    monkeypatch.setattr(planes, "DENSE_UP_TO", 10)
    lazy = plane.travel()
    assert isinstance(lazy, PlaneTravel)
    assert (lazy.leaving, lazy.arriving) == (dense.leaving, dense.arriving)
    rows, cols = np.arange(30), np.arange(29, -1, -1)
    for one, two in zip(lazy.block(rows, cols[:7]), dense.block(rows, cols[:7]), strict=True):
        assert one.dtype == np.int32
        assert np.array_equal(one, two)
    for one, two in zip(lazy.legs(rows, cols), dense.legs(rows, cols), strict=True):
        assert np.array_equal(one, two)
    assert lazy.row("p7") == dense.row("p7") == lazy.column("p7")
    with pytest.raises(KeyError):
        lazy.row("nowhere")


def test_thirty_thousand_points_take_no_matrix() -> None:
    plane = points(30_000, nearest_whole)
    travel = plane.travel()
    assert isinstance(travel, PlaneTravel)
    _, distance = travel.block(np.array([0, 29_999]), np.array([5]))
    assert distance.shape == (2, 1)


def test_distances_are_those_of_the_convention() -> None:
    xy = np.array([[0.0, 0.0], [1.0, 1.0], [3.0, 4.0]])
    for metric, length in (
        (euclid, 2**0.5 + 13**0.5), (manhattan, 7.0), (nearest_whole, 1 + 4), (rounded_up, 2 + 4), (tenths, 14 + 36)
    ):  # fmt: skip
        plane = Plane(names=("a", "b", "c"), xy=xy, metric=metric, dm=1.0)
        assert plane.length(["a", "b", "c"]) == pytest.approx(length)


def test_times_are_rounded_up_and_whole_ones_stay() -> None:
    plane = Plane(names=("a", "b"), xy=np.array([[0.0, 0.0], [1.0, 1.0]]), metric=euclid, dm=1.0, ms=10.0)
    assert plane.travel().block(np.array([0]), np.array([1]))[0] == 15
    tenth = Plane(names=("a", "b"), xy=np.array([[0.0, 0.0], [1.0, 1.0]]), metric=tenths, dm=1.0, ms=1000.0)
    assert tenth.travel().block(np.array([0]), np.array([1]))[0] == 14_000


def test_what_does_not_fit_is_refused() -> None:
    xy = np.array([[0.0, 0.0], [3e6, 4e6]])
    with pytest.raises(ValueError, match="do not fit"):
        Plane(names=("a", "b"), xy=xy, metric=euclid, dm=1000.0)
