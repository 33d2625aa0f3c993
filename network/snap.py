"""A place in the town becomes a position along a street: exactly the nearest one its vehicle can serve it from.

The search itself is that of :mod:`network.nearest`, in the plane of :mod:`network.plane`, in which the nearest of two
streets is the nearest on the ground too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from network.component import component
from network.grid import Grid, Pieces, grid_of, pieces_of, project
from network.nearest import far_distance, nearest_piece, nearest_pieces
from network.plane import to_plane, true_metres
from network.profiles import VehicleProfile
from network.streets import StreetNetwork
from network.tags import usable

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ON_LINE_M = 0.01  # nearer than this a place has no side
KEPT = 2  # choices of streets kept ready, about 80 bytes for each point of their lines
MOST_LON, MOST_LAT = 360.0, 89.99  # beyond these there is no plane
SLACK = 1 + 1e-9  # the search goes this much beyond the limit, which is then held exactly


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapped:
    """Places on the streets; every array is aligned with the places asked for.

    Parameters
    ----------
    segment
        Position of the street segment, -1 where the place has none.
    along_m
        Metres from the segment's tail; NaN without a segment.
    side
        -1 left, +1 right of the direction the segment was mapped in, 0 on the line (or none).
    lon, lat
        The point on the street, degrees; NaN without a segment.
    distance_m
        Metres from the place to that point; where there is none, to the nearest street that would count, infinite if
        there is no such street at all.
    problem
        ``""``, ``"too-far"`` (no usable street within the limit) or ``"cut-off"`` (only streets within the limit that
        do not belong to the part of the town the vehicle can get to and back from).
    """

    segment: NDArray[np.int32]
    along_m: FloatArray
    side: NDArray[np.int8]
    lon: FloatArray
    lat: FloatArray
    distance_m: FloatArray
    problem: tuple[str, ...]

    def __post_init__(self) -> None:
        arrays = (self.segment, self.along_m, self.side, self.lon, self.lat, self.distance_m)
        if any(len(array) != len(self.problem) for array in arrays):
            raise ValueError("snapped arrays differ in length")
        for array in arrays:
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.problem)


def snap(
    network: StreetNetwork,
    profile: VehicleProfile,
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    limit_m: float = 150.0,
    allowed: NDArray[np.bool_] | None = None,
) -> Snapped:
    """Put each place on the nearest street from which the profile can serve it.

    Streets that count are those the profile may use, on which one may stop (no motorways, no tunnels) and that lie in
    its largest strongly connected part.

    Parameters
    ----------
    network, profile
        The streets, and who goes.
    lon, lat
        Places in degrees, of equal length.
    limit_m
        A place farther than this from every such street is not snapped.
    allowed
        For each segment whether it lies in the part that counts, where the caller knows better than the junctions do
        (turns, closures).

    Raises
    ------
    ValueError
        If a coordinate is not a finite number, or the arrays differ in length.
    """
    places = _places(lon, lat)
    inside = component(network, usable(network, profile)) if allowed is None else allowed
    fit = inside & stopping(network)
    found = _nearest(network, fit, places, limit_m)
    problem = np.full(len(places), "", dtype=object)
    lost = np.flatnonzero(found.segment < 0)
    if len(lost):
        use = usable(network, profile)
        near = _nearest(network, (use.forward | use.backward) & ~inside, places[lost], limit_m)
        problem[lost] = np.where(near.segment >= 0, "cut-off", "too-far")
        found.distance_m[lost] = _distance(network, fit, places[lost])
    return Snapped(
        segment=found.segment,
        along_m=found.along_m,
        side=found.side,
        lon=found.point[:, 0].copy(),
        lat=found.point[:, 1].copy(),
        distance_m=found.distance_m,
        problem=tuple(problem),
    )


def stopping(network: StreetNetwork) -> NDArray[np.bool_]:
    """Return where a crew may stop and work: not on motorways, not in tunnels."""
    fast = network.tag("highway").isin({"motorway", "motorway_link"}) | network.tag("motorroad").isin({"yes"})
    free: NDArray[np.bool_] = ~fast & network.tag("tunnel").isin({"", "no", "building_passage"})
    return free


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The streets near each place, one row a place, the nearest first; every array is of k columns.

    Parameters
    ----------
    segment
        Positions of distinct segments, -1 after the last within the limit.
    along_m
        Metres from the segment's tail to its point nearest the place; NaN without a segment.
    side
        -1 left, +1 right of the direction the segment was mapped in, 0 on the line (or none).
    distance_m
        Metres from the place to that point; infinite without a segment.
    """

    segment: NDArray[np.int32]
    along_m: FloatArray
    side: NDArray[np.int8]
    distance_m: FloatArray

    def __post_init__(self) -> None:
        for array in (self.segment, self.along_m, self.side, self.distance_m):
            array.setflags(write=False)


class Nearby(NamedTuple):
    """Streets made ready for searching again and again."""

    network: StreetNetwork
    true_lat: float
    pieces: Pieces
    grid: Grid | None  # None where there are no streets


def nearby(network: StreetNetwork, allowed: NDArray[np.bool_]) -> Nearby:
    """Make the allowed segments ready for searching; the last ``KEPT`` choices are kept with the network."""
    kept: dict[bytes, Nearby] = vars(network).setdefault("_nearby", {})
    key = np.packbits(allowed).tobytes()
    found = kept.get(key)
    if found is None:
        true_lat = (network.box[1] + network.box[3]) / 2
        pieces = pieces_of(network, allowed, true_lat)
        found = Nearby(network, true_lat, pieces, grid_of(pieces) if len(pieces.segment) else None)
        for old in list(kept)[: max(0, len(kept) - KEPT + 1)]:
            kept.pop(old, None)
        kept[key] = found
    return found


def nearest_k(
    network: StreetNetwork,
    allowed: NDArray[np.bool_],
    lon: ArrayLike,
    lat: ArrayLike,
    k: int = 5,
    limit_m: float = 50.0,
) -> Candidates:
    """Return for each place the k nearest of the allowed segments within the limit.

    Of segments at just the same distance the one that comes first.

    Raises
    ------
    ValueError
        If a coordinate is not a finite number, the arrays differ in length, or k is not above 0.
    """
    return candidates(nearby(network, allowed), lon, lat, k, limit_m)


def candidates(streets: Nearby, lon: ArrayLike, lat: ArrayLike, k: int = 5, limit_m: float = 50.0) -> Candidates:
    """Return what :func:`nearest_k` does, of streets that are ready."""
    if k < 1:
        raise ValueError("at least one candidate must be asked for")
    places, pieces = _places(lon, lat), streets.pieces
    shape = len(places), k
    segment, side = np.full(shape, -1, np.int32), np.zeros(shape, np.int8)
    along, metres = np.full(shape, np.nan), np.full(shape, np.inf)
    if streets.grid is not None and len(places):
        x, y, unit = _planar(places, streets.true_lat)
        piece, distance = nearest_pieces(pieces, streets.grid, x, y, limit_m / unit * SLACK, k)
        metres = distance * unit[:, None]
        piece[metres > limit_m] = -1
        metres[piece < 0] = np.inf
        place, rank = np.nonzero(piece >= 0)
        at = piece[place, rank]
        segment[place, rank] = pieces.segment[at]
        on, _ = project(pieces, at, x[place], y[place])
        along[place, rank] = _along(streets.network, pieces, at, on)
        side[place, rank] = _side(pieces, at, on, x[place], y[place], distance[place, rank])
    return Candidates(segment=segment, along_m=along, side=side, distance_m=metres)


def planar(streets: Nearby, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return places as x and y in the plane of streets that are ready, and how many true metres one metre of it is."""
    return _planar(_places(lon, lat), streets.true_lat)


def on_pieces(streets: Nearby, piece: IntArray, lon: FloatArray, lat: FloatArray) -> Candidates:
    """Return where places are on pieces of streets that are given for each of them; one column."""
    pieces = streets.pieces
    x, y, unit = planar(streets, lon, lat)
    on, distance = project(pieces, piece, x, y)
    return Candidates(
        segment=pieces.segment[piece][:, None],
        along_m=_along(streets.network, pieces, piece, on)[:, None],
        side=_side(pieces, piece, on, x, y, distance)[:, None],
        distance_m=(distance * unit)[:, None],
    )


class _Found(NamedTuple):
    segment: NDArray[np.int32]
    along_m: FloatArray
    side: NDArray[np.int8]
    point: FloatArray  # lon, lat
    distance_m: FloatArray


def _places(lon: ArrayLike, lat: ArrayLike) -> FloatArray:
    """Return places as lon, lat rows."""
    places = np.stack([np.atleast_1d(np.asarray(x, dtype=np.float64)) for x in (lon, lat)], axis=-1)
    if places.ndim != 2 or not np.isfinite(places).all():
        raise ValueError("places need one finite longitude and latitude each")
    return places


def _planar(places: FloatArray, true_lat: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return x and y in the plane, and how many true metres one metre of it is there."""
    lat = np.clip(places[:, 1], -MOST_LAT, MOST_LAT)
    lon = np.clip(places[:, 0], -MOST_LON, MOST_LON)
    x, y = np.ascontiguousarray(to_plane(lon, lat, true_lat).T)
    return x, y, true_metres(lat, true_lat)


def _nearest(network: StreetNetwork, chosen: NDArray[np.bool_], places: FloatArray, limit_m: float) -> _Found:
    """Return the nearest chosen segment within the limit for each place (lon, lat rows)."""
    count = len(places)
    found = _Found(
        np.full(count, -1, np.int32),
        np.full(count, np.nan),
        np.zeros(count, np.int8),
        np.full((count, 2), np.nan),
        np.full(count, np.inf),
    )
    streets = nearby(network, chosen)
    pieces = streets.pieces
    if streets.grid is None or not count:
        return found
    x, y, unit = _planar(places, streets.true_lat)
    piece = nearest_piece(pieces, streets.grid, x, y, limit_m / unit * SLACK)
    on, distance = project(pieces, piece, x, y)
    near = np.flatnonzero((piece >= 0) & (distance * unit <= limit_m))
    piece, on, distance = piece[near], on[near], distance[near]
    start, share = pieces.point[piece], on / pieces.length[piece]
    found.segment[near] = pieces.segment[piece]
    found.along_m[near] = _along(network, pieces, piece, on)
    found.side[near] = _side(pieces, piece, on, x[near], y[near], distance)
    for column, shape in enumerate((network.shape_lon, network.shape_lat)):
        found.point[near, column] = shape[start] + share * (shape[start + 1] - shape[start])
    found.distance_m[near] = distance * unit[near]
    return found


def _distance(network: StreetNetwork, chosen: NDArray[np.bool_], places: FloatArray) -> FloatArray:
    """Return metres from each place to the nearest chosen segment, however far."""
    if not len(places):
        return np.zeros(0)
    streets = nearby(network, chosen)
    if streets.grid is None:
        return np.full(len(places), np.inf)
    x, y, unit = _planar(places, streets.true_lat)
    return far_distance(streets.pieces, x, y) * unit


def _along(network: StreetNetwork, pieces: Pieces, piece: IntArray, on: FloatArray) -> FloatArray:
    """Return metres from the tail of the segment to a point on a piece, given in plane metres from its start."""
    share = np.minimum((pieces.before[piece] + on) / pieces.whole[piece], 1.0)
    return np.asarray(network.length_m[pieces.segment[piece]] * share)


def _side(
    pieces: Pieces, piece: IntArray, on: FloatArray, x: FloatArray, y: FloatArray, distance: FloatArray
) -> NDArray[np.int8]:
    """Return -1 left, 0 on, +1 right of the mapped direction.

    At a bend the direction is half-way between the two pieces that meet there: with either alone, a place off the tip
    of a bend sharper than a right angle would change sides.
    """
    start_x, start_y, dx, dy = pieces.line[piece].T
    length = pieces.length[piece]
    heading_x, heading_y = dx / length, dy / length
    following = np.minimum(piece + 1, len(pieces.segment) - 1)
    bend = np.flatnonzero((on >= length) & (pieces.segment[following] == pieces.segment[piece]))
    after = following[bend]
    heading_x[bend] += pieces.line[after, 2] / pieces.length[after]
    heading_y[bend] += pieces.line[after, 3] / pieces.length[after]
    share = on / length
    cross = heading_x * (y - start_y - share * dy) - heading_y * (x - start_x - share * dx)
    return np.where(distance < ON_LINE_M, 0, -np.sign(cross)).astype(np.int8)
