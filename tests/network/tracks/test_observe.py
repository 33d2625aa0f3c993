import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from network.tracks.observe import NEAR_SIGMAS, observe
from network.tracks.track import Track
from tests.network.drawing import degrees


def track(x_m, y_m, time_s) -> Track:
    lon, lat = degrees(x_m, y_m)
    return Track(id="t", time_s=np.asarray(time_s, float), lon=lon, lat=lat, row=np.arange(len(lon)))


def test_a_stop_is_one_observation_at_its_mean_with_both_its_times() -> None:
    x = [0, 100, 200, 300, 305, 295, 302, 298, 400, 500]
    seen = observe(track(x, np.zeros(10), np.arange(10) * 10), sigma_m=10, still_s=30)
    assert seen.stay.tolist() == [False, False, False, True, False, False]
    assert seen.owner.tolist() == [0, 1, 2, 3, 3, 3, 3, 3, 4, 5]
    assert (seen.arrive_s[3], seen.depart_s[3]) == (30, 70)
    assert np.allclose(seen.x, [0, 100, 200, 300, 400, 500], atol=1e-3)
    assert np.allclose(degrees(seen.x, seen.y), [seen.lon, seen.lat], atol=1e-8)


def test_a_short_halt_and_a_slow_creep_are_no_stops() -> None:
    halt = observe(track([0, 100, 100, 200], np.zeros(4), [0, 10, 30, 40]), sigma_m=10, still_s=30)
    assert not halt.stay.any()
    creep = observe(track(np.arange(60) * 2.5, np.zeros(60), np.arange(60)), sigma_m=10, still_s=30)
    assert not creep.stay.any()


def test_points_that_have_hardly_moved_are_left_out() -> None:
    seen = observe(track([0, 5, 10, 15, 25, 30, 50], np.zeros(7), np.arange(7)), sigma_m=10, still_s=30)
    assert seen.owner.tolist() == [0, 0, 0, 0, 1, 1, 2]
    assert seen.arrive_s.tolist() == seen.depart_s.tolist() == [0, 4, 6]


def test_nothing_and_a_single_point() -> None:
    assert len(observe(track([], [], []), sigma_m=10, still_s=30)) == 0
    one = observe(track([7], [8], [9]), sigma_m=10, still_s=30)
    assert (len(one), one.stay.tolist(), one.depart_s.tolist()) == (1, [False], [9])


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6), pace=st.sampled_from([0.0, 1.0, 5.0, 20.0]), count=st.integers(1, 200))
def test_every_point_has_an_observation_in_the_order_of_time(seed: int, pace: float, count: int) -> None:
    random = np.random.default_rng(seed)
    steps = random.normal(0, pace + 1, (2, count)) + pace * (random.random(count) < 0.7)
    x, y = np.cumsum(steps, axis=1)
    time = np.cumsum(random.integers(1, 20, count)).astype(float)
    seen = observe(track(x, y, time), sigma_m=10, still_s=30)
    assert seen.owner[0] == 0
    assert set(np.diff(seen.owner)) <= {0, 1}
    assert seen.owner[-1] == len(seen) - 1
    assert (seen.depart_s >= seen.arrive_s).all()
    assert (np.diff(seen.arrive_s) > 0).all()
    assert (seen.arrive_s[1:] > seen.depart_s[:-1]).all()
    moving = ~(seen.stay[1:] | seen.stay[:-1])
    gone = np.hypot(np.diff(seen.x), np.diff(seen.y))
    assert (gone[moving] > NEAR_SIGMAS * 10 - 1e-6).all()
    assert ((seen.depart_s - seen.arrive_s)[seen.stay] >= 30).all()
