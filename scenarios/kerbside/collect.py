"""Kerbside collection of a scenario: who is served at the kerb, on which side of which street, and who is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faults import Fault
from network.features import MapFeatures
from network.sources.aequilibrae import Zone
from network.streets import StreetNetwork
from scenarios.demand.arisings import WALKER, homes_of
from scenarios.demand.buildings import people_in_buildings
from scenarios.demand.homes import Homes
from scenarios.demand.pieces import street_pieces
from scenarios.demand.zones import people_in_zones
from scenarios.kerbside.build import build
from scenarios.kerbside.doors import Doors
from scenarios.kerbside.estimate import has_containers, served
from scenarios.kerbside.fleet import reach
from scenarios.kerbside.listed import listed
from scenarios.kerbside.ref import KerbsideRef
from scenarios.loads import days_since_last, planned_days
from scenarios.model.kerbside import KerbsideStreet
from scenarios.model.origin import Origin
from scenarios.model.system import WasteSystem
from scenarios.model.work import Residents
from scenarios.read.context import Context
from scenarios.read.findings import Findings
from scenarios.read.places import Region
from scenarios.scenario import Scenario


@dataclass(frozen=True, kw_only=True)
class Kerbside:
    """The kerbside streets of a scenario, their people, and what is doubtful.

    ``taken`` says of each home of the scenario's demand whether it is served at the kerb; ``None`` where the containers
    of the demand are for all the same; its residents are then all there are.
    """

    streets: tuple[KerbsideStreet, ...]
    residents: tuple[Residents, ...]
    taken: NDArray[np.bool_] | None
    doubts: tuple[Fault, ...]


def kerbside(
    scenario: Scenario,
    folder: Path,
    system: WasteSystem,
    *,
    network: StreetNetwork,
    features: MapFeatures | None,
    zones: Sequence[Zone] | None,
) -> Kerbside:
    """Return the kerbside streets of a scenario; none where it asks for none.

    Raises
    ------
    InputError
        With every fault of the table of streets: ``kerbside-street-unknown``, ``kerbside-houses``, ``missing`` ...;
        or as :func:`scenarios.demand.estimate`.
    """
    ref = scenario.kerbside
    if ref is None:
        return Kerbside(streets=(), residents=(), taken=None, doubts=())
    gap = _gap_days(scenario, ref)
    streams = [stream.id for stream in scenario.streams]
    can = reach(network, system.vehicles, set(streams) if ref.from_ == "list" else {ref.stream})
    estimate = Origin(file=f"kerbside estimate from {ref.from_}")
    taken: NDArray[np.bool_] | None = None
    origins: list[Origin] = []
    if ref.from_ == "list":
        doors, origins, doubts = _listed(scenario, folder, ref, network, features)
    else:
        homes, doubts = _homes(scenario, ref, network, features, zones)
        found = served(scenario, ref, network, homes, can, gap_days=gap)
        doors, doubts = found.doors, (*doubts, *found.doubts)
        taken = found.taken if has_containers(scenario, ref) else None
    streets = build(network, doors, can, ref, streams=streams, gap_days=gap, origins=origins, estimate=estimate)
    return Kerbside(
        streets=streets,
        residents=() if scenario.demand.from_ != "points" and taken is None else _residents(streets),
        taken=taken,
        doubts=doubts,
    )


def _gap_days(scenario: Scenario, ref: KerbsideRef) -> float:
    """Return the longest time between two collections."""
    planned = planned_days(scenario)
    days = tuple(day for day in planned if day in ref.days) or planned
    return max(days_since_last(day, days, scenario) for day in days)


def _homes(
    scenario: Scenario,
    ref: KerbsideRef,
    network: StreetNetwork,
    features: MapFeatures | None,
    zones: Sequence[Zone] | None,
) -> tuple[Homes, tuple[Fault, ...]]:
    """Return where people live: the homes of the demand where it has any of the kind, else those of this choice."""
    pieces = street_pieces(network, WALKER)
    if scenario.demand.from_ == ref.from_ and (ref.people is None or has_containers(scenario, ref)):
        return homes_of(scenario, network, pieces, features, zones)[0], ()
    if ref.from_ == "zones":
        return people_in_zones(network, pieces, zones)
    people = ref.people if ref.people is not None else scenario.demand.people
    assert people is not None, "the scenario was checked"
    return people_in_buildings(features, people)


def _listed(
    scenario: Scenario, folder: Path, ref: KerbsideRef, network: StreetNetwork, features: MapFeatures | None
) -> tuple[Doors, list[Origin], tuple[Fault, ...]]:
    found = Findings()
    context = Context(scenario=scenario, folder=folder, region=Region(box=None, book=None), found=found)
    doors, rows = listed(context, ref, network, features)
    doubts = found.settle()
    assert doors is not None, "a scenario with a list has the table of it"
    assert rows is not None, "a scenario with a list has the table of it"
    return doors, [rows.origin(k) for k in range(len(rows))], doubts


def _residents(streets: Sequence[KerbsideStreet]) -> tuple[Residents, ...]:
    """Return the people of each kerbside street; of several streams of one side those of the first."""
    by_side: dict[str, KerbsideStreet] = {}
    for street in streets:
        by_side.setdefault(f"{street.stretch}:{street.side}", street)
    return tuple(
        Residents(
            id=f"kerb:{street.id}",
            lon=street.lon,
            lat=street.lat,
            people=street.people,
            kg_per_day=street.total_kg_per_day,
            kerbside=street.id,
            estimated=street.estimated,
            origin=street.origin,
        )
        for street in by_side.values()
        if street.people > 0
    )
