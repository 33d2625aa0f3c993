"""OSRM's HTTP interface, version 1: route, table, nearest, trip, match."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from api.interop import trip as trips
from api.interop.numbers import degrees, significant, with_tables
from api.interop.osrm_match import match
from api.interop.osrm_query import Query
from api.interop.osrm_route import route
from api.interop.refusal import Refusal
from api.interop.roads import Located, Roads
from api.interop.table_text import table
from api.interop.trace import Trace, merged
from api.interop.vehicles import mode
from network.geometry import metres_between

Json = dict[str, Any]
Answer = Json | str
FAILED = "Could not find a matching segment for coordinate"


def answer(roads: Roads, query: Query) -> Answer:
    """Answer a request; a table comes as JSON already written.

    Raises
    ------
    Refusal
        ``NoSegment``, ``NoRoute``, ``NoTrips``, ``NoMatch``, ``NotImplemented``.
    """
    return _SERVICES[query.service](roads, query)


def _route(roads: Roads, query: Query) -> Answer:
    located = _located(roads, query)
    every = range(len(query.places))
    legs = _driven(roads, located, every, straight=_straight(roads, query), tell=query.flag("steps"))
    made: Json = {"code": "Ok", "routes": [route(_between(legs, query), query, mode(roads.profile))]}
    return made | _waypoints(roads, query, located)


def _straight(roads: Roads, query: Query) -> bool:
    """Whether a vehicle goes on in the direction in which it came to a place between."""
    given = query.options.get("continue_straight", "default")
    return roads.profile.movement == "drive" if given == "default" else bool(given)


def _between(legs: Sequence[Trace], query: Query) -> list[Trace]:
    """Return the legs between those places that are to be stops."""
    stops = query.options.get("waypoints") or range(len(legs) + 1)
    return [merged(legs[a:b]) for a, b in pairwise(stops)]


def _driven(roads: Roads, located: Located, order: Sequence[int], *, straight: bool, tell: bool) -> list[Trace]:
    legs = roads.legs(located, order, straight=straight, tell=tell)
    if legs is None:
        raise Refusal("NoRoute", "Impossible route between points")
    return legs


def _located(roads: Roads, query: Query) -> Located:
    located = roads.locate(query.places)
    if len(located.lost):
        where = "" if query.service == "nearest" else f" {located.lost[0]}"
        raise Refusal("NoSegment", f"{FAILED}{where}")
    return located


def _waypoints(roads: Roads, query: Query, located: Located) -> Json:
    if query.flag("skip_waypoints"):
        return {}
    return {"waypoints": [_waypoint(roads, located, k) for k in range(len(query.places))]}


def _waypoint(roads: Roads, located: Located, place: int) -> Json:
    snapped = located.snapped
    return {
        "location": degrees(snapped.lon[place], snapped.lat[place]),
        "name": roads.name(int(snapped.segment[place])),
        "distance": significant(snapped.distance_m[place]),
    }


def _table(roads: Roads, query: Query) -> Answer:
    located = _located(roads, query)
    sources, destinations = (
        list(query.options.get(name) or range(len(query.places))) for name in ("sources", "destinations")
    )
    seconds, metres = roads.table(located, sources, destinations)
    made: Json = {"code": "Ok"}
    if "fallback_speed" in query.options:
        made["fallback_speed_cells"] = _filled(query, located, (sources, destinations), seconds, metres)
    seconds *= query.options.get("scale_factor", 1)
    asked = query.options.get("annotations", ("duration",))
    tables = [("durations", table(seconds, 1))] if "duration" in asked else []
    tables += [("distances", table(metres, 1))] if "distance" in asked else []
    if not query.flag("skip_waypoints"):
        made["sources"] = [_waypoint(roads, located, k) for k in sources]
        made["destinations"] = [_waypoint(roads, located, k) for k in destinations]
    return with_tables(made, tables)


def _filled(
    query: Query, located: Located, which: tuple[list[int], list[int]], seconds: Any, metres: Any
) -> list[list[int]]:
    """Put straight lines where there is no way; return their cells."""
    rows, columns = np.nonzero(np.isnan(seconds))
    from_, to = (np.array(ends, np.intp)[at] for ends, at in zip(which, (rows, columns), strict=True))
    ends = located.snapped if query.options.get("fallback_coordinate") == "snapped" else query.places
    straight = metres_between(ends.lon[from_], ends.lat[from_], ends.lon[to], ends.lat[to])
    metres[rows, columns] = straight
    seconds[rows, columns] = straight / query.options["fallback_speed"]
    return list(np.stack([rows, columns], axis=-1).tolist())


def _nearest(roads: Roads, query: Query) -> Answer:
    if query.flag("skip_waypoints"):
        return {"code": "Ok"}
    found = roads.nearest(query.places, query.options.get("number", 1))
    if any(not len(located.snapped) for located in found):
        raise Refusal("NoSegment", FAILED)
    waypoints = [
        [
            _waypoint(roads, located, k) | {"nodes": roads.ends(int(located.snapped.segment[k]))}
            for k in range(len(located.snapped))
        ]
        for located in found
    ]
    return {"code": "Ok", "waypoints": waypoints if len(waypoints) > 1 else waypoints[0]}


def _trip(roads: Roads, query: Query) -> Answer:
    roundtrip = query.flag("roundtrip", default=True)
    first = query.options.get("source") == "first"
    last = query.options.get("destination") == "last"
    if not (roundtrip or first or last):
        raise Refusal("NotImplemented", "This request is not supported")
    located = _located(roads, query)
    every = list(range(len(query.places)))
    seconds, _ = roads.table(located, every, every)
    order = trips.order(seconds, roundtrip=roundtrip, first=first, last=last)
    if order is None:
        raise Refusal("NoTrips", "No trip visiting all destinations possible.")
    driven = [*order, order[0]] if roundtrip else order
    legs = _driven(roads, located, driven, straight=False, tell=query.flag("steps"))
    made: Json = {"code": "Ok", "trips": [route(legs, query, mode(roads.profile))]}
    if not query.flag("skip_waypoints"):
        rank = {place: at for at, place in enumerate(order)}
        made["waypoints"] = [
            {"waypoint_index": rank[k], "trips_index": 0} | _waypoint(roads, located, k) for k in every
        ]
    return made


_SERVICES: Mapping[str, Callable[[Roads, Query], Answer]] = {
    "route": _route,
    "table": _table,
    "nearest": _nearest,
    "trip": _trip,
    "match": match,
}
