"""What one trip can hold, as one measure in whole units.

A trip keeps every limit of its vehicle; the bound keeps one of them, the one that is tightest for all stops together:
a limit for the waste picked up (all of it is on board when the trip ends) or for the goods delivered (all of them are
on board when it begins). Of loadings, which exclude each other, the sum of limits of the widest holds. Amounts become
whole units, rounded down: never more is counted than there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import floor, gcd

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.bound.kinds import FORGIVEN, Kind, weighed
from optimiser.rounds.problem import Limit, RoundsProblem

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
FEWEST_UNITS, MOST_UNITS = 300, 4000
WORK = 8e7  # units * rows * rows that the pricing may look at
FINEST = (1, 2, 5, 10, 20, 50, 100, 1000)  # parts of one in which amounts may be whole
EXACT = 1e-9  # how near to a whole number counts as whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What stops take of a trip: by stop as a share, and in units of which a trip has ``cap``.

    Every stop takes at least one unit; ``cap`` is larger by what that adds.
    """

    share: Floats
    use: NDArray[np.int32]
    cap: int


def capacity(problem: RoundsProblem, kind: Kind, served: NDArray[np.bool_]) -> Capacity:
    """Return what a trip of such a vehicle can hold of the stops that it may serve."""
    nothing = np.zeros(len(served)), 1.0
    held, most = max(
        _candidates(problem, kind), key=lambda pair: float(pair[0][served].sum()) / pair[1], default=nothing
    )
    held = np.where(served, held, 0.0)
    rows = sum(len(stop.modes) for stop, fits in zip(problem.stops, served, strict=True) if fits)
    units = int(min(MOST_UNITS, max(FEWEST_UNITS, WORK / max(rows, 1) ** 2)))
    use, cap = _filled(*_whole(held, most, units), served, units)
    return Capacity(share=np.minimum(held / most, 1.0), use=use, cap=cap)


def waste_share(problem: RoundsProblem, kind: Kind, served: NDArray[np.bool_]) -> Floats:
    """Return by stop the share that its waste takes of what fits between two tips, by the limit that is tightest."""
    limits = (*kind.vehicle.limits, *_widest(kind))
    shares = [
        np.array([weighed(limit, stop.loads) for stop in problem.stops]) / limit.at_most
        for limit in limits
        if limit.at_most > 0
    ]
    return max(shares, key=lambda share: float(share[served].sum()), default=np.zeros(len(served))) / FORGIVEN


def day_share(problem: RoundsProblem, kind: Kind) -> Floats:
    """Return by stop the share that it takes of what such a vehicle may do in a day, by loads or number of stops."""
    vehicle = kind.vehicle
    shares = [
        np.array([weighed(limit, stop.loads) for stop in problem.stops]) / limit.at_most
        for limit in vehicle.day_limits
        if limit.at_most > 0
    ]
    if vehicle.max_stops:
        shares.append(np.full(len(problem.stops), 1.0 / vehicle.max_stops))
    return max(shares, key=lambda share: float(share.sum()), default=np.zeros(len(problem.stops))) / FORGIVEN


def _candidates(problem: RoundsProblem, kind: Kind) -> Iterator[tuple[Floats, float]]:
    """Yield what each stop takes of each limit, and how much there is."""
    for limit in (*kind.vehicle.limits, *_widest(kind)):
        for held in ([s.loads for s in problem.stops], [s.deliveries for s in problem.stops]):
            amounts = np.array([weighed(limit, amount) for amount in held], dtype=np.float64)
            if limit.at_most > 0 and amounts.any():
                yield amounts, limit.at_most


def _widest(kind: Kind) -> Iterator[Limit]:
    """Yield one limit that holds with every loading: the least weights of their sums, the largest sum of amounts."""
    loadings = kind.vehicle.loadings
    if not loadings:
        return
    sums: list[Mapping[str, float]] = []
    for loading in loadings:
        names = {d for limit in loading for d in limit.weights}
        sums.append({d: sum(limit.weights.get(d, 0.0) for limit in loading) for d in names})
    names = set.intersection(*(set(weights) for weights in sums))
    yield Limit(
        name="loadings",
        weights={d: min(weights[d] for weights in sums) for d in names},
        at_most=max(sum(limit.at_most for limit in loading) for loading in loadings),
    )


def _whole(held: Floats, most: float, units: int) -> tuple[Whole, int]:
    """Return amounts in whole units: exact if they are multiples of one that is not too small, else rounded down."""
    for parts in FINEST if held.any() else ():
        counted = np.rint(held * parts)
        if np.abs(counted - held * parts).max() <= EXACT * most * parts:
            unit = gcd(*counted.astype(np.int64).tolist())
            cap = floor(most * parts * FORGIVEN / unit + EXACT)
            if cap <= units:
                return (counted / unit).astype(np.int64), cap
    return np.floor(held / most * units).astype(np.int64), floor(units * FORGIVEN)


def _filled(whole: Whole, cap: int, served: NDArray[np.bool_], units: int) -> tuple[NDArray[np.int32], int]:
    """Return units of at least one a stop, and of a trip.

    Where stops take none, units are made smaller, so that one for each of these makes no room for another stop.
    """
    cap = min(cap, int(whole[served].sum()))
    empty = int((served & (whole == 0)).sum())
    finer = min(empty + 1, max(1, units // max(cap, 1)))
    return np.where(whole > 0, whole * finer, 1).astype(np.int32), cap * finer + empty
