"""Driving through the crafted town, and what a way takes on paper."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from network.conditional import Moment
from network.drive import Drive, drive, prepare
from network.matrix import matrix
from network.profiles import PROFILES, VehicleProfile
from network.snap import Snapped, snap
from network.sources.osm_file import read_osm
from network.stances import Stances
from network.streets import StreetNetwork
from network.ways import Way, ways
from tests.network.crafted import Quarter, Town, Trip, write_town

CLASSES = ("footway", "steps", "service", "residential", "tertiary")  # who waits for whom
SLACK_MS = 2  # a spot half-way along a street of odd milliseconds is rounded to one side


@dataclass(frozen=True)
class Streets:
    town: Town
    network: StreetNetwork


@cache
def streets(left_hand: bool = False) -> Streets:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "town.osm"
        town = write_town(path)
        network = replace(read_osm(path), left_hand=left_hand)
    return Streets(town, network)


@cache
def driven(profile: str, at: str = "", left_hand: bool = False) -> Drive:
    """The town as one profile may use it at a time."""
    day, _, clock = at.partition(" ")
    moment = Moment(day=day, time_s=3600.0 * int(clock[:2]) + 60.0 * int(clock[3:])) if at else None
    network = streets(left_hand).network
    return drive(prepare(network, PROFILES[profile].movement), PROFILES[profile], moment=moment)


def judged(profile: str, quarter: Quarter, trip: Trip) -> tuple[Way, int]:
    """The way that was found and its milliseconds in the matrix."""
    found = driven(profile, trip.at, trip.left_hand)
    letters = [sign for sign in trip.way if sign.isalpha()]
    first, last = "".join(letters[:2]), "".join(letters[-2:])
    at = spots(found, quarter, (first, trip.begin), (last, trip.end))
    leaving, arriving = (headed(quarter, at, k, pair) for k, pair in enumerate((first, last)))
    (way,) = ways(found, at, leaving, arriving, np.array([[0, 0]]))
    return way, int(matrix(found, at, leaving, arriving).duration_ms[0, 0])


def spots(found: Drive, quarter: Quarter, *at: tuple[str, float]) -> Snapped:
    town = streets().town
    lon, lat = np.array([town.at(quarter.name, pair, share) for pair, share in at]).T
    return snap(found.prepared.network, found.profile, lon, lat)


def headed(quarter: Quarter, at: Snapped, place: int, pair: str) -> Stances:
    """One place, on the way from the first letter to the second."""
    town, network = streets().town, streets().network
    segment = int(at.segment[place])
    assert network.way_id[segment] == town.way[quarter.name, pair]
    along = bool(network.junction_id[network.tail[segment]] == town.node[quarter.name, pair[0]])
    return Stances(ids=(pair,), place=np.array([place], np.int32), ahead=np.array([along]), back=np.array([not along]))


def inner(way: str) -> str:
    """The letters of a way on paper that it passes."""
    return "".join(sign for sign in way if sign.isalpha())[1:-1]


def passed(quarter: Quarter, way: Way) -> str:
    """The letters that a way passes, without its two ends."""
    town = streets().town
    named = {town.place[ref]: letter for (name, letter), ref in town.node.items() if name == quarter.name}
    return "".join(
        named.get((round(lon, 7), round(lat, 7)), "?")
        for lon, lat in zip(way.lon[1:-1].tolist(), way.lat[1:-1].tolist(), strict=True)
    )


def paper_ms(profile: VehicleProfile, quarter: Quarter, trip: Trip) -> int:
    """What a way takes by the stated rules: T = 3600 l / v for a street, and the turns."""
    town = streets().town
    letters = [sign for sign in trip.way if sign.isalpha()]
    pairs = [a + b for a, b in pairwise(letters)]
    each = [driving_ms(profile, town, quarter, trip, pair) for pair in pairs]
    ms = sum(each) - trip.begin * each[0] - (1 - trip.end) * each[-1]
    for sign, at, (before, after) in zip(trip.way[2::2], letters[1:], pairwise(pairs), strict=False):
        rank = [CLASSES.index(town.tags[quarter.name, pair]["highway"]) for pair in (before, after)]
        crossing = town.arms[town.node[quarter.name, at]] > 2
        ms += 1000 * turning_s(profile, sign, trip.left_hand, crossing=crossing, up=rank[1] > rank[0])
    return round(ms + 1000 * trip.wait_s)


def driving_ms(profile: VehicleProfile, town: Town, quarter: Quarter, trip: Trip, pair: str) -> int:
    (x1, y1), (x2, y2) = (town.place[town.node[quarter.name, letter]] for letter in pair)
    length_m = np.hypot(x2 - x1, y2 - y1) * 6_371_008.8 * np.pi / 180
    kmh = trip.kmh.get(pair, trip.kmh.get(pair[::-1], class_kmh(profile, town.tags[quarter.name, pair])))
    return max(int(3600 * length_m / kmh + 0.5), int(10 * length_m + 0.5))


def class_kmh(profile: VehicleProfile, tags: Mapping[str, str]) -> float:
    """Kilometres an hour of a class of street, half of it where one is let in to serve only."""
    serve = any(tags.get(key) in {"destination", "private"} for key in profile.access_keys)
    return min(profile.speed_kmh[tags["highway"]], profile.kmh_cap) * (profile.serve_factor if serve else 1.0)


def turning_s(profile: VehicleProfile, sign: str, left_hand: bool, *, crossing: bool, up: bool) -> float:
    """Seconds at a node: a bend is no turn, and who comes from a lesser street waits."""
    if sign == "@":
        return profile.u_turn_s
    if not crossing:
        return 0.0
    near, far = profile.near_turn_s, profile.far_turn_s
    turn = {"^": 0.0, "~": 0.0, ">": far if left_hand else near, "<": near if left_hand else far}
    return turn[sign] + (profile.give_way_s if up else 0.0)
