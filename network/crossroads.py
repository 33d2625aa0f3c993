"""What a driver sees at a junction: the streets that leave it, at which bearing, and how important they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from network.lines import points_at
from network.streets import StreetNetwork
from network.tagcolumn import TagColumn

FloatArray = NDArray[np.float64]
LOOK_M = 15.0  # a street's bearing is that of its first metres, not of the last stroke of whoever drew it
ROUND = frozenset({"roundabout", "circular"})
FAST = frozenset({"motorway", "trunk"})
RAMPS = frozenset({"motorway_link", "trunk_link"})
_CLASSES = (  # by rising importance; what is not named here is a path
    ("service", "track", "busway"),
    ("living_street", "pedestrian"),
    ("residential", "unclassified", "road"),
    ("tertiary", "tertiary_link"),
    ("secondary", "secondary_link"),
    ("primary", "primary_link"),
    ("trunk", "trunk_link"),
    ("motorway", "motorway_link"),
)
_RANK = {highway: float(rank) for rank, classes in enumerate(_CLASSES, start=1) for highway in classes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossroads:
    """The junctions of a network as somebody who may use some of its streets sees them.

    Parameters
    ----------
    start, arm
        Junction ``j`` has the arms ``arm[start[j]:start[j + 1]]``: directed segments leaving it along streets that are
        used in either direction, by rising bearing.
    bearing
        Degrees clockwise from north at which each directed segment leaves its first junction.
    rank
        Importance of the class of each segment: 8 for motorways, 0 for paths.
    fast, ramp
        Whether a segment is a motorway or trunk road, and whether it leads on to or off one.
    ref
        Road numbers.
    ring_m
        Metres round the roundabout a segment belongs to, 0 for a segment in none.
    """

    network: StreetNetwork
    start: NDArray[np.int64]
    arm: NDArray[np.int32]
    bearing: FloatArray
    rank: NDArray[np.int8]
    fast: NDArray[np.bool_]
    ramp: NDArray[np.bool_]
    ring_m: FloatArray
    ref: TagColumn

    def arms(self, junction: int) -> list[int]:
        """Return the directed segments that leave a junction, by rising bearing."""
        arms: list[int] = self.arm[self.start[junction] : self.start[junction + 1]].tolist()
        return arms

    def turn_deg(self, driven: int, onward: int) -> float:
        """Return by how much a driver coming along ``driven`` turns into ``onward``: above 0 to the left, up to 180."""
        turned = float(self.bearing[driven ^ 1]) + 180.0 - float(self.bearing[onward])
        return 180.0 - (180.0 - turned) % 360.0

    def begin(self, directed: int) -> int:
        """Return the junction at which a directed segment begins."""
        network = self.network
        return int(network.head[directed >> 1] if directed & 1 else network.tail[directed >> 1])

    def end(self, directed: int) -> int:
        """Return the junction at which a directed segment ends."""
        return self.begin(directed ^ 1)


def crossroads(network: StreetNetwork, used: NDArray[np.bool_]) -> Crossroads:
    """Return the junctions as seen by somebody who uses the segments marked, in at least one direction."""
    bearing = _bearings(network)
    ends = np.stack([network.tail, network.head], axis=-1).ravel()
    arm = np.flatnonzero(np.repeat(used, 2)).astype(np.int32)
    arm = arm[np.lexsort((arm, np.round(bearing[arm]) % 360, ends[arm]))]  # rising in whole degrees as well
    highway = network.tag("highway")
    result = Crossroads(
        network=network,
        start=np.searchsorted(ends[arm], np.arange(network.junctions + 1)).astype(np.int64),
        arm=arm,
        bearing=bearing,
        rank=highway.map(_RANK, 0.0).astype(np.int8),
        fast=highway.isin(FAST),
        ramp=highway.isin(RAMPS),
        ring_m=_rings(network),
        ref=network.tag("ref"),
    )
    for array in (result.start, result.arm, result.bearing, result.rank, result.fast, result.ramp, result.ring_m):
        array.setflags(write=False)
    return result


def wrapped(degrees: FloatArray) -> FloatArray:
    """Return angles above -180 and up to 180 degrees."""
    turned: FloatArray = 180.0 - (180.0 - np.asarray(degrees, np.float64)) % 360.0
    return turned


def bearing_deg(lon1: FloatArray, lat1: FloatArray, lon2: FloatArray, lat2: FloatArray) -> FloatArray:
    """Return the bearing from one point to another close by, 0 up to 360 degrees clockwise from north."""
    east = wrapped(np.asarray(lon2) - lon1) * np.cos(np.radians((np.asarray(lat1) + lat2) / 2))
    bearing: FloatArray = np.degrees(np.arctan2(east, np.asarray(lat2) - lat1)) % 360.0
    return bearing


def _bearings(network: StreetNetwork) -> FloatArray:
    """Return at which bearing each directed segment leaves."""
    every = np.arange(network.segments)
    look = np.minimum(LOOK_M, network.length_m)
    first, last = network.shape_start[:-1], network.shape_start[1:] - 1
    bearing = np.zeros(2 * network.segments)
    for against, at, along in ((0, first, look), (1, last, network.length_m - look)):
        seen = points_at(network, every, along)
        bearing[against::2] = bearing_deg(network.shape_lon[at], network.shape_lat[at], seen[:, 0], seen[:, 1])
    return bearing


def _rings(network: StreetNetwork) -> FloatArray:
    """Return the metres round each roundabout, on its segments."""
    ring = network.tag("junction").isin(ROUND)
    tail, head = network.tail[ring], network.head[ring]
    joined = csr_array((np.ones(len(tail)), (tail, head)), shape=(network.junctions, network.junctions))
    part = connected_components(joined, directed=False)[1]
    metres = np.bincount(part[tail], weights=network.length_m[ring], minlength=1)
    around = np.zeros(network.segments)
    around[ring] = metres[part[tail]]
    return around
