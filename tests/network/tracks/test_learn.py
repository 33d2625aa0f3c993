from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.trips import receive, trip, way
from faults import InputError
from network.profiles import PROFILES
from network.tracks.driven import Driven
from network.tracks.learn import given_kmh, learn, profile_with, quantile, within_hours
from network.tracks.match import Matched, match
from network.weigh import weigh
from tests.network.drawing import draw, grid
from tests.network.tracks.test_observe import track
from tests.network.tracks.test_reach import weights_of

TRUCK = PROFILES["refuse-truck"]
PRIMARY = {"highway": "primary"}
NETWORK = draw(
    {"a": (0, 0), "b": (500, 0), "c": (1000, 0), "d": (1000, 500), "e": (0, 500)},
    [("a", "b"), ("b", "c"), ("c", "d", PRIMARY), ("d", "e", {**PRIMARY, "surface": "unpaved"}), ("e", "a")],
)
WEIGHTS = weights_of(NETWORK)


def said(*rows: tuple[int, float, float, float, float, float]) -> Matched:
    """A match in which these directed segments were driven: from and to m, from and to s, still s."""
    directed, from_m, to_m, from_s, to_s, still = np.array(rows, float).reshape(-1, 6).T
    (empty,) = match(WEIGHTS, [track([9e4], [9e4], [0])])
    driven = Driven(
        directed=directed.astype(np.int32), from_m=from_m, to_m=to_m, from_s=from_s, to_s=to_s, still_s=still,
        piece=np.zeros(len(rows), np.int64),
    )  # fmt: skip
    return replace(empty, driven=driven)


def passes(directed: int, *kmh: float, at_s: float = 0.0, metres: float = 500.0) -> list[tuple]:
    return [(directed, 0.0, metres, at_s, at_s + metres * 3.6 / v, 0.0) for v in kmh]


def test_a_street_driven_often_has_the_median_of_its_own() -> None:
    learnt = learn(WEIGHTS, [said(*passes(0, 10, 30, 12)), said(*passes(0, 14))])
    assert learnt.kmh[0] == pytest.approx(13)
    assert learnt.passes[:3].tolist() == [4, 0, 0]
    assert learnt.own[:2].tolist() == [True, False]
    assert np.isnan(learnt.kmh[1:]).all()  # too few for a class


def test_time_stood_does_not_count_nor_do_ends_and_impossible_speeds() -> None:
    rows = [(0, 0, 500, 0, 200, 100), (0, 0, 500, 300, 400, 0), (0, 0, 500, 500, 600, 0)]
    learnt = learn(WEIGHTS, [said(*rows, (0, 400, 500, 0, 100, 0), (0, 0, 500, 0, 5, 0), (0, 0, 500, 0, 60, 60))])
    assert learnt.passes[0] == 3
    assert learnt.kmh[0] == pytest.approx(18)


def test_elsewhere_the_ratio_of_the_class_scales_what_map_and_profile_say() -> None:
    given = given_kmh(WEIGHTS)
    learnt = learn(WEIGHTS, [said(*passes(0, *[given[0] / 2] * 12), *passes(2, *[given[2] / 2] * 9))])
    assert learnt.own.tolist() == [True, False, True] + [False] * 7
    assert learnt.kmh[[0, 1, 2, 3, 8, 9]] == pytest.approx(given[[0, 1, 2, 3, 8, 9]] / 2, rel=1e-3)
    assert np.isnan(learnt.kmh[4:8]).all()
    (residential,) = learnt.classes
    assert (residential.highway, residential.passes, residential.enough) == ("residential", 21, True)
    assert residential.ratio == pytest.approx(0.5, rel=1e-3)
    assert residential.km == pytest.approx(10.5)


def test_what_a_surface_slows_down_stays_slower_than_its_class() -> None:
    given = given_kmh(WEIGHTS)
    assert given[6] < given[4]
    learnt = learn(WEIGHTS, [said(*passes(4, *[given[4] * 0.8] * 25))])
    assert learnt.kmh[4] == pytest.approx(given[4] * 0.8, rel=1e-3)
    assert learnt.kmh[6] == pytest.approx(given[6] * 0.8, rel=1e-3)


def test_learnt_speeds_are_what_weigh_takes() -> None:
    learnt = learn(WEIGHTS, [said(*passes(0, 9, 9, 9))])
    again = weigh(WEIGHTS.graph, TRUCK, kmh=learnt.kmh)
    at = np.flatnonzero(WEIGHTS.graph.directed == 0)
    assert again.ms[at] == pytest.approx([200_000], abs=10)
    others = np.flatnonzero(WEIGHTS.graph.directed != 0)
    assert np.array_equal(again.ms[others], WEIGHTS.ms[others])


def test_a_profile_takes_the_medians_of_the_classes_it_may_use() -> None:
    learnt = learn(WEIGHTS, [said(*passes(0, *range(10, 31)), *passes(4, 20, 20))])
    changed = profile_with(TRUCK, learnt)
    assert changed.speed_kmh["residential"] == pytest.approx(20)
    assert changed.speed_kmh["primary"] == TRUCK.speed_kmh["primary"]
    assert set(changed.speed_kmh) == set(TRUCK.speed_kmh)
    residential = learnt.classes[0]
    assert (residential.low_kmh, residential.high_kmh) == pytest.approx((13, 27))


def test_hours_are_those_of_the_clocks_there() -> None:
    seven = 1_709_622_000.0  # 07:00 UTC, 10:00 in Nairobi
    rows = [*passes(0, 10, 10, 10, at_s=seven), *passes(0, 40, 40, 40, at_s=seven + 6 * 3600)]
    assert learn(WEIGHTS, [said(*rows)], hours=(9, 12), zone="Africa/Nairobi").kmh[0] == pytest.approx(10)
    assert learn(WEIGHTS, [said(*rows)], hours=(15, 1), zone="Africa/Nairobi").kmh[0] == pytest.approx(40)
    assert np.isnan(learn(WEIGHTS, [said(*rows)], hours=(3, 6), zone="Africa/Nairobi").kmh[0])
    before, after = 1_711_846_800.0 - 60, 1_711_846_800.0 + 60  # 2024-03-31 01:00 UTC: 02:00 becomes 03:00 in Berlin
    assert within_hours(np.array([before, after]), (1, 2), "Europe/Berlin").tolist() == [True, False]
    assert within_hours(np.array([before, after]), (3, 4), "Europe/Berlin").tolist() == [False, True]
    with pytest.raises(InputError, match="track-zone"):
        learn(WEIGHTS, [said(*rows)], hours=(9, 12), zone="Nairobi")


def test_from_nothing_nothing_is_learnt() -> None:
    for learnt in (learn(WEIGHTS, []), learn(WEIGHTS, [said()]), learn(WEIGHTS, [said()], hours=(1, 2))):
        assert np.isnan(learnt.kmh).all()
        assert learnt.classes == ()


@given(st.lists(st.tuples(st.floats(1, 90), st.floats(0.5, 900)), min_size=1, max_size=30), st.floats(0.01, 1))
def test_a_quantile_has_its_share_below(pairs: list[tuple[float, float]], share: float) -> None:
    values, weight = np.array(pairs).T
    found = quantile(values, weight, share)
    assert found in values
    assert weight[values <= found].sum() >= share * weight.sum() * (1 - 1e-9)
    assert weight[values < found].sum() < share * weight.sum()


def test_a_town_that_drives_at_two_thirds_of_the_speed_is_learnt_from_its_tracks() -> None:
    weights, random = weights_of(grid(7, 7, seed=4, spacing=250.0)), np.random.default_rng(3)
    slow = weigh(weights.graph, TRUCK, speed_factor=2 / 3)
    ways = [way(weights, random, 1500) for _ in range(12)]
    tracks = [receive(slow, trip(slow, random, states=states), random, every_s=5, noise_m=5)[0] for states in ways * 3]
    learnt = learn(weights, match(weights, tracks))
    known = learnt.own & ~np.isnan(given_kmh(weights))
    assert known.sum() > 50
    ratio = learnt.kmh[known] / given_kmh(weights)[known]
    assert np.median(ratio) == pytest.approx(2 / 3, rel=0.05)
    assert (np.abs(ratio / (2 / 3) - 1) < 0.35).mean() > 0.9
    for cls in learnt.classes:
        assert cls.ratio == pytest.approx(2 / 3, rel=0.08) or not cls.enough
