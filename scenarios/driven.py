"""What was really driven: GPS tracks of vehicles give the speeds of their streets, and today's rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faults import Fault, InputError
from network.drive import drive
from network.profiles import PROFILES
from network.streets import StreetNetwork
from network.tracks.account import account, visits
from network.tracks.learn import learn
from network.tracks.match import Matched, match
from network.tracks.read import read_tracks
from network.tracks.track import Track
from scenarios.ground import coordinates, prepare_streets
from scenarios.model.fleet import TodayRound
from scenarios.model.origin import Origin
from scenarios.model.sites import Facility
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint
from scenarios.read.files import resolve
from scenarios.scenario import Scenario, TrackRef

NEAR_M = 25.0  # ours: a vehicle that comes this near to a point was there


@dataclass(frozen=True, slots=True, kw_only=True)
class AsDriven:
    """What the tracks of a scenario tell.

    Parameters
    ----------
    kmh
        Profile -> driven speed of each directed segment, NaN where too little was driven.
    today
        Today's rounds: those of the table, with what was recorded, and those only the tracks know.
    """

    kmh: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    today: tuple[TodayRound, ...] = ()
    doubts: tuple[Fault, ...] = ()


def as_driven(scenario: Scenario, folder: Path, system: WasteSystem, network: StreetNetwork) -> AsDriven:
    """Match the tracks of a scenario to the streets.

    Speeds are learned for a profile from all tracks of its vehicles. A track makes a round of today where the table has
    none for its vehicle and day: the points it stood at, in that order, and every stay at a facility.
    Where the table has one without records, it gets its hours and kilometres.

    Raises
    ------
    InputError
        With the faults of all files, and ``reference-unknown`` for a vehicle that is not in the fleet.
    """
    if not scenario.tracks:
        return AsDriven(today=system.today)
    read, doubts = _read(scenario.tracks, folder, system)
    profile_of = {vehicle.id: vehicle.profile for vehicle in system.vehicles}
    profiles = sorted({profile_of[ref.vehicle] for ref, _ in read})
    prepared = prepare_streets(network, profiles)
    kmh: dict[str, NDArray[np.float64]] = {}
    today = {(round_.vehicle, round_.day): round_ for round_ in system.today}
    for name in profiles:
        weights = drive(prepared[PROFILES[name].movement], PROFILES[name]).weights
        driven: list[Matched] = []
        for ref, tracks in read:
            if profile_of[ref.vehicle] != name:
                continue
            matched = match(weights, tracks)
            driven += matched
            if ref.day and (ref.vehicle, "") in today:
                continue  # the table has its round of every day
            today[ref.vehicle, ref.day], passed = _round(
                ref, matched, system, network, today.get((ref.vehicle, ref.day))
            )
            doubts += _passed_by(ref, passed)
        kmh[name] = learn(weights, driven).kmh
    return AsDriven(kmh=kmh, today=tuple(today.values()), doubts=tuple(doubts))


def _read(
    refs: Sequence[TrackRef], folder: Path, system: WasteSystem
) -> tuple[list[tuple[TrackRef, tuple[Track, ...]]], list[Fault]]:
    """Read all files, or raise with the faults of all."""
    fleet = {vehicle.id for vehicle in system.vehicles}
    read: list[tuple[TrackRef, tuple[Track, ...]]] = []
    faults: list[Fault] = []
    doubts: list[Fault] = []
    for position, ref in enumerate(refs):
        place = f"tracks.{position + 1}"
        if ref.vehicle not in fleet:
            faults.append(
                Fault(
                    code="reference-unknown",
                    place=f"{place}.vehicle",
                    cause=f"there is no vehicle {ref.vehicle!r}",
                    action="name a vehicle of the table of vehicles",
                    pointer=f"/tracks/{position}/vehicle",
                )
            )
        try:
            tracks, more = read_tracks(resolve(folder, ref.file, f"{place}.file"), zone=ref.zone, file=ref.file)
        except InputError as error:
            faults += error.faults
            continue
        read.append((ref, tracks))
        doubts += more
    if faults:
        raise InputError(faults)
    return read, doubts


def _round(
    ref: TrackRef,
    matched: Sequence[Matched],
    system: WasteSystem,
    network: StreetNetwork,
    listed: TodayRound | None,
) -> tuple[TodayRound, int]:
    """Return the round of a track, and at how many of its points the vehicle was only seen passing."""
    sums = account(network, matched)
    hours, km = sums.duration_s / 3600.0, sums.length_m / 1000.0
    if listed is not None:
        recorded = listed.recorded_hours is not None or listed.recorded_km is not None
        return listed if recorded else replace(listed, recorded_hours=hours, recorded_km=km), 0
    vehicle = next(vehicle for vehicle in system.vehicles if vehicle.id == ref.vehicle)
    points = [point for point in system.points if point.stream in vehicle.streams]
    items: list[CollectionPoint | Facility] = [*points, *system.facilities]
    seen = [_seen(one, items, len(points)) for one in matched]
    order = [places for places, _ in seen]
    made = TodayRound(
        vehicle=ref.vehicle,
        day=ref.day,
        visits=tuple(items[place].id for places in order for place in places),
        recorded_hours=hours,
        recorded_km=km,
        origin=Origin(file=ref.file, row=1),
    )
    return made, sum(passed for _, passed in seen)


def _seen(matched: Matched, items: Sequence[CollectionPoint | Facility], points: int) -> tuple[list[int], int]:
    """Return the places served in order, and at how many more points the vehicle was seen only passing.

    Each point counts once, where it stood; if it stood at no point at all (a track of few positions), where it passed.
    Each stay at a facility counts.
    """
    found = visits(matched, *coordinates(items), radius_m=NEAR_M)
    stays = [(float(at), int(place)) for at, place, stood in zip(found.arrive_s, found.place, found.stood, strict=True)
             if stood and place >= points]  # fmt: skip
    halts = found.stood if (found.stood & (found.place < points)).any() else np.ones(len(found), bool)
    served = []
    for place in found.order().tolist():
        halted = np.flatnonzero((found.place == place) & halts)
        if place < points and len(halted):
            served.append((float(found.arrive_s[halted[0]]), place))
    passed = len({place for place in found.place.tolist() if place < points}) - len(served)
    return [place for _, place in sorted([*served, *stays])], passed


def _passed_by(ref: TrackRef, passed: int) -> list[Fault]:
    if not passed:
        return []
    return [
        Fault(
            code="track-passed-only",
            place=ref.file,
            cause=f"at {passed} points {ref.vehicle} was seen passing, not standing; they do not count as served",
            action="list today's round in the table of today if it is not so",
        )
    ]
