"""Where things are and what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scenarios.kerbside.told import as_points
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint, Residents


class Role(StrEnum):
    """What a place is in the plan."""

    POINT = "point"
    STREET = "street"
    DEPOT = "depot"
    FACILITY = "facility"
    HUB = "hub"


COLLECTED = frozenset({Role.POINT, Role.STREET})  # what vehicles collect from; the rest are sites


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with its name; the id stands in where the planner gave none."""

    id: str
    name: str
    lon: float
    lat: float
    role: Role


def places(system: WasteSystem) -> dict[str, Place]:
    """Return points, kerbside streets, facilities and depots by id.

    A depot at a facility's id reads as the facility.
    """
    streets = tuple(as_points(system.kerbside).values())
    groups = (
        (Role.DEPOT, system.depots),
        (Role.FACILITY, system.facilities),
        (Role.STREET, streets),
        (Role.POINT, system.points),
    )
    return {
        item.id: Place(id=item.id, name=item.name or item.id, lon=item.lon, lat=item.lat, role=role)
        for role, items in groups
        for item in items
    }


def hub_places(system: WasteSystem) -> dict[str, Place]:
    """Return hub candidates by id."""
    return {
        site.id: Place(id=site.id, name=site.name or site.id, lon=site.lon, lat=site.lat, role=Role.HUB)
        for site in system.hub_sites
    }


def users(system: WasteSystem) -> dict[str, tuple[float, float]]:
    """Return where those who walk to hubs live: residents, or else the collection points with their people."""
    homes: tuple[Residents | CollectionPoint, ...] = system.residents
    homes = homes or tuple(point for point in system.points if point.people > 0)
    return {home.id: (home.lon, home.lat) for home in homes}
