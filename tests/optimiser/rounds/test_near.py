"""Candidate lists hold the nearest stops, whoever is asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from optimiser.plane import Metric, PlaneTravel
from optimiser.rounds import near as near_module
from optimiser.rounds.near import Asked, near
from optimiser.rounds.problem import Mode, RoundsProblem, Shift, Stop, Vehicle
from optimiser.travel import UNREACHABLE, DenseTravel, IntArray, Travel

NONE = -1


class Answer(NamedTuple):
    columns: IntArray
    duration_ms: IntArray
    distance_dm: IntArray


@dataclass(frozen=True)
class Telling:
    """Dense travel that says itself what is nearest."""

    inner: DenseTravel

    @property
    def leaving(self) -> tuple[str, ...]:
        return self.inner.leaving

    @property
    def arriving(self) -> tuple[str, ...]:
        return self.inner.arriving

    def row(self, leave: str) -> int:
        return self.inner.row(leave)

    def column(self, arrive: str) -> int:
        return self.inner.column(arrive)

    def block(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[IntArray, IntArray]:
        raise AssertionError(f"asked for {len(rows)} x {len(cols)} pairs, not for the nearest")

    def legs(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[IntArray, IntArray]:
        return self.inner.legs(rows, cols)

    def nearest(self, rows: NDArray[np.intp], count: int) -> Answer:
        ms, dm = self.inner.duration_ms[rows], self.inner.distance_dm[rows]
        order = np.argsort(ms, axis=1, kind="stable")[:, :count]
        ms, dm = np.take_along_axis(ms, order, axis=1), np.take_along_axis(dm, order, axis=1)
        return Answer(np.where(ms < UNREACHABLE, order, NONE).astype(np.int32), ms, dm)


def posed(travel: Travel, stops: list[list[tuple[str, str]]]) -> RoundsProblem:
    return RoundsProblem(
        dimensions=(),
        stops=tuple(
            Stop(id=f"s{k}", modes=tuple(Mode(arrive=a, leave=b, service_s=0.0) for a, b in modes))
            for k, modes in enumerate(stops)
        ),
        tip_sites=(),
        vehicles=(Vehicle(id="v", profile="truck", start="p0", end="p0", limits=(), shift=Shift(start_s=0, end_s=9)),),
        travel={"truck": travel},
    )


def dense(duration: IntArray, distance: IntArray) -> DenseTravel:
    names = tuple(f"p{k}" for k in range(len(duration)))
    return DenseTravel(leaving=names, arriving=names, duration_ms=duration, distance_dm=distance)


def costs(problem: RoundsProblem, travel: DenseTravel, *, by_time: bool = False) -> NDArray[np.int64]:
    """Return how far it is from stop to stop, one pair after the other."""
    array = travel.duration_ms if by_time else travel.distance_dm
    count = len(problem.stops)
    found = np.full((count, count), int(UNREACHABLE), dtype=np.int64)
    for i, one in enumerate(problem.stops):
        for j, other in enumerate(problem.stops):
            if i != j:
                pairs = [(a, b) for a in one.modes for b in other.modes]
                there = [array[travel.row(a.leave), travel.column(b.arrive)] for a, b in pairs]
                back = [array[travel.row(b.leave), travel.column(a.arrive)] for a, b in pairs]
                found[i, j] = min(*there, *back)
    return found


def by_hand(cost: NDArray[np.int64], k: int) -> list[list[int]]:
    lines = []
    for row in cost:
        order = [j for j in np.argsort(row, kind="stable").tolist() if row[j] < UNREACHABLE][:k]
        lines.append(order + [NONE] * (k - len(order)))
    return lines


def two_way(rng: np.random.Generator, count: int) -> list[list[tuple[str, str]]]:
    """Return stops of one to three modes at the points, the first point left for the depot."""
    points = rng.permutation(np.arange(1, 2 * count + 1)).tolist()
    return [
        [(f"p{rng.choice(points)}", f"p{rng.choice(points)}") for _ in range(rng.integers(1, 4))] for _ in range(count)
    ]


@pytest.mark.parametrize("by_time", [False, True])
def test_all_pairs_are_looked_at_whatever_the_block(*, by_time: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    times = rng.integers(1, 30, (61, 61)).astype(np.int32)
    times[rng.random((61, 61)) < 0.5] = UNREACHABLE
    travel = dense(times, np.where(times < UNREACHABLE, 0 if by_time else times[::-1], UNREACHABLE).astype(np.int32))
    problem = posed(travel, two_way(rng, 30))
    expected = by_hand(costs(problem, travel, by_time=by_time), 12)
    for pairs in (1, 1_000, 1_000_000):
        monkeypatch.setattr(near_module, "PAIRS_AT_ONCE", pairs)
        assert near(problem, "truck", 12).tolist() == expected


@pytest.mark.parametrize("modes", [False, True])
@pytest.mark.parametrize("metric", list(Metric))
def test_on_a_plane_the_tree_finds_what_all_pairs_have(*, metric: Metric, modes: bool) -> None:
    rng = np.random.default_rng(7)
    xy = rng.integers(0, 1000, (121, 2)) + rng.random((121, 2))
    lazy = PlaneTravel(names=tuple(f"p{k}" for k in range(121)), xy=xy, metric=metric, dm=100.0)
    every = np.arange(121)
    full = dense(*lazy.block(every, every))
    stops = two_way(rng, 60) if modes else [[(f"p{k}", f"p{k}")] for k in range(1, 121)]
    problem = posed(lazy, stops)
    cost = costs(problem, full)
    found = near(problem, "truck", 10)
    expected = np.array(by_hand(cost, 10))
    assert np.array_equal(np.take_along_axis(cost, found, axis=1), np.take_along_axis(cost, expected, axis=1))
    assert not (found == np.arange(len(stops))[:, None]).any()
    assert all(len(set(line)) == 10 for line in found.tolist())


def test_the_tree_is_asked_for_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    xy = np.random.default_rng(8).random((50, 2))
    lazy = PlaneTravel(names=tuple(f"p{k}" for k in range(50)), xy=xy, metric=Metric.EUCLID, dm=1e6)
    problem = posed(lazy, [[(f"p{k}", f"p{k}")] for k in range(50)])
    at_once = near(problem, "truck", 5)
    monkeypatch.setattr(near_module, "STOPS_AT_ONCE", 7)
    assert np.array_equal(near(problem, "truck", 5), at_once)


def test_travel_that_knows_what_is_nearest_is_asked() -> None:
    rng = np.random.default_rng(9)
    times = rng.integers(1, 1000, (81, 81)).astype(np.int32)
    times = np.minimum(times, times.T)  # what is said of one direction is then true of both
    np.fill_diagonal(times, 0)
    travel = Telling(dense(times, times))
    assert isinstance(travel, Asked)
    problem = posed(travel, two_way(rng, 40))
    expected = by_hand(costs(problem, travel.inner), 8)
    assert near(problem, "truck", 8).tolist() == expected


def test_one_way_streets_bring_in_who_reaches_a_stop_by_them() -> None:
    times = np.full((4, 4), UNREACHABLE, dtype=np.int32)
    times[1, 2], times[2, 3], times[3, 1] = 1, 2, 3
    problem = posed(Telling(dense(times, times)), [[("p1", "p1")], [("p2", "p2")], [("p3", "p3")]])
    assert near(problem, "truck", 2).tolist() == [[1, 2], [0, 2], [1, 0]]


def test_there_are_never_more_than_all_others() -> None:
    travel = PlaneTravel(names=("p0", "p1", "p2"), xy=np.zeros((3, 2)), metric=Metric.WHOLE, dm=1.0)
    three = posed(travel, [[(f"p{k}", f"p{k}")] for k in range(3)])
    assert near(three, "truck", 40).tolist() == [[1, 2], [0, 2], [0, 1]]
    assert near(posed(travel, [[("p1", "p1")]]), "truck", 40).shape == (1, 0)
    assert near(posed(travel, []), "truck", 40).shape == (0, 0)
