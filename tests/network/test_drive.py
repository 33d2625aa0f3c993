from pathlib import Path
from typing import Any

import numpy as np
import pytest

from network.closures import close_streets
from network.drive import closed, drive, prepare
from network.matrix import UNREACHABLE, matrix
from network.profiles import PROFILES
from network.snap import snap
from network.sources.osm_file import read_osm
from network.stances import stances
from network.travel import travel
from network.ways import ways
from tests.network.drawing import draw, grid
from tests.network.oracle import Judge
from tests.network.towns import MARKET, SOUTH, TOWN, TRUCK, driven, facing, ready, scattered, standing


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("seed", range(2))
def test_all_pairs_of_made_up_towns_agree_with_plain_dijkstra(profile: str, seed: int) -> None:
    for network in (TOWN, grid(6, 7, seed=seed)):
        who = drive(prepare(network, PROFILES[profile].movement), PROFILES[profile])
        places, stances = scattered(who, 40, seed)
        found = matrix(who, places, stances, stances)
        ms, dm = Judge(who).matrix(places, network.length_m, stances, stances)
        assert (found.duration_ms == ms).all()
        assert (found.distance_dm == dm).all()


def test_on_a_real_town_ways_lazy_travel_and_the_matrix_agree(data_dir: Path) -> None:
    network = read_osm(data_dir / "osm" / "nairobi-central.osm.pbf")
    for profile in ("refuse-truck", "foot"):
        who = drive(prepare(network, PROFILES[profile].movement), PROFILES[profile])
        places, stances = scattered(who, 60, 2)
        found = matrix(who, places, stances, stances)
        lazy = travel(who, places, stances, stances)
        i, j = np.divmod(np.arange(60 * 60), 60)
        ms, dm = lazy.legs(i, j)
        assert (ms == found.duration_ms.ravel()).all()
        assert (dm == found.distance_dm.ravel()).all()
        there = np.flatnonzero(ms < 2**31 - 1)[::7]
        told = ways(who, places, stances, stances, np.stack([i, j], axis=-1)[there])
        assert [round(way.duration_s * 1000) for way in told] == ms[there].tolist()
        assert [round(way.distance_m * 10) for way in told] == dm[there].tolist()


def test_on_foot_back_takes_as_long_as_there() -> None:
    who = driven(PROFILES["foot"])
    places, _ = scattered(who, 30, 1)
    yards = facing("o" * 30)
    found = matrix(who, places, yards, yards)
    assert (found.duration_ms == found.duration_ms.T).all()
    assert (found.distance_dm == found.distance_dm.T).all()


def test_a_speed_factor_scales_driving() -> None:
    places = standing(TOWN, [SOUTH, SOUTH + 2], [50, 100])
    for factor in (0.5, 2.0):
        who = drive(ready(), TRUCK, speed_factor=factor)
        found = matrix(who, places, facing("oo"), facing("oo"))
        assert found.duration_ms[0, 1] == 550 * 240 / factor
        assert (found.distance_dm[0, 1], found.speed_factor) == (5500, factor)


def test_learnt_speeds_take_the_place_of_those_of_the_map() -> None:
    kmh = np.full(2 * TOWN.segments, np.nan)
    kmh[2 * SOUTH] = 30.0
    who = drive(ready(), TRUCK, kmh=kmh)
    found = matrix(who, standing(TOWN, [SOUTH, SOUTH], [0, 200]), facing("oo"), facing("oo"))
    assert found.duration_ms.tolist() == [[0, 24_000], [48_000, 0]]
    assert (closed(who, None).weights.ms == who.weights.ms).all()


def test_one_preparation_serves_several_profiles_and_closures() -> None:
    plain = driven()
    works = close_streets(TOWN, ["Second Avenue"], "works")
    others = [drive(ready(), PROFILES["tricycle"]), closed(plain, works), drive(ready(), TRUCK, closures=works)]
    places, stances = scattered(plain, 20, 1)
    before = matrix(plain, places, stances, stances).duration_ms.tolist()
    found = [matrix(who, places, stances, stances).duration_ms.tolist() for who in others]
    assert found[1] == found[2] != before
    assert found[0] != before
    assert matrix(plain, places, stances, stances).duration_ms.tolist() == before


def test_who_moves_otherwise_needs_another_preparation() -> None:
    with pytest.raises(ValueError, match="does not go where drive was prepared"):
        drive(ready(), PROFILES["foot"])


def test_a_hierarchy_is_kept_and_a_broken_one_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    first = prepare(TOWN, cache=folder)
    (kept,) = folder.iterdir()
    written = kept.read_bytes()
    again = prepare(TOWN, cache=folder)
    assert (again.topology.rank == first.topology.rank).all()
    kept.write_bytes(written[:100])
    assert (prepare(TOWN, cache=folder).topology.rank == first.topology.rank).all()
    assert len(kept.read_bytes()) > 100
    prepare(TOWN, "foot", cache=folder)
    prepare(grid(3, 3), cache=folder)
    assert len(list(folder.iterdir())) == 3


def test_places_stand_to_the_millisecond() -> None:
    network = draw({"a": (0, 0), "b": (100, 0)}, [("a", "b", {"length": "33.34"})])
    who = drive(prepare(network), TRUCK)
    assert who.length_dm.tolist() == [333]
    assert who.weights.ms.tolist() == [8002, 8002]
    directed, state = np.array([0, 1, 0, 0], np.int32), who.prepared.graph.leaving[[0, 1, 0, 0]]
    ms, dm = who.position(directed, state, np.array([10.0, 10.0, 40.0, -1.0]))
    assert dm.tolist() == [100, 233, 333, 0]
    assert ms.tolist() == [2403, 8002 - 2403, 8002, 0]  # 8002 * 100 / 333 = 2403.003


def test_only_connected_streets_serve() -> None:
    who = driven()
    assert who.allowed.all()
    assert np.flatnonzero(~who.serving).tolist() == [2 * MARKET + 1, 2 * MARKET + 3, 2 * MARKET + 5, 26, 28]


def test_where_a_profile_fits_nowhere_nothing_is_reached() -> None:
    network = draw({"a": (0, 0), "b": (100, 0)}, [("a", "b", {"highway": "steps"})])
    who = drive(prepare(network), TRUCK)
    at = snap(network, TRUCK, [0.0, 0.001], [0.0, 0.0], allowed=who.allowed)
    assert at.problem == ("too-far", "too-far")
    for kerb in ("near", "yard"):
        found = stances(who, at, ["a", "b"], kerb=kerb)
        assert (matrix(who, at, found, found).duration_ms == UNREACHABLE).all()
        assert (travel(who, at, found, found).nearest(np.arange(2), 2).columns == -1).all()


def test_the_example_of_the_documentation_runs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "driving.md").read_text(encoding="utf-8")
    said: dict[str, Any] = {}
    exec(page.split("```python")[1].split("```")[0], said)
    assert said["ends"].ids == ("depot", "school>", "school<", "market<")
    assert said["told"].startswith("arrive")
    assert [(cut.id, cut.closed_here) for cut in said["lost"]] == [("depot", "flood"), ("market", "")]
    assert said["lost"][0].by == ("flood",)
    assert not said["area"].is_empty
