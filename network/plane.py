"""Degrees to metres in the plane, and back to true metres.

Mercator on the sphere, scaled to be true at one latitude. It keeps angles, so what is nearest in the plane is nearest
on the ground in a city as in a country; only the unit drifts with latitude, and :func:`true_metres` undoes that
(Snyder 1987, Map Projections: A Working Manual, USGS Professional Paper 1395, equations 7-1 to 7-3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network.geometry import EARTH_RADIUS_M

FloatArray = NDArray[np.float64]


def to_plane(lon: FloatArray, lat: FloatArray, true_lat: float) -> FloatArray:
    """Return x, y rows in metres that are true at latitude ``true_lat`` (degrees)."""
    scale = EARTH_RADIUS_M * np.cos(np.radians(true_lat))
    return np.stack([scale * np.radians(lon), scale * np.arctanh(np.sin(np.radians(lat)))], axis=-1)


def from_plane(xy: FloatArray, true_lat: float) -> FloatArray:
    """Return lon, lat rows in degrees of x, y rows in metres that are true at latitude ``true_lat`` (degrees)."""
    scale = EARTH_RADIUS_M * np.cos(np.radians(true_lat))
    lat = np.arcsin(np.tanh(xy[:, 1] / scale))
    return np.stack([np.degrees(xy[:, 0] / scale), np.degrees(lat)], axis=-1)


def true_metres(lat: FloatArray, true_lat: float) -> FloatArray:
    """Return how many true metres one metre of the plane is at each latitude (degrees)."""
    factor: FloatArray = np.cos(np.radians(lat)) / np.cos(np.radians(true_lat))
    return factor
