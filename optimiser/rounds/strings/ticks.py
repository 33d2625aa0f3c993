"""Legs in ticks of money and in milliseconds.

They are kept in arrays; where these would be too large they are *wide*: asked of the travel, pair by pair for what is
known beforehand, and in arrays for each part of the plan that is searched (``parts.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.plane import PlaneTravel
from optimiser.rounds.kinds import Kind
from optimiser.rounds.strings.layout import ENDLESS, FAR
from optimiser.rounds.strings.teams import Spots, Team
from optimiser.rounds.tables import TIE_WAGE_PER_MS
from optimiser.travel import UNREACHABLE, IntArray

Ints = NDArray[np.int64]
Places = NDArray[np.intp]
MOST_DENSE = 4_000  # places of a plane up to which legs are kept in an array
WIDEST_TICKS = 1 << 20  # of a leg, where money is not counted in decimetres
BYTES_PER_LEG = 16  # ticks and ms, there and turned round
MOST_WHOLE_BYTES = 1e9  # of legs in arrays, where a plan can be searched in parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """Ticks and ms of legs, and the money of a tick.

    Parameters
    ----------
    firsts, rows, columns
        A kind of vehicle for each way to count legs; by kind, the row and the column of its travel of each place.
    widest
        Ticks of the longest leg; of wide ones, and at least so.
    """

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
    wide: bool
    firsts: tuple[Kind, ...]
    rows: tuple[Places, ...]
    columns: tuple[Places, ...]

    def pairs(
        self, profile: int, a: NDArray[np.int32], b: NDArray[np.int32]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the ticks and ms of legs from places ``a`` to places ``b``; ``FAR`` and ``ENDLESS`` without a way."""
        if self.wide:
            time, dm = self.firsts[profile].travel.legs(self.rows[profile][a], self.columns[profile][b])
            return _counted(self.firsts[profile], time, dm, self.tick)
        return self.cost[profile][a, b], self.time[profile][a, b] if self.time.shape[1] > 1 else np.zeros_like(b)


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


def legs_of(teams: Sequence[Team], spots: Spots, *, labelled: bool, wide: bool = False) -> Legs:
    """Return the legs between all places, for each way to count them.

    Those of a large plane are left to the kernel, which works them out from coordinates, if rounds have no labels.
    """
    firsts, profile = kinds_of_leg(teams)
    size = spots.modes + len(spots.depots)
    rows, columns = (tuple(of(kind) for kind in firsts) for of in (spots.rows, spots.columns))
    known: dict[str, Any] = {"profile": profile, "firsts": tuple(firsts), "rows": rows, "columns": columns}
    nothing = np.zeros((1, 1, 1), dtype=np.int32)
    nowhere: dict[str, Any] = {"xy": np.zeros((1, 2)), "plane": np.zeros(3)}
    arrays: dict[str, Any] = {"cost": nothing, "back": nothing, "time": nothing, "time_back": nothing}
    travel = firsts[0].travel
    if isinstance(travel, PlaneTravel) and drawn(teams, size, labelled=labelled):
        plane = np.array([float(travel.metric), travel.dm, 0.0])
        return Legs(
            tick=firsts[0].per_dm, dense=False, wide=False, **arrays, xy=np.ascontiguousarray(travel.xy[rows[0]]),
            plane=plane, widest=int(travel.widest * travel.dm), **known,
        )  # fmt: skip
    if wide:
        dearest = max(_dearest(kind, r, c) for kind, r, c in zip(firsts, rows, columns, strict=True))
        tick = firsts[0].per_dm if _plain(firsts) else max(dearest, 1e-9) / WIDEST_TICKS
        widest = int(dearest / tick)
        return Legs(tick=tick, dense=True, wide=True, **arrays, **nowhere, widest=widest, **known)
    blocks = [kind.travel.block(r, c) for kind, r, c in zip(firsts, rows, columns, strict=True)]
    tick = firsts[0].per_dm
    if not _plain(firsts):
        dearest = max(_most_worth(kind, *block) for kind, block in zip(firsts, blocks, strict=True))
        tick = max(dearest, 1e-9) / WIDEST_TICKS
    arrays |= _arrays(firsts, blocks, tick)
    widest = int(arrays["cost"][arrays["cost"] < FAR].max(initial=1))
    return Legs(tick=tick, dense=True, wide=False, **arrays, **nowhere, widest=widest, **known)


def among(legs: Legs, places: Places) -> dict[str, NDArray[np.int32]]:
    """Return the arrays of wide legs between some places, numbered as these are."""
    asked = zip(legs.firsts, legs.rows, legs.columns, strict=True)
    return _arrays(legs.firsts, [kind.travel.block(r[places], c[places]) for kind, r, c in asked], legs.tick)


def _arrays(
    firsts: Sequence[Kind], blocks: Sequence[tuple[IntArray, IntArray]], tick: float
) -> dict[str, NDArray[np.int32]]:
    """Return ticks and ms by kind, there and turned round."""
    counted = [_counted(kind, time, dm, tick) for kind, (time, dm) in zip(firsts, blocks, strict=True)]
    cost, time = (np.stack([one[x] for one in counted]) for x in range(2))
    return {"cost": cost, "back": _turned(cost), "time": time, "time_back": _turned(time)}


def _counted(kind: Kind, time: IntArray, dm: IntArray, tick: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return ticks and ms, ``FAR`` and ``ENDLESS`` where there is no way."""
    way = (time < UNREACHABLE) & (dm < UNREACHABLE)
    per_dm, per_ms = rate(kind)
    if per_ms == 0.0 and per_dm == tick:
        ticks: NDArray[np.int32] = dm
    else:
        ticks = np.rint(np.where(way, dm * (per_dm / tick) + time * (per_ms / tick), 0.0)).astype(np.int32)
    return np.where(way, ticks, np.int32(FAR)), np.where(way, time, np.int32(ENDLESS))


def _most_worth(kind: Kind, time: IntArray, dm: IntArray) -> float:
    """Return the money of the dearest leg that there is."""
    way = (time < UNREACHABLE) & (dm < UNREACHABLE)
    worth = dm * rate(kind)[0] + time * rate(kind)[1]
    return float(np.where(way, worth, 0.0).max(initial=0.0))


def _dearest(kind: Kind, rows: Places, columns: Places) -> float:
    """Return about the money of the dearest leg: by way of the depot none is dearer than there and back."""
    there = kind.travel.block(np.array([kind.start_row]), columns)
    back = kind.travel.block(rows, np.array([kind.end_column]))
    return _most_worth(kind, *there) + _most_worth(kind, *back)


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
    ends = np.array([depot, *sites], dtype=np.int32)
    a, b = np.repeat(first, len(ends)), np.tile(ends, len(first))
    least: Ints = legs.pairs(0, a, b)[0].reshape(-1, len(ends)).min(axis=1).astype(np.int64)
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
    found = legs.pairs(0, a, b)[0]
    found = found[found < FAR]
    return max(1.0, float(found.mean())) if found.size else 1.0


def ticks_per_ms(legs: Legs, first: NDArray[np.int32], close: NDArray[np.int32]) -> float:
    """Return what a ms of driving costs on the way to neighbours, on average; 0 if driving takes no time."""
    has = close >= 0
    a, b = np.broadcast_to(first[:, None], close.shape)[has], first[close[has]]
    money, ms = legs.pairs(0, a, b)
    way = (money < FAR) & (ms < ENDLESS)
    took = int(ms[way].sum(dtype=np.int64))
    return float(money[way].sum(dtype=np.int64)) / took if took else 0.0
