"""Which pieces of street lie how far from the nearest of some places, in bands of metres; without times or turns.

Between two knots (junctions or places) of a segment one walks back to the first or on to the second, whichever is
shorter altogether. So every stretch falls into two parts, and each part is cut where a limit is used up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from network.component import component
from network.graph import street_graph
from network.profiles import VehicleProfile
from network.snap import Snapped
from network.streets import StreetNetwork
from network.tags import usable

FloatArray = NDArray[np.float64]


class Band(NamedTuple):
    """Pieces of segments, ``from_m`` nearer to the places than ``to_m``; metres from the tail."""

    segment: NDArray[np.int64]
    from_m: FloatArray
    to_m: FloatArray


class _Parts(NamedTuple):
    """Parts of stretches: where they begin, -1 back or +1 on, metres to a place from there, and how long they are."""

    segment: NDArray[np.int64]
    start: FloatArray
    sign: FloatArray
    far: FloatArray
    long: FloatArray


def bands(
    network: StreetNetwork, profile: VehicleProfile, places: Snapped, limits: Sequence[float]
) -> tuple[Band, ...]:
    """Return the pieces from which one gets to the nearest place within each limit, and not within the one before.

    Parameters
    ----------
    places
        Snapped for this network and profile; the steps from the street to the place count.
    limits
        Metres, ascending.
    """
    parts = _parts(network, profile, places, max(limits, default=0.0))
    found = []
    for low, high in zip((0.0, *limits), limits, strict=False):
        begin, end = np.clip(low - parts.far, 0, parts.long), np.clip(high - parts.far, 0, parts.long)
        here = end > begin
        edge = parts.start[here], parts.sign[here]
        found.append(Band(parts.segment[here], *(edge[0] + edge[1] * s[here] for s in (begin, end))))
    return tuple(found)


def _parts(network: StreetNetwork, profile: VehicleProfile, places: Snapped, limit: float) -> _Parts:
    use = usable(network, profile)
    whole = np.flatnonzero(component(network, use))
    graph = street_graph(network, profile, places.segment, places.along_m)
    turned = graph.weighted().T.tocsr()
    far = np.full(graph.nodes, np.inf)
    on = np.flatnonzero(graph.place >= 0)
    for k in on:
        far = np.minimum(far, dijkstra(turned, indices=graph.place[k], limit=10 * limit) / 10 + places.distance_m[k])
    segment = np.concatenate([whole, whole, places.segment[on]]).astype(np.int64)
    at = np.concatenate([np.zeros(len(whole)), network.length_m[whole], places.along_m[on]])
    cost = far[np.concatenate([network.tail[whole], network.head[whole], graph.place[on]])]
    order = np.lexsort((at, segment))
    a, b = order[:-1], order[1:]
    same = segment[a] == segment[b]
    a, b = a[same], b[same]
    back = np.where(use.backward[segment[a]], cost[a], np.inf)
    ahead = np.where(use.forward[segment[a]], cost[b], np.inf)
    near = np.isfinite(back) | np.isfinite(ahead)
    a, b, back, ahead = a[near], b[near], back[near], ahead[near]
    long = at[b] - at[a]
    meet = np.clip((ahead + long - back) / 2, 0, long)
    return _Parts(
        segment=np.concatenate([segment[a], segment[a]]),
        start=np.concatenate([at[a], at[b]]),
        sign=np.repeat([1.0, -1.0], len(a)),
        far=np.concatenate([back, ahead]),
        long=np.concatenate([meet, long - meet]),
    )
