import numpy as np
import pytest

from network.geometry import metres_between
from network.plane import to_plane, true_metres


@pytest.mark.parametrize("lat", [-60.0, -1.3, 0.0, 30.0, 69.0])
@pytest.mark.parametrize("bearing", [0.0, 0.7, 1.5707963, 2.5])
def test_short_distances_are_true_in_every_direction_and_latitude(lat: float, bearing: float) -> None:
    lon = np.array([36.8, 36.8 + 0.001 * np.sin(bearing)])
    lats = np.array([lat, lat + 0.001 * np.cos(bearing)])
    plane = to_plane(lon, lats, true_lat=lat + 5)
    drawn = np.hypot(*(plane[1] - plane[0])) * true_metres(np.array([lat]), lat + 5)[0]
    real = metres_between(lon[:1], lats[:1], lon[1:], lats[1:])[0]
    assert drawn == pytest.approx(real, rel=2e-4)
