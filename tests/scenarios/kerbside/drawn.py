"""A drawn town for kerbside work: a one-way street, a dead end, a wide street, a street mapped against its neighbour.

::

    d ---------- c ------ g        North Street d-c; Cul-de-sac c-g, a dead end
    |            |
    |            |  Wide Street (primary): b-c
    |            |
    a --->>----- b                 Gate Street a->b is one-way; West Street d-a is mapped southwards
    |            |
    '-- South ---'                 a way back for those who may not go against Gate Street
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from network.drive import Drive, drive, prepare
from network.profiles import PROFILES
from network.streets import StreetNetwork
from scenarios.kerbside.build import build
from scenarios.kerbside.doors import Doors
from scenarios.kerbside.fleet import reach
from scenarios.kerbside.ref import KerbsideRef
from scenarios.kerbside.stands import Stands, stands
from scenarios.model.fleet import FleetVehicle
from scenarios.model.kerbside import KerbsideStreet
from scenarios.model.origin import Origin
from tests.network.drawing import Street, draw

HERE = Origin(file="drawn")
PLACES = {"a": (0.0, 0.0), "b": (200.0, 0.0), "c": (200.0, 200.0), "d": (0.0, 200.0), "g": (350.0, 200.0)}
GATE, WIDE, NORTH, WEST, CUL = range(5)
STREETS: list[Street] = [
    ("a", "b", {"name": "Gate Street", "oneway": "yes", "width": "5"}),
    ("b", "c", {"name": "Wide Street", "highway": "primary"}),
    ("c", "d", {"name": "North Street", "width": "9"}),
    ("d", "a", {"name": "West Street", "width": "5"}),
    ("c", "g", {"name": "Cul-de-sac", "width": "9"}),
    ("a", "b", {"name": "South Street"}),
]
BENDS = {5: [(0.0, -100.0), (200.0, -100.0)]}


def town(*, left_hand: bool = False) -> StreetNetwork:
    """The town; in right-hand traffic unless told otherwise."""
    return replace(draw(PLACES, STREETS, BENDS), left_hand=left_hand)


def vehicle(profile: str = "refuse-truck", payload_kg: float = 5000.0) -> FleetVehicle:
    return FleetVehicle(
        id=profile,
        name=profile,
        profile=profile,
        start_depot="depot",
        end_depot="depot",
        streams=("residual",),
        payload_kg=payload_kg,
        shift_start_s=6 * 3600.0,
        shift_end_s=14 * 3600.0,
        wage_per_hour=30.0,
        cost_per_km=1.0,
        origin=HERE,
    )


def doors(*at: tuple[int, float, int, float], households: float = 5.0) -> Doors:
    """Places as (segment, metres along it, side, kg a day)."""
    segment, along, side, kg = (np.array(values) for values in zip(*at, strict=True))
    count = len(segment)
    return Doors(
        segment=segment.astype(np.int64),
        along_m=along.astype(float),
        side=side.astype(np.int64),
        stream=np.zeros(count, np.int64),
        kg_per_day=kg.astype(float),
        people=np.full(count, 10.0),
        households=np.full(count, households),
        doors=np.full(count, households),
        bins=np.zeros(count),
        row=np.full(count, -1),
        estimated=np.ones(count, bool),
    )


def everywhere(kg: float = 10.0) -> Doors:
    """A door on either side of the middle of every street."""
    return doors(*((street, 75.0, side, kg) for street in range(5) for side in (-1, 1)))


def made(
    network: StreetNetwork, where: Doors, ref: KerbsideRef | None = None, fleet: tuple[FleetVehicle, ...] = (vehicle(),)
) -> tuple[KerbsideStreet, ...]:
    return build(
        network,
        where,
        reach(network, fleet, {"residual"}),
        ref or KerbsideRef(),
        streams=["residual"],
        gap_days=1.0,
        origins=[],
        estimate=HERE,
    )


def drives(network: StreetNetwork, *profiles: str) -> Mapping[str, Drive]:
    movements = {PROFILES[name].movement for name in profiles}
    prepared = {movement: prepare(network, movement) for movement in movements}
    return {name: drive(prepared[PROFILES[name].movement], PROFILES[name]) for name in profiles}


def standing(network: StreetNetwork, streets: tuple[KerbsideStreet, ...], *profiles: str) -> Stands:
    return stands(network, streets, drives(network, *profiles))


def by_name(streets: tuple[KerbsideStreet, ...]) -> dict[str, KerbsideStreet]:
    """Streets as "Gate Street both"."""
    return {f"{street.name} {street.side}": street for street in streets}
