"""What one kind of vehicle does at each place of an engine's model, for engines that look at one leg at a time.

Set-ups that are due whenever the vehicle comes count as work. A set-up that visits to one spot share is due on the leg
from anywhere else: work then begins when it is over, and windows, which are for its beginning, are moved by as much.
(Only who stays at a spot and comes too early or late sees the difference.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.rounds.tables import Floats, Ints
from optimiser.rounds.ways import NO_SPOT, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """Work and shared set-ups in ms, the spots that share them, and dm driven at work, by place; 0 where is none."""

    service_ms: Ints
    setup_ms: Ints
    spot: Ints
    distance_dm: Ints


def works(ways: Sequence[Way | None]) -> Works:
    """Return what is done at each place; nothing at depots, and at sites that the vehicle may not use."""
    found = np.zeros((4, len(ways)), dtype=np.int64)
    found[2] = NO_SPOT
    for n, way in enumerate(ways):
        if way is not None:
            found[:, n] = way.service_ms, way.setup_ms, way.spot, way.distance_dm
    service_ms, setup_ms, spot, distance_dm = found
    numbers, counts = np.unique(spot, return_counts=True)
    alone = (spot == NO_SPOT) | (counts[np.searchsorted(numbers, spot)] == 1)
    return Works(
        service_ms=service_ms + np.where(alone, setup_ms, 0),
        setup_ms=np.where(alone, 0, setup_ms),
        spot=np.where(alone, NO_SPOT, spot),
        distance_dm=distance_dm,
    )


def add_setups(work: Works, time_ms: Ints, money: Floats, per_ms: float) -> None:
    """Put shared set-ups into the legs from elsewhere, in time and in money; both arrays are changed."""
    for n in np.flatnonzero(work.setup_ms).tolist():
        elsewhere = work.spot != work.spot[n]
        time_ms[elsewhere, n] += work.setup_ms[n]
        money[elsewhere, n] += work.setup_ms[n] * per_ms
