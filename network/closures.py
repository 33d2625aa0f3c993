"""Streets that are closed or slowed: by area, by list, or both; several sets beside each other.

A set says what holds beside the map: it is put on a drive (:func:`network.drive.drive`), and the prepared streets stay
as they are. A street is closed as a whole, from junction to junction, as soon as any of it lies in a closed area: a
vehicle that cannot pass there has no use of the rest; a place on it is reported (:func:`network.cutoff.unreachable`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from faults import Fault, InputError
from network.streets import StreetNetwork
from network.tagcolumn import TagColumn

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ring = Sequence[Sequence[float]]
Polygon = Sequence[Ring]  # an outline and its holes, corners as longitude and latitude


@dataclass(frozen=True, slots=True, kw_only=True)
class Closures:
    """A set of closures under a name.

    Parameters
    ----------
    name
        What planners call it ("market day", "flood of 20 years").
    closed
        Of each directed segment: closed.
    factor
        Of each directed segment: what speeds are multiplied by, above 0 and at most 1.
    why
        Of each segment: why it is closed or slowed, ``""`` where nothing is.
    parts
        The sets it was put together from.
    """

    name: str
    closed: Bools
    factor: Floats
    why: TagColumn
    parts: tuple[Closures, ...] = ()

    def __post_init__(self) -> None:
        if len(self.closed) != len(self.factor) or len(self.closed) != 2 * len(self.why.codes):
            raise ValueError("the arrays of closures differ in length")
        if not ((self.factor > 0) & (self.factor <= 1)).all():
            raise ValueError("a factor of closures must lie above 0 and at most at 1")
        for array in (self.closed, self.factor):
            array.setflags(write=False)

    @property
    def touched(self) -> Bools:
        """Which segments are closed or slowed, in one direction at least."""
        directed = self.closed | (self.factor < 1)
        return directed[::2] | directed[1::2]


def together(name: str, sets: Sequence[Closures]) -> Closures:
    """Return one set of several: closed where one of them is, and as slow as the slowest.

    Raises
    ------
    ValueError
        If there is no set, or they belong to different networks.
    """
    if len({len(part.closed) for part in sets}) != 1:
        raise ValueError("sets of closures can be put together for one network only")
    reasons = np.stack([part.why.strings() for part in sets])
    joined = ["; ".join(dict.fromkeys(filter(None, column))) for column in reasons.T]
    return Closures(
        name=name,
        closed=np.any([part.closed for part in sets], axis=0),
        factor=np.min([part.factor for part in sets], axis=0),
        why=_column(joined),
        parts=tuple(sets),
    )


def close_areas(network: StreetNetwork, areas: Sequence[Polygon], name: str, *, factor: float = 0.0) -> Closures:
    """Close or slow every street of which any part lies in one of the areas.

    Parameters
    ----------
    areas
        Polygons, each an outline and its holes; corners as longitude and latitude in degrees.
    factor
        What speeds are multiplied by there; 0 closes.

    Raises
    ------
    InputError
        ``area-broken``: a ring with fewer than three corners, or a corner that is not two finite numbers.
    """
    inside = np.zeros(network.segments, bool)
    for shape in shapes(areas, name):
        inside |= within(network, shape)
    return closing(name, np.repeat(inside, 2), inside, factor=factor)


def close_streets(network: StreetNetwork, listed: Sequence[str | int], name: str, *, factor: float = 0.0) -> Closures:
    """Close or slow the streets of a list.

    Parameters
    ----------
    listed
        Each a way number (``4711``), a piece of it from junction to junction (``"4711:12-13"`` both ways,
        ``"4711:12>13"`` in this direction only), or a street name (capitals and spaces do not matter).
    factor
        What speeds are multiplied by there; 0 closes.

    Raises
    ------
    InputError
        ``closure-unknown``: an entry that names no street of this network; all of them are reported.
    """
    hit = np.zeros(2 * network.segments, bool)
    unknown = []
    for entry in listed:
        found = _found(network, str(entry).strip())
        hit |= found
        if not found.any():
            unknown.append(_unknown(network, str(entry), name))
    if unknown:
        raise InputError(unknown)
    return closing(name, hit, hit[::2] | hit[1::2], factor=factor)


def closing(name: str, directed: Bools, segments: Bools, *, factor: float = 0.0) -> Closures:
    """Return a set that closes (factor 0) or slows the directed segments marked, for one reason: its name.

    Raises
    ------
    ValueError
        If the factor is below 0 or above 1.
    """
    if not 0 <= factor <= 1:
        raise ValueError(f"the factor of closures must lie between 0 and 1, not {factor}")
    return Closures(
        name=name,
        closed=directed & (factor == 0),
        factor=np.where(directed & (factor > 0), factor, 1.0),
        why=TagColumn(codes=segments.astype(np.int32), values=("", name or "closed")),
    )


def shapes(areas: Sequence[Polygon], place: str) -> list[BaseGeometry]:
    """Return areas as valid shapes; where an outline crosses itself, what it goes round counts.

    Raises
    ------
    InputError
        ``area-broken``, for all that are.
    """
    rings = [_rings(polygon) for polygon in areas]
    faults = [
        Fault(
            code="area-broken",
            place=f"{place}, area {number}",
            cause="a ring needs three corners or more, each of a finite longitude and latitude",
            action="draw the area again",
        )
        for number, corners in enumerate(rings, start=1)
        if not corners
    ]
    if faults:
        raise InputError(faults)
    return [shapely.make_valid(shapely.Polygon(outline, holes)) for outline, *holes in rings]


def _rings(polygon: Polygon) -> list[Floats]:
    """Return the corners of each ring as rows; nothing if any is broken."""
    try:
        rings = [np.array(ring, np.float64)[:, :2] for ring in polygon]
    except (TypeError, ValueError, IndexError):
        return []
    fine = all(ring.shape[1] == 2 and len(ring) >= 3 and np.isfinite(ring).all() for ring in rings)
    return rings if fine else []


def within(network: StreetNetwork, shape: BaseGeometry) -> Bools:
    """Return which segments have any part in a shape given in degrees."""
    inside = np.zeros(network.segments, bool)
    if not network.segments or shape.is_empty:
        return inside
    west, south, east, north = shape.bounds
    first = network.shape_start[:-1]
    near = (np.minimum.reduceat(network.shape_lon, first) <= east) & (
        np.maximum.reduceat(network.shape_lon, first) >= west
    )
    near &= (np.minimum.reduceat(network.shape_lat, first) <= north) & (
        np.maximum.reduceat(network.shape_lat, first) >= south
    )
    chosen = np.flatnonzero(near)
    points = np.diff(network.shape_start)
    owner = np.repeat(np.arange(network.segments), points)
    kept = near[owner]
    corners = np.stack([network.shape_lon[kept], network.shape_lat[kept]], axis=-1)
    if len(chosen):
        shapely.prepare(shape)
        lines = shapely.linestrings(corners, indices=np.searchsorted(chosen, owner[kept]))
        inside[chosen] = shapely.intersects(shape, lines)
    return inside


def _found(network: StreetNetwork, entry: str) -> Bools:
    """Return the directed segments that an entry names."""
    way, _, piece = entry.partition(":")
    if not way.isdecimal():
        name = _plain(entry)
        named = np.array([bool(value) and _plain(value) == name for value in network.name.values])
        return np.repeat(named[network.name.codes], 2)
    hit = np.repeat(network.way_id == int(way), 2)
    if piece:
        only = ">" in piece
        ends = [int(end) if end.isdecimal() else -1 for end in piece.replace(">", "-").split("-")]
        a, b = ends if len(ends) == 2 else (-1, -1)
        tail, head = network.junction_id[network.tail], network.junction_id[network.head]
        ahead, back = (tail == a) & (head == b), (tail == b) & (head == a)
        both = np.stack([ahead, back] if only else [ahead | back, ahead | back], axis=-1)
        hit &= both.ravel()
    return hit


def _unknown(network: StreetNetwork, entry: str, name: str) -> Fault:
    near = get_close_matches(entry, [value for value in network.name.values if value], n=3)
    return Fault(
        code="closure-unknown",
        place=name,
        cause=f"no street of this network is called or numbered {entry!r}",
        action=f"did you mean {' or '.join(near)}?" if near else "give a way number, way:junction-junction, or a name",
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _column(values: Sequence[str]) -> TagColumn:
    known = ("", *sorted(set(values) - {""}))
    place: Mapping[str, int] = {value: code for code, value in enumerate(known)}
    return TagColumn(codes=np.array([place[value] for value in values], np.int32), values=known)
