"""Rounded capacity cuts: sets of stops that trips go into too seldom.

Sets are grown from each stop along the legs that are used most.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.bound.cuts import BROKEN, Cutting, Entry, goes_into, stops_of_all, used_stops
from optimiser.rounds.bound.master import Master, Relaxed, add_row

Floats = NDArray[np.float64]

MOST = 12  # added at a time


def cut_entries(of: Master, cutting: Cutting, relaxed: Relaxed) -> int:
    """Add rounded capacity cuts."""
    stops, weight = used_stops(of, relaxed)
    members = np.flatnonzero(cutting.needs > 0)
    at = {int(i): k for k, i in enumerate(members)}
    flow = np.zeros((len(members), len(members)))
    visits = np.zeros(len(members))
    for visited, x in zip(stops, weight.tolist(), strict=True):
        places = [at.get(i, -1) for i in visited]
        for k in places:
            if k >= 0:
                visits[k] += x
        for a, b in pairwise(places):
            if a >= 0 and b >= 0:
                flow[a, b] += x
    known = {cut.stops for cut in cutting.entries}
    found: dict[frozenset[int], float] = {}
    for broken, chosen in _grown_sets(flow, visits, cutting.needs[members]):
        group = frozenset(members[list(chosen)].tolist())
        if group not in known:
            found[group] = broken
    for group in sorted(found, key=lambda g: (-found[g], sorted(g)))[:MOST]:
        low = float(ceil(cutting.needs[list(group)].sum() - 1e-6))
        held = {p: float(goes_into(visited, group)) for p, visited in enumerate(stops_of_all(of))}
        row = add_row(of, low, inf, {p: amount for p, amount in held.items() if amount})
        cutting.entries.append(Entry(row=row, stops=group))
    return min(len(found), MOST)


def _grown_sets(flow: Floats, visits: Floats, needs: Floats) -> Iterator[tuple[float, list[int]]]:
    """Yield sets that trips go into too seldom, grown from each stop along the most used legs."""
    both = flow + flow.T
    for seed in range(len(needs)):
        chosen, left = [seed], np.ones(len(needs), dtype=bool)
        left[seed] = False
        pull, within, need, visited = (
            both[seed].copy(),
            float(flow[seed, seed]),
            float(needs[seed]),
            float(visits[seed]),
        )
        while True:
            broken = ceil(need - 1e-6) - (visited - within)
            if broken > BROKEN:
                yield broken, list(chosen)
            candidates = np.flatnonzero(left & (pull > 1e-6))
            if not len(candidates):
                break
            k = int(candidates[np.argmax(pull[candidates] - 1e-6 * candidates)])
            within += float(pull[k] + flow[k, k])
            need, visited = need + float(needs[k]), visited + float(visits[k])
            chosen.append(k)
            left[k] = False
            pull += both[k]
