"""The whole waste system of a scenario, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scenarios.model.fleet import FleetVehicle, TodayRound
from scenarios.model.kerbside import KerbsideStreet
from scenarios.model.sites import CandidateSite, Depot, Facility, HubSite
from scenarios.model.work import CollectionPoint, Residents, Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class WasteSystem:
    """All records of a scenario. Ids are unique within each kind; points and facilities also between them.

    ``hours`` is place -> positions of the scenario's rules of hours that hold there.
    """

    streams: tuple[Stream, ...]
    points: tuple[CollectionPoint, ...]
    residents: tuple[Residents, ...]
    depots: tuple[Depot, ...]
    facilities: tuple[Facility, ...]
    vehicles: tuple[FleetVehicle, ...]
    hub_sites: tuple[HubSite, ...] = ()
    sites: tuple[CandidateSite, ...] = ()
    today: tuple[TodayRound, ...] = ()
    start: tuple[TodayRound, ...] = ()
    notes: tuple[str, ...] = ()
    hours: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    kerbside: tuple[KerbsideStreet, ...] = ()


def trades(system: WasteSystem) -> bool:
    """Return whether somebody lives from the run: material is bought, or stops are gone to only if they pay.

    A municipality that sells its paper has sales, but no earnings an hour.
    """
    return any(point.optional or point.buying_price_per_kg is not None for point in system.points)
