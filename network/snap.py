"""A place in the town becomes a position along a street: exactly the nearest one its vehicle can serve it from.

Nearest is found among samples of the streets (a k-d tree, a sample at most every ``SPACING_M``), then exactly among
the straight pieces those samples stand on. Any point of a piece is within half the spacing of a sample of its own
piece, so once the k-th sample is farther than the best piece by that much, no unseen piece can be nearer: the search
widens k until this holds for every place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from network.component import component
from network.plane import to_plane, true_metres
from network.profiles import VehicleProfile
from network.streets import StreetNetwork
from network.tags import usable

FloatArray = NDArray[np.float64]
SPACING_M = 20.0
TIE_M = 1e-6  # pieces this close to equally near count as equal; the one that comes first is taken
ON_LINE_M = 0.01  # nearer than this a place has no side
AT_ONCE = 2**18  # sample distances held at a time: bounds the memory to about 50 MB


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
        Metres from the place to that point; where there is none, to the nearest street found (at most half a sample
        spacing too long), infinite if there is no street at all.
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
    network: StreetNetwork, profile: VehicleProfile, lon: ArrayLike, lat: ArrayLike, *, limit_m: float = 150.0
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

    Raises
    ------
    ValueError
        If a coordinate is not a finite number, or the arrays differ in length.
    """
    places = np.stack([np.atleast_1d(np.asarray(x, dtype=np.float64)) for x in (lon, lat)], axis=-1)
    if places.ndim != 2 or not np.isfinite(places).all():
        raise ValueError("places need one finite longitude and latitude each")
    use = usable(network, profile)
    inside = component(network, use)
    found = _nearest(network, inside & stopping(network), places, limit_m)
    lost = np.flatnonzero(found.distance_m > limit_m)
    outside = (use.forward | use.backward) & ~inside
    cut_off = lost[_nearest(network, outside, places[lost], limit_m).distance_m <= limit_m]
    problem = np.full(len(places), "", dtype=object)
    problem[lost], problem[cut_off] = "too-far", "cut-off"
    for array, nothing in ((found.segment, -1), (found.along_m, np.nan), (found.side, 0), (found.point, np.nan)):
        array[lost] = nothing
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


class _Found(NamedTuple):
    segment: NDArray[np.int32]
    along_m: FloatArray
    side: NDArray[np.int8]
    point: FloatArray  # lon, lat
    distance_m: FloatArray


class _Pieces(NamedTuple):
    """Straight pieces of the chosen segments, in the order of the segments, none of length zero."""

    point: NDArray[np.int64]  # position of the first of its two points among all shape points
    segment: NDArray[np.int32]
    a: FloatArray
    step: FloatArray  # vector from its first to its last point
    length: FloatArray
    before: FloatArray  # length along the segment up to its first point
    whole: FloatArray  # length of its segment, in the plane


def _pieces(network: StreetNetwork, chosen: NDArray[np.bool_], true_lat: float) -> _Pieces:
    """Cut the chosen segments into straight pieces in the plane."""
    points = np.diff(network.shape_start)
    owner = np.repeat(np.arange(network.segments, dtype=np.int32), points)
    first = np.flatnonzero((owner[:-1] == owner[1:]) & chosen[owner[:-1]])
    plane = to_plane(network.shape_lon, network.shape_lat, true_lat)
    step = plane[first + 1] - plane[first]
    length = np.hypot(step[:, 0], step[:, 1])
    keep = length > 0
    first, step, length = first[keep], step[keep], length[keep]
    segment = owner[first]
    whole = np.bincount(segment, weights=length, minlength=network.segments).astype(np.float64)
    total = np.cumsum(length) - length
    starts = np.r_[True, segment[1:] != segment[:-1]] if len(segment) else np.zeros(0, bool)
    before = total - np.repeat(total[starts], np.diff(np.append(np.flatnonzero(starts), len(segment))))
    return _Pieces(first, segment, plane[first], step, length, before, whole[segment])


def _nearest(network: StreetNetwork, chosen: NDArray[np.bool_], places: FloatArray, limit_m: float) -> _Found:
    """Return the nearest chosen segment for each place (lon, lat rows), whatever the limit; exact within it."""
    true_lat = (network.box[1] + network.box[3]) / 2
    pieces = _pieces(network, chosen, true_lat)
    nobody = np.full(len(places), np.inf)
    if not len(pieces.point) or not len(places):
        none = np.full(len(places), -1, np.int32)
        return _Found(none, nobody.copy(), none.astype(np.int8), np.full((len(places), 2), np.nan), nobody)
    query = to_plane(places[:, 0], places[:, 1], true_lat)
    unit = true_metres(places[:, 1], true_lat)
    piece = _nearest_piece(pieces, query, limit_m / unit)
    along, distance = _project(pieces, piece, query)
    start = pieces.point[piece]
    share = along / pieces.length[piece]
    lonlat = np.stack([network.shape_lon, network.shape_lat], axis=-1)
    segment = pieces.segment[piece]
    return _Found(
        segment,
        network.length_m[segment] * np.minimum((pieces.before[piece] + along) / pieces.whole[piece], 1.0),
        _side(pieces, piece, along, query, distance),
        lonlat[start] + share[:, None] * (lonlat[start + 1] - lonlat[start]),
        distance * unit,
    )


def _nearest_piece(pieces: _Pieces, query: FloatArray, limit: FloatArray) -> NDArray[np.intp]:
    """Return the nearest piece of each query point; proven so within the limit (plane metres, one each)."""
    parts = np.maximum(np.ceil(pieces.length / SPACING_M), 1).astype(np.intp)
    owner = np.repeat(np.arange(len(parts)), parts)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(parts) - parts, parts)
    samples = pieces.a[owner] + ((rank + 0.5) / parts[owner])[:, None] * pieces.step[owner]
    tree = cKDTree(samples, balanced_tree=False, compact_nodes=False)
    nearest = np.empty(len(query), np.intp)
    unproven, k = np.arange(len(query)), min(8, len(samples))
    while len(unproven):
        again = []
        for chunk in np.array_split(unproven, -(-len(unproven) * k // AT_ONCE)):
            far, near = map(np.asarray, tree.query(query[chunk], k=np.arange(1, k + 1)))
            seen = owner[near]
            exact = _project(pieces, seen, query[chunk][:, None, :])[1]
            best = exact.min(axis=1)
            nearest[chunk] = np.where(exact <= best[:, None] + TIE_M, seen, len(parts)).min(axis=1)
            proven = (far[:, -1] >= best + TIE_M + SPACING_M / 2) | (far[:, 0] - SPACING_M / 2 > limit[chunk])
            again.append(chunk[~proven & (k < len(samples))])
        unproven, k = np.concatenate(again), min(4 * k, len(samples))
    return nearest


def _project(pieces: _Pieces, piece: NDArray[np.intp], query: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return plane metres from the start of the piece to its point nearest the query, and from there to the query."""
    length, step, offset = pieces.length[piece], pieces.step[piece], query - pieces.a[piece]
    share = np.clip((offset * step).sum(axis=-1) / length**2, 0.0, 1.0)
    gap = offset - share[..., None] * step
    return share * length, np.hypot(gap[..., 0], gap[..., 1])


def _side(
    pieces: _Pieces, piece: NDArray[np.intp], along: FloatArray, query: FloatArray, distance: FloatArray
) -> NDArray[np.int8]:
    """Return -1 left, 0 on, +1 right of the mapped direction.

    At a bend the direction is half-way between the two pieces that meet there: with either alone, a place off the tip
    of a bend sharper than a right angle would change sides.
    """
    heading = pieces.step / pieces.length[:, None]
    direction = heading[piece]
    following = np.minimum(piece + 1, len(pieces.segment) - 1)
    bend = (along >= pieces.length[piece]) & (pieces.segment[following] == pieces.segment[piece])
    direction[bend] += heading[following[bend]]
    offset = query - (pieces.a[piece] + (along / pieces.length[piece])[:, None] * pieces.step[piece])
    cross = direction[:, 0] * offset[:, 1] - direction[:, 1] * offset[:, 0]
    return np.where(distance < ON_LINE_M, 0, -np.sign(cross)).astype(np.int8)
