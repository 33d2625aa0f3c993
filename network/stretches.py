"""Stretches of street: segments put together where the street simply goes on, and cut into parts of a handy length.

Two segments that meet are one stretch if they have the same name and class and may be driven in the same directions,
no third of that name and class meets them there, and

* no other street does either (a bend, a path that crosses, a change of some tag), or
* one of the two is a short piece of a named street.

A barrier on the junction parts them. A stretch has a direction: the one in which more of its metres were mapped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from network.streets import StreetNetwork

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Stretches:
    """Chains of directed segments; every chosen segment is in exactly one.

    Parameters
    ----------
    start, directed
        Stretch ``k`` is ``directed[start[k]:start[k + 1]]``, directed segments in the order they are driven.
    begin_m
        Of each of ``directed``: metres from the beginning of the first stretch of all, one after the other.
    position
        Of each segment of the network: where it stands in ``directed``, -1 for those in no stretch.
    """

    network: StreetNetwork
    start: Ints
    directed: Ints
    begin_m: Floats
    position: Ints

    def __len__(self) -> int:
        """Return the number of stretches."""
        return len(self.start) - 1

    @property
    def from_m(self) -> Floats:
        """Where each stretch begins, on the scale of ``begin_m``."""
        return self.begin_m[self.start[:-1]]

    @property
    def length_m(self) -> Floats:
        """Length of each stretch."""
        metres = self.network.length_m[self.directed >> 1]
        return np.add.reduceat(metres, self.start[:-1]) if len(self) else np.zeros(0)


def stretches(network: StreetNetwork, chosen: Bools, open_: Bools, *, streets: Bools, short_m: float) -> Stretches:
    """Put the chosen segments together.

    Parameters
    ----------
    chosen
        Which segments are wanted.
    open_
        For each directed segment whether anybody who matters may drive it.
    streets
        Which segments count as streets where it is asked whether another one meets the two; the chosen ones do.
    short_m
        A named piece shorter than this goes with its neighbour of the same name across other streets too.
    """
    following = _cut_rings(network, chosen, _following(network, chosen, open_, streets | chosen, short_m))
    return _chained(network, chosen, following)


def _following(network: StreetNetwork, chosen: Bools, open_: Bools, streets: Bools, short_m: float) -> Ints:
    """Return for each directed segment the one that it goes on into, -1 where it ends."""
    at = np.stack([network.tail, network.head], axis=-1).ravel().astype(np.int64)  # where each directed one begins
    arm = np.flatnonzero(np.repeat(chosen & (network.tail != network.head), 2))
    kind = network.name.codes.astype(np.int64) * len(network.tag("highway").values) + network.tag("highway").codes
    order = arm[np.lexsort((kind[arm >> 1], at[arm]))]
    same = (at[order][1:] == at[order][:-1]) & (kind[order >> 1][1:] == kind[order >> 1][:-1])
    first = np.flatnonzero(same & ~np.r_[False, same[:-1]] & ~np.r_[same[1:], False])  # two of a kind, and no third
    a, b = order[first], order[first + 1]
    arms = np.bincount(at[np.repeat(streets, 2)], minlength=network.junctions)
    alone = arms[at[a]] == 2
    metres = np.minimum(network.length_m[a >> 1], network.length_m[b >> 1])
    short = (metres < short_m) & (network.name.codes[a >> 1] > 0)
    free = (network.junction_tag("barrier").codes == 0) & (network.junction_tag("clipped").codes == 0)
    alike = (open_[a ^ 1] == open_[b]) & (open_[a] == open_[b ^ 1])
    joined = (alone | short) & alike & free[at[a]] & (a >> 1 != b >> 1)
    following = np.full(2 * network.segments, -1, np.int64)
    following[a[joined] ^ 1], following[b[joined] ^ 1] = b[joined], a[joined]
    return following


def _cut_rings(network: StreetNetwork, chosen: Bools, following: Ints) -> Ints:
    """Cut chains that come back to where they begin: before the segment of each with the lowest way and node."""
    links = np.flatnonzero(following >= 0)
    pairs = (np.ones(len(links), np.int8), (links >> 1, following[links] >> 1))
    part = connected_components(csr_array(pairs, shape=(network.segments,) * 2), directed=False)[1]
    members = np.bincount(part[chosen], minlength=network.segments)
    joints = np.bincount(part[links >> 1], minlength=network.segments) // 2
    ring = np.flatnonzero(chosen & (joints[part] == members[part]))
    ring = ring[np.lexsort((network.junction_id[network.tail[ring]], network.way_id[ring]))]
    _, first = np.unique(part[ring], return_index=True)
    cut = following.copy()
    begin = 2 * ring[first]
    cut[following[begin ^ 1] ^ 1] = -1
    cut[begin ^ 1] = -1
    return cut


def _chained(network: StreetNetwork, chosen: Bools, following: Ints) -> Stretches:
    """Put the chains in order, each in one of its two directions (list ranking by doubling of the pointers)."""
    driven = np.flatnonzero(np.repeat(chosen, 2))
    every = np.arange(2 * network.segments)
    joined = following[every ^ 1]
    before = np.where(joined >= 0, joined ^ 1, every)  # the first of a chain points to itself
    rank = (before != every).astype(np.int64)
    while True:
        further = before[before]
        if np.array_equal(further, before):
            break
        rank = rank + rank[before]
        before = further
    root = before[driven]
    mapped = np.bincount(root, np.where(driven & 1, 0.0, network.length_m[driven >> 1]), minlength=len(every))
    chain = _chains(driven, root, len(every))
    ends = np.where(every & 1, network.head[every >> 1], network.tail[every >> 1])
    roots = np.unique(root)
    ways = network.way_id[roots >> 1]
    best = np.lexsort((roots & 1, ways, network.junction_id[ends[roots]], -mapped[roots], chain[roots]))
    wanted = roots[best][np.flatnonzero(np.r_[True, np.diff(chain[roots[best]]) != 0])] if len(roots) else roots
    taken = np.zeros(len(every), bool)
    taken[wanted] = True
    kept = taken[root]
    order = np.lexsort((rank[driven[kept]], chain[root[kept]]))
    directed = driven[kept][order]
    start = np.flatnonzero(np.r_[True, np.diff(chain[root[kept][order]]) != 0, True]) if len(directed) else np.zeros(1)
    metres = network.length_m[directed >> 1]
    position = np.full(network.segments, -1, np.int64)
    position[directed >> 1] = np.arange(len(directed))
    return Stretches(
        network=network,
        start=start.astype(np.int64),
        directed=directed,
        begin_m=np.cumsum(metres) - metres,
        position=position,
    )


def _chains(driven: Ints, root: Ints, size: int) -> Ints:
    """Return for each root the lowest segment of its chain, the same for both of its directions."""
    lowest = np.full(size, size, np.int64)
    np.minimum.at(lowest, root, driven >> 1)
    return lowest
