"""To and from networkx, in osmnx's conventions.

A ``MultiDiGraph`` with ``crs`` "epsg:4326"; nodes are OSM ids with ``x``, ``y``; an edge for each direction a street
may be driven in, with ``osmid``, ``length`` (metres), ``oneway`` and ``reversed`` (the edge runs against the direction
the street was mapped in), the tags that are there, and ``geometry`` where the street is not straight. What osmnx has no
word for stands beside (:mod:`network.graph_extras`), so that a network comes back as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from shapely import LineString

from network.directions import signed
from network.from_graph import from_networkx
from network.graph_extras import ONEWAY, SEGMENT, extras, tags_by_row
from network.profiles import VehicleProfile
from network.streets import StreetNetwork
from network.tags import Usability, usable

__all__ = ["from_networkx", "to_networkx"]

Bools = NDArray[np.bool_]


def to_networkx(network: StreetNetwork, profile: VehicleProfile | None = None) -> nx.MultiDiGraph[int]:
    """Return the network as osmnx would.

    Parameters
    ----------
    profile
        Who drives: only edges it may use, with ``speed_kph`` and ``travel_time`` (seconds, unrounded). Without one,
        every street in the directions its ``oneway`` tag allows; in both, where it allows none ("reversible").
    """
    stamp = {key: getattr(network, key) for key in ("source", "date", "licence", "attribution")}
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326", simplified=True, **stamp, **extras(network))
    ids = network.junction_id.tolist()
    tags = tags_by_row(network.junction_tags, network.junctions)
    places = zip(ids, network.junction_lon.tolist(), network.junction_lat.tolist(), tags, strict=True)
    graph.add_nodes_from((node, {**some, "x": x, "y": y}) for node, x, y, some in places)
    graph.add_edges_from(_edges(network, ids, usable(network, profile) if profile else None))
    return graph


def _edges(network: StreetNetwork, ids: list[int], use: Usability | None) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Give an edge for each segment and direction."""
    forward, backward = (use.forward, use.backward) if use else _drawn(network)
    columns = {key: column for key, column in network.tags.items() if key != "oneway"}
    tags = tags_by_row(columns | {"name": network.name}, network.segments)
    oneway = network.tag("oneway").strings()
    for s in np.flatnonzero(forward | backward).tolist():
        metres = float(network.length_m[s])
        shared: dict[str, Any] = {
            **tags[s],
            "osmid": int(network.way_id[s]),
            "length": metres,
            "oneway": not (forward[s] and backward[s]),
        }
        shared |= {SEGMENT: s, ONEWAY: oneway[s]}
        line = network.shape(s)
        tail, head = ids[network.tail[s]], ids[network.head[s]]
        if forward[s]:
            timed = _timed(metres, use.forward_kmh[s]) if use else {}
            yield tail, head, {**shared, **timed, "reversed": False, **_geometry(line)}
        if backward[s]:
            timed = _timed(metres, use.backward_kmh[s]) if use else {}
            yield head, tail, {**shared, **timed, "reversed": True, **_geometry(line[::-1])}


def _timed(metres: float, kmh: float) -> dict[str, float]:
    """Return speed and time of an edge."""
    return {"speed_kph": float(kmh), "travel_time": metres * 3.6 / float(kmh)}


def _geometry(line: NDArray[np.float64]) -> dict[str, LineString]:
    """Return the geometry of a street that is not straight."""
    return {"geometry": LineString(line)} if len(line) > 2 else {}


def _drawn(network: StreetNetwork) -> tuple[Bools, Bools]:
    """Return in which directions each street is drawn when nobody in particular drives."""
    along, against = signed(network)
    neither = ~along & ~against
    return along | neither, against | neither
