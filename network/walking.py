"""Who is near what: shortest distances along the streets, without times.

Distances are along the streets between the snapped points; the steps from a door to the street are
``Snapped.distance_m`` and are the caller's to add.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from network.graph import street_graph
from network.profiles import VehicleProfile
from network.snap import Snapped
from network.streets import StreetNetwork

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
AT_ONCE_BYTES = 2**26
AT_ONCE_TARGETS = 2000
FAR_M = 600.0  # beyond this one search after the other is quicker


def nearest(
    network: StreetNetwork, profile: VehicleProfile, from_snapped: Snapped, to_snapped: Snapped, *, limit_m: float
) -> tuple[IntArray, FloatArray]:
    """Return for each place the nearest of the others, and the metres to it.

    One search from all of them at once, against the direction of travel.

    Parameters
    ----------
    from_snapped, to_snapped
        Both snapped for this network and profile.
    limit_m
        Nothing farther than this is looked at.

    Returns
    -------
    tuple
        Positions into ``to_snapped`` (-1: none within the limit; the first of those at one spot), and metres (inf).
    """
    graph, origin, target = _backwards(network, profile, from_snapped, to_snapped)
    index, metres = np.full(len(origin), -1, np.int64), np.full(len(origin), np.inf)
    spots, first = np.unique(target, return_index=True)
    spots, first = spots[spots >= 0], first[spots >= 0]
    if len(spots):
        decimetres, _, source = dijkstra(
            graph, indices=spots, limit=limit_m * 10, min_only=True, return_predecessors=True
        )
        here = np.flatnonzero((origin >= 0) & np.isfinite(decimetres[origin]))
        metres[here] = decimetres[origin[here]] / 10
        index[here] = first[np.searchsorted(spots, source[origin[here]])]
    return index, metres


def distances_within(
    network: StreetNetwork, profile: VehicleProfile, from_snapped: Snapped, to_snapped: Snapped, *, limit_m: float
) -> FloatArray:
    """Return metres from each place to each of the others, infinite beyond the limit.

    One search for each distinct target, against the direction of travel and no farther than the limit: made for many
    places and few targets. Memory: 8 bytes a pair, the graph, and about 130 MB at most.

    Parameters
    ----------
    from_snapped, to_snapped
        Both snapped for this network and profile: rows and columns of the result.
    limit_m
        How far to look.
    """
    graph, origin, target = _backwards(network, profile, from_snapped, to_snapped)
    metres = np.full((len(origin), len(target)), np.inf)
    rows, cols = np.flatnonzero(origin >= 0), np.flatnonzero(target >= 0)
    at_once = _rows(graph)
    for block in np.split(cols, range(at_once, len(cols), at_once)):
        if len(block):
            decimetres = dijkstra(graph, indices=target[block], limit=limit_m * 10)
            metres[np.ix_(rows, block)] = decimetres[:, origin[rows]].T / 10
    return metres


class Pairs(NamedTuple):
    """Places near each other: positions into the two groups, sorted by ``to`` and ``from_``, and metres."""

    from_: IntArray
    to: IntArray
    metres: FloatArray


def pairs_within(
    network: StreetNetwork, profile: VehicleProfile, from_snapped: Snapped, to_snapped: Snapped, *, limit_m: float
) -> Pairs:
    """Return the pairs of places no farther apart than the limit.

    As :func:`distances_within`, for many targets: only what is within the limit is kept. Up to ``FAR_M`` all searches
    advance together, one arc at a time. Memory: 24 bytes a pair, and about 200 MB at most.
    """
    graph, origin, target = _backwards(network, profile, from_snapped, to_snapped)
    rows = np.flatnonzero(origin >= 0)
    rows = rows[np.argsort(origin[rows], kind="stable")]
    standing = origin[rows]
    found = [Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    cols = np.flatnonzero(target >= 0)
    search_all, at_once = (_spread, AT_ONCE_TARGETS) if limit_m <= FAR_M else (_search, _rows(graph))
    for block in np.split(cols, range(at_once, len(cols), at_once)):
        search, node, decimetres = search_all(graph, target[block], limit_m * 10)
        first, last = (np.searchsorted(standing, node, side=side) for side in ("left", "right"))
        here = np.repeat(np.arange(len(node)), last - first)
        from_ = rows[np.arange(len(here)) + np.repeat(last - np.cumsum(last - first), last - first)]
        order = np.lexsort((from_, search[here]))
        found.append(Pairs(from_[order], block[search[here]][order], decimetres[here][order] / 10))
    return Pairs(*(np.concatenate(part) for part in zip(*found, strict=True)))


def _spread(graph: csr_array, start: IntArray, limit: float) -> tuple[IntArray, IntArray, FloatArray]:
    """Return what each search reaches within the limit: search, node, distance (Bellman-Ford, all at once)."""
    nodes = graph.shape[0]
    key = np.arange(len(start)) * nodes + start
    far = np.zeros(len(start))
    front_key, front_far = key, far
    while len(front_key):
        at = front_key % nodes
        degree = np.diff(graph.indptr)[at]
        arc = np.repeat(graph.indptr[at] - np.cumsum(degree) + degree, degree) + np.arange(degree.sum())
        next_far = np.repeat(front_far, degree) + graph.data[arc]
        next_key = np.repeat(front_key - at, degree) + graph.indices[arc]
        near = next_far <= limit
        next_key, next_far = _lowest(next_key[near], next_far[near])
        place = np.minimum(np.searchsorted(key, next_key), len(key) - 1)
        known = key[place] == next_key
        better = ~known | (next_far < far[place])
        front_key, front_far = next_key[better], next_far[better]
        far[place[known & better]] = next_far[known & better]
        fresh = ~known
        order = np.argsort(np.concatenate([key, next_key[fresh]]), kind="stable")
        key = np.concatenate([key, next_key[fresh]])[order]
        far = np.concatenate([far, next_far[fresh]])[order]
    return key // nodes, key % nodes, far


def _search(graph: csr_array, start: IntArray, limit: float) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the same by Dijkstra's algorithm, one search after the other."""
    if not len(start):
        return start, start, np.zeros(0)
    far = dijkstra(graph, indices=start, limit=limit)
    search, node = np.nonzero(np.isfinite(far))
    return search, node, far[search, node]


def _rows(graph: csr_array) -> int:
    """Return how many searches fit into the memory allowed."""
    return max(1, AT_ONCE_BYTES // (8 * graph.shape[0]))


def _lowest(key: IntArray, far: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return each key once, in order, with its lowest value."""
    order = np.lexsort((far, key))
    key, far = key[order], far[order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.zeros(0, np.int64)
    return key[first], far[first]


def _backwards(
    network: StreetNetwork, profile: VehicleProfile, from_snapped: Snapped, to_snapped: Snapped
) -> tuple[csr_array, IntArray, IntArray]:
    """Return the graph in decimetres with every arc turned round, and the nodes of the two groups of places."""
    graph = street_graph(
        network,
        profile,
        np.concatenate([from_snapped.segment, to_snapped.segment]),
        np.concatenate([from_snapped.along_m, to_snapped.along_m]),
    )
    turned = graph.weighted().T.tocsr()
    return turned, graph.place[: len(from_snapped)], graph.place[len(from_snapped) :]
