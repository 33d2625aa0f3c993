"""Matrices against Dijkstra on the same turn graph: not a millisecond and not a decimetre of difference."""

from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from network.drive import Drive, drive, prepare
from network.matrix import matrix
from network.profiles import PROFILES
from network.snap import Snapped, snap
from network.sources.osm_file import read_osm
from network.stances import Stances
from network.streets import StreetNetwork
from tests.network.oracle import Judge

QUICK = [
    ("monaco", "refuse-truck"),
    ("nairobi-central", "tricycle"),
    ("monaco", "foot"),
    ("dhaka-central", "small-truck"),
]
LONG = [
    (name, profile)
    for name in ("porto-metro", "heidelberg", "porto-alegre", "dhaka-central", "nairobi-central", "monaco")
    for profile in sorted(PROFILES)
]


def scattered(driven: Drive, count: int, seed: int) -> tuple[Snapped, Stances]:
    """Places on the streets, some of them twice; of three, one may be left in both directions and two in one only."""
    network, random = driven.prepared.network, np.random.default_rng(seed)
    west, south, east, north = network.box
    lon, lat = random.uniform(west, east, 4 * count), random.uniform(south, north, 4 * count)
    found = snap(network, driven.profile, lon, lat, limit_m=2000, allowed=driven.allowed)
    place = np.flatnonzero(found.segment >= 0)[:count].astype(np.int32)
    place[-5:] = place[:5]
    kind = random.integers(0, 3, len(place))
    ids = tuple(f"p{k}" for k in range(len(place)))
    return found, Stances(ids=ids, place=place, ahead=kind != 1, back=kind != 2, across=np.zeros(len(ids), bool))


def agree(network: StreetNetwork, profile: str, rows: int, columns: int) -> None:
    movement = PROFILES[profile].movement
    driven = drive(prepare(network, movement), PROFILES[profile])
    snapped, arriving = scattered(driven, columns, 3)
    leaving = replace(
        arriving,
        ids=arriving.ids[:rows],
        place=arriving.place[:rows].copy(),
        ahead=arriving.ahead[:rows].copy(),
        back=arriving.back[:rows].copy(),
        across=arriving.across[:rows].copy(),
    )
    found = matrix(driven, snapped, leaving, arriving)
    ms, dm = Judge(driven).matrix(snapped, network.length_m, leaving, arriving)
    assert (found.duration_ms == ms).all()
    assert (found.distance_dm == dm).all()
    assert (ms < 2**31 - 1).mean() > 0.5


@pytest.mark.parametrize(("name", "profile"), QUICK)
def test_a_real_town_agrees_with_scipy_on_thousands_of_pairs(data_dir: Path, name: str, profile: str) -> None:
    agree(read_osm(data_dir / "osm" / f"{name}.osm.pbf"), profile, 40, 100)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("name", "profile"), LONG)
def test_every_real_extract_agrees_with_scipy_for_every_profile(data_dir: Path, name: str, profile: str) -> None:
    agree(read_osm(data_dir / "osm" / f"{name}.osm.pbf"), profile, 100, 200)


def test_scipy_and_networkx_are_of_one_mind(data_dir: Path) -> None:
    network = read_osm(data_dir / "osm" / "nairobi-central.osm.pbf")
    judge = Judge(drive(prepare(network, "drive"), PROFILES["refuse-truck"]))
    graph = judge.networkx()
    starts = np.random.default_rng(1).choice(np.flatnonzero(judge.weights.leave), 3, replace=False).tolist()
    judge.search(starts)
    for start in starts:
        lengths = nx.single_source_dijkstra_path_length(graph, start)
        assert {state: float(value) for state, value in enumerate(judge.rows[start]) if np.isfinite(value)} == lengths
