"""The first verb: everything a scenario names is read, checked and estimated before anything is posed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from faults import Fault, InputError
from network.roadsides import BEYOND
from network.stances import MARKS
from network.streets import StreetNetwork
from scenarios.demand import estimate
from scenarios.driven import as_driven
from scenarios.ground import coordinates
from scenarios.hazards import Hazard
from scenarios.kerbside.collect import kerbside
from scenarios.kerbside.work import both_id
from scenarios.model.kerbside import KerbsideStreet
from scenarios.model.sites import CandidateSite, Depot, Facility
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint
from scenarios.provenance import file_hashes, input_files
from scenarios.read.closures import read_hazards
from scenarios.read.consistency import refuse_unknown_locks, refuse_unknown_visits
from scenarios.read.hours import read_hours
from scenarios.read.tables import named_days, read_tables
from scenarios.scenario import Scenario, SolveChoice
from scenarios.schema import load
from scenarios.streets import load_streets

Named = CollectionPoint | Facility | Depot | CandidateSite
ENGINES: tuple[str, ...] = get_args(get_type_hints(SolveChoice)["engine"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a run starts from.

    ``files`` are the hashes of all that was read, ``hazards`` what closes streets,
    ``kmh`` the driven speeds of a profile where there are tracks.
    """

    scenario: Scenario
    system: WasteSystem
    network: StreetNetwork
    doubts: tuple[Fault, ...]
    files: Mapping[str, str]
    hazards: tuple[Hazard, ...] = ()
    kmh: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)


def take_in(
    source: Path,
    *,
    seconds: float | None = None,
    engine: str | None = None,
    seed: int | None = None,
    threads: int | None = None,
) -> Intake:
    """Read a scenario file, its streets and its tables, and estimate the demand it asks to be estimated.

    Raises
    ------
    InputError
        With all faults of the scenario and its tables.
    SourceError
        When a file or a service cannot be had.
    """
    scenario = _overridden(load(source), seconds=seconds, engine=engine, seed=seed, threads=threads)
    network, features, zones = load_streets(scenario, source.parent)
    hazards = read_hazards(scenario, source.parent, network)
    system, doubts = read_tables(scenario, source.parent, network=network, features=features)
    if not scenario.days:
        scenario = replace(scenario, days=named_days(system))
    streets = kerbside(scenario, source.parent, system, network=network, features=features, zones=zones)
    system = replace(system, kerbside=streets.streets, residents=streets.residents)
    _refuse_street_ids(system)
    doubts = (*doubts, *streets.doubts)
    if scenario.demand.from_ != "points":
        points, residents, more = estimate(scenario, network, features, zones, taken=streets.taken)
        _refuse_taken(system, points)
        system = replace(system, points=(*system.points, *points), residents=(*system.residents, *residents))
        doubts = (*doubts, *more)
    system = replace(system, hours=_hours(scenario, source.parent, system))
    refuse_unknown_locks(system, scenario)
    refuse_unknown_visits(system)
    driven = as_driven(scenario, source.parent, system, network)
    return Intake(
        scenario=scenario,
        system=replace(system, today=driven.today),
        network=network,
        doubts=(*doubts, *driven.doubts),
        kmh=driven.kmh,
        files=file_hashes(input_files(source, scenario)),
        hazards=hazards,
    )


def _hours(scenario: Scenario, folder: Path, system: WasteSystem) -> dict[str, tuple[int, ...]]:
    """Return place -> positions of the rules of hours that hold there."""
    places: list[CollectionPoint | KerbsideStreet] = [*system.points, *system.kerbside]
    kinds = [*(point.kind for point in system.points), *("" for _ in system.kerbside)]
    rules = read_hours(scenario, folder, *coordinates(places), kinds)
    return {place.id: held for place, held in zip(places, rules, strict=True) if held}


def _refuse_taken(system: WasteSystem, estimated: Iterable[CollectionPoint]) -> None:
    """Refuse tables in which a place has the id of an estimated container, or of one of its stances."""
    made = {f"{point.id}{mark}": point.id for point in estimated for mark in ("", *MARKS)}
    items: list[Named] = [*system.points, *system.facilities, *system.depots, *system.sites]
    if places := [item for item in items if item.id in made]:
        raise InputError(
            Fault(
                code="id-twice",
                place=f"{item.origin} ({item.id})",
                cause=f"an estimated container is called {made[item.id]!r}",
                action="give the place another id",
            )
            for item in places
        )


def _refuse_street_ids(system: WasteSystem) -> None:
    """Refuse tables in which a place has the id of a kerbside street, or of a way to stand at one."""
    made = {name for street in system.kerbside for name in (street.id, both_id(street), street.stretch)}
    items: list[Named] = [*system.points, *system.facilities, *system.depots, *system.sites]
    if places := [item for item in items if item.id.rstrip("".join((*MARKS, BEYOND))) in made]:
        raise InputError(
            Fault(
                code="id-twice",
                place=f"{item.origin} ({item.id})",
                cause="a kerbside street is called so",
                action="give the place another id",
            )
            for item in places
        )


def _overridden(
    scenario: Scenario, *, seconds: float | None, engine: str | None, seed: int | None, threads: int | None
) -> Scenario:
    if engine is not None and engine not in ENGINES:
        raise InputError(
            Fault(
                code="engine-unknown",
                place="solve.engine",
                cause=f"there is no engine {engine!r}",
                action=f"choose one of {', '.join(ENGINES)}",
            )
        )
    changes = {"seconds": seconds, "engine": engine, "seed": seed, "threads": threads}
    return replace(
        scenario,
        solve=replace(scenario.solve, **{name: value for name, value in changes.items() if value is not None}),  # type: ignore[arg-type]
    )
