"""The ways of a day's rounds as they are driven, from halt to halt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from optimiser.rounds.plan import Act, Plan, Round, Visit
from optimiser.rounds.problem import RoundsProblem, Stop, TipSite, Vehicle
from scenarios.ground import Ground
from scenarios.kerbside.told import line_served
from scenarios.outcome import Leg


def lay_ways(problem: RoundsProblem, plan: Plan, ground: Ground) -> dict[str, tuple[Leg, ...]]:
    """Return the legs of every round as they are driven, per vehicle, the last one back to the depot."""
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    work: dict[str, Stop | TipSite] = {stop.id: stop for stop in problem.stops}
    work |= {site.id: site for site in problem.tip_sites}
    ways: dict[str, tuple[Leg, ...]] = {}
    for profile in sorted({vehicles[round_.vehicle].profile for round_ in plan.rounds}):
        rounds = [round_ for round_ in plan.rounds if vehicles[round_.vehicle].profile == profile]
        chains = [_chain(round_, vehicles[round_.vehicle], work) for round_ in rounds]
        legs = _legs(chains, profile, ground)
        ends = np.cumsum([len(chain) - 1 for chain in chains])
        for round_, end, chain in zip(rounds, ends, chains, strict=True):
            ways[round_.vehicle] = tuple(legs[end - len(chain) + 1 : end])
    return ways


class _Halt(NamedTuple):
    """Where a vehicle halts: the place, and the ways it arrives and leaves."""

    place: str
    arrive: str
    leave: str


def halts(vehicle: Vehicle, visit: Visit) -> bool:
    """Return whether a vehicle drives somewhere for a visit: all but breaks taken where it stands."""
    return visit.act is not Act.BREAK or any(rest.id == visit.id and rest.modes for rest in vehicle.breaks)


def _chain(round_: Round, vehicle: Vehicle, work: Mapping[str, Stop | TipSite]) -> list[_Halt]:
    """Return the halts of a round from depot to depot, breaks left out that are taken where it stands."""
    rests = {rest.id: rest for rest in vehicle.breaks}
    visits = [
        (visit.id, (rests[visit.id] if visit.act is Act.BREAK else work[visit.id]).modes[visit.mode])
        for visit in round_.visits
        if halts(vehicle, visit)
    ]
    return [
        _Halt(vehicle.start, "", vehicle.start),
        *(_Halt(place, mode.arrive, mode.leave) for place, mode in visits),
        _Halt(vehicle.end, vehicle.end, ""),
    ]


def _legs(chains: Sequence[Sequence[_Halt]], profile: str, ground: Ground) -> list[Leg]:
    pairs = [pair for chain in chains for pair in pairwise(chain)]
    driven = ground.legs(profile, [(before.leave, after.arrive) for before, after in pairs])
    return [
        Leg(
            to=after.place,
            line=np.column_stack([way.lon, way.lat]),
            distance_m=way.distance_m,
            duration_s=way.duration_s,
            streets=way.names,
            steps=way.steps,
            served=line_served(ground.kerb, after.arrive, after.leave),
        )
        for (_, after), way in zip(pairs, driven, strict=True)
    ]
