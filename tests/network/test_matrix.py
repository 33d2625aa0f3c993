from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.exchange import to_networkx
from network.matrix import UNREACHABLE, TravelMatrix, travel_matrix
from network.node_ways import ways
from network.profiles import PROFILES, VehicleProfile
from network.snap import Snapped, snap
from network.sources.made_up import twelve_junctions
from network.sources.osm_file import read_osm
from network.streets import StreetNetwork
from tests.network.drawing import degrees, draw, grid

TRUCK, FOOT = PROFILES["refuse-truck"], PROFILES["foot"]
PROFILE_IDS = sorted(PROFILES)


def scattered(network: StreetNetwork, profile: VehicleProfile, count: int, seed: int) -> Snapped:
    random = np.random.default_rng(seed)
    west, south, east, north = network.box
    lon, lat = random.uniform(west, east, count), random.uniform(south, north, count)
    return snap(network, profile, lon, lat, limit_m=500)


def matrix(network: StreetNetwork, profile: VehicleProfile, snapped: Snapped, **choices) -> TravelMatrix:
    return travel_matrix(network, profile, snapped, [f"p{k}" for k in range(len(snapped))], **choices)


def junctions(network: StreetNetwork, profile: VehicleProfile) -> Snapped:
    return snap(network, profile, network.junction_lon, network.junction_lat)


def rounded(network: StreetNetwork, profile: VehicleProfile) -> nx.MultiDiGraph:
    """The oracle's own graph: osmnx's conventions, each edge rounded to whole milliseconds and decimetres."""
    graph = to_networkx(network, profile)
    for _, _, data in graph.edges(data=True):
        dm = int(data["length"] * 10 + 0.5)
        data["both"] = (max(int(data["travel_time"] * 1000 + 0.5), dm) << 32) + dm
    return graph


def agree(network: StreetNetwork, profile: VehicleProfile, sources: np.ndarray, targets: np.ndarray) -> int:
    """Compare junction to junction with networkx's Dijkstra, exactly; return how many pairs were compared."""
    at = junctions(network, profile)
    here = {
        int(node): k for k, node in enumerate(network.junction_id) if at.segment[k] >= 0 and at.distance_m[k] < 0.04
    }
    sources, targets = ([int(node) for node in ids if int(node) in here] for ids in (sources, targets))
    found = matrix(network, profile, at)
    graph = rounded(network, profile)
    for source in sources:
        lengths = nx.single_source_dijkstra_path_length(graph, source, weight="both")
        row = [(lengths[target] >> 32, lengths[target] & (2**32 - 1)) for target in targets]
        cols = [here[target] for target in targets]
        ours = zip(
            found.duration_ms[here[source], cols].tolist(), found.distance_dm[here[source], cols].tolist(), strict=True
        )
        assert list(ours) == row
    return len(sources) * len(targets)


@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_the_made_up_town_agrees_with_networkx_on_all_pairs(profile: str) -> None:
    town = twelve_junctions()
    assert agree(town, PROFILES[profile], town.junction_id, town.junction_id) == 144


@pytest.mark.parametrize("profile", PROFILE_IDS)
@pytest.mark.parametrize("seed", range(3))
def test_bent_grids_agree_with_networkx_on_all_pairs(profile: str, seed: int) -> None:
    network = grid(7, 8, seed=seed)
    assert agree(network, PROFILES[profile], network.junction_id, network.junction_id) > 1000


@pytest.mark.parametrize(("file", "profile"), [("nairobi-central", "refuse-truck"), ("monaco", "tricycle")])
def test_a_real_town_agrees_with_networkx_on_thousands_of_pairs(data_dir: Path, file: str, profile: str) -> None:
    network = read_osm(data_dir / "osm" / f"{file}.osm.pbf")
    random = np.random.default_rng(11)
    sources, targets = random.choice(network.junction_id, 60, replace=False), random.choice(network.junction_id, 400)
    assert agree(network, PROFILES[profile], sources, targets) > 3000


def test_worked_out_on_paper() -> None:
    network = draw(
        {"a": (0, 0), "b": (300, 0), "c": (300, 300)}, [("a", "b"), ("b", "c"), ("c", "a", {"oneway": "yes"})]
    )
    at = snap(network, TRUCK, *degrees([100, 250, 200], [0, 0, 200]))
    found = matrix(network, TRUCK, at)
    assert found.distance_dm.tolist() == [
        [0, 1500, 2000 + 3000 + 1414],  # a third of the way down the 4243 dm from c to a
        [1500, 0, 500 + 3000 + 1414],
        [2829 + 1000, 2829 + 2500, 0],
    ]
    assert TRUCK.speed_kmh["residential"] == 15  # 240 ms a metre; 101,823 ms from c to a
    assert found.duration_ms.tolist() == [
        [0, 36_000, 48_000 + 72_000 + 33_933],
        [36_000, 0, 12_000 + 72_000 + 33_933],
        [67_890 + 24_000, 67_890 + 60_000, 0],
    ]


def test_places_at_one_spot_have_nothing_between_them() -> None:
    network = grid(4, 4, seed=1)
    at = snap(network, TRUCK, *degrees([50, 50, 250], [3, 3, 210]))
    found = matrix(network, TRUCK, at)
    assert found.duration_ms[:2, :2].tolist() == [[0, 0], [0, 0]]
    assert (found.duration_ms[0] == found.duration_ms[1]).all()
    assert (found.distance_dm[:, 0] == found.distance_dm[:, 1]).all()


def test_places_on_no_street_are_unreachable_and_named_in_place() -> None:
    network = grid(4, 4, seed=1)
    at = snap(network, TRUCK, *degrees([50, 9000, 150], [3, 9000, 3]))
    found = matrix(network, TRUCK, at)
    assert (found.duration_ms[1] == UNREACHABLE).all()
    assert (found.distance_dm[:, 1] == UNREACHABLE).all()
    assert (found.duration_ms[np.ix_([0, 2], [0, 2])] < UNREACHABLE).all()


def test_it_says_what_it_was_made_from() -> None:
    network = grid(3, 3)
    found = matrix(network, TRUCK, junctions(network, TRUCK), speed_factor=0.9)
    assert (found.profile, found.network_sha256, found.speed_factor) == ("refuse-truck", network.sha256, 0.9)
    assert found.leaving == found.arriving == tuple(f"p{k}" for k in range(9))
    with pytest.raises(ValueError, match="read-only"):
        found.duration_ms[0, 0] = 1


def test_no_places_at_all() -> None:
    network = grid(3, 3)
    assert matrix(network, TRUCK, snap(network, TRUCK, [], [])).duration_ms.shape == (0, 0)


def test_ids_must_fit_the_places_and_arrays_the_ids() -> None:
    network = grid(3, 3)
    with pytest.raises(ValueError, match="2 ids for 9 places"):
        travel_matrix(network, TRUCK, junctions(network, TRUCK), ["a", "b"])
    found = matrix(network, TRUCK, junctions(network, TRUCK))
    with pytest.raises(ValueError, match="do not fit"):
        replace(found, leaving=("a",))


def test_blocks_of_rows_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    network = grid(6, 6, seed=4)
    at = scattered(network, TRUCK, 40, 4)
    whole = matrix(network, TRUCK, at)
    monkeypatch.setattr("network.matrix.AT_ONCE_BYTES", 8 * 100 * 7)
    parts = matrix(network, TRUCK, at)
    assert (whole.duration_ms == parts.duration_ms).all()
    assert (whole.distance_dm == parts.distance_dm).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), profile=st.sampled_from(PROFILE_IDS))
def test_going_by_way_of_a_third_place_is_never_faster(seed: int, profile: str) -> None:
    network = grid(5, 5, seed=seed)
    found = matrix(network, PROFILES[profile], scattered(network, PROFILES[profile], 25, seed)).duration_ms.astype(
        np.int64
    )
    assert (found[:, None, :] <= found[:, :, None] + found[None, :, :]).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_one_way_streets_are_never_driven_backwards(seed: int) -> None:
    network = grid(5, 5, seed=seed)
    at = scattered(network, TRUCK, 20, seed)
    pairs = np.argwhere(~np.eye(20, dtype=bool))
    pairs = pairs[(at.segment[pairs] >= 0).all(axis=1)]
    one_way = {
        tuple(np.round(point, 9) for point in piece)
        for s in np.flatnonzero(network.tag("oneway").isin({"yes", "-1"}))
        for line in [network.shape(s)[:: -1 if network.tag("oneway").strings()[s] == "-1" else 1].ravel()]
        for piece in [line[k : k + 4] for k in range(0, len(line) - 2, 2)]
    }
    for way in ways(network, TRUCK, at, pairs):
        line = np.column_stack([way.lon, way.lat])
        driven = {tuple(np.round(np.concatenate(piece), 9)) for piece in zip(line[1:], line[:-1], strict=True)}
        assert not driven & one_way


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), factor=st.floats(0.2, 3.0))
def test_the_speed_factor_scales_durations(seed: int, factor: float) -> None:
    network = grid(4, 5, seed=seed)
    at = scattered(network, TRUCK, 15, seed)
    plain, scaled = matrix(network, TRUCK, at), matrix(network, TRUCK, at, speed_factor=factor)
    known = plain.duration_ms < UNREACHABLE
    pieces = network.segments + 15
    assert np.abs(scaled.duration_ms[known] - plain.duration_ms[known] / factor).max() <= pieces * (1 + 1 / factor)
    assert (known == (scaled.duration_ms < UNREACHABLE)).all()
