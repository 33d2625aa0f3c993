import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faults import InputError
from network.area import area, meet

SQUARE = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
HOLE = [(1, 1), (3, 1), (3, 3), (1, 3)]


def contains(wanted: tuple[object, object], *points: tuple[float, float]) -> list[bool]:
    lon, lat = np.array(points, float).T
    return area(*wanted).contains(lon, lat).tolist()


def test_everywhere() -> None:
    assert area(None, None).everywhere
    assert contains((None, None), (0, 0), (180, -90), (np.nan, 0)) == [True, True, False]
    assert area(None, None).bounds == (-180, -90, 180, 90)


def test_a_box_has_its_edges() -> None:
    assert contains(((0, 0, 2, 1), None), (0, 0), (2, 1), (2.1, 0.5), (1, -0.1)) == [True, True, False, False]


def test_a_ring_within_a_ring_is_a_hole() -> None:
    assert contains((None, [SQUARE, HOLE]), (0.5, 0.5), (2, 2), (5, 2)) == [True, False, False]
    assert contains((None, [SQUARE]), (0.5, 0.5), (2, 2), (5, 2)) == [True, True, False]


def test_box_and_outline_together() -> None:
    assert contains(((0, 0, 1, 1), [SQUARE]), (0.5, 0.5), (2, 2)) == [True, False]
    assert area((0, 0, 1, 9), [SQUARE]).bounds == (0, 0, 1, 4)


@given(st.lists(st.tuples(st.floats(-1, 5), st.floats(-1, 5)), min_size=1))
def test_what_is_inside_is_within_the_bounds(points: list[tuple[float, float]]) -> None:
    wanted = area(None, [SQUARE, HOLE])
    lon, lat = np.array(points).T
    west, south, east, north = wanted.bounds
    within = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    assert not (wanted.contains(lon, lat) & ~within).any()


def test_boxes_meet_at_their_edges() -> None:
    assert meet((0, 0, 1, 1), (1, 1, 2, 2))
    assert meet((0, 0, 9, 9), (3, 3, 4, 4))
    assert meet((3, -5, 4, 5), (0, 0, 9, 1))
    assert not meet((0, 0, 1, 1), (0, 2, 1, 3))
    assert not meet((0, 0, 1, 1), (1.1, 0, 2, 1))


@pytest.mark.parametrize(
    "box", [(1, 0, 0, 1), (0, 1, 1, 0), (0, 0, 181, 1), (0, -91, 1, 1), (0, 0, np.nan, 1), (0, 0, 1)]
)
def test_a_wrong_box_is_refused(box: tuple[float, ...]) -> None:
    with pytest.raises(InputError) as refused:
        area(box, None)
    assert [fault.code for fault in refused.value.faults] == ["box-invalid"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as refused:
        area((1, 0, 0, 1), [SQUARE, [(0, 0), (1, 1)], [(36, -1), (-95, 1), (-94, 97)], [(0, 0), (0, 0), (0, 0)]])
    assert [(fault.code, fault.place) for fault in refused.value.faults] == [
        ("box-invalid", "box"),
        ("boundary-invalid", "boundary ring 2"),
        ("boundary-invalid", "boundary ring 3"),
        ("boundary-invalid", "boundary ring 4"),
    ]


def test_an_outline_without_rings_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        area(None, [])
    assert refused.value.faults[0].code == "boundary-invalid"
