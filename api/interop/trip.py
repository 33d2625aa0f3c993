"""The order of a trip: the asymmetric travelling salesman over one table of times.

Up to ``EXACT`` places the best order is found by dynamic programming over sets of places (Held and Karp); above that,
farthest insertion, then chains of up to three places are moved, and orders reversed, while it gets better (Or-opt and
2-opt; a chain keeps or turns its direction, and the asymmetric costs of turned parts are counted in full). A trip of
others' interfaces has no vehicle, load or shift, and so is not posed as a rounds problem.

An open trip is a closed one with a free way from its end to its start; fixed ends are a forced way between them.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
EXACT = 11
CHAIN = 3
GAIN = 1e-4  # seconds; less is rounding
FAR = 1e7  # seconds that stand for no way: longer than any trip, and short enough to be added exactly


def order(seconds: FloatArray, *, roundtrip: bool, first: bool, last: bool) -> list[int] | None:
    """Return the places in a good order, or nothing where no trip visits all.

    Parameters
    ----------
    seconds
        From each place to each other, NaN or infinite where there is no way.
    roundtrip
        Whether it comes back to where it started.
    first, last
        Whether the first place is the start, the last one the end.

    Notes
    -----
    The order begins with the first place if that is the start or nothing is fixed, and ends with the last if that is
    the end.
    """
    count = len(seconds)
    cost = np.where(np.isfinite(seconds), seconds, FAR)
    np.fill_diagonal(cost, 0.0)
    if not roundtrip:
        if last:
            cost[count - 1, :] = 0.0
        if first:
            cost[:, 0] = 0.0
    if first and last and count > 1:
        cost = _forced(cost)
    tour = _exact(cost) if count <= EXACT else _improved(cost, _inserted(cost))
    start = tour.index(0) if first or not last else (tour.index(count - 1) + 1) % count
    tour = tour[start:] + tour[:start]
    legs = [*pairwise(tour), *([(tour[-1], tour[0])] if roundtrip else [])]
    return tour if all(np.isfinite(seconds[a, b]) for a, b in legs if a != b) else None


def _forced(cost: FloatArray) -> FloatArray:
    """Forbid every way out of the last place, and into the first, but that between them."""
    last = len(cost) - 1
    between = cost[last, 0]
    cost = cost.copy()
    cost[last, :last], cost[1:last, 0] = FAR, FAR
    cost[last, 0] = between
    return cost


def _exact(cost: FloatArray) -> list[int]:
    """Return the best tour; ``best[s, j]`` is the cheapest way from place 0 through the set ``s`` to its ``j``."""
    count = len(cost)
    if count < 3:
        return list(range(count))
    inner = count - 1
    best = np.full((1 << inner, inner), np.inf)
    before = np.zeros((1 << inner, inner), np.intp)
    best[1 << np.arange(inner), np.arange(inner)] = cost[0, 1:]
    for visited in range(1, 1 << inner):
        for end in (j for j in range(inner) if visited >> j & 1 and visited != 1 << j):
            ways = best[visited ^ (1 << end)] + cost[1:, end + 1]
            before[visited, end] = int(np.argmin(ways))
            best[visited, end] = ways[before[visited, end]]
    visited, tour = (1 << inner) - 1, [0]
    end = int(np.argmin(best[visited] + cost[1:, 0]))
    while visited:
        tour.append(end + 1)
        visited, end = visited ^ (1 << end), int(before[visited, end])
    return [0, *tour[:0:-1]]


def _inserted(cost: FloatArray) -> list[int]:
    """Return the tour to which always the farthest place left is added where it costs least."""
    tour, left = [0], set(range(1, len(cost)))
    while left:
        near = np.minimum(cost[tour, :].min(axis=0), cost[:, tour].min(axis=1))
        place = max(left, key=lambda j: (near[j], -j))
        left.remove(place)
        onward = [*tour[1:], tour[0]]
        added = cost[tour, place] + cost[place, onward] - cost[tour, onward]
        tour.insert(int(np.argmin(added)) + 1, place)
    return tour


def _improved(cost: FloatArray, tour: list[int]) -> list[int]:
    """Return a tour that no move of a chain and no reversal makes shorter."""
    better: list[int] | None = tour
    while better is not None:
        tour = better
        better = _moved(cost, tour) or _reversed(cost, tour)
    return tour


def _moved(cost: FloatArray, tour: list[int]) -> list[int] | None:
    """Return the tour with one chain moved to where it saves most."""
    count = len(tour)
    best, result = -GAIN, None
    for size in range(1, CHAIN + 1):
        for at in range(count):
            turned = [tour[(at + k) % count] for k in range(count)]
            chain, rest = turned[:size], turned[size:]
            places = np.array(rest)
            after = np.r_[places[1:], places[:1]]
            away = cost[rest[-1], rest[0]] - cost[rest[-1], chain[0]] - cost[chain[-1], rest[0]]
            for piece in (chain, chain[::-1]):
                inside = sum(cost[a, b] for a, b in pairwise(piece)) - sum(cost[a, b] for a, b in pairwise(chain))
                added = cost[places, piece[0]] + cost[piece[-1], after] - cost[places, after]
                where = int(np.argmin(added[:-1]))  # behind the last is where it was
                if away + inside + added[where] < best:
                    best = away + inside + added[where]
                    result = [*rest[: where + 1], *piece, *rest[where + 1 :]]
    return result


def _reversed(cost: FloatArray, tour: list[int]) -> list[int] | None:
    """Return the tour with one part turned round that saves most, the whole costs of the turned part counted."""
    places = np.array([*tour, tour[0]])
    ahead = np.r_[0, np.cumsum(cost[places[:-1], places[1:]])]
    back = np.r_[0, np.cumsum(cost[places[1:], places[:-1]])]
    i, j = np.triu_indices(len(tour), 1)
    i, j = i[i > 0], j[i > 0]  # the part from i to j, never the start
    gain = (
        cost[places[i - 1], places[j]]
        + cost[places[i], places[j + 1]]
        + (back[j] - back[i])
        - cost[places[i - 1], places[i]]
        - cost[places[j], places[j + 1]]
        - (ahead[j] - ahead[i])
    )
    if not len(gain) or gain.min() >= -GAIN:
        return None
    where = int(np.argmin(gain))
    a, b = int(i[where]), int(j[where])
    return [*tour[:a], *tour[a : b + 1][::-1], *tour[b + 1 :]]
