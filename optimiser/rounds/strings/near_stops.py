"""What is known beforehand of a stop and each of its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.strings.layout import ENDLESS, FAR, I64, U8
from optimiser.rounds.strings.teams import Spots, Team
from optimiser.rounds.strings.ticks import Legs

Places = NDArray[np.int32]
WAITING = 0.1  # what a ms of waiting counts for against one of driving
LAST_MS = 1e12  # a wait longer than any


def near_ticks(legs: Legs, teams: Sequence[Team], spots: Spots, close: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the least ticks between each stop and its neighbours: whatever modes, vehicle and direction."""
    least = np.full(close.shape, FAR, dtype=np.int32)
    kind = teams[0].kind
    for has, a, b in _pairs(spots.ways[: len(close)], close):
        if not legs.dense:
            found = [kind.travel.legs(spots.rows(kind)[a], spots.columns(kind)[b])[1]]
        else:
            found = [legs.pairs(p, *ends)[0] for p in range(len(legs.firsts)) for ends in ((a, b), (b, a))]
        for one in found:
            least[has] = np.minimum(least[has], one)
    return least


def narrow(kinds: Mapping[str, Any]) -> bool:
    """Return whether something cannot be begun at any time of every shift; else hours say nothing of neighbours."""
    starts, ends = kinds["starts"][:, None], kinds["ends"][:, None]
    return bool((kinds["opens"] > starts).any() or (kinds["closes"] < ends).any())


class Hours(NamedTuple):
    """What hours say of each stop and each of its neighbours.

    Parameters
    ----------
    barred
        Whether they forbid to go on from the stop to the neighbour (1), from that to the stop (2), or both (3).
    wait_ms
        How long one waits at least at the later of the two, in the order that waits less; ``ENDLESS`` if barred.
    """

    barred: U8
    wait_ms: I64


def hours(legs: Legs, kinds: Mapping[str, Any], ways: NDArray[np.int32], close: NDArray[np.int32]) -> Hours:
    """Return what hours say of stops and their neighbours.

    Parameters
    ----------
    kinds
        ``opens``, ``closes`` and ``work_time`` by kind and place.
    """
    forbid = np.full(close.shape, 3, dtype=np.uint8)
    wait = np.full(close.shape, ENDLESS, dtype=np.int64)
    for has, a, b in _pairs(ways, close):
        for bit, one, other in ((1, a, b), (2, b, a)):
            for k in range(len(kinds["opens"])):
                after = kinds["work_time"][k][one] + legs.pairs(int(legs.profile[k]), one, other)[1]
                late = kinds["opens"][k][one] + after > kinds["closes"][k][other]
                forbid[has] &= np.where(late, np.uint8(3), np.uint8(3 - bit))
                idle = np.maximum(kinds["opens"][k][other] - kinds["closes"][k][one] - after, 0)
                wait[has] = np.minimum(wait[has], np.where(late, ENDLESS, idle))
    return Hours(forbid, wait)


def by_hours(close: NDArray[np.int32], near_cost: NDArray[np.int32], said: Hours, ms: float) -> NDArray[np.intp]:
    """Return the order in which neighbours are near in place and time: leg + ``WAITING`` x the least wait.

    Neighbours whose hours do not follow each other stand at the end: nothing is gained by looking beside them first
    (Vidal, Crainic, Gendreau, Prins 2013, Computers & Operations Research 40, 475-489, take this measure with 0.2).

    Parameters
    ----------
    ms
        Ticks that a ms of driving costs, on average: so much a ms of waiting counts, times the weight.
    """
    key = near_cost + WAITING * ms * np.where(said.barred == 3, LAST_MS, said.wait_ms)
    return np.argsort(np.where(close < 0, np.inf, key), axis=1, kind="stable")


def _pairs(ways: NDArray[np.int32], close: NDArray[np.int32]) -> Iterator[tuple[NDArray[np.bool_], Places, Places]]:
    """Yield for each pair of modes which stops and neighbours have it, and the places of both."""
    for i, j in product(range(ways.shape[1]), repeat=2):
        a, b = np.broadcast_to(ways[:, i][:, None], close.shape), ways[close, j]
        has = (a >= 0) & (b >= 0) & (close >= 0)
        yield has, a[has], b[has]
