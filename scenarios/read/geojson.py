"""Tables and areas in GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pydantic_core
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from faults import Fault, InputError
from scenarios.read.findings import Findings
from scenarios.read.sheet import Cell, Sheet
from scenarios.read.words import bare

MAX_PROPERTIES = 500
WGS84 = ("crs84", "4326", "epsg::4326", "wgs84", "wgs 84")
Ring = NDArray[np.float64]


def read_geojson(path: Path, *, file: str) -> tuple[Sheet, tuple[Fault, ...]]:
    """Read features as rows: their properties, and the place of their geometry.

    A point stands where it stands; a polygon stands at its centroid. A feature without geometry has no coordinates (an
    address may do instead).

    Raises
    ------
    InputError
        ``geojson`` for what is none, ``geometry`` for geometries that are no place, all of them at once.
    """
    features = _features(path, file)
    found = Findings()
    names = list(dict.fromkeys(str(name) for feature in features for name in _properties(feature)))
    if len(names) > MAX_PROPERTIES:
        raise _error(file, f"its features have {len(names)} properties in all", "leave out what is not needed")
    lon, lat = (_free(name, names) for name in ("longitude", "latitude"))
    rows = []
    for k, feature in enumerate(features):
        place = _place(feature.get("geometry"), k, file, found)
        properties = _properties(feature)
        rows.append((*(_cell(properties.get(name)) for name in names), *place))
    doubts = found.settle()
    return (
        Sheet(
            file=file,
            headers=(*names, lon, lat),
            rows=tuple(rows),
            numbers=tuple(range(1, len(rows) + 1)),
            word="feature",
            geometry=(len(names), len(names) + 1),
        ),
        doubts,
    )


def read_areas(path: Path, *, file: str) -> tuple[Sheet, list[list[list[Ring]]], tuple[Fault, ...]]:
    """Read polygons, each a list of parts, each part a list of rings (the outer one first) of lon, lat rows.

    Self-crossing outlines are repaired, and that is a doubt.

    Returns
    -------
    The properties as a sheet, the polygons, and doubts.
    """
    features = _features(path, file)
    found = Findings()
    names = list(dict.fromkeys(str(name) for feature in features for name in _properties(feature)))
    rows, areas = [], []
    for k, feature in enumerate(features):
        shape = _polygon(feature.get("geometry"), k, file, found)
        areas.append(_rings(shape) if shape is not None else [])
        properties = _properties(feature)
        rows.append(tuple(_cell(properties.get(name)) for name in names))
    doubts = found.settle()
    sheet = Sheet(
        file=file, headers=tuple(names), rows=tuple(rows), numbers=tuple(range(1, len(rows) + 1)), word="feature"
    )
    return sheet, areas, doubts


def _features(path: Path, file: str) -> list[Mapping[str, Any]]:
    try:
        data = pydantic_core.from_json(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except ValueError as error:
        raise _error(file, f"it is not valid JSON: {error}", "export it anew") from None
    kind = data.get("type") if isinstance(data, Mapping) else None
    if kind in {"Feature", "Point", "Polygon", "MultiPolygon"}:
        data = {"features": [data if kind == "Feature" else {"geometry": data}]}
    elif kind != "FeatureCollection" or not isinstance(data.get("features"), list):
        raise _error(file, "it is no FeatureCollection", "export it as GeoJSON")
    if crs := data.get("crs"):
        name = bare(json.dumps(crs))
        if not any(word in name for word in WGS84):
            raise _error(file, f"its coordinates are in {crs}", "export it in WGS 84 (EPSG:4326)")
    features: list[Mapping[str, Any]] = data["features"]
    wrong = [k for k, feature in enumerate(features) if not isinstance(feature, Mapping)]
    if wrong:
        raise _error(f"{file}, feature {wrong[0] + 1}", "it is no object", "export the file anew")
    if not features:
        raise InputError(Fault(code="empty-table", place=file, cause="it has no features", action="fill it"))
    return features


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, Mapping) else {}


def _free(name: str, names: Sequence[str]) -> str:
    return name if name not in names else f"{name} of the geometry"


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _place(geometry: Any, k: int, file: str, found: Findings) -> tuple[Cell, Cell]:
    if geometry is None:
        return "", ""
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if kind in {"Polygon", "MultiPolygon"}:
        shape = _polygon(geometry, k, file, found)
        return (float(shape.centroid.x), float(shape.centroid.y)) if shape is not None else ("", "")
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    if kind == "MultiPoint" and isinstance(coordinates, list) and len(coordinates) == 1:
        kind, coordinates = "Point", coordinates[0]
    if kind != "Point":
        _fault(found, file, k, f"a {kind} is no place", "give it one point, or a polygon")
        return "", ""
    pair = _position(coordinates)
    if pair is None:
        _fault(found, file, k, "its coordinates are no pair of finite numbers", "give longitude and latitude")
        return "", ""
    return pair


def _position(value: Any) -> tuple[float, float] | None:
    """Read longitude and latitude; height and measure, if any, are left out."""
    if not isinstance(value, list) or not 2 <= len(value) <= 4:
        return None
    if any(isinstance(v, bool) or not isinstance(v, int | float) for v in value):
        return None
    try:
        lon, lat = float(value[0]), float(value[1])
    except OverflowError:
        return None
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else None


def _polygon(geometry: Any, k: int, file: str, found: Findings) -> BaseGeometry | None:
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    if kind not in {"Polygon", "MultiPolygon"} or not isinstance(coordinates, list) or not coordinates:
        _fault(found, file, k, f"a {kind or 'feature without geometry'} is no area", "give it a polygon")
        return None
    parts = [coordinates] if kind == "Polygon" else coordinates
    shapes = []
    for part in parts:
        rings = [_ring(ring) for ring in part] if isinstance(part, list) and part else [None]
        if any(ring is None for ring in rings):
            cause = "a ring is not closed, has fewer than four points, or is outside the world"
            _fault(found, file, k, cause, "repeat the first point of each ring as its last; longitude comes first")
            return None
        shapes.append(shapely.Polygon(rings[0], rings[1:]))
    shape: BaseGeometry = shapely.MultiPolygon(shapes) if len(shapes) > 1 else shapes[0]
    if not shape.is_valid:
        cause, action = "its outline crosses itself and was repaired", "look whether the area is still the right one"
        found.doubt("geometry-repaired", f"{file}, feature {k + 1}", cause, action)
        shape = shapely.make_valid(shape)
    if shape.area == 0:
        _fault(found, file, k, "it has no area", "give it a polygon with at least three corners")
        return None
    return shape


def _ring(value: Any) -> Ring | None:
    points = [_position(point) for point in value] if isinstance(value, list) else []
    if len(points) < 4 or any(point is None for point in points) or points[0] != points[-1]:
        return None
    ring = np.array(points, dtype=np.float64)
    return ring if (np.abs(ring) <= (180.0, 90.0)).all() else None


def _rings(shape: BaseGeometry) -> list[list[Ring]]:
    parts = [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"]
    return [
        [np.asarray(part.exterior.coords)[:, :2], *(np.asarray(hole.coords)[:, :2] for hole in part.interiors)]
        for part in parts
    ]


def _fault(found: Findings, file: str, k: int, cause: str, action: str) -> None:
    found.fault("geometry", f"{file}, feature {k + 1}", cause, action, pointer=f"/features/{k}/geometry")


def _error(place: str, cause: str, action: str) -> InputError:
    return InputError(Fault(code="geojson", place=place, cause=cause, action=action))
