"""People of zones spread along the streets inside them, by length.

    people on a piece of street = P x L / (sum of L over the pieces whose middle lies in the zone)
    L = length (m) x share of the class

Shares are our judgement (expert): people live along residential streets, fewer along main roads. Where a zone has none
of these classes, all its streets count alike; where it has no street, its people go to those just outside. Zones that
lie off the map are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray

from faults import Fault, InputError
from network.area import Area
from network.geometry import METRES_PER_DEGREE
from network.plane import to_plane, true_metres
from network.sources.aequilibrae import Zone
from network.streets import Box, StreetNetwork
from scenarios.demand.homes import Homes
from scenarios.demand.pieces import Pieces

FloatArray = NDArray[np.float64]
ALONG: Mapping[str, float] = MappingProxyType(
    {"residential": 1.0, "living_street": 1.0, "pedestrian": 1.0, "unclassified": 0.5, "road": 0.5, "tertiary": 0.5}
    | {"secondary": 0.25, "primary": 0.25, "service": 0.25}
)
"""How densely people live along a street of each class, against a residential one."""

BESIDE_M = 300.0  # a zone without a street: streets at most this much farther from it than the nearest one
OFF_MAP_M = 1000.0  # a zone farther than this from any street is not on the map
ON_MAP = 0.5  # a zone of which less than this lies on the map: are its people there?
FEW = 5


def people_in_zones(
    network: StreetNetwork, pieces: Pieces, zones: Sequence[Zone] | None
) -> tuple[Homes, tuple[Fault, ...]]:
    """Return the pieces of street with the people who live along them, and what is doubtful about it.

    Doubts: ``zone-without-streets``, ``zone-off-map`` (its people are left out), ``zone-cut`` (most of it is off the
    map, but all of its people are counted).

    Raises
    ------
    InputError
        ``no-zones``: there are none on the map, or nobody lives in them.
    """
    if not zones or sum(zone.population for zone in zones) <= 0:
        raise _nobody("there are no zones" if not zones else f"nobody lives in the {len(zones)} zones")
    dense = pieces.length_m * network.tag("highway").map(ALONG, 0.0)[pieces.segment]
    people = np.zeros(len(pieces))
    bare: list[Zone] = []
    off: list[Zone] = []
    cut: list[Zone] = []
    for zone in zones:
        if zone.population <= 0:
            continue
        inside = np.flatnonzero(Area(rings=zone.rings).contains(pieces.lon, pieces.lat))
        if not len(inside):
            inside, metres = _beside(pieces, zone)
            (off if metres > OFF_MAP_M else bare).append(zone)
        elif _share_on(network.box, zone) < ON_MAP:
            cut.append(zone)
        if zone in off:
            continue
        weight = dense[inside] if dense[inside].sum() > 0 else pieces.length_m[inside]
        people[inside] += zone.population * weight / weight.sum()
    lived = np.flatnonzero(people > 0)
    if not len(lived):
        raise _nobody(f"none of the {len(zones)} zones in which somebody lives is on the map")
    homes = Homes(lon=pieces.lon[lived], lat=pieces.lat[lived], people=people[lived])
    return homes, tuple(_doubts(bare, off, cut))


def _nobody(cause: str) -> InputError:
    action = "give polygons with their people ([tables.zones]) where the streets are"
    return InputError(Fault(code="no-zones", place="demand.from", cause=cause, action=action))


def _beside(pieces: Pieces, zone: Zone) -> tuple[NDArray[np.int64], float]:
    """Return the pieces nearest to a zone, and the metres to the nearest of them."""
    true_lat = float(zone.rings[0][:, 1].mean())
    places = shapely.points(to_plane(pieces.lon, pieces.lat, true_lat))
    outlines = [shapely.Polygon(to_plane(ring[:, 0], ring[:, 1], true_lat)) for ring in zone.rings]
    metres = np.min([shapely.distance(outline, places) for outline in outlines], axis=0)
    metres = metres * true_metres(pieces.lat, true_lat)
    return np.flatnonzero(metres <= metres.min() + BESIDE_M), float(metres.min())


def _share_on(box: Box, zone: Zone) -> float:
    """Return the share of a zone's area that lies within a box, or little beside it."""
    rings = shapely.MultiLineString([shapely.LineString(ring) for ring in zone.rings])
    around = shapely.box(*box).buffer(BESIDE_M / METRES_PER_DEGREE)
    outline = shapely.make_valid(shapely.build_area(rings))
    return float(outline.intersection(around).area / outline.area) if outline.area > 0 else 1.0


def _doubts(bare: Sequence[Zone], off: Sequence[Zone], cut: Sequence[Zone]) -> Iterator[Fault]:
    """Say once for all zones of a kind what was done with their people."""
    said = (
        ("zone-without-streets", bare, "no street inside; they were put on the nearest ones"),
        ("zone-off-map", off, f"no street within {OFF_MAP_M:.0f} m: the map ends before; they were left out"),
        ("zone-cut", cut, "most of their zone beyond the edge of the map; all of them were put on the streets on it"),
    )
    for code, zones, what in said:
        if zones:
            most = sorted(zones, key=lambda zone: -zone.population)
            listed = ", ".join(f"{zone.id} ({zone.population:.0f})" for zone in most[:FEW])
            more = f" and {len(zones) - FEW} more" if len(zones) > FEW else ""
            total = sum(zone.population for zone in zones)
            yield Fault(
                code=code,
                place="demand",
                cause=f"{total:.0f} people of {len(zones)} zones have {what}: {listed}{more}",
                action="check that zones and streets cover the same area: read a larger map, or leave zones out",
            )
