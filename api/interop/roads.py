"""The streets under one profile, asked with the places of others' requests.

A place without wishes is a yard: it is left and arrived in either direction of its street, as other routers do. With a
kerb or a bearing it keeps the directions in which that holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from api.interop.numbers import metres, seconds
from api.interop.places import Places, anywhere
from api.interop.trace import Trace, traced
from network import ends
from network.crossroads import bearing_deg
from network.drive import Drive
from network.lines import points_at
from network.profiles import VehicleProfile
from network.snap import Candidates, Nearby, Snapped, candidates, nearby, stopping
from network.stances import Stances
from network.streets import StreetNetwork
from network.tracks.match import Ground, ground
from network.ways import ways

Bools = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
AROUND_M = 2.0  # how far before and behind a spot its street's direction is taken
AMONG = 16  # streets looked at for a place with wishes
NOT_HERE = "not-here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Places on the streets, and the directions in which each may be left and arrived at."""

    snapped: Snapped
    ahead: Bools
    back: Bools

    @property
    def lost(self) -> NDArray[np.intp]:
        """Positions of the places that are on no street."""
        return np.flatnonzero(self.snapped.segment < 0)


@dataclass(frozen=True, kw_only=True)
class Roads:
    """What the services ask.

    Parameters
    ----------
    drive
        The streets under a profile.
    streets
        Those on which a place may be, ready for searching.
    """

    drive: Drive
    streets: Nearby

    @property
    def network(self) -> StreetNetwork:
        """The streets."""
        return self.drive.prepared.network

    @cached_property
    def ground(self) -> Ground:
        """The streets ready for matching; whoever matches needs a desk of their own."""
        return ground(self.drive.weights)

    @property
    def profile(self) -> VehicleProfile:
        """Who drives."""
        return self.drive.profile

    def name(self, segment: int) -> str:
        """Return the name of a street."""
        column = self.network.name
        return str(column.values[column.codes[segment]])

    def ends(self, segment: int) -> list[int]:
        """Return the OSM ids of the junctions at both ends of a street."""
        network = self.network
        return [int(network.junction_id[at[segment]]) for at in (network.tail, network.head)]

    def locate(self, places: Places) -> Located:
        """Put each place on the nearest street from which it can be served as it wishes."""
        wishes = (
            not np.isnan(places.bearing_deg).all()
            or len(set(places.approach)) > 1
            or "unrestricted" not in places.approach
        )
        near, ahead, back = self._near(places, AMONG if wishes else 1)
        rank = np.argmax(ahead | back, axis=1)
        row = np.arange(len(places))
        return self._located(near, row, rank, ahead[row, rank], back[row, rank])

    def nearest(self, places: Places, number: int) -> list[Located]:
        """Return for each place the nearest streets from which it can be served as it wishes, the nearest first."""
        near, ahead, back = self._near(places, max(number, AMONG))
        found = []
        for row in range(len(places)):
            rank = np.flatnonzero(ahead[row] | back[row])[:number]
            found.append(self._located(near, np.full(len(rank), row), rank, ahead[row, rank], back[row, rank]))
        return found

    def _near(self, places: Places, count: int) -> tuple[Candidates, Bools, Bools]:
        """Return streets near each place, and in which directions they serve it."""
        drive = self.drive
        near = candidates(self.streets, places.lon, places.lat, k=count, limit_m=float(places.radius_m.max()))
        on = (near.segment >= 0) & (near.distance_m <= places.radius_m[:, None])
        street = np.where(on, near.segment, 0)
        ahead, back = on & drive.serving[2 * street], on & drive.serving[2 * street + 1]
        along, against = self._wished(places, near, street, two_way=ahead & back)
        return near, ahead & along, back & against

    def _wished(
        self, places: Places, near: Candidates, street: NDArray[np.int32], *, two_way: Bools
    ) -> tuple[Bools, Bools]:
        """Return whether the kerb and the bearing of each place allow each direction."""
        keeps = -1 if self.network.left_hand else 1
        approach = np.array(places.approach)[:, None]
        wanted = np.where(approach == "curb", keeps, -keeps) * near.side  # 1: ahead, -1: back, 0: on the line
        free = (approach == "unrestricted") | ~two_way | (wanted == 0) | (self.profile.movement == "foot")
        along, against = free | (wanted > 0), free | (wanted < 0)
        asked = ~np.isnan(places.bearing_deg)
        if asked.any():
            faces = _bearings(self.network, street, np.nan_to_num(near.along_m))
            off = np.abs((faces - places.bearing_deg[:, None] + 180) % 360 - 180)
            spread, open_ = places.spread_deg[:, None], ~asked[:, None]
            along, against = along & (open_ | (off <= spread)), against & (open_ | (180 - off <= spread))
        return along, against

    def _located(
        self, near: Candidates, row: NDArray[np.intp], rank: NDArray[np.intp], ahead: Bools, back: Bools
    ) -> Located:
        found = ahead | back
        segment = np.where(found, near.segment[row, rank], -1).astype(np.int32)
        along = np.where(found, near.along_m[row, rank], np.nan)
        point = np.full((len(row), 2), np.nan)
        point[found] = points_at(self.network, segment[found].astype(np.int64), along[found])
        snapped = Snapped(
            segment=segment,
            along_m=along,
            side=np.where(found, near.side[row, rank], 0).astype(np.int8),
            lon=point[:, 0].copy(),
            lat=point[:, 1].copy(),
            distance_m=near.distance_m[row, rank].copy(),
            problem=tuple("" if ok else NOT_HERE for ok in found),
        )
        return Located(snapped=snapped, ahead=ahead, back=back)

    def try_out(self) -> None:
        """Use everything once between two junctions, so that it is compiled."""
        network = self.network
        located = self.locate(anywhere(network.junction_lon[:2], network.junction_lat[:2]))
        if len(located.snapped) == 2 and not len(located.lost):
            self.table(located, (0, 1), (0, 1))
            self.legs(located, (0, 1), straight=True, tell=True)

    def table(
        self, located: Located, sources: Sequence[int], destinations: Sequence[int]
    ) -> tuple[FloatArray, FloatArray]:
        """Return seconds and metres from sources to destinations, NaN where there is no way."""
        drive, snapped = self.drive, located.snapped
        duration, distance = ends.block(
            drive,
            ends.leaving_ends(drive, snapped, _yards(located, sources)),
            ends.arriving_ends(drive, snapped, _yards(located, destinations)),
        )
        return seconds(duration), metres(distance)

    def legs(
        self, located: Located, order: Sequence[int], *, straight: bool = False, tell: bool = False
    ) -> list[Trace] | None:
        """Return the way through places in the order given, or nothing if there is none.

        Parameters
        ----------
        straight
            At each place between, go on in the direction in which it was reached: the quickest such way as a whole.
        tell
            Whether the steps for the driver are wanted.
        """
        standing = _lanes(located, order) if straight else _yards(located, order)
        pairs = self._chain(located.snapped, standing, len(order)) if straight else _pairs(len(order))
        if pairs is None:
            return None
        rows = ends.leaving_ends(self.drive, located.snapped, standing).take(pairs[:, 0])
        cols = ends.arriving_ends(self.drive, located.snapped, standing).take(pairs[:, 1])
        if not np.isfinite(ends.legs(self.drive, rows, cols).total).all():
            return None
        found = ways(self.drive, located.snapped, standing, standing, pairs, tell=tell)
        return [traced(self.network, way) for way in found]

    def _chain(self, snapped: Snapped, standing: Stances, count: int) -> NDArray[np.intp] | None:
        """Return the stances of each leg of the quickest way; those of place k are 2 k and 2 k + 1."""
        first = 2 * np.arange(count - 1)[:, None]
        row = (first + np.array([0, 0, 1, 1])).ravel()
        col = (first + np.array([2, 3, 2, 3])).ravel()
        leaving = ends.leaving_ends(self.drive, snapped, standing).take(row)
        arriving = ends.arriving_ends(self.drive, snapped, standing).take(col)
        cost = ends.legs(self.drive, leaving, arriving).total.reshape(-1, 2, 2)
        total, before = np.zeros(2), []
        for leg in cost:
            reached = total[:, None] + leg
            before.append(np.argmin(reached, axis=0))
            total = reached.min(axis=0)
        if not np.isfinite(total).any():
            return None
        lane = [int(np.argmin(total))]
        for came in reversed(before):
            lane.insert(0, int(came[lane[0]]))
        chosen = 2 * np.arange(count) + np.array(lane)
        return np.stack([chosen[:-1], chosen[1:]], axis=-1)


def roads(drive: Drive) -> Roads:
    """Make the streets of a drive ready for requests."""
    network = drive.prepared.network
    return Roads(drive=drive, streets=nearby(network, drive.allowed & stopping(network)))


def _bearings(network: StreetNetwork, street: NDArray[np.int32], along_m: FloatArray) -> FloatArray:
    """Return in which direction streets lead, as they were mapped, around spots given in metres from their tails."""
    segment = street.ravel().astype(np.int64)
    low = np.clip(along_m.ravel() - AROUND_M, 0, np.maximum(network.length_m[segment] - 2 * AROUND_M, 0))
    a, b = (points_at(network, segment, x) for x in (low, low + 2 * AROUND_M))
    return np.asarray(bearing_deg(a[:, 0], a[:, 1], b[:, 0], b[:, 1])).reshape(street.shape)


def _pairs(count: int) -> NDArray[np.intp]:
    return np.stack([np.arange(count - 1), np.arange(1, count)], axis=-1)


def _yards(located: Located, places: Sequence[int]) -> Stances:
    """Return one stance for each of some places."""
    at = np.array(places, np.int32)
    return _stances(at, located.ahead[at], located.back[at])


def _lanes(located: Located, places: Sequence[int]) -> Stances:
    """Return two stances for each of some places: ahead only, and back only."""
    at = np.repeat(np.array(places, np.int32), 2)
    looks_back = np.arange(len(at)) % 2 == 1
    return _stances(at, located.ahead[at] & ~looks_back, located.back[at] & looks_back)


def _stances(at: NDArray[np.int32], ahead: Bools, back: Bools) -> Stances:
    ids = tuple(str(k) for k in range(len(at)))
    return Stances(ids=ids, place=at, ahead=ahead, back=back, across=np.zeros(len(at), bool))
