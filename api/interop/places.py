"""Where a request wants to go: the one noun that all interfaces of others are turned into."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Places asked for; every array is aligned with them.

    Parameters
    ----------
    lon, lat
        Degrees.
    radius_m
        How far a street may be, infinite where it does not matter.
    bearing_deg, spread_deg
        In which direction a vehicle stands or comes, and how far from it is allowed; NaN where it does not matter.
    approach
        ``"curb"``: only with the place on the side of the kerb; ``"opposite"``: only with the place on the other side;
        ``"unrestricted"``.
    """

    lon: FloatArray
    lat: FloatArray
    radius_m: FloatArray
    bearing_deg: FloatArray
    spread_deg: FloatArray
    approach: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.lon)


def anywhere(lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike = np.inf) -> Places:
    """Return places to be reached from any side in any direction."""
    east, north = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    return Places(
        lon=east,
        lat=north,
        radius_m=np.broadcast_to(np.asarray(radius_m, np.float64), east.shape).copy(),
        bearing_deg=np.full(east.shape, np.nan),
        spread_deg=np.full(east.shape, 180.0),
        approach=("unrestricted",) * len(east),
    )
