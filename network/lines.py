"""Lines along the streets: the geometry of pieces of segments."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network.geometry import metres_between
from network.streets import StreetNetwork

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


def shape_metres(network: StreetNetwork) -> FloatArray:
    """Return for each shape point its metres from the tail, scaled so that the last of a segment has its length."""
    step = np.zeros(len(network.shape_lon))
    lon, lat = network.shape_lon, network.shape_lat
    step[1:] = metres_between(lon[:-1], lat[:-1], lon[1:], lat[1:])
    step[network.shape_start[:-1]] = 0
    points = np.diff(network.shape_start)
    total = np.cumsum(step)
    along = total - np.repeat(total[network.shape_start[:-1]], points)
    drawn = along[network.shape_start[1:] - 1]
    scale = np.divide(network.length_m, drawn, out=np.zeros(network.segments), where=drawn > 0)
    return np.asarray(along * np.repeat(scale, points))


def points_at(network: StreetNetwork, segment: IntArray, along_m: FloatArray) -> FloatArray:
    """Return lon, lat rows of positions along segments, held within their ends."""
    return _interpolate(network, _keys(network), segment, along_m)


def along_lines(
    network: StreetNetwork, segment: IntArray, from_m: FloatArray, to_m: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Return the lines of pieces of segments, in the direction from -> to.

    Returns
    -------
    tuple
        Points (lon, lat rows) of all pieces one after the other, both ends included, and where each piece starts among
        them, with the number of all points at the end.
    """
    key = _keys(network)
    low, high = np.minimum(from_m, to_m), np.maximum(from_m, to_m)
    first = np.searchsorted(key, _key(network, segment, low), side="right")
    last = np.searchsorted(key, _key(network, segment, high), side="left")
    inner = np.maximum(last - first, 0)
    start = np.concatenate([[0], np.cumsum(inner + 2)])
    piece = np.repeat(np.arange(len(segment)), inner + 2)
    rank = np.arange(start[-1]) - start[piece]
    points = np.empty((start[-1], 2))
    points[start[:-1]] = _interpolate(network, key, segment, from_m)
    points[start[1:] - 1] = _interpolate(network, key, segment, to_m)
    between = np.flatnonzero((rank > 0) & (rank <= inner[piece]))
    owner, nth = piece[between], rank[between] - 1
    shape = np.where((from_m <= to_m)[owner], first[owner] + nth, last[owner] - 1 - nth)
    points[between] = np.stack([network.shape_lon[shape], network.shape_lat[shape]], axis=-1)
    return points, start


def _keys(network: StreetNetwork) -> FloatArray:
    """Return one rising number for each shape point: twice its segment, plus its share of the way along it.

    Worked out once for a network and kept with it.
    """
    kept = vars(network)
    if "_line_keys" not in kept:
        owner = np.repeat(np.arange(network.segments), np.diff(network.shape_start))
        kept["_line_keys"] = _key(network, owner, shape_metres(network))
    keys: FloatArray = kept["_line_keys"]
    return keys


def _key(network: StreetNetwork, segment: IntArray, along: FloatArray) -> FloatArray:
    length = network.length_m[segment]
    share = np.divide(along, length, out=np.zeros(len(segment)), where=length > 0)
    return np.asarray(2.0 * segment + np.clip(share, 0, 1))


def _interpolate(network: StreetNetwork, key: FloatArray, segment: IntArray, along: FloatArray) -> FloatArray:
    at = _key(network, segment, along)
    return np.stack([np.interp(at, key, network.shape_lon), np.interp(at, key, network.shape_lat)], axis=-1)
