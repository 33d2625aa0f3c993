"""Where people live: a place with people, and people gathered along the streets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.snap import Snapped
from network.streets import StreetNetwork
from network.tagcolumn import TagColumn
from scenarios.demand.pieces import Pieces, piece_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SIDES = {-1: "left", 0: "on", 1: "right"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Homes:
    """Places (degrees) with how many people live there, and the streets of their addresses where these are known."""

    lon: FloatArray
    lat: FloatArray
    people: FloatArray
    street: TagColumn | None = None

    def without(self, taken: NDArray[np.bool_] | None) -> Homes:
        """Return the homes that are not taken."""
        if taken is None:
            return self
        left = ~taken
        street = self.street
        kept = None if street is None else TagColumn(codes=street.codes[left], values=street.values)
        return Homes(lon=self.lon[left], lat=self.lat[left], people=self.people[left], street=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """People who live along one side of a piece of street, or at one place off the streets.

    ``piece`` is -1 off the streets; ``lon``, ``lat`` their mean place, ``door_m`` their mean metres to the street.
    Ids, ``way:node-node:side:part``, stay the same when the extract is cut differently.
    """

    id: tuple[str, ...]
    piece: IntArray
    lon: FloatArray
    lat: FloatArray
    people: FloatArray
    door_m: FloatArray


def gather(network: StreetNetwork, pieces: Pieces, homes: Homes, snapped: Snapped) -> Neighbours:
    """Return the people of all homes by piece of street and side; homes on no street stay alone.

    Nobody is lost: the sum of people is that of the homes.
    """
    piece = piece_of(pieces, snapped)
    alone = np.where(piece < 0, np.arange(len(piece)), -1)
    key = np.stack([piece, snapped.side.astype(np.int64), alone])
    groups, which = np.unique(key, axis=1, return_inverse=True)
    which = which.ravel()
    people = np.bincount(which, homes.people, minlength=groups.shape[1])

    def mean(values: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(which, values * homes.people, minlength=len(people)) / people)

    return Neighbours(
        id=tuple(_name(network, pieces, *group) for group in groups.T.tolist()),
        piece=groups[0],
        lon=mean(homes.lon),
        lat=mean(homes.lat),
        people=people.astype(np.float64),
        door_m=mean(snapped.distance_m),
    )


def _name(network: StreetNetwork, pieces: Pieces, piece: int, side: int, alone: int) -> str:
    """Return the id of a group."""
    if piece < 0:
        return f"off-street:{alone + 1}"
    s = pieces.segment[piece]
    ends = network.junction_id[network.tail[s]], network.junction_id[network.head[s]]
    return f"{network.way_id[s]}:{ends[0]}-{ends[1]}:{SIDES[side]}:{pieces.part[piece] + 1}"
