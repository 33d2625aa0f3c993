from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faults import Fault
from scenarios.read.geojson import read_areas, read_geojson
from scenarios.read.sheet import Sheet
from tests.scenarios.read.kit import codes, faults, the_fault

SQUARE = [[36.80, -1.30], [36.82, -1.30], [36.82, -1.28], [36.80, -1.28], [36.80, -1.30]]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def point(*position: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(position)}


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def lay(folder: Path, *features: Any, **more: Any) -> Path:
    path = folder / "t.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **more}))
    return path


def opened(folder: Path, *features: Any, **more: Any) -> tuple[Sheet, tuple[Fault, ...]]:
    return read_geojson(lay(folder, *features, **more), file="t.geojson")


def areas(folder: Path, *features: Any) -> tuple[Sheet, list[Any], tuple[Fault, ...]]:
    return read_areas(lay(folder, *features), file="t.geojson")


def test_points_with_properties(tmp_path: Path) -> None:
    sheet, doubts = opened(
        tmp_path,
        feature(point(36.82, -1.28), id="a", kg=2.5, ok=True, none=None, tags={"x": [1]}),
        feature(point(36.83, -1.29, 1600.0, 7), id="b", late="é"),
    )
    assert sheet.headers == ("id", "kg", "ok", "none", "tags", "late", "longitude", "latitude")
    assert sheet.rows[0] == ("a", 2.5, "yes", "", '{"x": [1]}', "", 36.82, -1.28)
    assert sheet.rows[1] == ("b", "", "", "", "", "é", 36.83, -1.29)
    assert sheet.geometry == (6, 7)
    assert sheet.place(1, "id") == "t.geojson, feature 2, column id"
    assert doubts == ()


def test_properties_named_like_coordinates_do_not_hide_the_geometry(tmp_path: Path) -> None:
    sheet, _ = opened(tmp_path, feature(point(1, 2), longitude="x"))
    assert sheet.headers == ("longitude", "longitude of the geometry", "latitude")
    assert sheet.rows == (("x", 1.0, 2.0),)


def test_a_polygon_stands_at_its_centroid(tmp_path: Path) -> None:
    sheet, _ = opened(tmp_path, feature(polygon(SQUARE), id="a"))
    assert sheet.rows[0][1:] == pytest.approx((36.81, -1.29))


def test_no_geometry_no_coordinates(tmp_path: Path) -> None:
    assert opened(tmp_path, feature(None, address="Moi Avenue 1"))[0].rows == (("Moi Avenue 1", "", ""),)


def test_a_single_feature_and_a_single_geometry_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.geojson"
    path.write_text(json.dumps(feature(point(1, 2), id="a")))
    assert read_geojson(path, file="t")[0].rows == (("a", 1.0, 2.0),)
    path.write_text(json.dumps(point(1, 2)))
    assert read_geojson(path, file="t")[0].rows == ((1.0, 2.0),)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
        {"type": "LineString", "coordinates": []},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]},
        {"type": "Point"},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": ["1", "2"]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": [None, None]},
        {"type": "Point", "coordinates": [math.nan, 1]},
        {"type": "Point", "coordinates": [math.inf, 1]},
        {"type": "Point", "coordinates": [10**400, 1]},
        {"type": "Point", "coordinates": [1, 2, 3, 4, 5]},
        {"type": "Point", "coordinates": {"lon": 1}},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [[[1, 2], [1, 2]]]},
        {"type": "Polygon", "coordinates": [SQUARE[:-1]]},
        {"type": "Polygon", "coordinates": [[[lat, lon] for lon, lat in SQUARE[:-1]] + [[91, 300]]]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE], "x"]},
        {"type": "Nonsense"},
        "POINT(1 2)",
        7,
    ],
)
def test_what_is_no_place_is_told_with_feature_and_pointer(tmp_path: Path, geometry: Any) -> None:
    fault = the_fault(opened, tmp_path, feature(point(1, 2)), feature(geometry))
    assert fault.code == "geometry"
    assert fault.place == "t.geojson, feature 2"
    assert fault.pointer == "/features/1/geometry"


def test_all_wrong_geometries_are_told_at_once(tmp_path: Path) -> None:
    wrong = [feature({"type": "Point", "coordinates": [k]}) for k in range(5)]
    assert len(faults(opened, tmp_path, *wrong)) == 5


def test_huge_coordinates_are_left_to_the_check_of_places(tmp_path: Path) -> None:
    assert opened(tmp_path, feature(point(1e308, -1e308)))[0].rows == ((1e308, -1e308),)


def test_other_reference_systems_are_refused(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32737"}}
    assert "WGS 84" in the_fault(opened, tmp_path, feature(point(1, 2)), crs=crs).action
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
        opened(tmp_path, feature(point(1, 2)), crs={"type": "name", "properties": {"name": name}})


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"type": "FeatureCollection"}',
        b'{"type": "FeatureCollection", "features": {}}',
        b'{"type": "FeatureCollection", "features": [1]}',
        b'{"type": "FeatureCollection", "features": []}',
        b'{"type": "Topology"}',
        b'{"a":' * 100_000,
        b'{"type": "FeatureCollection", "features": [' + b"[" * 100_000,
        b'{"x": "\\ud800"}',
        b'{"x": "\xff\xfe"}',
        b"[1, 2]",
    ],
)
def test_what_is_no_geojson(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "t.geojson"
    path.write_bytes(raw)
    assert the_fault(read_geojson, path, file="t.geojson").code in {"geojson", "empty-table"}


def test_properties_that_are_none_and_features_without_any(tmp_path: Path) -> None:
    sheet, _ = opened(tmp_path, {"type": "Feature", "geometry": point(1, 2), "properties": None})
    assert sheet.rows == ((1.0, 2.0),)


def test_very_many_properties(tmp_path: Path) -> None:
    assert the_fault(opened, tmp_path, feature(point(1, 2), **{f"p{k}": k for k in range(600)})).code == "geojson"


def test_areas_with_holes_and_parts(tmp_path: Path) -> None:
    hole = [[36.805, -1.295], [36.81, -1.295], [36.81, -1.29], [36.805, -1.295]]
    far = [[lon + 1, lat] for lon, lat in SQUARE]
    two = {"type": "MultiPolygon", "coordinates": [[SQUARE, hole], [far]]}
    sheet, found, doubts = areas(tmp_path, feature(two, people=10))
    assert sheet.rows == ((10,),)
    assert [len(part) for part in found[0]] == [2, 1]
    assert np.array_equal(found[0][1][0], np.array(far))
    assert doubts == ()


def test_an_outline_that_crosses_itself_is_repaired_and_said(tmp_path: Path) -> None:
    bow = [[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]
    _, found, doubts = areas(tmp_path, feature(polygon(bow)))
    assert len(found[0]) == 2
    assert codes(doubts) == ["geometry-repaired"]


@pytest.mark.parametrize("geometry", [None, point(1, 2), polygon([[0, 0], [1, 1], [2, 2], [0, 0]])])
def test_what_is_no_area(tmp_path: Path, geometry: Any) -> None:
    assert the_fault(areas, tmp_path, feature(geometry)).code == "geometry"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=5))
def test_positions_read_back_exactly(tmp_path: Path, places: list[tuple[float, float]]) -> None:
    sheet, _ = opened(tmp_path, *[feature(point(*place)) for place in places])
    assert list(sheet.rows) == places
