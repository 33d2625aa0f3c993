"""Streets from OpenStreetMap online, through osmnx: a place by name, a box or an outline.

Names are looked up by Nominatim, streets are fetched from Overpass; both are public services run on donations, so an
extract from a file is the better way for anything large or done often. osmnx keeps its choices in global settings:
they are set for one fetch and put back, also what it changes in the name look-up of the whole program.

All classes that any profile may use are fetched, whatever their access, with barriers, signals and the like at nodes.
What osmnx does not bring: turn restrictions, and ferries left out are not counted.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import networkx as nx
import requests
from shapely import MultiPolygon, Polygon
from shapely import box as rectangle

from faults import Fault, SourceError
from network.exchange import from_networkx
from network.extract import ATTRIBUTION, LICENCE
from network.keys import CLASSES, KEYS, NODE_KEYS, NODE_MARKS, node_tag_matters
from network.streets import Box, StreetNetwork

FILTER = f'["highway"~"^({"|".join(sorted(CLASSES))})$"]["area"!~"^yes$"]'
NOTE = "fetched through osmnx, which brings no turn restrictions: turns forbidden by sign are not known"
BUSY = frozenset({429, 504})  # too many requests; no free slot
TRIES = 3
_ONE_AT_A_TIME = threading.Lock()


def read_place(
    place: str | Box | Polygon | MultiPolygon, *, cache: Path | None = None, timeout_s: float = 180.0
) -> StreetNetwork:
    """Fetch the streets of a place.

    Parameters
    ----------
    place
        A name as one would type it into a map ("Kibera, Nairobi"), a box (west, south, east, north) or an outline, in
        degrees.
    cache
        Folder to keep the answers in; without one every call asks again.
    timeout_s
        How long a service may take to answer.

    Raises
    ------
    SourceError
        ``osm-unreachable`` (no connection), ``osm-busy`` (the service refused three times), ``osm-refused`` (it
        answered with something else), ``place-unknown``, ``place-without-streets``.
    """
    import osmnx

    name = "the outline given" if isinstance(place, Polygon | MultiPolygon) else str(place)
    tries = _Tries(name)
    settings = {
        "useful_tags_way": list(KEYS),
        "useful_tags_node": list(NODE_KEYS),
        "use_cache": cache is not None,
        "cache_folder": str(cache),
        "http_user_agent": f"mzunguko/{version('mzunguko')}",
        "http_referer": "",
        "requests_timeout": timeout_s,
        "requests_kwargs": {"hooks": {"response": tries.count}},
        "overpass_rate_limit": False,  # one query a place: a busy service answers 429, which is counted
        "doh_url_template": None,
    }
    with _settings(osmnx, settings), _faults(name):
        raw = _streets(osmnx, name, _outline(osmnx, place))
    return from_networkx(
        raw,
        source=f"OpenStreetMap, {name}",
        date=str(raw.graph["created_date"]),
        licence=LICENCE,
        attribution=ATTRIBUTION,
        notes=(NOTE,),
    )


def _outline(osmnx: Any, place: str | Box | Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    """Return the outline of a place."""
    if isinstance(place, Polygon | MultiPolygon):
        return place
    if not isinstance(place, str):
        return rectangle(*place)
    try:
        return osmnx.geocode_to_gdf(place).geometry.union_all()  # type: ignore[no-any-return]
    except (osmnx._errors.InsufficientResponseError, TypeError) as error:  # noqa: SLF001 - has no public name
        raise _fault(
            "place-unknown",
            place,
            f"OpenStreetMap knows no area of this name ({error})",
            "check the spelling, add the region or country, or give a box instead",
        ) from error


def _streets(osmnx: Any, name: str, outline: Polygon | MultiPolygon) -> nx.MultiDiGraph[Any]:
    """Return the streets in an outline, one edge from junction to junction, never merged across ways."""
    try:
        raw = osmnx.graph_from_polygon(
            outline, simplify=False, retain_all=True, truncate_by_edge=True, custom_filter=FILTER
        )
        _only_what_matters(raw)
        found: nx.MultiDiGraph[Any] = osmnx.simplify_graph(
            raw, node_attrs_include=NODE_MARKS, edge_attrs_differ=["osmid"]
        )
    except osmnx._errors.ResponseStatusCodeError:  # noqa: SLF001 - a ValueError as well, but not this fault
        raise
    except ValueError as error:
        raise _fault(
            "place-without-streets",
            name,
            f"OpenStreetMap has no streets there ({error})",
            "check the place on openstreetmap.org, or give a larger box",
        ) from error
    return found


def _only_what_matters(raw: nx.MultiDiGraph[Any]) -> None:
    """Take the tags away by which a node would end a street without need."""
    for _, node in raw.nodes(data=True):
        for key in NODE_MARKS:
            if key in node and not node_tag_matters(key, node[key]):
                del node[key]


class _Tries:
    """Counts how often a service said that it is busy: osmnx itself would ask for ever."""

    def __init__(self, place: str) -> None:
        self.place, self.refused = place, 0

    def count(self, response: requests.Response, **_: Any) -> None:
        """Give up after a few refusals."""
        self.refused += response.status_code in BUSY
        if self.refused >= TRIES:
            raise _fault(
                "osm-busy",
                self.place,
                f"the service is busy: it answered {response.status_code} {TRIES} times",
                "try again later, or use an extract from a file",
            )


@contextmanager
def _faults(place: str) -> Iterator[None]:
    """Turn what the network or a service does into faults."""
    try:
        yield
    except (requests.ConnectionError, requests.Timeout) as error:
        raise _fault(
            "osm-unreachable",
            place,
            "OpenStreetMap's services cannot be reached",
            "check the connection to the internet, or use an extract from a file (streets.file)",
        ) from error
    except (requests.RequestException, ValueError, KeyError) as error:
        raise _fault(
            "osm-refused",
            place,
            f"OpenStreetMap's service answered with an error ({error})",
            "try again later, or use an extract from a file (streets.file)",
        ) from error


def _fault(code: str, place: str, cause: str, action: str) -> SourceError:
    return SourceError(Fault(code=code, place=place, cause=cause, action=action))


@contextmanager
def _settings(osmnx: Any, wanted: dict[str, Any]) -> Iterator[None]:
    """Set osmnx's global settings and put everything back."""
    with _ONE_AT_A_TIME:
        before = {name: getattr(osmnx.settings, name) for name in wanted}
        look_up = socket.getaddrinfo
        try:
            for name, value in wanted.items():
                setattr(osmnx.settings, name, value)
            yield
        finally:
            for name, value in before.items():
                setattr(osmnx.settings, name, value)
            socket.getaddrinfo = look_up
