import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from network.geometry import EARTH_RADIUS_M, METRES_PER_DEGREE, metres_between, rings, steps_m


def test_a_degree_of_latitude() -> None:
    north = metres_between(np.array([36.8]), np.array([0.0]), np.array([36.8]), np.array([1.0]))
    assert north == pytest.approx(METRES_PER_DEGREE)
    assert pytest.approx(111_195, abs=1) == METRES_PER_DEGREE


def test_nairobi_to_mombasa() -> None:
    # 438,924 m on the WGS 84 ellipsoid (pyproj.Geod).
    metres = metres_between(np.array([36.8286]), np.array([-1.2914]), np.array([39.6612]), np.array([-4.0561]))
    assert metres[0] == pytest.approx(438_924, rel=0.005)


def test_antipodes_do_not_break_the_root() -> None:
    half = metres_between(np.array([0.0]), np.array([0.0]), np.array([180.0]), np.array([0.0]))
    assert half == pytest.approx(np.pi * EARTH_RADIUS_M)


def test_steps_are_one_fewer_than_points() -> None:
    lon = np.array([0, 100, 100]) / METRES_PER_DEGREE
    lat = np.array([0, 0, 50]) / METRES_PER_DEGREE
    assert steps_m(lon, lat) == pytest.approx([100, 50])
    assert len(steps_m(lon[:1], lat[:1])) == 0


corners = st.lists(st.tuples(st.floats(-200, 200), st.floats(-200, 200)), min_size=3, max_size=8)


@given(corners, st.floats(-60, 60))
def test_area_and_centre_of_a_ring_are_those_of_shapely(points: list[tuple[float, float]], lat: float) -> None:
    shape = shapely.MultiPoint(points).convex_hull
    if shape.area < 1:
        return
    metres = np.array(shape.exterior.coords)
    scale = np.cos(np.radians(lat))
    lon_deg = 36 + metres[:, 0] / METRES_PER_DEGREE / scale
    lat_deg = lat + metres[:, 1] / METRES_PER_DEGREE
    area, lon, at = rings(lon_deg, lat_deg, np.array([0, len(metres)]))
    assert area[0] == pytest.approx(shape.area, rel=2e-3)
    assert (lon[0] - 36) * METRES_PER_DEGREE * scale == pytest.approx(shape.centroid.x, abs=0.5)
    assert (at[0] - lat) * METRES_PER_DEGREE == pytest.approx(shape.centroid.y, abs=0.5)


def test_several_rings_and_one_without_area() -> None:
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], float)
    line = np.array([[0, 0], [20, 0], [0, 0]], float)
    points = np.concatenate([square, [[50.0, 50.0]], line]) / METRES_PER_DEGREE
    area, lon, lat = rings(points[:, 0], points[:, 1], np.array([0, 5, 6, 9]))
    assert area == pytest.approx([100, 0, 0], abs=1e-6)
    assert lon * METRES_PER_DEGREE == pytest.approx([5, 50, 10])
    assert lat * METRES_PER_DEGREE == pytest.approx([5, 50, 0])
