"""OSRM's match service: a track of points onto the streets.

Each unbroken piece of the track becomes a route through its matched points, each leg the quickest way between two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.interop.numbers import degrees, significant
from api.interop.osrm_query import Query
from api.interop.osrm_route import route
from api.interop.refusal import Refusal
from api.interop.roads import Located, Roads
from api.interop.trace import Trace, merged
from api.interop.vehicles import mode
from network.geometry import metres_between
from network.lines import points_at
from network.snap import Snapped
from network.tracks.match import Manner, Matched, match_one
from network.tracks.reach import desk_of
from network.tracks.track import Track

Json = dict[str, Any]
FloatArray = NDArray[np.float64]
PACE_M_S = 8.0  # where no times are given: what a vehicle in a town may have driven
TICK_S = 0.001  # between two points of one second
SEARCH = 3.0  # radiuses are standard deviations: streets within so many of them are looked at
SURE = 0.95
NO_MATCH = "Could not match the trace."
NO_SEGMENT = "Could not find a matching segment for any coordinate."


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Points of an unbroken piece that are on a street, and the legs between them."""

    points: list[int]
    legs: list[Trace]


def match(roads: Roads, query: Query) -> Json:
    """Answer a request.

    Raises
    ------
    Refusal
        ``NoSegment``, ``NoMatch``.
    """
    manner = _manner(query)
    if not manner:
        raise Refusal("NoSegment", NO_SEGMENT)
    ground = roads.ground
    matched = match_one(ground._replace(manner=manner, desk=desk_of(ground.reach)), _track(query))
    if all(reason == "no-street" for reason in matched.reason):
        raise Refusal("NoSegment", NO_SEGMENT)
    located = _located(roads, matched)
    tell = query.flag("steps")
    pieces = [piece for points in _unbroken(matched) for piece in _pieces(roads, located, points, tell=tell)]
    if not pieces:
        raise Refusal("NoMatch", NO_MATCH)
    stops = _stops(query, pieces)
    matchings = [
        route(_between(piece, stops), query, mode(roads.profile))
        | {"confidence": significant(float(matched.sure[piece.points].mean()))}
        for piece in pieces
    ]
    made: Json = {"code": "Ok", "matchings": matchings}
    return (
        made
        if query.flag("skip_waypoints")
        else made | {"tracepoints": _points(roads, matched, located, pieces, stops)}
    )


def _manner(query: Query) -> Manner | None:
    """Return how to match; nothing if no street may be looked at."""
    plain = Manner()
    given = query.places.radius_m[np.isfinite(query.places.radius_m)]
    if len(given) and given.max() <= 0:
        return None
    sigma = max(float(np.median(given)), 1.0) if len(given) else plain.sigma_m
    limit = max(SEARCH * float(given.max()), 1.0) if len(given) else plain.limit_m
    silence = 1e9 if query.options.get("gaps") == "ignore" else plain.gap_s
    return Manner(sigma_m=sigma, limit_m=limit, gap_s=silence)


def _track(query: Query) -> Track:
    """Return the points with times that rise: those given, else as long as the distances suggest."""
    lon, lat = query.places.lon, query.places.lat
    given = query.options.get("timestamps")
    if given:
        time_s = np.array(given, np.float64)
    else:
        apart = metres_between(lon[:-1], lat[:-1], lon[1:], lat[1:])
        time_s = np.concatenate([[0.0], np.cumsum(apart / PACE_M_S + 1.0)])
    return Track(id="", time_s=time_s + TICK_S * np.arange(len(lon)), lon=lon, lat=lat, row=np.arange(len(lon)))


def _located(roads: Roads, matched: Matched) -> Located:
    """Return the points where they were matched, each to be passed in the direction driven."""
    network = roads.network
    on, against = matched.directed >= 0, matched.directed % 2 == 1
    segment = np.where(on, matched.directed >> 1, -1).astype(np.int32)
    length = network.length_m[np.maximum(segment, 0)]
    along = np.where(against, length - matched.along_m, matched.along_m)
    point = np.full((len(segment), 2), np.nan)
    point[on] = points_at(network, segment[on].astype(np.int64), along[on])
    snapped = Snapped(
        segment=segment,
        along_m=np.where(on, along, np.nan),
        side=np.zeros(len(segment), np.int8),
        lon=point[:, 0].copy(),
        lat=point[:, 1].copy(),
        distance_m=np.where(on, matched.off_m, np.inf),
        problem=matched.reason,
    )
    return Located(snapped=snapped, ahead=on & ~against, back=on & against)


def _unbroken(matched: Matched) -> list[list[int]]:
    """Return the points of each unbroken piece that are on a street."""
    begins = {point for point, _ in matched.breaks}
    pieces: list[list[int]] = [[]]
    for point in np.flatnonzero(matched.directed >= 0).tolist():
        if point in begins:
            pieces.append([])
        pieces[-1].append(point)
    return [piece for piece in pieces if len(piece) > 1]


def _pieces(roads: Roads, located: Located, points: list[int], *, tell: bool) -> list[Piece]:
    """Return the legs through the points, in as many pieces as can be driven; a point that slips back stays put."""
    at = _steady(located, points)
    legs = roads.legs(at, points, tell=tell)
    if legs is not None:
        return [Piece(points=points, legs=legs)]
    ways = [roads.legs(at, pair, tell=tell) for pair in pairwise(points)]
    pieces = [Piece(points=points[:1], legs=[])]
    for point, way in zip(points[1:], ways, strict=True):
        if way is None:
            pieces.append(Piece(points=[point], legs=[]))
        else:
            pieces[-1].points.append(point)
            pieces[-1].legs.extend(way)
    return [piece for piece in pieces if piece.legs]


def _steady(located: Located, points: list[int]) -> Located:
    """Return the points without those that lie behind the one before on the same street: scatter of the receiver."""
    snapped = located.snapped
    along, lon, lat = snapped.along_m.copy(), snapped.lon.copy(), snapped.lat.copy()
    for before, point in pairwise(points):
        same = snapped.segment[before] == snapped.segment[point] and located.ahead[before] == located.ahead[point]
        behind = along[point] < along[before] if located.ahead[point] else along[point] > along[before]
        if same and behind:
            along[point], lon[point], lat[point] = along[before], lon[before], lat[before]
    steady = Snapped(
        segment=snapped.segment.copy(),
        along_m=along,
        side=snapped.side.copy(),
        lon=lon,
        lat=lat,
        distance_m=snapped.distance_m.copy(),
        problem=snapped.problem,
    )
    return Located(snapped=steady, ahead=located.ahead, back=located.back)


def _stops(query: Query, pieces: Sequence[Piece]) -> frozenset[int]:
    """Return the points at which legs end: all, or those asked for."""
    every = frozenset(point for piece in pieces for point in piece.points)
    asked = frozenset(query.options.get("waypoints", every))
    if not asked <= every:
        raise Refusal("NoMatch", "Requested waypoint parameter could not be matched.")
    return asked | {piece.points[end] for piece in pieces for end in (0, -1)}


def _between(piece: Piece, stops: frozenset[int]) -> list[Trace]:
    """Return the legs from stop to stop."""
    at = [k for k, point in enumerate(piece.points) if point in stops]
    return [merged(piece.legs[a:b]) for a, b in pairwise(at)]


def _points(
    roads: Roads, matched: Matched, located: Located, pieces: Sequence[Piece], stops: frozenset[int]
) -> list[Json | None]:
    """Return where each point was matched; nothing for one that is in no piece."""
    told: list[Json | None] = [None] * len(matched.directed)
    for number, piece in enumerate(pieces):
        rank = 0
        for point in piece.points:
            told[point] = {
                "waypoint_index": rank if point in stops else None,
                "matchings_index": number,
                "alternatives_count": int(matched.sure[point] < SURE),
                "location": degrees(located.snapped.lon[point], located.snapped.lat[point]),
                "name": roads.name(int(located.snapped.segment[point])),
                "distance": significant(located.snapped.distance_m[point]),
            }
            rank += point in stops
    return told
