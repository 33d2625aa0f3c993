"""What stands beside the streets: buildings, addresses, points and places of an OpenStreetMap extract.

Which points are wanted is asked for by key and value; this package does not care what they are good for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from network import extract
from network.area import area
from network.streets import Box, TagColumn
from network.things import Tags, Things, read_things
from network.values import parsed

Floats = NDArray[np.float64]
Wanted = Mapping[str, frozenset[str]]

POINTS: Wanted = MappingProxyType(
    {
        "amenity": frozenset(
            {"recycling", "waste_disposal", "waste_transfer_station", "waste_basket"}
            | {"marketplace", "school", "college", "university", "hospital", "clinic"}
        ),
        "landuse": frozenset({"landfill"}),
        "shop": frozenset({"supermarket", "mall", "scrap_yard", "second_hand"}),
        "industrial": frozenset({"scrap_yard"}),
    }
)
"""Points read unless others are asked for: key -> values."""

SETTLEMENTS: Wanted = MappingProxyType(
    {"place": frozenset({"city", "town", "village", "suburb", "quarter", "neighbourhood", "hamlet"})}
)


@dataclass(frozen=True, kw_only=True)
class Buildings:
    """Outlines drawn as ``building=*``, one row each.

    ``lon``, ``lat`` are centres; ``area_m2`` is the footprint without courtyards; ``levels`` and ``flats``
    are NaN where they are not tagged; ``kind`` is the value of ``building``, ``use`` that of ``amenity``,
    ``shop``, ``office``, ``tourism`` or ``leisure``.
    """

    id: tuple[str, ...]
    lon: Floats
    lat: Floats
    area_m2: Floats
    levels: Floats
    flats: Floats
    kind: TagColumn
    use: TagColumn
    name: TagColumn
    street: TagColumn
    housenumber: TagColumn


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Nodes and areas with a house number; ``street`` falls back on ``addr:place``."""

    id: tuple[str, ...]
    lon: Floats
    lat: Floats
    street: TagColumn
    housenumber: TagColumn
    name: TagColumn
    postcode: TagColumn
    city: TagColumn


@dataclass(frozen=True, kw_only=True)
class Points:
    """Nodes and centres of areas; ``kind`` as "key=value", ``tags`` all they carry."""

    id: tuple[str, ...]
    lon: Floats
    lat: Floats
    kind: tuple[str, ...]
    name: TagColumn
    tags: tuple[Tags, ...]


@dataclass(frozen=True, kw_only=True)
class MapFeatures:
    """What stands beside the streets, stamped with where it came from.

    ``amenities`` are the points asked for, ``places`` named settlements. Ids are "node/1", "way/1",
    "relation/1". ``left_out`` counts by reason: ``not-closed`` (buildings whose outline could not be put
    together).
    """

    buildings: Buildings
    addresses: Addresses
    amenities: Points
    places: Points
    source: str
    date: str
    licence: str
    attribution: str
    left_out: Mapping[str, int]


def read_features(
    path: Path | str,
    *,
    box: Box | None = None,
    boundary: Sequence[ArrayLike] | None = None,
    points: Wanted = POINTS,
) -> MapFeatures:
    """Read buildings, addresses, points and places of an OpenStreetMap file.

    What lies outside the area goes as it streams past; areas count by their centre. Memory: the index of
    nodes (see :mod:`network.extract`) and about 1 kB a building kept.

    Parameters
    ----------
    path
        The file.
    box
        West, south, east, north in degrees.
    boundary
        Rings of lon, lat rows; a ring inside another one is a hole.
    points
        Key -> values of the points wanted.

    Raises
    ------
    SourceError, InputError
        As :func:`network.extract.opened` and :func:`network.area.area`. A file without buildings is no error.
    """
    path = Path(path)
    keys = ("building", "addr:housenumber", "place", *points)
    read = read_things(
        path,
        area(box, boundary),
        keys,
        lambda tags: _is_building(tags) or "addr:housenumber" in tags or bool(_kind(tags, points) or _settlement(tags)),
    )
    return MapFeatures(
        buildings=_buildings(read.things.only(_is_building, areas=True)),
        addresses=_addresses(read.things.only(lambda tags: "addr:housenumber" in tags)),
        amenities=_points(read.things.only(lambda tags: bool(_kind(tags, points))), points),
        places=_points(read.things.only(lambda tags: bool(_settlement(tags))), SETTLEMENTS),
        source=path.name,
        date=read.date,
        licence=extract.LICENCE,
        attribution=extract.ATTRIBUTION,
        left_out={"not-closed": read.not_closed} if read.not_closed else {},
    )


def _is_building(tags: Tags) -> bool:
    return tags.get("building", "no") != "no"


def _kind(tags: Tags, wanted: Wanted) -> str:
    """Return the first of the wanted tags that a thing carries, as "key=value"."""
    return next((f"{key}={tags[key]}" for key, values in wanted.items() if tags.get(key) in values), "")


def _settlement(tags: Tags) -> str:
    return _kind(tags, SETTLEMENTS) if "name" in tags else ""


def _buildings(things: Things) -> Buildings:
    return Buildings(
        id=things.id,
        lon=things.lon,
        lat=things.lat,
        area_m2=things.area_m2,
        levels=parsed(things.column("building:levels"), _count),
        flats=parsed(things.column("building:flats"), _count),
        kind=things.column("building"),
        use=things.column("amenity", "shop", "office", "tourism", "leisure"),
        name=things.column("name"),
        street=things.column("addr:street", "addr:place"),
        housenumber=things.column("addr:housenumber"),
    )


def _count(value: str) -> float:
    """Return a number of levels or flats, NaN where it is none."""
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        return math.nan
    return number if 0 < number < 10_000 else math.nan


def _addresses(things: Things) -> Addresses:
    return Addresses(
        id=things.id,
        lon=things.lon,
        lat=things.lat,
        street=things.column("addr:street", "addr:place"),
        housenumber=things.column("addr:housenumber"),
        name=things.column("name"),
        postcode=things.column("addr:postcode"),
        city=things.column("addr:city"),
    )


def _points(things: Things, wanted: Wanted) -> Points:
    return Points(
        id=things.id,
        lon=things.lon,
        lat=things.lat,
        kind=tuple(_kind(tags, wanted) for tags in things.tags),
        name=things.column("name"),
        tags=things.tags,
    )
