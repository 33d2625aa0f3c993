import csv
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from faults import InputError, SourceError
from network.floods import (
    DepthGrid,
    depths_of_areas,
    depths_of_grid,
    flooded,
    fording,
    read_depths,
    safe_kmh,
)
from network.geometry import METRES_PER_DEGREE
from network.profiles import PROFILES
from tests.network.drawing import draw
from tests.network.test_closures import square
from tests.network.towns import FIRST, MARKET, QUARRY, SECOND, SOUTH, TOWN, TRUCK

M = 1 / METRES_PER_DEGREE


def grid_file(path: Path, rows: list[list[float]], *, header: str = "", cell: float = 100 * M) -> Path:
    body = "\n".join(" ".join(map(str, row)) for row in rows)
    head = header or f"ncols {len(rows[0])}\nnrows {len(rows)}\nxllcorner 0\nyllcorner {-50 * M}\ncellsize {cell}\n"
    path.write_text(head + "NODATA_value -9999\n" + body, encoding="ascii")
    return path


@pytest.mark.parametrize(
    ("depth_mm", "kmh"),
    [(0, 86.9448), (100, 0.0009 * 100**2 - 55.29 + 86.9448), (299, 2.1), (300, 0), (5000, 0)],
)
def test_a_car_in_water_is_as_fast_as_pregnolato_says(depth_mm: float, kmh: float) -> None:
    assert safe_kmh(np.array([float(depth_mm)]), 300.0)[0] == pytest.approx(kmh, abs=0.05)


def test_a_high_truck_goes_by_the_same_curve_up_to_its_own_limit() -> None:
    assert safe_kmh(np.array([150.0, 499.0, 500.0]), 500.0).tolist() == pytest.approx(
        [safe_kmh(np.array([90.0]), 300.0)[0], 2.1, 0], abs=0.05
    )


def test_deeper_is_never_faster() -> None:
    assert (np.diff(safe_kmh(np.linspace(0, 700, 300), 500.0)) <= 0).all()


def test_a_grid_is_read_from_north_to_south(tmp_path: Path) -> None:
    grid = read_depths(grid_file(tmp_path / "flood.asc", [[1, 2, -9999], [0.5, -1, 0]]))
    assert grid.depth_mm.tolist() == [[1000, 2000, 0], [500, 0, 0]]
    lon, lat = np.array([150.0, 50, 250, -1, 50]) * M, np.array([100.0, 0, 0, 0, 200]) * M
    assert grid.at(lon, lat).tolist() == [2000, 500, 0, 0, 0]


def test_cells_may_be_given_by_their_middle_and_depths_in_other_units(tmp_path: Path) -> None:
    header = f"NCOLS 1\nNROWS 1\nXLLCENTER {50 * M}\nYLLCENTER 0\nCELLSIZE {100 * M}\n"
    grid = read_depths(grid_file(tmp_path / "flood.asc", [[25]], header=header), mm_per_unit=10)
    assert (grid.west, grid.south) == pytest.approx((0, -50 * M))
    assert grid.depth_mm.tolist() == [[250]]


@pytest.mark.parametrize(
    "text",
    [
        "", "no grid", "ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9\n1 2 3",
        "ncols 1\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 0\nNODATA_value -9\n1",
        "ncols 1\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9\nnan",
        "ncols x\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9\n1",
        "ncols -1\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9\n1",
        "ncols 0\nnrows 0\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9\n", "ncols 1\nnrows 1\ncellsize 1\n1",
    ],
)  # fmt: skip
def test_what_is_no_grid_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "flood.asc").write_text(text, encoding="ascii")
    with pytest.raises(SourceError) as error:
        read_depths(tmp_path / "flood.asc")
    assert error.value.faults[0].code == "grid-broken"


def test_a_missing_grid_and_one_in_metres_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="grid-broken"):
        read_depths(tmp_path / "none.asc")
    with pytest.raises(SourceError, match="grid-not-in-degrees"):
        read_depths(grid_file(tmp_path / "utm.asc", [[1]], cell=500))


def test_the_deepest_water_on_a_street_counts() -> None:
    # cells of 100 m from -50 m: rows around 0, 100 and 200 m north
    grid = DepthGrid(west=0.0, south=-50 * M, cell=100 * M, depth_mm=np.array([[0.0, 0], [0, 200], [100, 50]]))
    depth = depths_of_grid(TOWN, grid)
    assert depth[[SOUTH, FIRST, MARKET, QUARRY]].tolist() == [100, 100, 200, 0]
    assert depth[SECOND] == 0, "200 m east begins the next cell, where nothing is known"


def test_streets_in_blocks_are_as_deep_as_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    depth = np.random.default_rng(1).uniform(0, 900, (60, 80))
    west, south, east, _ = TOWN.box
    grid = DepthGrid(west=west, south=south, cell=(east - west) / 80, depth_mm=depth)
    whole = depths_of_grid(TOWN, grid)
    monkeypatch.setattr("network.floods.AT_ONCE", 7)
    assert (depths_of_grid(TOWN, grid) == whole).all()
    assert whole.max() > 0


def test_areas_have_depths_and_bridges_stay_dry() -> None:
    network = draw({"a": (0, 0), "b": (100, 0), "c": (200, 0)}, [("a", "b"), ("b", "c", {"bridge": "yes"})])
    areas = [square(-10, -10, 210, 10), square(-10, -10, 50, 10)]
    assert depths_of_areas(network, areas, [100, 250], "flood").tolist() == [250, 0]
    with pytest.raises(InputError, match="area-broken"):
        depths_of_areas(network, [[]], [1], "flood")
    with pytest.raises(ValueError, match="shorter"):
        depths_of_areas(network, areas, [1], "flood")


def test_a_flood_closes_and_slows() -> None:
    depth = np.zeros(TOWN.segments)
    depth[[SOUTH, MARKET, QUARRY]] = [600, 480, 100]
    found = flooded(TOWN, TRUCK, depth, "flood of 20 years")
    assert np.flatnonzero(found.closed).tolist() == [2 * SOUTH, 2 * SOUTH + 1]
    kmh = safe_kmh(np.array([480.0]), 500.0)[0]
    assert found.factor[2 * MARKET] * 15 == pytest.approx(kmh), "15 km/h is the speed on dry residential streets"
    assert (found.factor[[2 * MARKET + 1, 2 * QUARRY, 2 * SOUTH]] == 1).all(), "a truck in 100 mm is slow enough"
    assert found.why.strings()[[SOUTH, MARKET, QUARRY]].tolist() == ["flood of 20 years"] * 2 + [""]
    lower = flooded(TOWN, TRUCK, depth, "the same", passes_mm=90)
    assert lower.closed.sum() == 6


def test_a_profile_nothing_is_known_of_needs_a_depth() -> None:
    from dataclasses import replace

    with pytest.raises(ValueError, match="give passes_mm"):
        flooded(TOWN, replace(TRUCK, id="amphibian"), np.zeros(TOWN.segments), "flood")


def test_every_profile_has_a_depth_with_a_source() -> None:
    assert set(fording()) == set(PROFILES)
    text = files("network.data").joinpath("fording.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        assert float(row["low"]) <= float(row["value"]) <= float(row["high"])
        assert row["unit"] == "mm"
        assert len(row["source"]) > 20
        assert row["status"] in {"expert", "verified", "unverified"}
