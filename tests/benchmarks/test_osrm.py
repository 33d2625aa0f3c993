"""The comparison with OSRM, without OSRM; and with it where its executables are given."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks import osrm
from benchmarks.options import Options
from benchmarks.osrm_causes import Ours, Spot
from benchmarks.osrm_profile import lua
from benchmarks.osrm_server import binaries
from benchmarks.table import as_dict
from network.drive import Drive
from network.profiles import PROFILES
from network.stances import Stances
from network.ways import ways
from tests.network.crafted import QUARTERS, TRUCK
from tests.network.paper import driven, spots, streets

QUARTER = {quarter.name: quarter for quarter in QUARTERS}


@pytest.fixture(name="found", scope="module")
def _found() -> Drive:
    return driven(TRUCK)


@pytest.fixture(name="ours", scope="module")
def _ours(found: Drive) -> Ours:
    return Ours(drive=found)


def directed(quarter: str, letters: str) -> list[int]:
    """Directed segments along these letters."""
    town, network = streets().town, streets().network
    found = []
    for a, b in pairwise(letters):
        segment = int(np.flatnonzero(network.way_id == town.way[quarter, a + b])[0])
        along = network.junction_id[network.tail[segment]] == town.node[quarter, a]
        found.append(2 * segment + (0 if along else 1))
    return found


def middle(one: int) -> Spot:
    return Spot(segment=one >> 1, along_m=float(streets().network.length_m[one >> 1]) / 2)


def leg(quarter: str, letters: str) -> dict:
    """A leg as OSRM tells it: the nodes passed, the first and the last one beyond the ends, and metres."""
    town, network = streets().town, streets().network
    pieces = directed(quarter, letters)
    metres = [float(network.length_m[one >> 1]) for one in pieces]
    metres[0], metres[-1] = metres[0] / 2, metres[-1] / 2
    return {"annotation": {"nodes": [town.node[quarter, letter] for letter in letters], "distance": metres}}


def test_the_profile_in_lua_has_our_figures() -> None:
    said = lua(PROFILES[TRUCK], left_hand=True)
    assert "['residential'] = 15" in said
    assert "left_hand_driving = true" in said
    assert "Sequence { 'hgv', 'motor_vehicle', 'vehicle', 'access' }" in said
    assert "{{" not in said


def test_streets_driven_one_by_one_take_what_the_way_takes(found: Drive, ours: Ours) -> None:
    quarter, letters = QUARTER["no left turn"], "defiheb"
    pieces = directed(quarter.name, letters)
    at = spots(found, quarter, ("de", 0.5), ("eb", 0.5))
    ahead = np.array([one % 2 == 0 for one in (pieces[0], pieces[-1])])
    stances = Stances(ids=("a", "b"), place=np.array([0, 1], np.int32), ahead=ahead, back=~ahead, across=ahead & False)
    (way,) = ways(found, at, stances, stances, [[0, 1]])
    assert ours.driven(pieces, middle(pieces[0]), middle(pieces[-1])) == pytest.approx(way.duration_s, abs=0.003)


@pytest.mark.parametrize(
    ("quarter", "letters", "why"),
    [
        ("no left turn", "deb", "restriction"),
        ("low bridge", "defi", "access, size or class"),
        ("against the one-way", "defi", "one-way"),
        ("bollard", "dewfi", "barrier"),
        ("destination street", "defi", "destination street"),
        ("a plain crossing is no place to turn round", "ded", "U-turn"),
    ],
)
def test_what_forbids_a_way_is_named(ours: Ours, quarter: str, letters: str, why: str) -> None:
    pieces = directed(quarter, letters)
    assert ours.driven(pieces, middle(pieces[0]), middle(pieces[-1])) == why


@pytest.mark.parametrize(
    ("quarter", "letters", "count"),
    [
        ("no left turn", "deb", 1),
        ("no left turn", "deh", 0),
        ("only straight on", "deh", 1),
        ("only straight on", "def", 0),
        ("no turning back over a crossing street", "deba", 1),
        ("no turning back over a crossing street", "heba", 0),
        ("only over a crossing street", "def", 1),
        ("only over a crossing street", "deba", 1),
        ("only over a crossing street", "debc", 0),
        ("no left turn for goods vehicles", "deb", 1),
        ("no left turn except goods vehicles", "deb", 0),
    ],
)
def test_broken_restrictions_are_counted_by_their_words(ours: Ours, quarter: str, letters: str, count: int) -> None:
    assert ours.broken(directed(quarter, letters)) == count


def test_a_way_told_by_nodes_is_read_as_streets(ours: Ours) -> None:
    pieces = directed("no left turn", "defih")
    said = leg("no left turn", "defih")
    assert ours.read(said, middle(pieces[0]), middle(pieces[-1])) == pieces
    said["annotation"]["distance"][1] *= 2
    assert ours.read(said, middle(pieces[0]), middle(pieces[-1])) == "a street that is none here"


def test_executables_are_looked_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="osrm-bindings"):
        binaries(tmp_path)
    with pytest.raises(SystemExit, match="--osrm"):
        next(osrm.tables(Options(data=None)))


@pytest.mark.slow
def test_a_real_osrm_drives_the_same_ways(data_dir: Path) -> None:
    folder = os.environ.get("MZUNGUKO_OSRM", "")
    if not folder:
        pytest.skip("MZUNGUKO_OSRM is not set: the unpacked wheel of osrm-bindings is not here")
    options = Options(data=None, files=(data_dir / "osm" / "monaco.osm.pbf",), osrm=Path(folder))
    routes, causes = osrm.tables(options, routes=100)
    (row,) = as_dict(routes)["rows"]
    assert row["within 5 pct"] > 90
    assert row["ours break restrictions"] == row["OSRM breaks restrictions"] == 0
    assert sum(cause["routes"] for cause in as_dict(causes)["rows"]) == row["more than 5 pct"]
