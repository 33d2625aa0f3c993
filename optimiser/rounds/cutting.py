"""One long tour cut into rounds of one or two trips, at the least cost: Beasley's split for a town.

With stops 0 .. n - 1 in the order of the tour and V(j) the least cost of rounds over the first j of them,

    V(j) = min over i of V(i) + fixed + depart(i) + work(i, j) + arrive(j - 1) [+ least between(m) - leg(m)]

where ``between(m)`` leads over a site in place of the leg to stop m, load and time of every trip and round being within
their limits. A round has the second term if it has two trips.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NEVER = 1e18


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """A tour in money and ms, arrays by position.

    ``leg`` is from the stop before (0 for the first) with the service at this one, ``leg_ms`` likewise; ``between`` is
    the leg over the best site instead, with unloading and the service; ``depart`` from the depot, with no service;
    ``arrive`` over the best site to the depot, with unloading.
    """

    leg: Floats
    leg_ms: Ints
    bare: Floats
    bare_ms: Ints
    between: Floats
    between_ms: Ints
    depart: Floats
    depart_ms: Ints
    arrive: Floats
    arrive_ms: Ints
    load: Floats
    limit: float
    most_ms: int
    fixed: float


def cut(tour: Tour, *, surcharge: float = 0.0) -> list[int]:
    """Return where rounds begin, 0 first; empty if there is no way. ``surcharge`` is on each round, to have fewer."""
    load = np.cumsum(tour.load)
    lightest = np.searchsorted(load, load - tour.limit * (1 + 1e-12)) + 1  # of a last trip up to here, its begin
    before = _search(
        np.cumsum(tour.leg), np.cumsum(tour.leg_ms), load, tour.load, lightest, tour.leg - tour.bare,
        tour.leg_ms - tour.bare_ms, tour.between - tour.leg, tour.between_ms - tour.leg_ms, tour.depart,
        tour.depart_ms, tour.arrive, tour.arrive_ms, tour.limit, tour.most_ms, tour.fixed + surcharge,
    )  # fmt: skip
    at, starts = len(before) - 1, list[int]()
    while at > 0:
        at = int(before[at])
        if at < 0:
            return []
        starts.append(at)
    return starts[::-1]


def _plain_least(
    more: Floats, more_ms: Ints, load: Floats, low: int, high: int, most: float, most_ms: int
) -> float:  # fmt: skip
    """Return the least cost of a detour over a site before one of the stops from low on, ``NEVER`` if there is none."""
    least = NEVER
    for m in range(low, high):
        if load[m - 1] > most:
            break
        if more[m] < least and more_ms[m] <= most_ms:
            least = more[m]
    return least


_least = cast("Callable[..., float]", numba.njit(cache=True)(_plain_least))


def _plain_search(
    leg: Floats, leg_ms: Ints, load: Floats, own: Floats, lightest: Ints, service: Floats, service_ms: Ints,
    more: Floats, more_ms: Ints, depart: Floats, depart_ms: Ints, arrive: Floats, arrive_ms: Ints, limit: float,
    most_ms: int, fixed: float,
) -> Ints:  # fmt: skip
    """Return for each position where the last round before it begins, -1 if it cannot be reached; sums are running."""
    n = len(leg)
    best, before = np.full(n + 1, NEVER), np.full(n + 1, -1, np.int64)
    best[0] = 0.0
    for i in range(n):
        begun = load[i] - own[i]
        j = i + 1
        while j <= n and best[i] < NEVER and load[j - 1] - begun <= 2 * limit:
            money = best[i] + fixed + depart[i] + service[i] + leg[j - 1] - leg[i] + arrive[j - 1]
            ms = depart_ms[i] + service_ms[i] + leg_ms[j - 1] - leg_ms[i] + arrive_ms[j - 1]
            if ms <= most_ms and money < best[j]:
                if load[j - 1] - begun > limit:
                    low = max(i + 1, lightest[j - 1])
                    money += _least(more, more_ms, load, low, j, begun + limit, most_ms - ms)
                if money < best[j]:
                    best[j], before[j] = money, i
            j += 1
    return before


_search = cast("Callable[..., Ints]", numba.njit(cache=True)(_plain_search))
