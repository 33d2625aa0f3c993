"""Compiled legs are those of the travel, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest

from optimiser.plane import Floats, Metric, PlaneTravel
from optimiser.plane_kernel import leg
from optimiser.rounds.compiled import kernel
from optimiser.rounds.ways import Ints


@kernel
def every_leg(xy: Floats, metric: int, dm: float, ms: float) -> Ints:
    count = len(xy)
    found = np.zeros((2, count, count), dtype=np.int64)
    for a in range(count):
        for b in range(count):
            found[0, a, b], found[1, a, b] = leg(xy, a, b, metric, dm, ms)
    return found


@pytest.mark.parametrize("metric", list(Metric))
@pytest.mark.parametrize("ms", [0.0, 0.1, 7.3, 1000.0])
def test_legs_are_those_of_the_travel(metric: Metric, ms: float) -> None:
    rng = np.random.default_rng(3)
    xy = np.concatenate([rng.integers(0, 900, (60, 2)), rng.uniform(-900.0, 900.0, (60, 2))])
    every = np.arange(len(xy))
    travel = PlaneTravel(names=tuple(map(str, every)), xy=xy, metric=metric, dm=10.5, ms=ms)
    duration, distance = travel.block(every, every)
    found = every_leg(travel.xy, int(metric), travel.dm, travel.ms)
    assert np.array_equal(found[0], duration)
    assert np.array_equal(found[1], distance)
