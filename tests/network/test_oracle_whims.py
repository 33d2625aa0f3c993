"""Drives under closures, learnt speeds and hours against the same judge; and what holds for all ways on Earth."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.closures import Closures, closing
from network.conditional import Moment
from network.drive import Drive, Prepared, closed, drive, prepare
from network.matrix import UNREACHABLE, matrix
from network.profiles import PROFILES, VehicleProfile
from network.snap import Snapped
from network.stances import Stances
from network.streets import StreetNetwork
from tests.network.oracle import Judge
from tests.network.test_rules_of_the_road import town

TRUCK, TRICYCLE, FOOT = (PROFILES[name] for name in ("refuse-truck", "tricycle", "foot"))
seeds = st.integers(0, 10_000)


def some_places(prepared: Prepared, count: int, seed: int) -> tuple[Snapped, Stances]:
    """Places anywhere on any street, most of them in one direction, some twice."""
    network, random = prepared.network, np.random.default_rng(seed)
    segment = random.integers(0, network.segments, count).astype(np.int32)
    segment[-3:] = segment[:3]
    along = random.uniform(0, 1, count) * network.length_m[segment]
    kind = random.integers(0, 5, count)
    at = Snapped(
        segment=segment,
        along_m=along,
        side=np.zeros(count, np.int8),
        lon=np.zeros(count),
        lat=np.zeros(count),
        distance_m=np.zeros(count),
        problem=("",) * count,
    )
    ids = tuple(f"p{k}" for k in range(count))
    ahead, back = kind < 3, (kind == 0) | (kind >= 3)
    return at, Stances(
        ids=ids, place=np.arange(count, dtype=np.int32), ahead=ahead, back=back, across=np.zeros(count, bool)
    )


def closures(prepared: Prepared, seed: int, factor: float) -> Closures:
    """Every tenth street closed, or slowed."""
    random = np.random.default_rng(seed)
    some = random.random(prepared.network.segments) < 0.1
    return closing("whim", np.repeat(some, 2), some, factor=factor)


def agrees(driven: Drive, seed: int) -> None:
    at, stances = some_places(driven.prepared, 16, seed)
    found = matrix(driven, at, stances, stances)
    ms, dm = Judge(driven).matrix(at, driven.prepared.network.length_m, stances, stances)
    assert (found.duration_ms == ms).all()
    assert (found.distance_dm == dm).all()


@settings(max_examples=25, deadline=None)
@given(seed=seeds, profile=st.sampled_from([TRUCK, TRICYCLE, FOOT]), hour=st.sampled_from([None, 8, 22]))
def test_any_town_at_any_hour_agrees(seed: int, profile: VehicleProfile, hour: int | None) -> None:
    moment = None if hour is None else Moment(day="mon", time_s=3600.0 * hour)
    agrees(drive(prepare(town(seed), profile.movement), profile, moment=moment), seed)


@settings(max_examples=15, deadline=None)
@given(seed=seeds, factor=st.sampled_from([0.0, 0.3]))
def test_closed_and_slowed_streets_agree(seed: int, factor: float) -> None:
    prepared = prepare(town(seed), "drive")
    whim = closures(prepared, seed, factor)
    agrees(drive(prepared, TRUCK, closures=whim), seed)
    agrees(closed(drive(prepared, TRUCK), whim), seed)  # worked in by part


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_learnt_speeds_agree(seed: int) -> None:
    prepared = prepare(town(seed), "drive")
    random = np.random.default_rng(seed)
    kmh = np.where(random.random(2 * prepared.network.segments) < 0.5, random.uniform(3, 40), np.nan)
    agrees(drive(prepared, TRUCK, kmh=kmh, speed_factor=0.8), seed)


def public(seed: int) -> StreetNetwork:
    """The same town without streets to serve only."""
    network = town(seed)
    tags = {key: column for key, column in network.tags.items() if key not in {"access", "hgv:conditional"}}
    return replace(network, tags=tags)


@settings(max_examples=25, deadline=None)
@given(seed=seeds)
def test_no_way_over_a_third_place_is_shorter(seed: int) -> None:
    """Driven on in the same direction, a stop on the way costs nothing: D(a, c) <= D(a, b) + D(b, c)."""
    driven = drive(prepare(public(seed), "drive"), TRUCK)  # b in a destination street would be no way through
    at, stances = some_places(driven.prepared, 12, seed)
    one = replace(stances, ahead=stances.ahead.copy(), back=stances.back & ~stances.ahead)
    ms = matrix(driven, at, one, one).duration_ms.astype(np.float64)
    ms[ms == UNREACHABLE] = np.inf
    over = (ms[:, :, None] + ms[None, :, :]).min(axis=1)
    assert (ms <= over).all()


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_closures_never_shorten_a_matrix(seed: int) -> None:
    """Of pairs that were joined before: once the strongest part is cut up, another one may be the strongest."""
    profile = replace(TRUCK, u_turns="anywhere")  # a closed street would make a dead end, where a truck may turn
    prepared = prepare(public(seed), "drive", profiles=[profile])
    at, stances = some_places(prepared, 12, seed)
    before, after = (
        matrix(drive(prepared, profile, closures=whim), at, stances, stances).duration_ms
        for whim in (None, closures(prepared, seed, 0.0))
    )
    assert (after >= before)[before < UNREACHABLE].all()


@pytest.mark.parametrize("seed", range(3))
def test_half_the_speed_is_twice_the_time_but_for_turns(seed: int) -> None:
    prepared = prepare(town(seed), "drive")
    full, half = (drive(prepared, replace(TRUCK, **STILL), speed_factor=factor) for factor in (1.0, 0.5))
    at, stances = some_places(prepared, 12, seed)
    one, two = (matrix(each, at, stances, stances).duration_ms.astype(np.int64) for each in (full, half))
    there = one < UNREACHABLE
    assert ((two < UNREACHABLE) == there).all()
    assert (abs(two - 2 * one)[there] <= 100).all()  # a millisecond or two for each street rounded


STILL = dict.fromkeys(("near_turn_s", "far_turn_s", "sharp_turn_s", "u_turn_s", "signals_s", "give_way_s"), 0.0)
