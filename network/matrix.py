"""Many-to-many times and distances: rows are ways of leaving, columns are ways of arriving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from network.ends import arriving_ends, block, leaving_ends
from network.hierarchy.reach import UNREACHABLE
from network.snap import Snapped
from network.stances import Stances

if TYPE_CHECKING:
    from network.drive import Drive

__all__ = ["UNREACHABLE", "TravelMatrix", "matrix"]


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
