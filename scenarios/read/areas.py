"""Outlines in GeoJSON, areas or points, with their names: where something may not stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pydantic_core
from numpy.typing import NDArray

from faults import Fault, InputError
from scenarios.read.files import kind_of, resolve
from scenarios.read.geojson import read_areas, read_geojson
from scenarios.read.sheet import Sheet, text
from scenarios.read.words import letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feature: its name (the property ``name``, empty without one), outer rings; a point is a ring of one row."""

    name: str
    rings: tuple[NDArray[np.float64], ...]


def read_outlines(folder: Path, file: str, place: str) -> tuple[tuple[Outline, ...], tuple[Fault, ...]]:
    """Read all features of a file: areas (holes are filled, so what lies in one counts as inside), or points.

    Returns
    -------
    The outlines, and doubts.

    Raises
    ------
    InputError
        If there is no such file, or it is no GeoJSON of areas or of points.
    """
    path = resolve(folder, file, place)
    if kind_of(path, file) != "geojson":
        cause, action = "it is no GeoJSON", "export the areas or points as GeoJSON (WGS 84)"
        raise InputError(Fault(code="file-kind", place=file, cause=cause, action=action))
    if _points(path):
        sheet, doubts = read_geojson(path, file=file)
        assert sheet.geometry is not None
        lon, lat = sheet.geometry
        placed = [(name, row) for name, row in zip(_names(sheet), sheet.rows, strict=True) if row[lon] != ""]
        spots = [(name, np.array([(float(row[lon]), float(row[lat]))])) for name, row in placed]
        return tuple(Outline(name=name, rings=(spot,)) for name, spot in spots), doubts
    sheet, areas, doubts = read_areas(path, file=file)
    named = zip(_names(sheet), areas, strict=True)
    return tuple(Outline(name=name, rings=tuple(part[0] for part in parts)) for name, parts in named), doubts


def _points(path: Path) -> bool:
    """Return whether the first feature that has a geometry is a point; what is no GeoJSON is told by its reader."""
    try:
        data: Any = pydantic_core.from_json(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except ValueError:
        return False
    features = data.get("features") if isinstance(data, Mapping) else None
    shapes = [f.get("geometry") for f in features if isinstance(f, Mapping)] if isinstance(features, list) else [data]
    kinds = [shape.get("type") for shape in shapes if isinstance(shape, Mapping)]
    return bool(kinds) and kinds[0] == "Point"


def _names(sheet: Sheet) -> list[str]:
    at = next((k for k, header in enumerate(sheet.headers) if letters(header) == "name"), None)
    return ["" if at is None else text(row[at]) for row in sheet.rows]
