"""Who is near what: shortest distances along the streets, without times.

Distances are along the streets between the snapped points; the steps from a door to the street are
``Snapped.distance_m`` and are the caller's to add.
"""

from __future__ import annotations

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
    at_once = max(1, AT_ONCE_BYTES // (8 * graph.shape[0]))
    for block in np.split(cols, range(at_once, len(cols), at_once)):
        if len(block):
            decimetres = dijkstra(graph, indices=target[block], limit=limit_m * 10)
            metres[np.ix_(rows, block)] = decimetres[:, origin[rows]].T / 10
    return metres


def _backwards(
    network: StreetNetwork, profile: VehicleProfile, from_snapped: Snapped, to_snapped: Snapped
) -> tuple[csr_array, IntArray, IntArray]:
    """Return the graph in decimetres with every arc turned round, and the nodes of the two groups of places."""
    graph = street_graph(
        network,
        profile,
        np.concatenate([from_snapped.segment, to_snapped.segment]),
        np.concatenate([from_snapped.along_m, to_snapped.along_m]),
        shortest=True,
    )
    turned = graph.weighted(graph.arcs.dm).T.tocsr()
    return turned, graph.place[: len(from_snapped)], graph.place[len(from_snapped) :]
