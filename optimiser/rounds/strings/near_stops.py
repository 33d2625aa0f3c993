"""What is known beforehand of a stop and each of its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.strings.layout import FAR, U8
from optimiser.rounds.strings.teams import Spots, Team
from optimiser.rounds.strings.ticks import Legs

Places = NDArray[np.int32]


def near_ticks(legs: Legs, teams: Sequence[Team], spots: Spots, close: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the least ticks between each stop and its neighbours: whatever modes, vehicle and direction."""
    least = np.full(close.shape, FAR, dtype=np.int32)
    kind = teams[0].kind
    rows, columns, travel = spots.rows(kind), spots.columns(kind), kind.travel
    for has, a, b in _pairs(spots.ways[: len(close)], close):
        found = [array[a, b] for cost in (legs.cost, legs.back) for array in cost] if legs.dense else []
        for one in found or [travel.legs(rows[a], columns[b])[1]]:
            least[has] = np.minimum(least[has], one)
    return least


def barred(legs: Legs, kinds: Mapping[str, Any], ways: NDArray[np.int32], close: NDArray[np.int32]) -> U8:
    """Return whether hours forbid to go on from a stop to each neighbour (1), or from that to the stop (2).

    Parameters
    ----------
    kinds
        ``opens``, ``closes`` and ``work_time`` by kind and place.
    """
    found = np.full(close.shape, 3, dtype=np.uint8)
    for has, a, b in _pairs(ways, close):
        for bit, one, other in ((1, a, b), (2, b, a)):
            for k in range(len(kinds["opens"])):
                there = kinds["opens"][k][one] + kinds["work_time"][k][one] + legs.time[legs.profile[k]][one, other]
                found[has] &= np.where(there <= kinds["closes"][k][other], np.uint8(3 - bit), np.uint8(3))
    return found


def _pairs(ways: NDArray[np.int32], close: NDArray[np.int32]) -> Iterator[tuple[NDArray[np.bool_], Places, Places]]:
    """Yield for each pair of modes which stops and neighbours have it, and the places of both."""
    for i, j in product(range(ways.shape[1]), repeat=2):
        a, b = np.broadcast_to(ways[:, i][:, None], close.shape), ways[close, j]
        has = (a >= 0) & (b >= 0) & (close >= 0)
        yield has, a[has], b[has]
