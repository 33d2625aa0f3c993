from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.tracks.account import account, visits
from network.tracks.match import Matched, match
from tests.network.drawing import degrees, draw
from tests.network.tracks.test_observe import track
from tests.network.tracks.test_reach import weights_of

NETWORK = draw(
    {"a": (0, 0), "b": (400, 0), "c": (800, 0), "d": (800, 400), "e": (0, 400)},
    [
        ("a", "b", {"name": "Mango Road"}),
        ("b", "c", {"name": "Mango Road"}),
        ("c", "d", {"name": "Acacia Lane"}),
        ("d", "e"),
        ("e", "a"),
    ],
)
WEIGHTS = weights_of(NETWORK)
STANDING = [(50 + 10 * k, 502 + (k % 3), 1) for k in range(6)]
ROUND: list[tuple[float, float, float]] = [
    *((10 * k, 100 * k, 0) for k in range(5)), *STANDING, *((110 + 10 * k, 600 + 50 * k, 0) for k in range(4)),
    *((150 + 10 * k, 800, 100 * k) for k in range(1, 4)),
]  # fmt: skip


def matched(points: list[tuple[float, float, float]]) -> Matched:
    time, x, y = np.array(points, float).T
    return match(WEIGHTS, [track(x, y, time)])[0]


def near(points: list[tuple[float, float, float]], *places: tuple[float, float], radius_m: float = 25.0):
    return visits(matched(points), *degrees(*np.array(places, float).reshape(-1, 2).T), radius_m)


def test_what_was_driven_is_summed_up() -> None:
    found = account(NETWORK, [matched(ROUND), matched([(0, 9e4, 9e4), (10, 9.1e4, 9e4)])])
    assert found.length_m == pytest.approx(1100, abs=2)
    assert found.duration_s == 180 + 10
    assert found.still_s == 50
    assert [name for name, _ in found.streets] == ["Mango Road", "Acacia Lane"]
    assert [metres for _, metres in found.streets] == pytest.approx([800, 300], abs=2)
    assert found.segments.tolist() == [0, 1, 2]
    assert (found.points, found.matched_points, found.breaks) == (len(ROUND) + 2, len(ROUND), 0)
    assert account(NETWORK, []).length_m == 0


def test_visits_come_in_the_order_of_time_with_their_stays() -> None:
    found = near(ROUND, (800, 190), (505, 10), (250, 8), (250, 60))
    assert found.place.tolist() == [2, 1, 0]
    assert found.stood.tolist() == [False, True, False]
    assert (found.arrive_s[1], found.depart_s[1]) == (pytest.approx(50, abs=3), pytest.approx(102, abs=3))
    assert found.near_m == pytest.approx([8, 9, 0], abs=0.1)
    assert found.arrive_s[0] == found.depart_s[0] == pytest.approx(25)  # passed between two points
    assert found.order().tolist() == [2, 1, 0]


def test_a_place_passed_first_and_served_later_counts_where_it_was_served() -> None:
    back = [(190 + 10 * k, 800, 300 - 100 * k) for k in range(1, 4)]
    stand = [(230 + 10 * k, 795, 2) for k in range(6)]
    found = near([*ROUND, *back, *stand], (790, 10), (800, 290), (500, 0), radius_m=35)
    assert found.place.tolist() == [2, 0, 1, 0]
    assert found.stood.tolist() == [True, False, False, True]
    assert found.order().tolist() == [2, 1, 0]


def test_where_nobody_knows_nothing_is_passed() -> None:
    assert near([(0, 0, 0), (400, 400, 0)], (200, 0)).place.tolist() == []
    assert near([(0, 0, 0), (400, 400, 0)], (10, 0)).place.tolist() == [0]
    assert len(near([(0, 0, 0)], (10, 0), (100, 0))) == 1
    assert len(near(ROUND)) == 0
    assert near(ROUND).order().tolist() == []


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), radius=st.sampled_from([5.0, 30.0, 200.0]))
def test_visits_are_where_the_line_of_points_is_near(seed: int, radius: float) -> None:
    random = np.random.default_rng(seed)
    steps = random.normal(0, 60, (30, 2)).cumsum(axis=0)
    points = [(10.0 * k + (500 if k > 15 else 0), float(x), float(y)) for k, (x, y) in enumerate(steps)]
    places = random.uniform(-300, 300, (12, 2))
    found = near(points, *map(tuple, places), radius_m=radius)
    fine = np.concatenate([np.linspace(a, b, 200) for k, (a, b) in enumerate(pairwise(steps)) if k != 15])
    distance = np.hypot(*(places[:, None, :] - fine[None]).transpose(2, 0, 1)).min(axis=1)
    clear = np.abs(distance - radius) > 1.0
    seen = np.isin(np.arange(12), found.place)
    assert (seen == (distance <= radius))[clear].all()
    for place in np.unique(found.place):
        assert found.near_m[found.place == place].min() == pytest.approx(distance[place], abs=1.0)
    assert (found.arrive_s <= found.depart_s).all()
    assert (found.near_m <= radius + 1e-6).all()
    assert sorted(found.order().tolist()) == np.unique(found.place).tolist()
