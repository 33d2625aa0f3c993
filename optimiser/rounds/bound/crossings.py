"""Crossing cuts: parts of the town that legs cross into and out of too seldom.

The ways of arriving and leaving fall into *places* (the same name, or no metre between them). A part is a set of
places without the depots and the sites. Let ``m`` be how many required stops arrive inside and leave outside or the
other way round, ``k`` the least trips for the load of the required stops that touch it. A vehicle comes back to where
it set out from, so crossings by legs and by stops together are even, and at least ``2 k``:

    legs that cross >= max(2 k - m, 1 if m is odd else 0)

Parts that some stop may or may not cross (optional, chosen, or by its way) are not looked at. Candidates are single
places, parts that used legs hold together, parts grown place by place, and the least cuts between places by used legs
in the order of a flow tree (Gusfield 1990, SIAM J. Comput. 19; for the least with an odd ``m``: Padberg, Rao 1982,
Mathematics of Operations Research 7).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from optimiser.rounds.bound.cuts import BROKEN, Crossing, Cutting, crosses
from optimiser.rounds.bound.kinds import legs
from optimiser.rounds.bound.master import Master, Relaxed, add_row
from optimiser.rounds.bound.scene import Scene
from optimiser.rounds.problem import RoundsProblem

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

WHOLE = 100_000  # flows become whole numbers
MOST = 20  # added at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Places, and what is where; ``leave`` and ``arrive`` are by kind, for the rows and the columns of its scene.

    Parameters
    ----------
    into, out, of
        Places of every way of every required stop, and which of them it is.
    share
        By required stop the share of a trip that it takes.
    still
        Pairs of places that must be on the same side: of whatever is not required.
    outside
        Places of depots and sites.
    """

    size: int
    leave: tuple[Ints, ...]
    arrive: tuple[Ints, ...]
    into: Ints
    out: Ints
    of: Ints
    share: Floats
    still: Ints
    outside: Ints


def town(of: Master, problem: RoundsProblem, required: Collection[int], needs: Floats) -> Town:
    """Return the places of a master's scenes; ``needs`` as in :class:`~optimiser.rounds.bound.cuts.Cutting`."""
    names = [_names(scene, problem) for scene in of.scenes]
    place = _places(of, names)
    leave = [np.array([place["leave", name] for name in out]) for out, _ in names]
    arrive = [np.array([place["arrive", name] for name in into]) for _, into in names]
    order = {stop: k for k, stop in enumerate(sorted(required))}
    ways, still, outside = list[tuple[int, int, int]](), list[tuple[int, int]](), set[int]()
    for scene, out, into in zip(of.scenes, leave, arrive, strict=True):
        for row, (a, b) in enumerate(zip(into.tolist(), out.tolist(), strict=True)):
            if row < scene.rows and (at := order.get(int(scene.stop_of[row]))) is not None:
                ways.append((at, a, b))
                continue
            still.append((a, b))
            outside |= {a, b} if row >= scene.rows else set()
    told = np.array(sorted(set(ways)), dtype=np.int64).reshape(-1, 3)
    return Town(
        size=1 + max(place.values(), default=-1),
        leave=tuple(leave),
        arrive=tuple(arrive),
        into=told[:, 1],
        out=told[:, 2],
        of=told[:, 0],
        share=np.array([needs[stop] for stop in order]),
        still=np.array(still, dtype=np.int64).reshape(-1, 2),
        outside=np.array(sorted(outside), dtype=np.int64),
    )


def _names(scene: Scene, problem: RoundsProblem) -> tuple[list[str], list[str]]:
    """Return the names of a scene's rows and columns."""
    ways = [mode for stop in dict.fromkeys(scene.stop_of.tolist()) for mode in problem.stops[stop].modes]
    tips = [mode for site in scene.kind.sites for mode in site.modes]
    vehicle = scene.kind.vehicle
    return (
        [*(mode.leave for mode in (*ways, *tips)), vehicle.start],
        [*(mode.arrive for mode in (*ways, *tips)), vehicle.end],
    )


def _places(of: Master, names: list[tuple[list[str], list[str]]]) -> dict[tuple[str, str], int]:
    """Return the place of every way of leaving and of arriving."""
    known = {key: k for k, key in enumerate(sorted({(what, n) for one in names for what, n in _keys(one)}))}
    pairs = [(known["leave", n], known["arrive", n]) for what, n in known if what == "leave" and ("arrive", n) in known]
    for scene, (out, into) in zip(of.scenes, names, strict=True):
        leaves, arrives = sorted(set(out)), sorted(set(into))
        _, dm = legs(scene.kind, leaves, arrives)
        pairs += [(known["leave", leaves[i]], known["arrive", arrives[j]]) for i, j in np.argwhere(dm == 0).tolist()]
    links = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    graph = csr_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(len(known), len(known)))
    label = connected_components(graph, directed=False)[1]
    return {key: int(label[k]) for key, k in known.items()}


def _keys(names: tuple[list[str], list[str]]) -> Iterator[tuple[str, str]]:
    yield from (("leave", name) for name in names[0])
    yield from (("arrive", name) for name in names[1])


def least_crossings(known: Town, part: Bools) -> int:
    """Return how many legs cross into or out of a part at least; 0 if nothing can be said."""
    if (part[known.still[:, 0]] != part[known.still[:, 1]]).any() or not len(known.share):
        return 0
    over = (part[known.into] != part[known.out]).astype(np.int64)
    count = len(known.share)
    most, fewest = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.int64)
    np.maximum.at(most, known.of, over)
    np.minimum.at(fewest, known.of, over)
    if (most != fewest).any():
        return 0
    crossed = int(most.sum())
    sides = part[known.outside]
    if sides.any() and not sides.all():
        return crossed % 2
    inside = ~part if sides.all() and len(sides) else part
    touched = np.ones(count, dtype=np.int64)
    np.minimum.at(touched, known.of, (inside[known.into] | inside[known.out]).astype(np.int64))
    trips = ceil(float(known.share[touched > 0].sum()) - 1e-6) or int(touched.any())
    return max(2 * trips - crossed, crossed % 2)


def cut_crossings(of: Master, cutting: Cutting, known: Town, relaxed: Relaxed) -> int:
    """Add the crossing cuts that a solution breaks; return how many."""
    flow = np.zeros((known.size, known.size))
    for p in np.flatnonzero(relaxed.use > 1e-6).tolist():
        trip = of.trips[p]
        np.add.at(
            flow,
            (known.leave[trip.kind][trip.path[:-1]], known.arrive[trip.kind][trip.path[1:]]),
            relaxed.use[p],
        )
    for one, amount in zip(of.fixed, relaxed.fixed.tolist(), strict=True):
        if one.path is not None:
            flow[known.leave[one.kind][one.path[0]], known.arrive[one.kind][one.path[1]]] += amount
    both = flow + flow.T
    np.fill_diagonal(both, 0.0)
    found = {}
    for part in (*_parts(both), *_grown(both, known)):
        broken = least_crossings(known, part) - float(both[np.ix_(part, ~part)].sum())
        if broken > BROKEN:
            found[(part if not part[0] else ~part).tobytes()] = broken
    chosen = sorted(found, key=lambda key: (-found[key], key))[:MOST]
    for key in chosen:
        _add(of, cutting, known, np.frombuffer(key, dtype=bool))
    return len(chosen)


def _add(of: Master, cutting: Cutting, known: Town, part: Bools) -> None:
    line = Crossing(
        row=len(of.low), leave=tuple(part[p] for p in known.leave), arrive=tuple(part[p] for p in known.arrive)
    )
    add_row(
        of,
        float(least_crossings(known, part)),
        inf,
        {p: crosses(line, trip.kind, trip.path) for p, trip in enumerate(of.trips)},
        {k: crosses(line, one.kind, one.path) for k, one in enumerate(of.fixed) if one.path is not None},
    )
    cutting.crossings.append(line)


def _grown(both: Floats, known: Town) -> Iterator[Bools]:
    """Yield parts grown from each place along the legs and the stops that lead out of them most."""
    pull = both.copy()
    _, first = np.unique(known.of, return_index=True)
    np.add.at(pull, (known.into[first], known.out[first]), 1.0)
    np.add.at(pull, (known.out[first], known.into[first]), 1.0)
    np.fill_diagonal(pull, 0.0)
    free = np.ones(len(both), dtype=bool)
    free[known.outside] = False
    for seed in np.flatnonzero(free).tolist():
        part = np.arange(len(both)) == seed
        drawn = pull[seed].copy()
        while True:
            left = np.where(free & ~part & (drawn > 1e-6), drawn - 1e-3 * (pull @ ~part), -inf)
            k = int(left.argmax())
            if left[k] == -inf:
                break
            part = part.copy()
            part[k] = True
            drawn += pull[k]
            yield part


def _parts(both: Floats) -> Iterator[Bools]:
    """Yield parts that few used legs cross: single places, parts that hang together, cuts between two places."""
    size = len(both)
    for k in range(size):
        yield np.arange(size) == k
    for least in (0.0, 0.25, 0.5):
        count, label = connected_components(csr_array((both > least + 1e-6).astype(np.int8)), directed=False)
        for c in range(count):
            yield label == c
    whole = csr_array(np.rint(both * WHOLE).astype(np.int32))
    parent = np.zeros(size, dtype=np.int64)
    for s in range(1, size):
        t = int(parent[s])
        flow = maximum_flow(whole, s, t).flow
        left = csr_array(((whole - flow) > 0).astype(np.int8))
        part = np.zeros(size, dtype=bool)
        part[breadth_first_order(left, s, return_predecessors=False)] = True
        parent[part & (parent == t) & (np.arange(size) != s)] = s
        yield part
