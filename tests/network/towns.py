"""The town of twelve junctions with places in it, for a truck that turns for nothing."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from network.drive import Drive, Prepared, drive, prepare
from network.lines import points_at
from network.profiles import PROFILES, Movement, VehicleProfile
from network.snap import Snapped
from network.sources.made_up import twelve_junctions
from network.stances import Stances
from network.streets import StreetNetwork

TOWN = twelve_junctions()
SOUTH, MARKET, NORTH, QUARRY, FIRST, SECOND, THIRD, FOURTH = 0, 3, 6, 8, 9, 11, 13, 15  # first segments of the streets
TRUCK = replace(
    PROFILES["refuse-truck"],
    **dict.fromkeys(("near_turn_s", "far_turn_s", "sharp_turn_s", "u_turn_s", "signals_s", "give_way_s"), 0.0),
)
MS_PER_M = 240  # 15 km/h on residential streets


@cache
def ready(movement: Movement = "drive") -> Prepared:
    return prepare(TOWN, movement)


@cache
def driven(profile: VehicleProfile = TRUCK) -> Drive:
    return drive(ready(profile.movement), profile)


def standing(
    network: StreetNetwork, segment: Sequence[int], along_m: Sequence[float], side: Sequence[int] | None = None
) -> Snapped:
    """Places that stand exactly there; segment -1 for none."""
    on = np.array(segment, np.int32)
    along = np.where(on >= 0, np.array(along_m, float), np.nan)
    point = np.full((len(on), 2), np.nan)
    point[on >= 0] = points_at(network, on[on >= 0].astype(np.int64), along[on >= 0])
    return Snapped(
        segment=on,
        along_m=along,
        side=np.array([0] * len(on) if side is None else side, np.int8),
        lon=point[:, 0].copy(),
        lat=point[:, 1].copy(),
        distance_m=np.zeros(len(on)),
        problem=tuple("" if s >= 0 else "too-far" for s in on),
    )


def facing(ways: str) -> Stances:
    """One stance for each place: ``>`` ahead, ``<`` back, ``o`` both, ``.`` none."""
    return Stances(
        ids=tuple(f"{k}{way}" for k, way in enumerate(ways)),
        place=np.arange(len(ways), dtype=np.int32),
        ahead=np.array([way in ">o" for way in ways], bool),
        back=np.array([way in "<o" for way in ways], bool),
    )


def scattered(drive: Drive, count: int, seed: int) -> tuple[Snapped, Stances]:
    """Places anywhere on the streets the drive may serve, some of them twice, at ends, or close behind each other."""
    random = np.random.default_rng(seed)
    network = drive.prepared.network
    segment = random.choice(np.flatnonzero(drive.usable[::2] | drive.usable[1::2]), count)
    share = random.choice([0.0, 0.25, 0.5, 1.0, -1.0], count)
    along = np.where(share < 0, random.uniform(0, 1, count), share) * network.length_m[segment]
    half = count // 2
    segment[half : half + half // 2] = segment[: half // 2]
    along[half : half + half // 4] = along[: half // 4]
    along = np.minimum(along, network.length_m[segment])
    way = random.integers(0, 3, count)
    places = standing(network, segment.tolist(), along.tolist())
    return places, facing("".join("><o"[w] for w in way))
