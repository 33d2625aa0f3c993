"""Many-to-many times and distances: rows are ways of leaving, columns are ways of arriving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from network.ends import arriving_ends, block, leaving_ends
from network.graph import UNREACHABLE, Combined, combine, street_graph
from network.profiles import VehicleProfile
from network.snap import Snapped
from network.stances import Stances
from network.streets import StreetNetwork
from network.walking import distances_within, nearest, pairs_within

if TYPE_CHECKING:
    from network.drive import Drive

__all__ = [
    "UNREACHABLE",
    "TravelMatrix",
    "distances_within",
    "matrix",
    "nearest",
    "pairs_within",
    "travel_matrix",
]

AT_ONCE_BYTES = 2**26


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelMatrix:
    """Durations and distances of the fastest ways (the shortest among equally fast ones) of one profile.

    Parameters
    ----------
    leaving, arriving
        Ids of rows and columns.
    duration_ms, distance_dm
        Whole milliseconds and decimetres of the same way, ``UNREACHABLE`` (2**31 - 1) where there is none; read-only.
    profile
        Id of the profile.
    network_sha256
        Hash of the network the ways run through.
    speed_factor
        What all speeds were multiplied by.
    """

    leaving: tuple[str, ...]
    arriving: tuple[str, ...]
    duration_ms: NDArray[np.int32]
    distance_dm: NDArray[np.int32]
    profile: str
    network_sha256: str
    speed_factor: float = 1.0

    def __post_init__(self) -> None:
        for array in (self.duration_ms, self.distance_dm):
            if array.shape != (len(self.leaving), len(self.arriving)) or array.dtype != np.int32:
                raise ValueError("the arrays of a travel matrix do not fit its ids")
            array.setflags(write=False)


def matrix(drive: Drive, snapped: Snapped, leaving: Stances, arriving: Stances) -> TravelMatrix:
    """Return times and distances from all ways of leaving to all ways of arriving, turns included.

    Memory beside the result (8 bytes a pair): see :func:`network.hierarchy.sweep.many_to_many`, and at most 300 MB
    where a stance stands in two directions.

    Parameters
    ----------
    drive
        Who goes, when, and through which streets.
    snapped
        Places snapped for the same network and profile.
    leaving, arriving
        Stances at these places (:func:`network.stances.stances`): rows and columns.
    """
    duration, distance = block(drive, leaving_ends(drive, snapped, leaving), arriving_ends(drive, snapped, arriving))
    return TravelMatrix(
        leaving=leaving.ids,
        arriving=arriving.ids,
        duration_ms=duration,
        distance_dm=distance,
        profile=drive.profile.id,
        network_sha256=drive.prepared.network.sha256,
        speed_factor=drive.speed_factor,
    )


def travel_matrix(
    network: StreetNetwork,
    profile: VehicleProfile,
    snapped: Snapped,
    ids: Sequence[str],
    *,
    speed_factor: float = 1.0,
) -> TravelMatrix:
    """Return times and distances between all places.

    One search from each distinct position, in blocks of rows. Memory beside the result (8 bytes a pair): the graph and
    about 200 MB at most, whatever the size of the town (one row if a row of the graph alone is larger).

    Parameters
    ----------
    snapped
        Places snapped for the same network and profile; those on no street get ``UNREACHABLE`` rows and columns.
    ids
        One id for each place.
    speed_factor
        All speeds are multiplied by it: 0.5 doubles every duration.

    Raises
    ------
    ValueError
        If ids and places differ in number, or the places were snapped for another network or profile.
    InputError
        ``network-too-large``, see :func:`network.graph.combine`.
    """
    if len(ids) != len(snapped):
        raise ValueError(f"{len(ids)} ids for {len(snapped)} places")
    graph = street_graph(network, profile, snapped.segment, snapped.along_m, speed_factor=speed_factor)
    found = np.flatnonzero(graph.place >= 0)
    duration = np.full((len(ids), len(ids)), UNREACHABLE, np.int32)
    distance = duration.copy()
    if len(found):
        nodes, which = np.unique(graph.place[found], return_inverse=True)
        _fill(combine(network, graph), nodes, which, found, (duration, distance))
    return TravelMatrix(
        leaving=tuple(ids),
        arriving=tuple(ids),
        duration_ms=duration,
        distance_dm=distance,
        profile=profile.id,
        network_sha256=network.sha256,
        speed_factor=speed_factor,
    )


def _fill(
    combined: Combined,
    nodes: NDArray[np.int64],
    which: NDArray[np.intp],
    found: NDArray[np.intp],
    results: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> None:
    """Search from every node and write the rows of the places standing there."""
    at_once = max(1, AT_ONCE_BYTES // (8 * combined.graph.shape[0]))
    for first in range(0, len(nodes), at_once):
        total = dijkstra(combined.graph, indices=nodes[first : first + at_once])[:, nodes]
        rows = np.flatnonzero((which >= first) & (which < first + at_once))
        for result, part in zip(results, combined.split(total), strict=True):
            result[np.ix_(found[rows], found)] = part[np.ix_(which[rows] - first, which)]
