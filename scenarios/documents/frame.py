"""The sheet of a map: which part of the world it shows, and how degrees become points on paper.

A local equirectangular projection about the middle of the sheet: over a city its error is far below a line's width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
METRES_PER_DEGREE = 111_195.0  # one degree of latitude on the sphere of mean radius 6 371 009 m
SMALLEST_M = 250.0  # a map shows at least this much, or a single stop would fill it
NARROWEST, TALLEST = (
    0.5,
    0.92,
)  # height as a share of the width; a taller map would not fit A4 with its legend


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A sheet of ``width`` x ``height`` points with its middle at ``lon``, ``lat``."""

    width: float
    height: float
    lon: float
    lat: float
    metres_per_point: float

    def xy(self, lon: Floats | float, lat: Floats | float) -> tuple[Floats, Floats]:
        """Return points on paper, x to the right and y down from the upper left corner."""
        east = (np.asarray(lon, dtype=np.float64) - self.lon) * METRES_PER_DEGREE * math.cos(math.radians(self.lat))
        north = (np.asarray(lat, dtype=np.float64) - self.lat) * METRES_PER_DEGREE
        return self.width / 2 + east / self.metres_per_point, self.height / 2 - north / self.metres_per_point


def frame_around(lon: Floats, lat: Floats, *, width: float, margin: float = 34.0) -> Frame:
    """Return the frame that shows all of the places given, with a margin in points.

    Parameters
    ----------
    lon, lat
        Degrees; empty arrays give a frame of the smallest extent at 0, 0.
    width
        Of the sheet, in points; the height follows the places.
    """
    if not len(lon):
        lon = lat = np.zeros(1)
    middle_lon, middle_lat = float(lon.min() + lon.max()) / 2, float(lat.min() + lat.max()) / 2
    east = float(np.ptp(lon)) * METRES_PER_DEGREE * math.cos(math.radians(middle_lat))
    north = float(np.ptp(lat)) * METRES_PER_DEGREE
    east, north = max(east, SMALLEST_M), max(north, SMALLEST_M * NARROWEST)
    height = min(max((width - 2 * margin) * north / east + 2 * margin, NARROWEST * width), TALLEST * width)
    metres = max(east / (width - 2 * margin), north / (height - 2 * margin))
    return Frame(width=width, height=round(height), lon=middle_lon, lat=middle_lat, metres_per_point=metres)


def scale_bar_m(frame: Frame, share: float = 0.22) -> float:
    """Return the round length (1, 2 or 5 times a power of ten), in metres, that takes at most a share of the width."""
    most = frame.width * share * frame.metres_per_point
    power = 10.0 ** math.floor(math.log10(most))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= most)
