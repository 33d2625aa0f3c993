"""GraphML files as osmnx writes and reads them."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import ParseError

import networkx as nx

from faults import Fault, SourceError
from network.exchange import from_networkx, to_networkx
from network.profiles import VehicleProfile
from network.streets import StreetNetwork

KNOWN_BY = "© OpenStreetMap contributors"


def read_graphml(path: Path) -> StreetNetwork:
    """Return the network in a GraphML file.

    Raises
    ------
    SourceError
        ``file-not-found``, or ``file-unreadable`` if it is not GraphML in osmnx's conventions.
    InputError
        What :func:`network.from_graph.from_networkx` finds wrong with the graph in it.
    """
    import osmnx

    path = Path(path)
    if not path.is_file():
        raise SourceError(
            Fault(
                code="file-not-found",
                place=str(path),
                cause="there is no such file",
                action="check the name; it is relative to the scenario file",
            )
        )
    try:
        _refuse_entities(path)
        graph = osmnx.load_graphml(path)
    except (nx.NetworkXException, ParseError, ValueError, KeyError, AttributeError, UnicodeDecodeError) as error:
        raise SourceError(
            Fault(
                code="file-unreadable",
                place=str(path),
                cause=f"this is not GraphML as osmnx writes it ({error})",
                action="save the graph with osmnx.save_graphml",
            )
        ) from error
    return from_networkx(
        graph,
        source=str(graph.graph.get("source") or path.name),
        date=str(graph.graph.get("date") or graph.graph.get("created_date", "")),
        licence=str(graph.graph.get("licence") or "ODbL-1.0"),
        attribution=str(graph.graph.get("attribution") or KNOWN_BY),
    )


def _refuse_entities(path: Path) -> None:
    """Refuse a file that declares a document type, which is where entities come from; GraphML needs none."""
    with path.open("rb") as file:
        if b"<!DOCTYPE" in file.read(100_000):
            raise ValueError("it declares a DOCTYPE, and entities are refused for safety")


def write_graphml(network: StreetNetwork, path: Path, *, profile: VehicleProfile | None = None) -> None:
    """Write a network as GraphML that osmnx reads.

    Parameters
    ----------
    profile
        Only what it may use, with ``speed_kph`` and ``travel_time``.
    """
    import osmnx

    graph = to_networkx(network, profile)
    for *_, edge in graph.edges(data=True):
        if "geometry" in edge:  # written out here, because shapely rounds the last digit
            points = ", ".join(f"{x!r} {y!r}" for x, y in edge["geometry"].coords)
            edge["geometry"] = f"LINESTRING ({points})"
    osmnx.save_graphml(graph, Path(path))
