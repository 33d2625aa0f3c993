"""Metres on the sphere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG 1980 (also WGS 84 (2a + b) / 3)
METRES_PER_DEGREE = EARTH_RADIUS_M * np.pi / 180  # along a meridian, or along the equator

Floats = NDArray[np.float64]


def metres_between(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Return great-circle metres between points given in degrees, element by element.

    Haversine formula, exact on the sphere; within 0.5 % of the ellipsoid.
    """
    lat1, lat2 = np.radians(lat1), np.radians(lat2)
    half_lat = np.sin((lat2 - lat1) / 2)
    half_lon = np.sin(np.radians(lon2 - lon1) / 2)
    chord = half_lat**2 + np.cos(lat1) * np.cos(lat2) * half_lon**2
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(chord, 1)))
    return metres


def steps_m(lon: Floats, lat: Floats) -> Floats:
    """Return metres from each point to the next one: one shorter than the input."""
    return metres_between(lon[:-1], lat[:-1], lon[1:], lat[1:])


def rings(lon: Floats, lat: Floats, start: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Return area (m2, never negative) and centroid (lon, lat) of closed rings.

    Ring ``r`` has the corners ``start[r]:start[r + 1]``, the first repeated at its end. Flat around its first corner,
    which is exact enough for what is smaller than a town. Rings without area get the mean of their corners.
    """
    first = np.repeat(start[:-1], np.diff(start))
    x = (lon - lon[first]) * np.cos(np.radians(lat[first])) * METRES_PER_DEGREE
    y = (lat - lat[first]) * METRES_PER_DEGREE
    following = np.minimum(np.arange(len(x)) + 1, len(x) - 1)
    cross = x * y[following] - x[following] * y
    cross[start[1:] - 1] = 0
    corners = np.maximum(np.diff(start) - 1, 1)
    total = np.add.reduceat(cross, start[:-1])
    flat = np.abs(total) < 1e-6
    x_mean, y_mean = (
        np.where(
            flat,
            np.add.reduceat(z, start[:-1]) / corners,
            np.add.reduceat((z + z[following]) * cross, start[:-1]) / np.where(flat, 1, 3 * total),
        )
        for z in (x, y)
    )
    at = start[:-1]
    centre_lon = lon[at] + x_mean / (METRES_PER_DEGREE * np.cos(np.radians(lat[at])))
    return np.abs(total) / 2, centre_lon, lat[at] + y_mean / METRES_PER_DEGREE
