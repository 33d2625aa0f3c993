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
