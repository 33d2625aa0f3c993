from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from network.component import component
from network.geometry import metres_between
from network.lines import points_at
from network.plane import to_plane
from network.profiles import PROFILES
from network.snap import Snapped, nearby, nearest_k, snap
from network.sources.made_up import twelve_junctions
from network.streets import StreetNetwork
from network.tags import usable
from tests.network.drawing import degrees, draw, grid

TRUCK, FOOT = PROFILES["refuse-truck"], PROFILES["foot"]
CORNERS = {"a": (0, 0), "b": (300, 0), "c": (300, 300), "d": (0, 300)}
SQUARE = draw(CORNERS, [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])


def put(network: StreetNetwork, *places: tuple[float, float], profile=TRUCK, limit_m: float = 150.0) -> Snapped:
    return snap(network, profile, *degrees(*np.array(places).T), limit_m=limit_m)


def test_a_place_knows_its_segment_position_side_and_distance() -> None:
    found = put(SQUARE, (120, 10), (120, -10), (290, 40), (120, 0))
    assert found.segment.tolist() == [0, 0, 1, 0]
    assert found.along_m == pytest.approx([120, 120, 40, 120], abs=1e-3)
    assert found.side.tolist() == [-1, 1, -1, 0]
    assert found.distance_m == pytest.approx([10, 10, 10, 0], abs=1e-3)
    assert found.problem == ("", "", "", "")
    assert metres_between(found.lon, found.lat, *degrees([120, 120, 300, 120], [0, 0, 40, 0])) == pytest.approx(
        0, abs=1e-3
    )


def test_too_far_is_reported_with_its_distance() -> None:
    found = put(SQUARE, (120, -40), limit_m=30)
    assert (found.problem, found.segment.tolist(), found.side.tolist()) == (("too-far",), [-1], [0])
    assert np.isnan([found.along_m[0], found.lon[0], found.lat[0]]).all()
    assert found.distance_m[0] == pytest.approx(40, abs=10)


def test_the_limit_itself_is_within() -> None:
    assert put(SQUARE, (120, -40), limit_m=40.001).problem == ("",)


ISLAND = draw(
    CORNERS | {"x": (50, 320), "y": (250, 320), "p": (50, 900), "q": (250, 900)},
    [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("x", "y"), ("p", "q")],
)


def test_nearer_to_an_island_the_place_goes_to_the_reachable_part_within_the_limit() -> None:
    found = put(ISLAND, (100, 321), (100, 901))
    assert found.problem == ("", "cut-off")
    assert found.segment.tolist() == [2, -1]
    assert found.distance_m[0] == pytest.approx(21, abs=1e-3)


def test_streets_a_profile_may_not_use_do_not_count() -> None:
    network = draw(CORNERS | {"e": (150, 300)}, [("a", "b"), ("b", "c"), ("c", "a"), ("a", "e", {"highway": "path"})])
    assert put(network, (60, 110), profile=FOOT).segment.tolist() == [3]
    assert put(network, (60, 110)).segment.tolist() == [2]
    assert put(network, (150, 299), limit_m=20).problem == ("too-far",)


@pytest.mark.parametrize("tags", [{"highway": "motorway", "oneway": "no"}, {"motorroad": "yes"}, {"tunnel": "yes"}])
def test_nobody_stops_on_a_motorway_or_in_a_tunnel(tags: dict[str, str]) -> None:
    network = draw(CORNERS, [("a", "b", tags), ("b", "c"), ("c", "d"), ("d", "a")])
    assert put(network, (120, 5), (120, 160), limit_m=140).problem == ("", "")
    assert 0 not in put(network, (120, 5), (150, 5), limit_m=500).segment


def test_a_bend_sharper_than_a_right_angle_keeps_the_side() -> None:
    network = draw({"a": (0, 0), "b": (0, 20)}, [("a", "b")], {0: [(200, 10)]})  # a hairpin, the tip to the east
    tip = [(203, 10), (202, 14), (202, 6), (201, 9)]
    assert put(network, *tip).side.tolist() == [1, 1, 1, 1]
    assert put(network, (100, 10)).side.tolist() == [-1]


def test_equally_near_streets_go_to_the_first() -> None:
    assert put(SQUARE, (330, -30), (-20, -20)).segment.tolist() == [0, 0]


def test_no_places_and_no_streets() -> None:
    assert len(snap(SQUARE, TRUCK, [], [])) == 0
    closed = draw(CORNERS, [("a", "b", {"highway": "steps"})])
    found = put(closed, (10, 0))
    assert found.problem == ("too-far",)
    assert np.isinf(found.distance_m[0])


def test_arrays_of_different_length_are_refused() -> None:
    found = put(SQUARE, (10, 0), (20, 0))
    with pytest.raises(ValueError, match="differ in length"):
        replace(found, problem=("",))
    with pytest.raises(ValueError, match="read-only"):
        found.along_m[0] = 3


def test_a_coordinate_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        snap(SQUARE, TRUCK, [np.nan], [0.0])


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), limit=st.sampled_from([5.0, 40.0, 150.0, 2000.0]))
def test_the_nearest_is_the_nearest_of_all(seed: int, limit: float) -> None:
    network = grid(5, 6, seed=seed)
    random = np.random.default_rng(seed)
    lon, lat = degrees(random.uniform(-150, 650, 60), random.uniform(-150, 550, 60))
    found = snap(network, TRUCK, lon, lat, limit_m=limit)
    true_lat = (network.box[1] + network.box[3]) / 2
    lines = [
        LineString(to_plane(*network.shape(s).T, true_lat))
        for s in np.flatnonzero(component(network, usable(network, TRUCK)))
    ]
    nearest = np.array([min(line.distance(Point(p)) for line in lines) for p in to_plane(lon, lat, true_lat)])
    on = found.segment >= 0
    assert (on == (nearest <= limit)).all()
    assert found.distance_m[on] == pytest.approx(nearest[on], abs=1e-6)
    at = points_at(network, found.segment[on], found.along_m[on])
    assert metres_between(*at.T, found.lon[on], found.lat[on]) == pytest.approx(0, abs=1e-3)
    assert metres_between(found.lon[on], found.lat[on], lon[on], lat[on]) == pytest.approx(
        found.distance_m[on], abs=1e-3
    )


def test_the_caller_may_say_which_streets_count() -> None:
    allowed = np.array([False, True, True, True])
    found = snap(SQUARE, TRUCK, *degrees([150, 150], [10, 160]), allowed=allowed, limit_m=145)
    assert found.segment.tolist() == [-1, 2]
    assert found.problem == ("cut-off", "")


def test_a_place_at_the_end_of_the_world_is_too_far() -> None:
    found = snap(SQUARE, TRUCK, [180.0, 0.0, 36.8], [0.0, 90.0, -1.3])
    assert found.problem == ("too-far",) * 3
    assert (found.distance_m[[0, 2]] > 1e6).all()
    assert np.isfinite(found.distance_m).all()


def near(network: StreetNetwork, *places: tuple[float, float], k: int = 5, limit_m: float = 50.0):
    return nearest_k(network, np.ones(network.segments, bool), *degrees(*np.array(places).T), k, limit_m)


def test_candidates_are_the_nearest_streets_in_order() -> None:
    found = near(SQUARE, (20, 10), (150, 150), (290, 290), (150, -5))
    assert found.segment.tolist() == [
        [0, 3, -1, -1, -1], [-1] * 5, [1, 2, -1, -1, -1], [0, -1, -1, -1, -1]
    ]  # fmt: skip
    assert found.distance_m[0, :2] == pytest.approx([10, 20], abs=1e-3)
    assert found.along_m[0, :2] == pytest.approx([20, 290], abs=1e-3)
    assert found.side[[0, 0, 3], [0, 1, 0]].tolist() == [-1, -1, 1]
    assert np.isnan(found.along_m[1]).all()
    assert np.isinf(found.distance_m[1]).all()


def test_the_first_candidate_is_what_a_place_snaps_to() -> None:
    network = grid(6, 6, seed=3)
    random = np.random.default_rng(4)
    lon, lat = degrees(random.uniform(-100, 600, 300), random.uniform(-100, 600, 300))
    inside = component(network, usable(network, TRUCK))
    one, many = snap(network, TRUCK, lon, lat), nearest_k(network, inside, lon, lat, 3, 150.0)
    on = one.segment >= 0
    assert (on == (many.segment[:, 0] >= 0)).all()
    assert many.distance_m[on, 0] == pytest.approx(one.distance_m[on], abs=1e-5)
    same = many.segment[:, 0] == one.segment
    assert same[on].mean() > 0.9  # at corners several are equally near
    assert many.along_m[on & same, 0] == pytest.approx(one.along_m[on & same], abs=1e-5)
    assert (many.side[on & same, 0] == one.side[on & same]).all()


def test_candidates_of_nothing() -> None:
    assert near(SQUARE, (1e6, 1e6)).segment.tolist() == [[-1] * 5]
    assert nearest_k(SQUARE, np.zeros(4, bool), [0.0], [0.0]).segment.tolist() == [[-1] * 5]
    assert nearest_k(SQUARE, np.ones(4, bool), [], [], 2).segment.shape == (0, 2)
    with pytest.raises(ValueError, match="at least one"):
        nearest_k(SQUARE, np.ones(4, bool), [0.0], [0.0], 0)


def test_a_choice_of_streets_is_made_ready_once_and_old_choices_are_let_go() -> None:
    net = twelve_junctions()
    every = np.ones(net.segments, bool)
    first = nearby(net, every)
    assert nearby(net, every.copy()) is first
    for left_out in range(4):
        fewer = every.copy()
        fewer[left_out] = False
        assert nearby(net, fewer) is nearby(net, fewer)
        assert left_out not in nearby(net, fewer).pieces.segment
    assert nearby(net, every) is not first
