"""Which way a street may be driven by the tag ``oneway`` alone, and on which side of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from network.streets import StreetNetwork
from network.tags import BACKWARD_ONLY, BOTH_WAYS, FORWARD_ONLY, MOTORWAY, NEITHER_WAY, ROUND

Bools = NDArray[np.bool_]
UNKNOWN_SIDE = "the map does not tell on which side of the road traffic keeps: the right was taken"


def signed(network: StreetNetwork) -> tuple[Bools, Bools]:
    """Return in which directions the general ``oneway`` tag opens each street: along, and against how it was mapped."""
    oneway = network.tag("oneway")
    neither, against = oneway.isin(NEITHER_WAY), oneway.isin(BACKWARD_ONLY)
    implied = network.tag("junction").isin(ROUND) | network.tag("highway").isin(MOTORWAY)
    along = oneway.isin(FORWARD_ONLY) | (implied & ~oneway.isin(BOTH_WAYS) & ~against)
    return ~neither & ~against, ~neither & ~along


def left_hand(network: StreetNetwork) -> tuple[bool, str]:
    """Return whether traffic keeps to the left, and a note where that is not known.

    What ``driving_side`` says on more than half of the streets, by length; else how most metres of roundabouts are
    driven: clockwise in left-hand traffic; else what ``driving_side`` says anywhere.
    """
    said = network.tag("driving_side")
    left = float(network.length_m[said.isin({"left"})].sum())
    right = float(network.length_m[said.isin({"right"})].sum())
    if left + right <= 0.5 * float(network.length_m.sum()):
        clockwise, counter = _roundabouts_m(network)
        left, right = (clockwise, counter) if clockwise != counter else (left, right)
    return left > right, UNKNOWN_SIDE if left == right else ""


def _roundabouts_m(network: StreetNetwork) -> tuple[float, float]:
    """Return the metres of roundabouts driven clockwise, and counter-clockwise: by the area each goes round."""
    along, against = signed(network)
    rows = np.flatnonzero(network.tag("junction").isin({"roundabout"}) & (along != against))
    if not len(rows):
        return 0.0, 0.0
    tail, head = network.tail[rows], network.head[rows]
    links = coo_array((np.ones(len(rows), np.int8), (tail, head)), shape=(network.junctions,) * 2)
    _, part = connected_components(links, directed=False)
    ring, of_row = np.unique(part[tail], return_inverse=True)
    sizes = np.diff(network.shape_start)[rows]
    row = np.repeat(np.arange(len(rows)), sizes)
    at = np.arange(len(row)) + np.repeat(network.shape_start[rows] - np.cumsum(sizes) + sizes, sizes)
    x, y = network.shape_lon[at] * np.cos(np.radians(network.shape_lat[at])), network.shape_lat[at]
    mine = of_row[row]
    corners = np.bincount(mine)
    x, y = (z - (np.bincount(mine, z) / corners)[mine] for z in (x, y))
    swept = (x[:-1] * y[1:] - x[1:] * y[:-1]) * np.where(along[rows], 1.0, -1.0)[row[:-1]]
    area = np.bincount(mine[:-1], swept * (row[1:] == row[:-1]), minlength=len(ring))
    metres = np.bincount(of_row, network.length_m[rows])
    return float(metres[area < 0].sum()), float(metres[area > 0].sum())
