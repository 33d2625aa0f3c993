"""What the quick search reads and writes, as arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Figures = NDArray[np.float64]
Whole = NDArray[np.int64]


class Land(NamedTuple):
    """Stops and sites; ``n`` stops, ``m`` sites.

    Parameters
    ----------
    legs, out, back
        Money from stop to stop, from site to stop, and from stop to site by way of unloading.
    use, held
        Share of a vehicle and, by site, of its room that a stop takes.
    near
        Nearest other stops, nearest first.
    room, most, opening, fixed
        By site: capacity, vehicles, money to open it, money for a vehicle.
    allowed
        By site: 1 if it may be used.
    miss
        Money for leaving a stop out.
    """

    legs: Figures
    out: Figures
    back: Figures
    use: Figures
    held: Figures
    near: Whole
    room: Figures
    most: Whole
    opening: Figures
    fixed: Figures
    allowed: Whole
    miss: Figures


class Tours(NamedTuple):
    """Rounds as rings: node ``n + r`` is the site end of round ``r``; ``of`` is -1 for stops that are left out."""

    after: Whole
    before: Whole
    of: Whole
    site: Whole
    load: Figures
    stops: Whole
    held: Figures
    rounds: Whole
    purse: Figures  # one figure: money, what is left out included


def nothing(land: Land, rounds: int) -> Tours:
    """Return no rounds at all: every stop left out."""
    n, m = land.held.shape[1], land.held.shape[0]
    ring = np.arange(n + rounds, dtype=np.int64)
    return Tours(
        after=ring.copy(), before=ring.copy(), of=np.full(n, -1, np.int64), site=np.zeros(rounds, np.int64),
        load=np.zeros(rounds), stops=np.zeros(rounds, np.int64), held=np.zeros(m), rounds=np.zeros(m, np.int64),
        purse=np.array([land.miss.sum()]),
    )  # fmt: skip


def copied(tours: Tours) -> Tours:
    """Return the same rounds in arrays of their own."""
    return Tours(
        after=tours.after.copy(), before=tours.before.copy(), of=tours.of.copy(), site=tours.site.copy(),
        load=tours.load.copy(), stops=tours.stops.copy(), held=tours.held.copy(), rounds=tours.rounds.copy(),
        purse=tours.purse.copy(),
    )  # fmt: skip


def listed(tours: Tours) -> list[tuple[int, list[int]]]:
    """Return site and stops of every round, in order."""
    n, found = len(tours.of), []
    for r in np.flatnonzero(tours.stops > 0):
        stops, v = [], int(tours.after[n + r])
        while v < n:
            stops.append(v)
            v = int(tours.after[v])
        found.append((int(tours.site[r]), stops))
    return found
