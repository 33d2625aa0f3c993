"""Subset-row cuts: three stops of which more than one trip, in fractions, serves two each."""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.bound.compiled import inner, kernel
from optimiser.rounds.bound.cuts import BROKEN, MOST_BITS, Cutting, Triple, seconds, stops_of_all, used_stops
from optimiser.rounds.bound.master import Master, Relaxed, add_row

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST = 20  # added at a time
OFTEN = 4  # cuts added at a time with the same stop


def cut_triples(of: Master, cutting: Cutting, relaxed: Relaxed) -> int:
    """Add subset-row cuts, or let more stops remember those there are."""
    stops, weight = used_stops(of, relaxed)
    rows = sorted({i for visited in stops for i in visited} & set(of.rows.stop))
    at = {i: k for k, i in enumerate(rows)}
    visits = np.zeros((len(rows), len(stops)), dtype=np.int64)
    for p, visited in enumerate(stops):
        for i in visited:
            if i in at:
                visits[at[i], p] += 1
    known = {cut.stops: cut for cut in cutting.triples}
    often, added = dict.fromkeys(rows, 0), 0
    live = sum(relaxed.price[cut.row] < -1e-9 for cut in cutting.triples)
    most = min(MOST, MOST_BITS - live)
    for triple in broken_triples(visits, weight, BROKEN).tolist():
        group = frozenset(rows[k] for k in triple)
        if added >= MOST or any(often[i] >= OFTEN for i in group) or (group not in known and most <= 0):
            continue
        memory = _memory(stops, group)
        if group in known and memory <= known[group].memory:
            continue
        for i in group:
            often[i] += 1
        added += 1
        most -= group not in known
        _remember(of, cutting, known.get(group), group, memory)
    return added


def _remember(of: Master, cutting: Cutting, known: Triple | None, group: frozenset[int], memory: set[int]) -> None:
    """Add a subset-row cut, or widen the memory of one."""
    if known is None:
        held = {p: float(seconds(visited, group, memory)) for p, visited in enumerate(stops_of_all(of))}
        row = add_row(of, -inf, 1.0, {p: amount for p, amount in held.items() if amount})
        cutting.triples.append(Triple(row=row, stops=group, memory=memory))
        return
    known.memory |= memory
    for p, visited in enumerate(stops_of_all(of)):
        amount = float(seconds(visited, group, known.memory))
        if amount:
            of.solver.changeCoeff(known.row, len(of.fixed) + p, amount)


def _memory(stops: list[list[int]], group: frozenset[int]) -> set[int]:
    """Return the stops that must remember a cut so that the solution breaks it."""
    memory = set(group)
    for visited in stops:
        since: set[int] | None = None
        for stop in visited:
            if stop in group:
                if since is not None:
                    memory |= since
                    since = None
                else:
                    since = set()
            elif since is not None:
                since.add(stop)
    return memory


@inner
def _served_twice(visits: Ints, weight: Floats, i: int, j: int, k: int) -> float:
    """Return the trips that serve two of three, one that serves four of them twice; ``k`` -1: whatever is the third."""
    total = 0.0
    for p in range(visits.shape[1]):
        total += weight[p] * ((visits[i, p] + visits[j, p] + (visits[k, p] if k >= 0 else 1)) // 2)
    return total


@kernel
def broken_triples(visits: Ints, weight: Floats, least: float) -> Ints:
    """Return the triples of rows of ``visits`` that break their cut by ``least`` or more, the most broken first."""
    n = len(visits)
    found, broken = [(0, 0, 0)], [0.0]
    for i in range(n):
        for j in range(i + 1, n):
            if _served_twice(visits, weight, i, j, -1) <= 1 + least:
                continue
            for k in range(j + 1, n):
                total = _served_twice(visits, weight, i, j, k)
                if total > 1 + least:
                    found.append((i, j, k))
                    broken.append(total)
    order = np.argsort(-np.array(broken[1:]))
    triples = np.empty((len(order), 3), dtype=np.int64)
    for q in range(len(order)):
        for c in range(3):
            triples[q, c] = found[1 + order[q]][c]
    return triples
