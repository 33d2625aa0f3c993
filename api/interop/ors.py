"""openrouteservice's matrix and directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from api.interop.avoid import Avoid
from api.interop.extracts import Extract, Use
from api.interop.numbers import degrees, rounded, with_tables
from api.interop.ors_body import (
    DIRECTIONS,
    MATRIX,
    NO_POINT,
    NO_ROUTE,
    VALUE,
    Body,
    DirectionsBody,
    MatrixBody,
    Options,
)
from api.interop.ors_metadata import metadata
from api.interop.places import Places, anywhere
from api.interop.refusal import Refusal
from api.interop.roads import Located, Roads
from api.interop.table_text import table
from api.interop.trace import Trace
from api.interop.vehicles import known
from network.profiles import VehicleProfile

Json = dict[str, Any]
RADIUS_M = 350.0  # the original's, where none is given
MATRIX_RADIUS_M = 2000.0
FEATURES: Mapping[str, str] = {
    "highways": "motorway",
    "tollways": "toll",
    "ferries": "ferry",
    "fords": "ford",
    "steps": "steps",
}
UNITS: Mapping[str, tuple[float, int]] = {"m": (1.0, 2), "km": (0.001, 5), "mi": (1 / 1609.344, 5)}  # factor, decimals
SIZES: Mapping[str, str] = {
    "length": "length_m",
    "width": "width_m",
    "height": "height_m",
    "weight": "weight_t",
    "axleload": "axle_load_t",
}


def matrix(extract: Extract, word: str, body: MatrixBody) -> str:
    """Answer a table as JSON.

    Raises
    ------
    Refusal
        6003, 6010.
    """
    roads = extract.roads(_use(word, body.options, MATRIX))
    lon, lat = np.array(body.locations).T
    places = anywhere(lon, lat, MATRIX_RADIUS_M)
    located = _located(roads, places, MATRIX)
    sources, destinations = (_chosen(name, getattr(body, name), len(places)) for name in ("sources", "destinations"))
    seconds, metres = roads.table(located, sources, destinations)
    factor, digits = UNITS[body.units]
    tables = [("durations", table(seconds, 2))] if "duration" in body.metrics else []
    tables += [("distances", table(metres * factor, digits))] if "distance" in body.metrics else []
    made: Json = {
        "sources": [_location(roads, located, k, named=body.resolve_locations) for k in sources],
        "destinations": [_location(roads, located, k, named=body.resolve_locations) for k in destinations],
        "metadata": described(roads, "matrix", body, {"profile": word, "responseType": "json"}),
    }
    return with_tables(made, tables)


def drive(extract: Extract, word: str, body: DirectionsBody) -> tuple[Roads, list[Trace]]:
    """Return the legs through the places of a request, and the streets they run on.

    Raises
    ------
    Refusal
        2003, 2009, 2010.
    """
    use = _use(word, body.options, DIRECTIONS)
    if body.maximum_speed is not None:
        use = replace(use, profile=replace(use.profile, kmh_cap=min(use.profile.kmh_cap, body.maximum_speed)))
    roads = extract.roads(use)
    located = _located(roads, _places(body), DIRECTIONS)
    every = range(len(body.coordinates))
    legs = roads.legs(located, every, straight=body.continue_straight, tell=body.instructions)
    if legs is None:
        message = "Route could not be found - Unable to find a route between the given points."
        raise Refusal(DIRECTIONS + NO_ROUTE, message, 404)
    return roads, legs


def _use(word: str, options: Options, base: int) -> Use:
    profile = known(word)
    if profile is None:
        raise Refusal(base + VALUE, f"Parameter 'profile' has incorrect value of '{word}'.")
    return Use(profile=_sized(profile, options), avoid=_avoid(options))


def _sized(profile: VehicleProfile, options: Options) -> VehicleProfile:
    """Return the profile with the sizes of a request."""
    given = options.profile_params.restrictions
    sizes = {ours: value for name, ours in SIZES.items() if (value := getattr(given, name)) is not None}
    return replace(profile, **sizes) if sizes else profile


def _avoid(options: Options) -> Avoid:
    area = options.avoid_polygons
    areas: Any = (area.coordinates,) if area.type == "Polygon" else area.coordinates
    return Avoid(classes=frozenset(FEATURES[name] for name in options.avoid_features), areas=areas if area.type else ())


def _places(body: DirectionsBody) -> Places:
    """Return the places of a request with their radiuses and bearings."""
    lon, lat = np.array(body.coordinates).T
    radiuses = list(body.radiuses) or [RADIUS_M]
    if len(radiuses) not in {1, len(lon)}:
        raise _wrong("radiuses", "The number of radiuses must be equal to the number of waypoints on the route.")
    radius = np.where(np.array(radiuses) < 0, np.inf, np.array(radiuses))
    places = anywhere(lon, lat, radius if len(radiuses) > 1 else radius[0])
    if not body.bearings:
        return places
    if len(body.bearings) not in {len(lon), len(lon) - 1} or any(len(pair) > 2 for pair in body.bearings):
        raise _wrong("bearings", "The number of bearings must be equal to the number of waypoints on the route.")
    pairs = [*body.bearings, ()][: len(lon)]
    return replace(
        places,
        bearing_deg=np.array([pair[0] if pair and pair[0] >= 0 else np.nan for pair in pairs]),
        spread_deg=np.array([pair[1] if len(pair) > 1 else 100.0 for pair in pairs]),
    )


def _wrong(name: str, why: str) -> Refusal:
    return Refusal(DIRECTIONS + VALUE, f"Parameter '{name}' has incorrect value or format. {why}")


def _located(roads: Roads, places: Places, base: int) -> Located:
    located = roads.locate(places)
    for k in located.lost[:1]:
        message = (
            f"Could not find routable point within a radius of {float(places.radius_m[k])} meters of specified "
            f"coordinate {k}: {places.lon[k]:.7f} {places.lat[k]:.7f}."
        )
        raise Refusal(base + NO_POINT, message, 404)
    return located


def _chosen(name: str, given: Sequence[int], count: int) -> list[int]:
    if not given or tuple(given) == (-1,):
        return list(range(count))
    if not all(0 <= k < count for k in given):
        raise Refusal(MATRIX + VALUE, f"Parameter '{name}' has incorrect value or format.")
    return list(given)


def _location(roads: Roads, located: Located, place: int, *, named: bool) -> Json:
    snapped = located.snapped
    made: Json = {
        "location": degrees(snapped.lon[place], snapped.lat[place]),
        "snapped_distance": rounded(snapped.distance_m[place], 2),
    }
    name = roads.name(int(snapped.segment[place]))
    return {**made, "name": name} if named and name else made


def described(roads: Roads, service: str, body: Body, more: Mapping[str, str]) -> Json:
    """Return what an answer says of itself and of the streets it comes from."""
    network = roads.network
    return metadata(service, body, more, attribution=network.attribution, date=network.date)
