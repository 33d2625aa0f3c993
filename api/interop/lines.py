"""Lines of a way: thinned for an overview, written as a polyline or GeoJSON."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from api.interop.numbers import rounded
from api.interop.polyline import encode

FloatArray = NDArray[np.float64]
Form = Literal["polyline", "polyline6", "geojson"]
OVERVIEW_SHARE = 1 / 200  # of the line's extent: what an overview may be off


def written(lon: FloatArray, lat: FloatArray, form: Form) -> Any:
    """Return a line in the form that is asked for."""
    if form == "geojson":
        return {"coordinates": coordinates(lon, lat), "type": "LineString"}
    return encode(lon, lat, digits=6 if form == "polyline6" else 5)


def coordinates(lon: FloatArray, lat: FloatArray) -> list[list[float | int]]:
    """Return points as longitude and latitude with six decimals."""
    return [[rounded(x, 6), rounded(y, 6)] for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]


def simplified(lon: FloatArray, lat: FloatArray) -> NDArray[np.intp]:
    """Return which points an overview keeps (Douglas and Peucker), the ends always.

    The farther a line reaches the coarser it is drawn, so that its overview has about as many points whatever its
    length.
    """
    flat = np.stack([lon * np.cos(np.radians(lat.mean())), lat], axis=-1)
    off = float(np.hypot(*np.ptp(flat, axis=0))) * OVERVIEW_SHARE
    keep = np.zeros(len(flat), bool)
    keep[[0, -1]] = True
    parts = [(0, len(flat) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        gap = _gap(flat[first + 1 : last], flat[first], flat[last])
        worst = int(np.argmax(gap))
        if gap[worst] > off:
            keep[first + 1 + worst] = True
            parts += [(first, first + 1 + worst), (first + 1 + worst, last)]
    return np.flatnonzero(keep)


def _gap(points: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Return how far points are from a straight piece."""
    along, offset = end - start, points - start
    length2 = float(along @ along)
    share = np.clip(offset @ along / length2, 0, 1) if length2 else np.zeros(len(points))
    away = offset - share[:, None] * along
    return np.asarray(np.hypot(away[:, 0], away[:, 1]))
