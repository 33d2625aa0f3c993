"""Which streets the fleet can serve, and how much its smallest vehicle carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.drive import serving
from network.profiles import PROFILES
from network.snap import stopping
from network.states import turn_graph
from network.streets import StreetNetwork
from network.weigh import weigh
from scenarios.kerbside.ref import FRONTAGE
from scenarios.model.fleet import FleetVehicle

Bools = NDArray[np.bool_]
NO_FRONT = frozenset({"driveway", "parking_aisle", "drive-through", "emergency_access"})
QUIET = frozenset({"residential", "living_street", "unclassified", "road", "service", "pedestrian", "track"})
"""Classes on which a crew works at both sides at once, if they are narrow (expert)."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Streets as the fleet sees them.

    Parameters
    ----------
    open_
        For each directed segment whether some vehicle may drive it.
    served
        Which segments some vehicle can come to, stop in and leave.
    crossing
        Which segments some crew may cross.
    payload_kg
        Of the smallest vehicle.
    """

    open_: Bools
    served: Bools
    crossing: Bools
    payload_kg: float

    @property
    def streets(self) -> Bools:
        """Segments that some vehicle may drive."""
        return self.open_[::2] | self.open_[1::2]


def reach(network: StreetNetwork, vehicles: Iterable[FleetVehicle], streams: set[str]) -> Reach:
    """Return what the vehicles that collect any of the streams can reach, turns included; closures are heeded later."""
    crews = [vehicle for vehicle in vehicles if streams & set(vehicle.streams)]
    profiles = [PROFILES[name] for name in sorted({vehicle.profile for vehicle in crews})]
    open_ = np.zeros(2 * network.segments, bool)
    served, crossing = np.zeros(network.segments, bool), np.zeros(network.segments, bool)
    for movement in sorted({profile.movement for profile in profiles}):
        graph = turn_graph(network, [profile for profile in profiles if profile.movement == movement])
        for profile in (profile for profile in profiles if profile.movement == movement):
            weights = weigh(graph, profile)
            open_[graph.directed[weights.usable]] = True
            there = serving(weights)
            served |= there[::2] | there[1::2]
            crossing |= network.tag("highway").isin(profile.crosses)
    payload = min((vehicle.payload_kg for vehicle in crews), default=np.inf)
    return Reach(open_=open_, served=served & stopping(network), crossing=crossing, payload_kg=float(payload))


def frontage(network: StreetNetwork) -> Bools:
    """Return the streets that houses have their doors to, whoever may drive there."""
    fit: Bools = network.tag("highway").isin(frozenset(FRONTAGE)) & stopping(network)
    return fit & ~network.tag("service").isin(NO_FRONT)
