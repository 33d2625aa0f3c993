"""From a networkx graph in osmnx's conventions to a street network.

Two edges that are the two directions of one street (the same ``segment``, or else same ends, same OSM way, same length)
become one segment; an edge alone becomes a one-way segment, unless ``oneway_tag`` says otherwise. Where osmnx has
merged ways it leaves lists of values: the first is taken, and how many is written into the report.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from faults import Fault, InputError
from network.assemble import count_islands
from network.directions import left_hand
from network.geometry import steps_m
from network.graph_extras import ONEWAY, SEGMENT, junction_tags, numbers, report, restrictions
from network.streets import LoadReport, StreetNetwork, TagColumn
from network.tags import MOTORWAY, ROUND
from network.values import column

NOT_TAGS = frozenset(
    {"osmid", "length", "oneway", "reversed", "geometry", "name", "speed_kph", "travel_time", "bearing", "grade"}
    | {"grade_abs", "merged_edges", "from", "to", "id", "key", SEGMENT, ONEWAY}
)
Attributes = Mapping[str, Any]
Line = NDArray[np.float64]


class _Edge(NamedTuple):
    tail: int
    head: int
    attributes: Attributes


def from_networkx(
    graph: nx.MultiDiGraph[Any],
    *,
    source: str = "",
    date: str = "",
    licence: str = "",
    attribution: str = "",
    notes: Sequence[str] = (),
) -> StreetNetwork:
    """Return a street network from a graph in osmnx's conventions.

    Parameters
    ----------
    graph
        Nodes with ``x``, ``y`` in degrees. Ids that are whole numbers are kept, others are numbered.
    source, date, licence, attribution
        Stamp; what is empty is taken from the graph's own attributes of the same name.
    notes
        What to add to the report.

    Raises
    ------
    InputError
        ``graph-without-coordinates``, ``graph-not-in-degrees``, ``graph-without-streets`` or
        ``graph-restrictions-invalid``.
    """
    nodes = _nodes(graph)
    position = {node: k for k, node in enumerate(graph.nodes)}
    edges = [_Edge(position[u], position[v], data) for u, v, data in graph.edges(data=True)]
    streets = numbers([edge.attributes for edge in edges])
    segments, one_way = _segments(edges) if streets is None else _numbered(edges, streets)
    rules, lost = restrictions(graph, None if streets is None else sorted(set(streets)))
    notes = (*notes, *([lost] if lost else []))
    lines = [_line(edge, nodes) for edge in segments]
    merged = sum(isinstance(value, list) for edge in segments for value in edge.attributes.values())
    if merged:
        notes = (*notes, f"{merged} tag values of merged streets: the first of each was taken")
    tags = _tags(segments, one_way)
    points = np.concatenate(lines)
    tail, head = (np.array([end[side] for end in segments], np.int32) for side in (0, 1))
    length = np.array([_length(edge, line) for edge, line in zip(segments, lines, strict=True)])
    islands, islands_m = count_islands(tail, head, length, len(nodes))
    stamp = {"source": source, "date": date, "licence": licence, "attribution": attribution}
    stamp = {key: value or str(graph.graph.get(key, "")) for key, value in stamp.items()}
    network = StreetNetwork(
        junction_id=_ids(graph),
        junction_lon=nodes[:, 0].copy(),
        junction_lat=nodes[:, 1].copy(),
        tail=tail,
        head=head,
        length_m=length,
        way_id=np.array([_whole(_single(edge.attributes.get("osmid", 0))) for edge in segments], np.int64),
        tags=tags,
        name=column([_text(edge.attributes.get("name", "")) for edge in segments]),
        shape_start=np.concatenate([[0], np.cumsum([len(line) for line in lines])]),
        shape_lon=points[:, 0].copy(),
        shape_lat=points[:, 1].copy(),
        box=(*points.min(axis=0).tolist(), *points.max(axis=0).tolist()),
        report=LoadReport(
            ways_read=len({str(edge.attributes.get("osmid")) for edge in segments}),
            islands=islands,
            islands_m=islands_m,
            notes=tuple(notes),
        ),
        source=stamp["source"],
        date=stamp["date"],
        licence=stamp["licence"],
        attribution=stamp["attribution"],
        junction_tags=junction_tags(graph),
        restrictions=rules,
    )
    return _known_sides(network, graph)


def _known_sides(network: StreetNetwork, graph: nx.MultiDiGraph[Any]) -> StreetNetwork:
    """Return the network with its side of traffic and its full report."""
    stated = graph.graph.get("left_hand")
    left, note = left_hand(network) if stated is None else (str(stated) == "True", "")
    made = replace(network.report, notes=(*network.report.notes, *([note] if note else [])))
    return replace(network, left_hand=left, report=report(graph, made))


def _nodes(graph: nx.MultiDiGraph[Any]) -> Line:
    """Return x, y rows of the nodes."""
    if not graph.number_of_edges():
        raise _fault("graph-without-streets", "there are no edges in this graph", "give a graph of streets")
    bare = [node for node, data in graph.nodes(data=True) if "x" not in data or "y" not in data]
    if bare:
        raise _fault(
            "graph-without-coordinates",
            f"{len(bare)} nodes have no x and y, the first is {bare[0]!r}",
            "give every node its longitude as x and its latitude as y, as osmnx does",
        )
    nodes = np.array([(data["x"], data["y"]) for _, data in graph.nodes(data=True)], np.float64)
    if not (np.isfinite(nodes).all() and np.abs(nodes[:, 0]).max() <= 180 and np.abs(nodes[:, 1]).max() <= 90):
        raise _fault(
            "graph-not-in-degrees",
            f"x and y are not longitude and latitude (crs {graph.graph.get('crs', 'not stated')})",
            'project the graph to degrees first: osmnx.project_graph(graph, to_crs="epsg:4326")',
        )
    return nodes


def _fault(code: str, cause: str, action: str) -> InputError:
    return InputError(Fault(code=code, place="graph", cause=cause, action=action))


def _ids(graph: nx.MultiDiGraph[Any]) -> NDArray[np.int64]:
    """Return whole-number ids of the nodes."""
    if all(isinstance(node, int | np.integer) for node in graph.nodes):
        return np.array(list(graph.nodes), np.int64)
    return np.arange(1, len(graph) + 1)


def _segments(edges: Sequence[_Edge]) -> tuple[list[_Edge], list[str]]:
    """Return an edge for each segment, in the direction it was mapped, and its one-way tag ("", "yes", "-1")."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    alone = dict.fromkeys(range(len(edges)))
    keep: dict[int, str] = {}
    for k, (tail, head, data) in enumerate(edges):
        signature = (str(data.get("osmid")), f"{data.get('length', 0.0):.3f}")
        partner = waiting[head, tail, *signature]
        if partner:
            other = partner.pop()
            mapped = k if _single(edges[other].attributes.get("reversed")) is True else other
            keep[mapped] = ""
            del alone[other], alone[k]
        else:
            waiting[tail, head, *signature].append(k)
    for k in alone:
        keep[k] = "-1" if _single(edges[k].attributes.get("reversed")) is True else "yes"
    chosen = [
        edges[k] if keep[k] != "-1" else _Edge(edges[k].head, edges[k].tail, _turned(edges[k].attributes))
        for k in sorted(keep)
    ]
    return chosen, [keep[k] for k in sorted(keep)]


def _numbered(edges: Sequence[_Edge], streets: Sequence[int]) -> tuple[list[_Edge], list[str]]:
    """Return the same where each edge has the number of its street; segments stand in the order of the numbers."""
    chosen: dict[int, _Edge] = {}
    count = Counter(streets)
    for edge, street in zip(edges, streets, strict=True):
        against = _single(edge.attributes.get("reversed")) is True
        if street not in chosen or not against:
            turned = _Edge(edge.head, edge.tail, _turned(edge.attributes))
            chosen[street] = turned if against else edge
    one_way = []
    for street in sorted(chosen):
        attributes = chosen[street].attributes
        alone = "" if count[street] > 1 else "-1" if _single(attributes.get("reversed")) is True else "yes"
        one_way.append(str(attributes.get(ONEWAY, alone)))
    return [chosen[street] for street in sorted(chosen)], one_way


def _turned(attributes: Attributes) -> Attributes:
    """Return the attributes with the geometry in the other direction."""
    geometry = attributes.get("geometry")
    return {**attributes, "geometry": geometry.reverse()} if geometry is not None else attributes


def _line(edge: _Edge, nodes: Line) -> Line:
    """Return the points of an edge, its ends held to the junctions."""
    ends = nodes[[edge.tail, edge.head]]
    geometry = edge.attributes.get("geometry")
    if geometry is None:
        return ends
    return np.concatenate([ends[:1], np.asarray(geometry.coords, np.float64)[1:-1, :2], ends[1:]])


def _length(edge: _Edge, line: Line) -> float:
    """Return the metres stated, else those of the line."""
    stated = edge.attributes.get("length")
    return float(steps_m(line[:, 0], line[:, 1]).sum()) if stated is None else float(stated)


def _tags(segments: Sequence[_Edge], one_way: Sequence[str]) -> dict[str, TagColumn]:
    """Return the columns of all tags; one-way as the edges have it."""
    keys = sorted({key for edge in segments for key in edge.attributes} - NOT_TAGS)
    columns = {key: [_text(edge.attributes.get(key, "")) for edge in segments] for key in keys}
    empty = [""] * len(segments)
    implied = [
        highway in MOTORWAY or junction in ROUND
        for highway, junction in zip(columns.get("highway", empty), columns.get("junction", empty), strict=True)
    ]
    stated = [ONEWAY in edge.attributes for edge in segments]
    columns["oneway"] = [
        way or ("no" if both and not told else "") for way, both, told in zip(one_way, implied, stated, strict=True)
    ]
    return {key: column(values) for key, values in columns.items() if any(values)}


def _single(value: Any) -> Any:
    """Return the first of several values."""
    return (value[0] if value else "") if isinstance(value, list) else value


def _text(value: Any) -> str:
    """Return a tag as OpenStreetMap would write it."""
    value = _single(value)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _whole(value: Any) -> int:
    """Return an OSM id, 0 for anything that is none."""
    return int(value) if isinstance(value, int | np.integer) else 0
