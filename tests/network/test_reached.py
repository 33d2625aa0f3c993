"""Bands of streets: every point of a street is in the band that its own shortest way says."""

import numpy as np
import pytest

from network.lines import points_at
from network.profiles import PROFILES
from network.reached import bands
from network.snap import snap
from network.sources.osm_file import read_osm
from network.streets import StreetNetwork
from network.walking import distances_within
from tests.network.drawing import degrees, draw, grid

FOOT, TRUCK = PROFILES["foot"], PROFILES["refuse-truck"]


def judged(network: StreetNetwork, profile, places, limits, *, seed: int, points: int = 400) -> int:
    """Compare the band of random points with their own distance; return how many were near a place."""
    rng = np.random.default_rng(seed)
    found = bands(network, profile, places, limits)
    segment = rng.integers(0, network.segments, points)
    along = rng.random(points) * network.length_m[segment]
    lon, lat = spots(network, segment, along)
    at = snap(network, profile, lon, lat)
    kept = (at.segment == segment) & (np.abs(at.along_m - along) < 0.5)
    metres = (distances_within(network, profile, at, places, limit_m=max(limits)) + places.distance_m).min(axis=1)
    for k in np.flatnonzero(kept):
        inside = [
            np.any((band.segment == segment[k]) & ((band.from_m - along[k]) * (band.to_m - along[k]) <= 0))
            for band in found
        ]
        if np.abs(np.array(limits) - metres[k]).min() > 1:
            band = int(np.searchsorted(limits, metres[k]))
            assert inside == [j == band for j in range(len(limits))], (k, metres[k], inside)
    return int((kept & (metres < max(limits))).sum())


def spots(network: StreetNetwork, segment, along):
    return points_at(network, segment, along).T


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("profile", [FOOT, TRUCK], ids=lambda p: p.id)
def test_every_point_is_in_the_band_of_its_shortest_way(seed: int, profile) -> None:
    network = grid(6, 6, seed=seed)
    rng = np.random.default_rng(seed)
    west, south, east, north = network.box
    places = snap(network, profile, rng.uniform(west, east, 3), rng.uniform(south, north, 3))
    assert judged(network, profile, places, [60.0, 150.0, 260.0], seed=seed) > 50


def test_a_band_ends_where_its_metres_are_used_up_and_one_way_streets_count_one_way() -> None:
    street = {"a": (0, 0), "b": (400, 0)}
    network = draw(street, [("a", "b", {})])
    (near, far) = bands(network, FOOT, snap(network, FOOT, *degrees([100], [0])), [50.0, 120.0])
    assert sorted(zip(near.from_m.round(), near.to_m.round(), strict=True)) == [(100, 50), (100, 150)]
    assert sorted(zip(far.from_m.round(), far.to_m.round(), strict=True)) == [(50, 0), (150, 220)]


def test_the_steps_beside_the_street_count() -> None:
    network = draw({"a": (0, 0), "b": (400, 0)}, [("a", "b", {})])
    (band,) = bands(network, FOOT, snap(network, FOOT, *degrees([200], [30])), [50.0])
    assert sorted(band.to_m.round()) == [180, 220]


def test_without_a_place_there_is_no_band() -> None:
    network = draw({"a": (0, 0), "b": (400, 0)}, [("a", "b", {})])
    assert [len(band.segment) for band in bands(network, FOOT, snap(network, FOOT, [], []), [50.0])] == [0]
    assert bands(network, FOOT, snap(network, FOOT, *degrees([200], [0])), []) == ()


def test_a_real_city(data_dir) -> None:
    network = read_osm(data_dir / "osm" / "nairobi-central.osm.pbf")
    places = snap(network, FOOT, [36.8194, 36.8289, 36.8388], [-1.2836, -1.2760, -1.2845])
    assert judged(network, FOOT, places, [417.0, 833.0, 1250.0], seed=1) > 100
