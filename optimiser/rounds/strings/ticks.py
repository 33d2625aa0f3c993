"""Legs in ticks of money and in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.plane import PlaneTravel
from optimiser.rounds.kinds import Kind
from optimiser.rounds.strings.layout import ENDLESS, FAR
from optimiser.rounds.strings.teams import Spots, Team
from optimiser.rounds.tables import TIE_WAGE_PER_MS
from optimiser.travel import UNREACHABLE

Ints = NDArray[np.int64]
MOST_DENSE = 4_000  # places of a plane up to which legs are kept in an array
WIDEST_TICKS = 1 << 20  # of a leg, where money is not counted in decimetres


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """Ticks and ms of legs, and the money of a tick."""

    tick: float
    dense: bool
    cost: NDArray[np.int32]
    back: NDArray[np.int32]
    time: NDArray[np.int32]
    time_back: NDArray[np.int32]
    xy: NDArray[np.float64]
    plane: NDArray[np.float64]
    profile: Ints  # by team
    widest: int


def rate(kind: Kind) -> tuple[float, float]:
    """Return money a dm and a ms of a leg."""
    wage = 0.0 if kind.wage_per_ms <= TIE_WAGE_PER_MS else kind.wage_per_ms
    return kind.per_dm, wage + kind.driving_per_ms


def kinds_of_leg(teams: Sequence[Team]) -> tuple[list[Kind], Ints]:
    """Return a kind of vehicle for each way to count legs, and by team which of them it is."""
    keys: dict[tuple[object, ...], int] = {}
    firsts: list[Kind] = []
    profile = np.zeros(len(teams), dtype=np.int64)
    for t, team in enumerate(teams):
        key = (id(team.kind.travel), *rate(team.kind))
        if key not in keys:
            keys[key] = len(firsts)
            firsts.append(team.kind)
        profile[t] = keys[key]
    return firsts, profile


def _plain(firsts: Sequence[Kind]) -> bool:
    """Return whether a leg costs nothing but its decimetres, for all alike."""
    return len(firsts) == 1 and rate(firsts[0])[1] == 0.0 and firsts[0].per_dm > 0


def drawn(teams: Sequence[Team], size: int, *, labelled: bool) -> bool:
    """Return whether legs between so many places are worked out from coordinates rather than kept."""
    firsts, _ = kinds_of_leg(teams)
    return size > MOST_DENSE and not labelled and _plain(firsts) and isinstance(firsts[0].travel, PlaneTravel)


def legs_of(teams: Sequence[Team], spots: Spots, *, labelled: bool) -> Legs:
    """Return the legs between all places, for each way to count them.

    Those of a large plane are left to the kernel, which works them out from coordinates, if rounds have no labels.
    """
    firsts, profile = kinds_of_leg(teams)
    plain = _plain(firsts)
    travel = firsts[0].travel
    size = spots.modes + len(spots.depots)
    nothing = np.zeros((1, 1, 1), dtype=np.int32)
    if isinstance(travel, PlaneTravel) and drawn(teams, size, labelled=labelled):
        rows = spots.rows(firsts[0])
        return Legs(
            tick=firsts[0].per_dm, dense=False, cost=nothing, back=nothing, time=nothing, time_back=nothing,
            xy=np.ascontiguousarray(travel.xy[rows]), plane=np.array([float(travel.metric), travel.dm, 0.0]),
            profile=profile, widest=int(travel.widest * travel.dm),
        )  # fmt: skip
    blocks = [kind.travel.block(spots.rows(kind), spots.columns(kind)) for kind in firsts]
    ways = [(time < UNREACHABLE) & (dm < UNREACHABLE) for time, dm in blocks]
    if plain:
        tick, money = firsts[0].per_dm, [blocks[0][1]]
    else:
        worth = [dm * rate(kind)[0] + time * rate(kind)[1] for kind, (time, dm) in zip(firsts, blocks, strict=True)]
        dearest = max(float(np.where(way, one, 0.0).max(initial=0.0)) for way, one in zip(ways, worth, strict=True))
        tick = max(dearest, 1e-9) / WIDEST_TICKS
        money = [np.rint(np.where(way, one, 0.0) / tick) for way, one in zip(ways, worth, strict=True)]
    cost = np.stack([np.where(way, one, FAR).astype(np.int32) for way, one in zip(ways, money, strict=True)])
    time = np.stack([np.where(way, t, ENDLESS).astype(np.int32) for way, (t, _) in zip(ways, blocks, strict=True)])
    return Legs(
        tick=tick,
        dense=True,
        cost=cost,
        back=_turned(cost),
        time=time,
        time_back=_turned(time),
        xy=np.zeros((1, 2)),
        plane=np.zeros(3),
        profile=profile,
        widest=int(cost[cost < FAR].max(initial=1)),
    )


def _turned(legs: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return legs from where one arrives to where one sets out; the same array if they are alike."""
    turned = legs.transpose(0, 2, 1)
    return legs if np.array_equal(turned, legs) else np.ascontiguousarray(turned)


def far_of(legs: Legs, first: NDArray[np.int32], depot: int, sites: NDArray[np.int32]) -> Ints:
    """Return how far each stop is from the depot or the nearest site, in ticks."""
    if not legs.dense:
        gap = legs.xy[first] - legs.xy[depot]
        away: Ints = np.rint(np.hypot(gap[:, 0], gap[:, 1]) * legs.plane[1]).astype(np.int64)
        return away
    ends = np.array([depot, *sites], dtype=np.intp)
    least: Ints = legs.cost[0][np.ix_(first, ends)].min(axis=1).astype(np.int64)
    return least


def mean_leg(legs: Legs, first: NDArray[np.int32], close: NDArray[np.int32]) -> float:
    """Return the mean ticks from a stop to its nearest few."""
    if not close.size:
        return 1.0
    few = close[:, : min(4, close.shape[1])]
    a, b = np.repeat(first, few.shape[1]), first[few.ravel()]
    if not legs.dense:
        gap = legs.xy[a] - legs.xy[b]
        return max(1.0, float(np.hypot(gap[:, 0], gap[:, 1]).mean() * legs.plane[1]))
    found = legs.cost[0][a, b]
    found = found[found < FAR]
    return max(1.0, float(found.mean())) if found.size else 1.0


def ticks_per_ms(legs: Legs, first: NDArray[np.int32], close: NDArray[np.int32]) -> float:
    """Return what a ms of driving costs on the way to neighbours, on average; 0 if driving takes no time."""
    has = close >= 0
    a, b = np.broadcast_to(first[:, None], close.shape)[has], first[close[has]]
    money, ms = legs.cost[0][a, b], legs.time[0][a, b]
    way = (money < FAR) & (ms < ENDLESS)
    took = int(ms[way].sum(dtype=np.int64))
    return float(money[way].sum(dtype=np.int64)) / took if took else 0.0
