from __future__ import annotations

import pytest

from benchmarks.sets.fleet import above_all, enough


@pytest.mark.parametrize(
    ("least", "stops", "count"), [(0.2, 50, 6), (3.0, 50, 8), (20.1, 500, 32), (3, 4, 4), (0, 0, 1)]
)
def test_a_free_fleet_is_larger_than_the_bound_and_no_larger_than_the_work(
    least: float, stops: int, count: int
) -> None:
    assert enough(least, stops) == count


def test_a_vehicle_outweighs_its_journeys() -> None:
    assert above_all(70.0, 10.0) == 10_000
    assert above_all(0.0, 0.0) == 10
