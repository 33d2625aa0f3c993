"""Where everything stands on the streets, and how long it takes from each to each: worked out once for a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faults import Fault
from network.matrix import travel_matrix
from network.profiles import PROFILES
from network.snap import Snapped, snap
from network.streets import StreetNetwork
from network.ways import Way, ways
from optimiser.travel import DenseTravel
from scenarios.model.sites import Depot, Facility, HubSite
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint, Residents

Placed = CollectionPoint | Depot | Facility | HubSite | Residents
FAR_M = 40.0  # a place snapped farther than this is reported as a doubt (ours: about one street's width and a yard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Places of a scenario on the streets of each profile.

    Parameters
    ----------
    places
        Ids of points, facilities and depots, in the order of every array here.
    snapped
        Profile -> positions on its streets.
    travel
        Profile -> times and distances between all places; rows and columns are ``places``.
    doubts
        What was moved far or could not be placed.
    """

    network: StreetNetwork
    places: tuple[str, ...]
    snapped: Mapping[str, Snapped]
    travel: Mapping[str, DenseTravel]
    speed_factor: float
    doubts: tuple[Fault, ...]

    def legs(self, profile: str, pairs: Sequence[tuple[str, str]]) -> list[Way]:
        """Return the ways between pairs of places, as driven."""
        position = {place: k for k, place in enumerate(self.places)}
        indices = np.array([(position[a], position[b]) for a, b in pairs], dtype=np.intp).reshape(-1, 2)
        return ways(self.network, PROFILES[profile], self.snapped[profile], indices, speed_factor=self.speed_factor)


def coordinates(items: Iterable[Placed]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitudes and latitudes."""
    pairs = np.array([(item.lon, item.lat) for item in items], dtype=np.float64).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def lay_ground(system: WasteSystem, network: StreetNetwork, *, limit_m: float, speed_factor: float = 1.0) -> Ground:
    """Snap all places for every profile in the fleet and work out travel between them.

    Parameters
    ----------
    limit_m
        Places farther than this from any usable street are not placed; they are reported and stay unreachable.
    speed_factor
        Calibration: all speeds are multiplied by it.
    """
    items: list[Placed] = [*system.points, *system.facilities, *system.depots]
    places = tuple(item.id for item in items)
    lon, lat = coordinates(items)
    snapped: dict[str, Snapped] = {}
    travel: dict[str, DenseTravel] = {}
    doubts: list[Fault] = []
    for name in sorted({vehicle.profile for vehicle in system.vehicles}):
        profile = PROFILES[name]
        snapped[name] = snap(network, profile, lon, lat, limit_m=limit_m)
        doubts += snap_doubts(items, snapped[name], name, limit_m)
        matrix = travel_matrix(network, profile, snapped[name], places, speed_factor=speed_factor)
        travel[name] = DenseTravel(
            leaving=matrix.leaving,
            arriving=matrix.arriving,
            duration_ms=matrix.duration_ms,
            distance_dm=matrix.distance_dm,
        )
    return Ground(
        network=network,
        places=places,
        snapped=snapped,
        travel=travel,
        speed_factor=speed_factor,
        doubts=tuple(doubts),
    )


def snap_doubts(items: Sequence[Placed], snapped: Snapped, profile: str, limit_m: float) -> list[Fault]:
    """Report what could not be placed on the streets of a profile, and what was moved far."""
    doubts = []
    for item, problem, moved_m in zip(items, snapped.problem, snapped.distance_m, strict=True):
        place = f"{item.origin} ({item.id})"
        if problem:
            doubts.append(
                Fault(
                    code=f"place-{problem}",
                    place=place,
                    cause=f"no street that a {profile} can use lies within {limit_m:.0f} m"
                    if problem == "too-far"
                    else f"the nearest street is cut off from the rest for a {profile}",
                    action="check the coordinates, give another vehicle, or raise snap_limit_m",
                )
            )
        elif moved_m > FAR_M:
            doubts.append(
                Fault(
                    code="place-moved",
                    place=place,
                    cause=f"moved {moved_m:.0f} m to the nearest street that a {profile} can use",
                    action="check that this is where it stands",
                )
            )
    return doubts
