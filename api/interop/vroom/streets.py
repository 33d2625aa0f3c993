"""Matrices and lines of a request from the streets that are served, where it brings none of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from api.interop.avoid import Avoid
from api.interop.extracts import Extract, Use
from api.interop.places import anywhere
from api.interop.polyline import encode
from api.interop.refusal import Refusal
from api.interop.roads import Located, Roads
from api.interop.trace import joined
from api.interop.vehicles import known
from api.interop.vroom.fields import ROUTING, wrong
from api.interop.vroom.nouns import IntArray, Request, Spot, Tables

RADIUS_M = 35_000.0  # what VROOM allows when it asks a router
NO_STREETS = "No streets are served here. Start the service with --streets FILE, or send matrices."


def needed(request: Request) -> frozenset[str]:
    """Return the profiles whose streets a request cannot do without."""
    lacking = {van.profile for van in request.vans if lacks(request, van.profile)}
    return frozenset({van.profile for van in request.vans} if request.options.geometry else lacking)


def lacks(request: Request, profile: str) -> bool:
    """Whether a matrix of a profile is to be had from the streets."""
    table = request.tables.get(profile, Tables())
    priced = any(van.costs.per_km for van in request.vans if van.profile == profile)
    return table.durations is None or (table.distances is None and (request.options.geometry or priced))


def filled(request: Request, extract: Extract | None) -> Request:
    """Return a request whose profiles all have durations and distances.

    Raises
    ------
    Refusal
        2 for a profile that is unknown, 3 for places off the streets or without a way between them.
    """
    tables = dict(request.tables)
    for profile in sorted({van.profile for van in request.vans}):
        table = tables.get(profile, Tables())
        if lacks(request, profile):
            durations, distances = _tables(request, roads(extract, profile))
            table = replace(
                table,
                durations=durations if table.durations is None else table.durations,
                distances=distances if table.distances is None else table.distances,
            )
        if table.distances is None:
            assert table.durations is not None
            table = replace(table, distances=np.zeros_like(table.durations))
        tables[profile] = table
    return replace(request, tables=tables)


def roads(extract: Extract | None, profile: str) -> Roads:
    """Return the streets under a profile of a request.

    Raises
    ------
    Refusal
        2 for a profile that is unknown, 3 where no streets are served.
    """
    vehicle = known(profile)
    if vehicle is None:
        raise wrong(f"Invalid profile: {profile}.")
    if extract is None:
        raise Refusal(ROUTING, NO_STREETS, 500)
    return extract.roads(Use(profile=vehicle, avoid=Avoid()))


def _tables(request: Request, on: Roads) -> tuple[IntArray, IntArray]:
    """Return whole seconds and metres between all places, at the positions that the request gives them."""
    spots = request.spots
    every = range(len(spots))
    durations, distances = on.table(located(on, spots), every, every)
    if len(lost := np.argwhere(np.isnan(durations))):
        where = spots[int(lost[0][0])].lonlat
        assert where is not None
        raise Refusal(ROUTING, f"Unfound route(s) from location [{where[0]:g};{where[1]:g}]", 500)
    at = np.array([spot.index for spot in spots])
    size = int(at.max()) + 1
    return tuple(_spread(table, at, size) for table in (durations, distances))  # type: ignore[return-value]  # two


def _spread(table: NDArray[np.float64], at: NDArray[np.int64], size: int) -> IntArray:
    full = np.zeros((size, size), np.int64)
    full[np.ix_(at, at)] = np.floor(table + 0.5).astype(np.int64)
    return full


def located(on: Roads, spots: Sequence[Spot]) -> Located:
    """Return where places are on the streets.

    Raises
    ------
    Refusal
        3 for a place off the streets.
    """
    lon, lat = np.array([spot.lonlat for spot in spots], np.float64).T
    for k in np.flatnonzero((np.abs(lon) > 180) | (np.abs(lat) > 90))[:1]:
        raise Refusal(ROUTING, f"Invalid coordinate value at location [{lon[k]:g};{lat[k]:g}]", 500)
    places = replace(anywhere(lon, lat, RADIUS_M), approach=tuple(spot.side or "unrestricted" for spot in spots))
    found = on.locate(places)
    for k in found.lost[:1]:
        raise Refusal(ROUTING, f"Could not find route near location [{lon[k]:g};{lat[k]:g}]", 500)
    return found


def line(on: Roads, spots: Sequence[Spot]) -> str | None:
    """Return the way through some places as a polyline; ``None`` if there is no way."""
    apart = [spot for k, spot in enumerate(spots) if not k or spot != spots[k - 1]]
    places = located(on, apart if len(apart) > 1 else [*apart, *apart])
    legs = on.legs(places, range(len(places.snapped)), straight=False, tell=False)
    if legs is None:
        return None
    lon, lat = joined([leg.way for leg in legs])
    return encode(lon, lat, digits=5)
