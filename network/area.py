"""The part of the map that is wanted: a box, or outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from faults import Fault, InputError
from network.streets import Box

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What lies in the box and in an odd number of the rings; without either, everywhere.

    Rings are lon, lat rows in degrees; a ring inside another one is a hole.
    """

    box: Box | None = None
    rings: tuple[Floats, ...] = ()

    @property
    def everywhere(self) -> bool:
        """Whether nothing is left out."""
        return self.box is None and not self.rings

    @property
    def bounds(self) -> Box:
        """West, south, east, north of all that may lie in the area."""
        west, south, east, north = self.box or (-180.0, -90.0, 180.0, 90.0)
        if self.rings:
            corners = np.concatenate(self.rings)
            (left, low), (right, high) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
            west, south, east, north = max(west, left), max(south, low), min(east, right), min(north, high)
        return west, south, east, north

    def contains(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Return for each point whether it lies in the area."""
        inside = np.isfinite(lon) & np.isfinite(lat)
        if self.box is not None:
            west, south, east, north = self.box
            inside &= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        if self.rings:
            near = np.flatnonzero(inside)
            count = np.zeros(len(near), np.int64)
            for ring in self.rings:
                outline = shapely.Polygon(ring)
                shapely.prepare(outline)
                count += shapely.intersects_xy(outline, lon[near], lat[near])
            inside[near] = count % 2 == 1
        return inside


def meet(one: Box, other: Box) -> bool:
    """Return whether two boxes have a point in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def area(box: Box | None, boundary: Sequence[ArrayLike] | None) -> Area:
    """Return the wanted area, checked.

    Raises
    ------
    InputError
        ``box-invalid``: not west < east, south < north within the world. ``boundary-invalid``: a ring with fewer
        than three corners or with coordinates outside the world.
    """
    rings = tuple(np.array(ring, np.float64) for ring in boundary or ())
    faults = [*_box_faults(box), *(fault for n, ring in enumerate(rings, 1) for fault in _ring_faults(n, ring))]
    if boundary is not None and not rings:
        faults.append(_boundary_fault("boundary", "it has no ring"))
    if faults:
        raise InputError(faults)
    return Area(box=box, rings=rings)


def _box_faults(box: Box | None) -> list[Fault]:
    if box is None:
        return []
    if len(box) == 4:
        west, south, east, north = box
        if -180 <= west < east <= 180 and -90 <= south < north <= 90:
            return []
    return [
        Fault(
            code="box-invalid",
            place="box",
            cause=f"{list(box)} is not west, south, east, north in degrees",
            action="Give four numbers with west < east and south < north; a box across the 180th meridian is "
            "not supported.",
        )
    ]


def _ring_faults(number: int, ring: Floats) -> list[Fault]:
    place = f"boundary ring {number}"
    if ring.ndim != 2 or ring.shape[1] != 2 or len(np.unique(ring, axis=0)) < 3:
        return [_boundary_fault(place, "it is not a list of at least three lon, lat corners")]
    if not (np.abs(ring) <= (180, 90)).all():  # false for NaN as well
        return [_boundary_fault(place, "a corner lies outside the world; is it lat, lon?")]
    return []


def _boundary_fault(place: str, cause: str) -> Fault:
    return Fault(
        code="boundary-invalid",
        place=place,
        cause=cause,
        action="Give each ring as corners in degrees, longitude first.",
    )
