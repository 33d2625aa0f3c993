"""Streets cut into short pieces: where people live along them, and where a container may stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.component import component
from network.lines import points_at
from network.profiles import VehicleProfile
from network.snap import Snapped, stopping
from network.streets import StreetNetwork
from network.tags import usable

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
PIECE_M = 50.0  # pieces are about this long: half of it is the error of any walking distance here


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Pieces of the streets one can walk on, in the order of the segments.

    Parameters
    ----------
    segment, part, parts
        Segment of each piece, which of its pieces it is (from 0, from the tail), and how many it has.
    first
        For each segment of the network its first piece, -1 for none.
    along_m, lon, lat
        The middle of each piece.
    length_m
        Length of each piece.
    """

    segment: NDArray[np.int32]
    part: IntArray
    parts: IntArray
    first: IntArray
    along_m: FloatArray
    lon: FloatArray
    lat: FloatArray
    length_m: FloatArray

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.segment)


def street_pieces(network: StreetNetwork, walker: VehicleProfile) -> Pieces:
    """Cut the streets that belong together on foot, motorways and tunnels left out, into pieces."""
    streets = np.flatnonzero(component(network, usable(network, walker)) & stopping(network))
    count = np.maximum(1, np.floor(network.length_m[streets] / PIECE_M + 0.5)).astype(np.int64)
    segment = np.repeat(streets, count)
    start = np.cumsum(count) - count
    part = np.arange(len(segment)) - np.repeat(start, count)
    parts = np.repeat(count, count)
    length = network.length_m[segment] / parts
    along = (part + 0.5) * length
    middle = points_at(network, segment, along)
    first = np.full(network.segments, -1, np.int64)
    first[streets] = start
    return Pieces(
        segment=segment.astype(np.int32),
        part=part,
        parts=parts,
        first=first,
        along_m=along,
        lon=middle[:, 0].copy(),
        lat=middle[:, 1].copy(),
        length_m=length,
    )


def piece_of(pieces: Pieces, snapped: Snapped) -> IntArray:
    """Return the piece on which each place stands, -1 for those on none."""
    piece = np.full(len(snapped), -1, np.int64)
    on = np.flatnonzero((snapped.segment >= 0) & (pieces.first[snapped.segment] >= 0))
    first = pieces.first[snapped.segment[on]]
    part = (snapped.along_m[on] / pieces.length_m[first]).astype(np.int64)
    piece[on] = first + np.minimum(part, pieces.parts[first] - 1)
    return piece


def middles(pieces: Pieces, chosen: IntArray) -> Snapped:
    """Return the middles of the chosen pieces as places on the streets."""
    return Snapped(
        segment=pieces.segment[chosen],
        along_m=pieces.along_m[chosen],
        side=np.zeros(len(chosen), np.int8),
        lon=pieces.lon[chosen],
        lat=pieces.lat[chosen],
        distance_m=np.zeros(len(chosen)),
        problem=("",) * len(chosen),
    )
