"""Geometry columns of SpatiaLite, read without SpatiaLite.

A blob is: 0x00, byte order, SRID, bounding box of four doubles, 0x7C, class; then the points (SpatiaLite 5,
"BLOB-Geometry format"). Only little-endian longitude and latitude (SRID 4326) is read; anything else is refused.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LINE, MULTIPOLYGON = 2, 6
_HEAD = np.dtype(
    [
        ("zero", "u1"),
        ("order", "u1"),
        ("srid", "<i4"),
        ("box", "<f8", 4),
        ("mark", "u1"),
        ("kind", "<u4"),
        ("count", "<u4"),
    ]
)


def lines(blobs: Sequence[bytes]) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return the points of many lines: where each begins (one more than lines), lon, lat.

    Raises
    ------
    ValueError
        A blob is no line in longitude and latitude; the message gives its position.
    """
    size = _HEAD.itemsize
    heads = np.frombuffer(b"".join(blob[:size].ljust(size, b"\xff") for blob in blobs), _HEAD)
    sizes = np.array([len(blob) for blob in blobs], np.int64)
    counts = heads["count"].astype(np.int64)
    _refuse(~_sound(heads, LINE) | (sizes != size + 16 * counts + 1) | (counts < 2))
    points = np.frombuffer(b"".join(blob[size:-1] for blob in blobs), "<f8").reshape(-1, 2)
    _refuse_places(points, np.repeat(np.arange(len(blobs)), counts))
    return np.concatenate([[0], np.cumsum(counts)]), points[:, 0].copy(), points[:, 1].copy()


def polygons(blob: bytes) -> tuple[Floats, ...]:
    """Return the rings of one multipolygon as lon, lat rows, outer and inner alike.

    Raises
    ------
    ValueError
        The blob is no multipolygon in longitude and latitude.
    """
    if len(blob) < _HEAD.itemsize:
        raise ValueError("geometry 0 is too short")
    head = np.frombuffer(blob[: _HEAD.itemsize], _HEAD)
    _refuse(~_sound(head, MULTIPOLYGON))
    try:
        rings = tuple(_rings(blob, int(head["count"][0])))
    except struct.error as error:
        raise ValueError(f"geometry 0 ends too early: {error}") from error
    for ring in rings:
        _refuse_places(ring, np.zeros(len(ring), np.int64))
    return rings


def _rings(blob: bytes, polygons: int) -> Iterator[Floats]:
    """Walk through the polygons of a blob: mark 0x69, class, rings; each ring its points."""
    at = _HEAD.itemsize
    for _ in range(polygons):
        mark, _, rings = struct.unpack_from("<BII", blob, at)
        if mark != 0x69:
            raise ValueError("geometry 0 has an unknown part")
        at += 9
        for _ in range(rings):
            (count,) = struct.unpack_from("<I", blob, at)
            values = struct.unpack_from(f"<{2 * count}d", blob, at + 4)
            at += 4 + 16 * count
            yield np.array(values, np.float64).reshape(-1, 2)


def _sound(heads: NDArray[np.void], kind: int) -> NDArray[np.bool_]:
    sound: NDArray[np.bool_] = (
        (heads["zero"] == 0)
        & (heads["order"] == 1)
        & (heads["srid"] == 4326)
        & (heads["mark"] == 0x7C)
        & (heads["kind"] == kind)
    )
    return sound


def _refuse(wrong: NDArray[np.bool_]) -> None:
    if wrong.any():
        raise ValueError(
            f"geometry {int(np.argmax(wrong))} is of another kind than longitude and latitude lines or areas"
        )


def _refuse_places(points: Floats, owner: NDArray[np.int64]) -> None:
    outside = ~(np.abs(points) <= (180, 90)).all(axis=1)  # NaN as well
    if outside.any():
        raise ValueError(f"geometry {int(owner[np.argmax(outside)])} has a point outside the world")
