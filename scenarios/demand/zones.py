"""People of zones spread along the streets inside them, by length.

    people on a piece of street = P x L / (sum of L over the pieces whose middle lies in the zone)
    L = length (m) x share of the class

Shares are our judgement (expert): people live along residential streets, fewer along main roads. Where a zone has none
of these classes, all its streets count alike; where it has no street, its people go to those just outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray

from faults import Fault, InputError
from network.area import Area
from network.plane import to_plane, true_metres
from network.sources.aequilibrae import Zone
from network.streets import StreetNetwork
from scenarios.demand.homes import Homes
from scenarios.demand.pieces import Pieces

FloatArray = NDArray[np.float64]
ALONG: Mapping[str, float] = MappingProxyType(
    {"residential": 1.0, "living_street": 1.0, "pedestrian": 1.0, "unclassified": 0.5, "road": 0.5, "tertiary": 0.5}
    | {"secondary": 0.25, "primary": 0.25, "service": 0.25}
)
"""How densely people live along a street of each class, against a residential one."""

BESIDE_M = 300.0  # a zone without a street: streets at most this much farther from it than the nearest one


def people_in_zones(
    network: StreetNetwork, pieces: Pieces, zones: Sequence[Zone] | None
) -> tuple[Homes, tuple[Fault, ...]]:
    """Return the pieces of street with the people who live along them, and what is doubtful about it.

    Raises
    ------
    InputError
        ``no-zones``: there are none, or nobody lives in them.
    """
    if not zones or sum(zone.population for zone in zones) <= 0:
        cause = "there are no zones" if not zones else f"nobody lives in the {len(zones)} zones"
        raise InputError(
            Fault(
                code="no-zones",
                place="demand.from",
                cause=cause,
                action="give polygons with their people ([tables.zones])",
            )
        )
    dense = pieces.length_m * network.tag("highway").map(ALONG, 0.0)[pieces.segment]
    people, doubts = np.zeros(len(pieces)), []
    for zone in zones:
        if zone.population <= 0:
            continue
        inside = np.flatnonzero(Area(rings=zone.rings).contains(pieces.lon, pieces.lat))
        if not len(inside):
            inside = _beside(pieces, zone)
            doubts.append(_streetless(zone))
        weight = dense[inside] if dense[inside].sum() > 0 else pieces.length_m[inside]
        people[inside] += zone.population * weight / weight.sum()
    lived = np.flatnonzero(people > 0)
    return Homes(lon=pieces.lon[lived], lat=pieces.lat[lived], people=people[lived]), tuple(doubts)


def _beside(pieces: Pieces, zone: Zone) -> NDArray[np.int64]:
    """Return the pieces nearest to a zone."""
    true_lat = float(zone.rings[0][:, 1].mean())
    places = shapely.points(to_plane(pieces.lon, pieces.lat, true_lat))
    outlines = [shapely.Polygon(to_plane(ring[:, 0], ring[:, 1], true_lat)) for ring in zone.rings]
    metres = np.min([shapely.distance(outline, places) for outline in outlines], axis=0)
    metres = metres * true_metres(pieces.lat, true_lat)
    return np.flatnonzero(metres <= metres.min() + BESIDE_M)


def _streetless(zone: Zone) -> Fault:
    return Fault(
        code="zone-without-streets",
        place=f"zone {zone.id}",
        cause=f"there is no street inside; its {zone.population:.0f} people were put on the nearest ones",
        action="check that zones and streets cover the same area",
    )
