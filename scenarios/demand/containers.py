"""Where containers should stand so that people are near one on foot, and how many stand there.

Candidates are the middles of street pieces where a truck may stop. Sites are chosen one after the other, each time the
one that brings most people within reach who have none yet (greedy covering; at most 1 + ln n times as many sites as
would be needed, Chvatal 1979, Mathematics of Operations Research 4(3):233-235). People who live farther than that from
every candidate are brought to their nearest one. Then each site moves to the candidate from which those who use it
walk least together, none of them farther than before allowed. When a number of sites is wished for instead of a
distance, the distance that needs about so many is searched for.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.profiles import VehicleProfile
from network.streets import StreetNetwork
from network.walking import nearest, pairs_within
from scenarios.demand.pieces import PIECE_M, Pieces, middles

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
WALK_LIMIT_M = 5000.0  # farther than an hour's walk counts as no way
GROWTH = 1.5  # sites fall about with this power of the distance (between 1, a line, and 2, a plane)
NEAR_ENOUGH = 0.02  # share of the number of sites wished for
PROBES = 12
MOVES = 3
CHOICES = 20  # candidates looked at for each site wished for


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Who lives where, and where a container may stand.

    ``lived`` are pieces of street with people, ``door_m`` their mean metres from door to street; ``candidates`` are
    pieces where a truck may stop.
    """

    network: StreetNetwork
    walker: VehicleProfile
    pieces: Pieces
    lived: IntArray
    people: FloatArray
    door_m: FloatArray
    candidates: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """Which candidates are near whom: pairs (positions into lived and candidates, metres from door to container)."""

    who: IntArray
    site: IntArray
    metres: FloatArray
    nearest: IntArray  # of each who, -1 for none
    nearest_m: FloatArray
    sites: IntArray  # the candidates looked at, as pieces


def sites_within(settlement: Settlement, spacing_m: float) -> IntArray:
    """Return pieces for containers so that nobody walks farther than the spacing, where that can be."""
    reach = _reach(settlement, spacing_m, len(settlement.candidates))
    return reach.sites[_centred(settlement, reach, spacing_m, _cover(settlement, reach, spacing_m))]


def about_so_many(settlement: Settlement, count: int, spacing_m: float) -> IntArray:
    """Return pieces for about so many container sites, walking distances as short as that allows.

    Parameters
    ----------
    spacing_m
        Where the search for the distance begins.
    """
    most = count * CHOICES
    needed = len(_cover(settlement, _reach(settlement, spacing_m, most), spacing_m))
    while True:
        spacing_m = min(WALK_LIMIT_M, 1.3 * spacing_m * (max(needed, 1) / count) ** (1 / GROWTH))
        reach = _reach(settlement, spacing_m, most)
        best = _cover(settlement, reach, spacing_m)
        needed = len(best)
        if needed <= count or spacing_m == WALK_LIMIT_M:
            break
    low, high, limit_m = 0.0, spacing_m, spacing_m
    for _ in range(PROBES):
        if abs(len(best) - count) <= NEAR_ENOUGH * count:
            break
        guess = limit_m * (len(best) / count) ** (1 / GROWTH)
        probe = guess if low < guess < high else (low + high) / 2
        sites = _cover(settlement, reach, probe)
        low, high = (low, probe) if len(sites) <= count else (probe, high)
        if abs(len(sites) - count) < abs(len(best) - count):
            best, limit_m = sites, probe
    return reach.sites[_centred(settlement, reach, limit_m, best)]


def _reach(settlement: Settlement, limit_m: float, most: int) -> _Reach:
    """Measure who is near which candidate; candidates are thinned to a quarter of the limit and to so many at most."""
    step = max(1, round(limit_m / 4 / PIECE_M), -(-len(settlement.candidates) // most))
    sites = settlement.candidates[::step]
    at_home, at_site = middles(settlement.pieces, settlement.lived), middles(settlement.pieces, sites)
    pairs = pairs_within(settlement.network, settlement.walker, at_home, at_site, limit_m=limit_m)
    index, metres = nearest(settlement.network, settlement.walker, at_home, at_site, limit_m=WALK_LIMIT_M)
    return _Reach(
        who=pairs.from_,
        site=pairs.to,
        metres=pairs.metres + settlement.door_m[pairs.from_],
        nearest=index,
        nearest_m=metres + settlement.door_m,
        sites=sites,
    )


def _allowed(reach: _Reach, limit_m: float) -> tuple[IntArray, IntArray, FloatArray]:
    """Return who may use which site, and the metres: all within the limit, else the nearest one; sorted by site."""
    near = reach.metres <= limit_m
    far = np.flatnonzero((reach.nearest >= 0) & (reach.nearest_m > limit_m))
    who = np.concatenate([reach.who[near], far])
    site = np.concatenate([reach.site[near], reach.nearest[far]])
    metres = np.concatenate([reach.metres[near], reach.nearest_m[far]])
    order = np.lexsort((who, site))
    return who[order], site[order], metres[order]


def _cover(settlement: Settlement, reach: _Reach, limit_m: float) -> IntArray:
    """Choose sites greedily until everybody within reach of one has one; positions into ``reach.sites``, in order."""
    who, site, _ = _allowed(reach, limit_m)
    start = np.searchsorted(site, np.arange(len(reach.sites) + 1))
    waiting = settlement.people.copy()
    gain = np.bincount(site, waiting[who], minlength=len(reach.sites))
    heap = [(-value, k) for k, value in enumerate(gain.tolist()) if value > 0]
    heapq.heapify(heap)
    chosen = []
    while heap:
        _, k = heapq.heappop(heap)
        mine = who[start[k] : start[k + 1]]
        value = float(waiting[mine].sum())
        if heap and value < -heap[0][0] - 1e-9:
            if value > 0:
                heapq.heappush(heap, (-value, k))
        elif value > 0:
            chosen.append(k)
            waiting[mine] = 0.0
    return np.sort(np.array(chosen, np.int64))


def _centred(settlement: Settlement, reach: _Reach, limit_m: float, chosen: IntArray) -> IntArray:
    """Move each site to the middle of those who use it, a few times; nobody walks farther than is allowed."""
    who, site, metres = _allowed(reach, limit_m)
    for _ in range(MOVES):
        if not len(chosen):
            break
        used = np.full(len(settlement.lived), -1, np.int64)
        mine = np.flatnonzero(np.isin(site, chosen))
        mine = mine[np.lexsort((site[mine], metres[mine], who[mine]))]
        first = np.flatnonzero(np.r_[True, who[mine][1:] != who[mine][:-1]])
        used[who[mine][first]] = np.searchsorted(chosen, site[mine][first])
        known = used[who] >= 0
        key = used[who[known]] * len(reach.sites) + site[known]
        pairs, which, served = np.unique(key, return_inverse=True, return_counts=True)
        walked = np.bincount(which, (settlement.people[who] * metres)[known], minlength=len(pairs))
        user = pairs // len(reach.sites)
        fits = np.flatnonzero(served == np.bincount(used[used >= 0], minlength=len(chosen))[user])
        order = fits[np.lexsort((pairs[fits], walked[fits], user[fits]))]
        best = order[np.flatnonzero(np.r_[True, user[order][1:] != user[order][:-1]])]
        moved = np.unique(pairs[best] % len(reach.sites))
        if np.array_equal(moved, chosen):
            break
        chosen = moved
    return chosen
