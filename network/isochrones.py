"""How far one gets: the pieces of street reached within so many seconds or metres, and an outline around them.

Every piece ends exactly where the limit is used up. Between the ends of a street time passes evenly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from network.ends import Ends, come_round, leaving_ends
from network.hierarchy import customise, sweep
from network.hierarchy.customise import Metric
from network.lines import along_lines
from network.plane import from_plane, to_plane
from network.snap import Snapped
from network.stances import Stances

if TYPE_CHECKING:
    from network.drive import Drive

FloatArray = NDArray[np.float64]
Unit = Literal["s", "m"]
BESIDE_M = 25.0  # the outline runs this far beside the streets: about a front yard and a house (ours)
HOLE_M2 = 40_000.0  # smaller holes in the outline are filled: a block of houses (ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Isochrone:
    """What is reached within one limit.

    Parameters
    ----------
    limit, unit
        So many seconds of driving, or metres of way.
    directed
        Directed segment of each piece.
    from_m, to_m
        Where it begins and ends, in metres from the tail of its segment; in the direction driven.
    begin, end
        Seconds or metres needed to its beginning and to its end.
    """

    limit: float
    unit: Unit
    directed: NDArray[np.int32]
    from_m: FloatArray
    to_m: FloatArray
    begin: FloatArray
    end: FloatArray


def isochrones(
    drive: Drive, snapped: Snapped, leaving: Stances, stance: int, limits: Sequence[float], *, unit: Unit = "s"
) -> tuple[Isochrone, ...]:
    """Return what is reached from one stance, for several limits at once, in their order.

    Parameters
    ----------
    snapped
        Places snapped for the same network and profile.
    leaving, stance
        Ways of leaving, and the position of the one asked about.
    limits
        Seconds or metres, none below 0.
    unit
        ``"s"``: as quickly as possible, turns included. ``"m"``: on the shortest ways.

    Raises
    ------
    ValueError
        If a limit is negative or not a number.
    """
    if not all(limit >= 0 for limit in limits):
        raise ValueError("limits must not be below 0")
    ends = leaving_ends(drive, snapped, leaving).take(np.array([stance]))
    reach = _reach(drive, ends, unit)
    return tuple(_within(reach, float(limit), unit) for limit in limits)


class _Reach(NamedTuple):
    """Pieces that can be reached at all: at what cost their beginning, how much they take, and where they lie."""

    directed: NDArray[np.int32]
    begin: FloatArray
    takes: FloatArray
    from_m: FloatArray
    to_m: FloatArray


def _reach(drive: Drive, ends: Ends, unit: Unit) -> _Reach:
    """Search from a stance and put whole segments and what is left of its own together."""
    network, graph = drive.prepared.network, drive.prepared.graph
    metric = drive.metric if unit == "s" else _shortest(drive)
    at, whole = _costs(drive, ends, unit)
    begin = np.full(2 * network.segments, np.inf)
    onto = 2 * graph.segment.astype(np.int64) + graph.against
    for k, far in enumerate(sweep.one_to_all(metric, ends.state)):
        cost = np.floor(far / 2.0**metric.shift)
        cost[onto == ends.directed[k]] = np.inf  # behind oneself: see below
        np.minimum.at(begin, onto, cost - at[k])
    around = np.floor(come_round(drive, ends.directed, metric)[0] / 2.0**metric.shift)
    np.minimum.at(begin, ends.directed, around - at)
    length = np.repeat(network.length_m, 2)
    against = np.arange(len(length)) % 2 == 1
    seen = np.flatnonzero(np.isfinite(begin))
    own = ends.directed
    left = whole[own] - at
    share = np.divide(at, whole[own], out=np.zeros(len(at)), where=whole[own] > 0)
    start = np.where(against[own], length[own] * (1 - share), length[own] * share)
    return _Reach(
        np.concatenate([own, seen]).astype(np.int32),
        np.concatenate([np.zeros(len(own)), begin[seen]]),
        np.concatenate([left, whole[seen]]),
        np.concatenate([start, np.where(against, length, 0.0)[seen]]),
        np.concatenate([np.where(against, 0.0, length)[own], np.where(against, 0.0, length)[seen]]),
    )


def _shortest(drive: Drive) -> Metric:
    """Return the hierarchy under decimetres alone."""
    dm = drive.weights.along()[1].astype(np.float64)
    return customise.customise(drive.prepared.topology, np.where(drive.weights.turn_ms >= 0, dm, np.inf), 0)


def _costs(drive: Drive, ends: Ends, unit: Unit) -> tuple[FloatArray, FloatArray]:
    """Return what has been used up before each end on its own segment, and what whole directed segments take."""
    ms, dm = drive.split(ends.at)
    graph, weights = drive.prepared.graph, drive.weights
    whole = np.zeros(2 * drive.prepared.network.segments)
    whole[2 * graph.segment.astype(np.int64) + graph.against] = weights.ms if unit == "s" else weights.dm
    return (ms if unit == "s" else dm).astype(np.float64), whole


def _within(reach: _Reach, limit: float, unit: Unit) -> Isochrone:
    """Cut the pieces where the limit is used up."""
    scale = 1000.0 if unit == "s" else 10.0
    here = np.flatnonzero(reach.begin <= limit * scale)
    begin, takes, from_m, to_m = (part[here] for part in reach[1:])
    share = np.divide(limit * scale - begin, takes, out=np.ones(len(here)), where=takes > 0).clip(0, 1)
    return Isochrone(
        limit=limit,
        unit=unit,
        directed=reach.directed[here],
        from_m=from_m,
        to_m=from_m + (to_m - from_m) * share,
        begin=begin / scale,
        end=(begin + takes * share) / scale,
    )


def outline(
    drive: Drive, reached: Isochrone, *, beside_m: float = BESIDE_M, hole_m2: float = HOLE_M2
) -> shapely.Geometry:
    """Return the area around what is reached, as a polygon or several, in degrees (lon, lat).

    Parameters
    ----------
    beside_m
        How far it extends beside the streets.
    hole_m2
        Holes smaller than this are filled.
    """
    network = drive.prepared.network
    true_lat = (network.box[1] + network.box[3]) / 2
    kept = _once(reached, network.length_m)
    segment = (reached.directed[kept] >> 1).astype(np.int64)
    points, start = along_lines(network, segment, reached.from_m[kept], reached.to_m[kept])
    plane = to_plane(points[:, 0], points[:, 1], true_lat)
    owner = np.repeat(np.arange(len(segment)), np.diff(start))
    lines = shapely.linestrings(plane, indices=owner) if len(segment) else np.zeros(0, object)
    lines = shapely.simplify(lines, beside_m / 10)
    area = shapely.union_all(shapely.buffer(lines, beside_m, quad_segs=2))
    parts = [
        shapely.Polygon(part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area >= hole_m2])
        for part in shapely.get_parts(area)
    ]
    filled = shapely.union_all(parts).simplify(beside_m / 5)
    return shapely.transform(filled, lambda xy: from_plane(xy, true_lat))


def _once(reached: Isochrone, length_m: FloatArray) -> NDArray[np.intp]:
    """Return the pieces without those of streets that another piece covers from end to end."""
    segment = reached.directed >> 1
    whole = np.abs(reached.to_m - reached.from_m) >= length_m[segment]
    covering = np.full(len(length_m), -1, np.int64)
    covering[segment[whole]] = np.flatnonzero(whole)
    best = covering[segment]
    return np.flatnonzero((best < 0) | (best == np.arange(len(segment))))
