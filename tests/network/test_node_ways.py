from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.geometry import steps_m
from network.matrix import travel_matrix
from network.node_ways import ways
from network.profiles import PROFILES, VehicleProfile
from network.snap import Snapped, snap
from network.sources.osm_file import read_osm
from network.streets import StreetNetwork
from tests.network.drawing import degrees, draw, grid

TRUCK = PROFILES["refuse-truck"]
CORNERS = {"a": (0, 0), "b": (300, 0), "c": (300, 300)}
NAMED = draw(
    CORNERS,
    [("a", "b", {"name": "South Lane"}), ("b", "c"), ("c", "a", {"oneway": "yes", "name": "Hill Road"})],
)


def check(network: StreetNetwork, profile: VehicleProfile, at: Snapped, pairs: np.ndarray, tolerance_m: float) -> None:
    """Ways equal the matrix to the last digit, begin and end at their places, and are as long as they are drawn."""
    matrix = travel_matrix(network, profile, at, [str(k) for k in range(len(at))])
    for (leave, arrive), way in zip(pairs, ways(network, profile, at, pairs), strict=True):
        assert round(way.duration_s * 1000) == matrix.duration_ms[leave, arrive]
        assert round(way.distance_m * 10) == matrix.distance_dm[leave, arrive]
        assert (way.lon[0], way.lat[0]) == (at.lon[leave], at.lat[leave])
        assert (way.lon[-1], way.lat[-1]) == (at.lon[arrive], at.lat[arrive])
        drawn = steps_m(way.lon, way.lat).sum()
        assert drawn == pytest.approx(way.distance_m, abs=tolerance_m + 0.1 * len(way.lon))


def test_a_way_follows_the_streets_and_names_them_in_order() -> None:
    at = snap(NAMED, TRUCK, *degrees([100, 250, 200], [0, 0, 200]))
    there, back = ways(NAMED, TRUCK, at, [(0, 2), (2, 1)])
    passed = degrees([100, 250, 300, 300, 200], [0, 0, 0, 300, 200])
    assert np.column_stack([there.lon, there.lat]) == pytest.approx(np.column_stack(passed), abs=1e-8)
    assert there.names == ("South Lane", "Hill Road")
    assert back.names == ("Hill Road", "South Lane")


def test_a_name_comes_again_when_its_street_does() -> None:
    network = draw(
        {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (300, 0)},
        [("a", "b", {"name": "Ring"}), ("b", "c", {"name": "Bridge"}), ("c", "d", {"name": "Ring"})],
    )
    at = snap(network, TRUCK, *degrees([10, 290], [0, 0]))
    assert ways(network, TRUCK, at, [(0, 1)])[0].names == ("Ring", "Bridge", "Ring")


def test_from_a_place_to_itself_is_a_standstill() -> None:
    at = snap(NAMED, TRUCK, *degrees([100], [5]))
    (way,) = ways(NAMED, TRUCK, at, [(0, 0)])
    assert (way.distance_m, way.duration_s, way.names) == (0.0, 0.0, ())
    assert way.lon.tolist() == [at.lon[0]] * 2


def test_between_two_places_on_one_segment_no_junction_is_passed() -> None:
    at = snap(NAMED, TRUCK, *degrees([100, 250], [5, -5]))
    assert [len(way.lon) for way in ways(NAMED, TRUCK, at, [(0, 1), (1, 0)])] == [2, 2]


def test_no_pairs_and_places_on_no_street() -> None:
    at = snap(NAMED, TRUCK, *degrees([100, 9000], [5, 9000]))
    assert ways(NAMED, TRUCK, at, []) == []
    with pytest.raises(ValueError, match="on no street"):
        ways(NAMED, TRUCK, at, [(0, 1)])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), profile=st.sampled_from(sorted(PROFILES)))
def test_ways_equal_the_matrix(seed: int, profile: str) -> None:
    network = grid(5, 6, seed=seed)
    random = np.random.default_rng(seed)
    lon, lat = degrees(random.uniform(0, 500, 30), random.uniform(0, 400, 30))
    at = snap(network, PROFILES[profile], lon, lat, limit_m=1000)
    check(network, PROFILES[profile], at, random.integers(0, 30, (60, 2)), tolerance_m=0.2)


def test_the_speed_factor_is_that_of_the_matrix() -> None:
    network = grid(5, 6, seed=5)
    at = snap(network, TRUCK, *degrees([20, 480], [20, 380]))
    matrix = travel_matrix(network, TRUCK, at, ["a", "b"], speed_factor=0.61)
    (way,) = ways(network, TRUCK, at, [(0, 1)], speed_factor=0.61)
    assert round(way.duration_s * 1000) == matrix.duration_ms[0, 1]


def test_looking_not_far_enough_at_first_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    network = grid(8, 8, seed=6)
    at = snap(network, TRUCK, *degrees([20, 680, 300], [20, 680, 80]), limit_m=1000)
    pairs = [(0, 1), (1, 0), (0, 2), (2, 1)]
    plain = ways(network, TRUCK, at, pairs)
    monkeypatch.setattr("network.ways._limits", lambda *_: np.full(4, 100.0))
    assert [way.duration_s for way in ways(network, TRUCK, at, pairs)] == [way.duration_s for way in plain]


def test_ways_equal_the_matrix_in_a_real_town(data_dir: Path) -> None:
    network = read_osm(data_dir / "osm" / "nairobi-central.osm.pbf")
    random = np.random.default_rng(3)
    west, south, east, north = network.box
    at = snap(network, TRUCK, random.uniform(west, east, 150), random.uniform(south, north, 150), limit_m=1000)
    on = np.flatnonzero(at.segment >= 0)
    assert len(on) > 100
    check(network, TRUCK, at, random.choice(on, (400, 2)), tolerance_m=2.0)
