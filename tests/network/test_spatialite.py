import struct
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.spatialite import LINE, MULTIPOLYGON, lines, polygons

Point = tuple[float, float]


def head(kind: int, *, order: int = 1, srid: int = 4326, mark: int = 0x7C) -> bytes:
    return struct.pack("<BBi4dBI", 0, order, srid, 0.0, 0.0, 0.0, 0.0, mark, kind)


def line(points: list[Point], **changes: int) -> bytes:
    flat = [degree for point in points for degree in point]
    return head(LINE, **changes) + struct.pack(f"<I{len(flat)}d", len(points), *flat) + b"\xfe"


def multipolygon(*areas: list[list[Point]]) -> bytes:
    blob = head(MULTIPOLYGON) + struct.pack("<I", len(areas))
    for rings in areas:
        blob += struct.pack("<BII", 0x69, 3, len(rings))
        for ring in rings:
            flat = [degree for point in ring for degree in point]
            blob += struct.pack(f"<I{len(flat)}d", len(ring), *flat)
    return blob + b"\xfe"


degrees = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(st.lists(st.lists(degrees, min_size=2, max_size=5), max_size=5))
def test_lines_come_back_as_they_went_in(given_lines: list[list[Point]]) -> None:
    start, lon, lat = lines([line(points) for points in given_lines])
    assert [list(zip(lon[a:b], lat[a:b], strict=True)) for a, b in pairwise(start)] == given_lines


@given(st.lists(st.lists(st.lists(degrees, min_size=3, max_size=5), min_size=1, max_size=3), min_size=1, max_size=3))
def test_polygons_come_back_ring_by_ring(areas: list[list[list[Point]]]) -> None:
    found = polygons(multipolygon(*areas))
    assert [[tuple(point) for point in ring] for ring in found] == [ring for rings in areas for ring in rings]


GOOD = [(36.8, -1.3), (36.9, -1.2)]


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\x00\x01",
        line(GOOD)[:-9],
        line(GOOD) + b"\x00",
        line(GOOD, srid=32737),
        line(GOOD, order=0),
        line(GOOD, mark=0),
        line(GOOD[:1]),
        line([(36.8, -1.3), (float("nan"), -1.2)]),
        line([(-1.3, 36.8), (-1.2, 136.9)]),
        multipolygon([GOOD]),
        line(GOOD)[:43] + struct.pack("<I", 2**32 - 1) + line(GOOD)[47:],
    ],
)
def test_a_line_that_is_none_is_refused_by_its_position(blob: bytes) -> None:
    with pytest.raises(ValueError, match=r"geometry 1 "):
        lines([line(GOOD), blob])


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        line(GOOD),
        multipolygon([[*GOOD, (36.8, -1.2)]])[:80],
        multipolygon([[*GOOD, (36.8, 91.0)]]),
        multipolygon([GOOD]).replace(b"\x69", b"\x68", 1),
        head(MULTIPOLYGON) + struct.pack("<IBIII", 1, 0x69, 3, 1, 2**31),
    ],
)
def test_an_area_that_is_none_is_refused(blob: bytes) -> None:
    with pytest.raises(ValueError, match=r"geometry 0 "):
        polygons(blob)


def test_no_lines_at_all() -> None:
    start, lon, lat = lines([])
    assert (start.tolist(), len(lon), len(lat)) == ([0], 0, 0)
    assert lon.dtype == np.float64
