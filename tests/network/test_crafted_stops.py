"""Bins, yards and dead ends of the crafted town: from which side, with which turn, or not at all."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from network.drive import Drive, drive
from network.geometry import METRES_PER_DEGREE
from network.matrix import UNREACHABLE, matrix
from network.profiles import PROFILES
from network.snap import Snapped, snap
from network.stances import Kerb, Stances, stances
from network.ways import ways
from tests.network.crafted import DRIVERS, FOOT, QUARTERS, SMALL, TRICYCLE, TRUCK, TRUCKS, Quarter, Trip
from tests.network.paper import SLACK_MS, driven, inner, paper_ms, passed, streets

QUARTER = {quarter.name: quarter for quarter in QUARTERS}
PLAIN, DUAL, YARD = (
    QUARTER[name] for name in ("a plain crossing is no place to turn round", "dual carriageway", "private yard")
)
OFF_M = 5.0  # from the middle of the street to a bin
NEARBY_M = 30.0


def beside(quarter: Quarter, found: Drive, *bins: tuple[str, str], limit_m: float = NEARBY_M) -> Snapped:
    """Bins to the north or the south of the middles of streets, or on them."""
    lon, lat = np.array([streets().town.at(quarter.name, pair) for pair, _ in bins]).T
    off = np.array([{"north": OFF_M, "south": -OFF_M, "on": 0.0}[side] for _, side in bins]) / METRES_PER_DEGREE
    network, profile = found.prepared.network, found.profile
    return snap(network, profile, lon, lat + off, limit_m=limit_m, allowed=found.allowed)


def standing(found: Drive, at: Snapped, kerb: Kerb | Sequence[Kerb] = "near") -> Stances:
    return stances(found, at, [f"bin{k}" for k in range(len(at))], kerb=kerb)


def from_bin_to_bin(quarter: Quarter, found: Drive, *bins: tuple[str, str]) -> tuple[str, int]:
    """Letters passed and milliseconds from the first bin to the second one, each at its near kerb."""
    at = beside(quarter, found, *bins)
    kerbs = standing(found, at)
    assert len(kerbs) == 2
    (way,) = ways(found, at, kerbs, kerbs, [[0, 1]])
    return passed(quarter, way), int(matrix(found, at, kerbs, kerbs).duration_ms[0, 1])


@pytest.mark.parametrize("profile", TRUCKS)
@pytest.mark.parametrize(
    ("left_hand", "trip"), [(False, "de^f>i>h>e<d"), (True, "ed<g<h<e^b<a<d<e")], ids=["right-hand", "left-hand"]
)
def test_the_bin_across_the_street_is_a_way_round_the_block(profile: str, left_hand: bool, trip: str) -> None:
    found = driven(profile, left_hand=left_hand)
    letters, ms = from_bin_to_bin(PLAIN, found, ("de", "south"), ("de", "north"))
    assert letters == inner(trip)
    assert abs(ms - paper_ms(found.profile, PLAIN, Trip(who=(profile,), way=trip, left_hand=left_hand))) <= SLACK_MS


@pytest.mark.parametrize("profile", TRUCKS)
def test_where_the_crew_may_cross_the_bin_across_the_street_is_at_hand(profile: str) -> None:
    found = driven(profile)
    at = beside(PLAIN, found, ("de", "south"), ("de", "north"))
    either = standing(found, at, "any")
    assert either.ids == ("bin0>", "bin0<", "bin1>", "bin1<")
    assert sorted(either.across.tolist()) == [False, False, True, True]
    ms = matrix(found, at, either, either).duration_ms
    assert ms[0, 2] == ms[1, 3] == 0  # same place along the street, same direction
    assert ms[0, 3] > 0
    assert ms[1, 2] > 0  # the other direction is a way round


def test_bins_of_a_dual_carriageway_are_served_from_their_own_carriageway() -> None:
    found = driven(TRUCK)
    letters, ms = from_bin_to_bin(DUAL, found, ("de", "south"), ("ab", "north"))
    assert letters == "efcb"
    assert abs(ms - paper_ms(found.profile, DUAL, Trip(who=(TRUCK,), way="de^f<c<b^a"))) <= SLACK_MS
    middle = standing(found, beside(DUAL, found, ("de", "north")))
    assert middle.across.tolist() == [True]  # between the carriageways: one-way, so over the street


@pytest.mark.parametrize("profile", DRIVERS)
def test_a_yard_is_entered_and_left_without_turning_in_the_street(profile: str) -> None:
    found = driven(profile)
    at = beside(YARD, found, ("fj", "on"), ("de", "south"), ("if", "on"))
    kinds = standing(found, at, ["yard", "near", "near"])
    assert kinds.ids[:2] == ("bin0", "bin1>")
    ms = matrix(found, at, kinds, kinds).duration_ms
    assert ms[0, 0] == 0
    assert abs(ms[1, 0] - paper_ms(found.profile, YARD, Trip(who=(profile,), way="de^f^j"))) <= SLACK_MS
    out = [paper_ms(found.profile, YARD, Trip(who=(profile,), way="jf<i"))]
    to_street = [k for k, id_ in enumerate(kinds.ids) if id_.startswith("bin2")]
    assert min(abs(ms[0, k] - out[0]) for k in to_street) <= SLACK_MS


@pytest.mark.parametrize(
    ("quarter", "pair", "served"),
    [
        ("dead end without room to turn", "fj", {TRICYCLE, FOOT}),
        ("dead end with a turning circle", "fj", {TRUCK, SMALL, TRICYCLE, FOOT}),
        ("one-way into nowhere", "fj", {FOOT}),
        ("island", "kl", set()),
        ("nobody", "ef", set()),
        ("low bridge", "ef", {SMALL, TRICYCLE, FOOT}),
        ("destination street", "ef", {TRUCK, SMALL, TRICYCLE, FOOT}),
    ],
)
def test_what_cannot_be_served_is_named(quarter: str, pair: str, served: set[str]) -> None:
    for profile in (*DRIVERS, FOOT):
        found = driven(profile)
        at = beside(QUARTER[quarter], found, (pair, "on"))
        network = found.prepared.network
        there = at.segment[0] >= 0 and network.way_id[at.segment[0]] == streets().town.way[quarter, pair]
        assert there == (profile in served), profile
        if profile not in served:
            assert at.problem[0] in {"cut-off", "too-far"}
            assert (matrix(found, at, standing(found, at), standing(found, at)).duration_ms == UNREACHABLE).all()


def test_who_may_back_out_gets_into_a_dead_end() -> None:
    quarter = QUARTER["dead end without room to turn"]
    prepared = driven(TRUCK).prepared
    for reverse_m, serves in ((100.0, False), (112.0, True)):  # the dead end is 111.2 m long
        found = drive(prepared, replace(PROFILES[TRUCK], reverse_m=reverse_m))
        at = beside(quarter, found, ("fj", "on"))
        assert (at.segment[0] >= 0) == serves
