import numpy as np
import pytest

from network.crossroads import bearing_deg, crossroads, wrapped
from tests.network.drawing import draw


def test_arms_leave_by_rising_bearing() -> None:
    network = draw(
        {"x": (0, 0), "n": (0, 100), "e": (100, 0), "s": (0, -100), "w": (-100, 0)},
        [("x", "w"), ("s", "x"), ("x", "n"), ("e", "x")],
    )
    cross = crossroads(network, np.ones(4, bool))
    assert cross.arms(0) == [4, 7, 3, 0]
    assert np.round(cross.bearing[cross.arms(0)]).tolist() == [0, 90, 180, 270]
    assert cross.arms(4) == [1]
    assert crossroads(network, np.array([True, False, True, True])).arms(0) == [4, 7, 0]


@pytest.mark.parametrize(
    ("onward", "left"), [((0, 100), 90), ((100, 0), 0), ((0, -100), -90), ((-100, 0), 180), ((50, 50), 45)]
)
def test_turns_to_the_left_are_positive(onward: tuple[float, float], left: float) -> None:
    network = draw({"a": (-100, 0), "x": (0, 0), "b": onward}, [("a", "x"), ("x", "b")])
    assert crossroads(network, np.ones(2, bool)).turn_deg(0, 2) == pytest.approx(left, abs=0.01)


def test_a_bearing_is_that_of_the_first_metres() -> None:
    network = draw({"a": (0, 0), "b": (100, 100)}, [("a", "b")], {0: [(1, 0), (1, 100)]})
    cross = crossroads(network, np.ones(1, bool))
    assert cross.bearing[0] == pytest.approx(np.degrees(np.arctan2(1, 14)), abs=0.1)
    assert cross.bearing[1] == pytest.approx(270, abs=0.1)


def test_metres_round_a_roundabout_lie_on_all_its_segments() -> None:
    ring = {"junction": "roundabout"}
    network = draw(
        {"a": (0, 0), "b": (30, 0), "c": (0, 40), "d": (90, 0)},
        [("a", "b", ring), ("b", "c", ring), ("c", "a", ring), ("b", "d")],
    )
    assert crossroads(network, np.ones(4, bool)).ring_m.tolist() == pytest.approx([120, 120, 120, 0], rel=1e-6)


def test_angles_are_wrapped_above_minus_180() -> None:
    assert wrapped(np.array([-180.0, 180.0, 190.0, -190.0, 540.0])).tolist() == [180, 180, -170, 170, 180]


def test_bearings_across_the_date_line() -> None:
    assert float(bearing_deg(np.float64(179.9), np.float64(0), np.float64(-179.9), np.float64(0))) == 90
