from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimiser.hubs.siting.equity import by_group, ede, farthest, kappa_for, worst_mean

DISTANCES = st.lists(st.tuples(st.floats(0, 1000), st.floats(0.1, 50)), min_size=1, max_size=20)


@given(DISTANCES, st.floats(1e-4, 0.5))
def test_the_ede_lies_between_the_mean_and_the_farthest_and_rises_with_kappa(
    pairs: list[tuple[float, float]], kappa: float
) -> None:
    distance, weight = (np.array(part) for part in zip(*pairs, strict=True))
    mean, found = float(weight @ distance / weight.sum()), ede(distance, weight, kappa)
    assert mean - 1e-6 * (1 + mean) <= found <= farthest(distance, weight) + 1e-9
    assert ede(distance, weight, 2 * kappa) >= found - 1e-6 * (1 + found)


def test_the_ede_by_hand() -> None:
    value = ede(np.array([1.0, 3.0]), np.array([3.0, 1.0]), 0.5)
    assert value == pytest.approx(2 * np.log((3 * np.exp(0.5) + np.exp(1.5)) / 4))
    assert ede(np.array([9000.0]), np.array([2.0]), 1.0) == pytest.approx(9000.0)  # no power is too large


def test_kappa_of_an_aversion() -> None:
    assert kappa_for(np.array([2.0, 4.0]), np.array([1.0, 1.0]), 1.0) == pytest.approx(6 / 20)
    with pytest.raises(ValueError, match="aversion"):
        kappa_for(np.array([2.0]), np.array([1.0]), -1.0)


def test_the_worst_decile_counts_the_last_one_in_part() -> None:
    assert worst_mean(np.array([1.0, 5.0, 9.0]), np.array([8.0, 1.0, 1.0]), 0.15) == pytest.approx((9 + 0.5 * 5) / 1.5)
    assert worst_mean(np.array([1.0]), np.array([0.0]), 0.1) == 0.0


def test_groups() -> None:
    found = by_group(np.array([1.0, 5.0, 2.0]), np.array([1.0, 3.0, 2.0]), ("x", "x", "y"), np.array([1, 1, 0.5]), 2.0)
    assert found["x"].mean == pytest.approx(4.0)
    assert found["x"].within == pytest.approx(0.25)
    assert found["y"].within == pytest.approx(0.5)
    assert found["x"].farthest == 5.0
