"""Nodes and areas of an extract with their tags, their centres and their ground area."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import osmium
from numpy.typing import NDArray
from osmium.osm import Area as Outline
from osmium.osm import Node, TagList, Way

from network import extract
from network.area import Area
from network.geometry import rings
from network.streets import TagColumn
from network.values import column

Floats = NDArray[np.float64]
Tags = Mapping[str, str]
MARGIN_DEGREES = 0.01  # 1.1 km: how far the centre of an area may lie from its first corner


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """Things on the map: ids as "node/1", "way/1", "relation/1"; ``area_m2`` is 0 for nodes."""

    id: tuple[str, ...]
    lon: Floats
    lat: Floats
    area_m2: Floats
    tags: tuple[Tags, ...]

    def only(self, wanted: Callable[[Tags], bool], *, areas: bool = False) -> Things:
        """Return the things whose tags are wanted; areas only, if so asked."""
        rows = [row for row, tags in enumerate(self.tags) if wanted(tags) and not (areas and self.id[row][0] == "n")]
        return self._rows(np.array(rows, np.int64))

    def within(self, area: Area) -> Things:
        """Return the things whose centre lies in the area."""
        return self if area.everywhere else self._rows(np.flatnonzero(area.contains(self.lon, self.lat)))

    def _rows(self, rows: NDArray[np.int64]) -> Things:
        return Things(
            id=tuple(self.id[row] for row in rows),
            lon=self.lon[rows],
            lat=self.lat[rows],
            area_m2=self.area_m2[rows],
            tags=tuple(self.tags[row] for row in rows),
        )

    def column(self, *keys: str) -> TagColumn:
        """Return the value of the first of these keys that each thing carries."""
        return column(next((tags[key] for key in keys if key in tags), "") for tags in self.tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Things read, how many outlines could not be closed, and the day of the data."""

    things: Things
    not_closed: int
    date: str


def read_things(path: Path, area: Area, keys: tuple[str, ...], wanted: Callable[[Tags], bool]) -> Read:
    """Read the nodes and areas that carry one of the keys, whose tags are wanted and whose centre is in the area."""
    west, south, east, north = area.bounds
    margin = MARGIN_DEGREES
    bounds = (west - margin) * 1e7, (south - margin) * 1e7, (east + margin) * 1e7, (north + margin) * 1e7
    found = _Found(bounds=bounds, wanted=wanted)
    with extract.opened(path) as places:
        for node in cast("Iterator[Node]", extract.objects(path, osmium.osm.NODE, places, *keys)):
            found.add_node(node)
        for item in extract.areas(path, places, *keys):
            if isinstance(item, Way):
                found.count(item)
            else:
                found.add_area(item)
    not_closed = max(0, found.outlines - found.closed)
    return Read(things=found.things().within(area), not_closed=not_closed, date=extract.date_of(path, found.newest))


@dataclass(slots=True, kw_only=True)
class _Found:
    """What is gathered while the file streams past: nodes as rings of one corner."""

    bounds: tuple[float, float, float, float]  # in 1e-7 degrees
    wanted: Callable[[Tags], bool]
    outlines: int = 0
    closed: int = 0
    newest: str = ""
    id: list[str] = field(default_factory=list)
    tags: list[Tags] = field(default_factory=list)
    x: array[int] = field(default_factory=lambda: array("i"))
    y: array[int] = field(default_factory=lambda: array("i"))
    corners: array[int] = field(default_factory=lambda: array("i"))  # of each ring
    thing: array[int] = field(default_factory=lambda: array("i"))  # that the ring belongs to
    sign: array[int] = field(default_factory=lambda: array("b"))  # -1 for a courtyard

    def add_node(self, node: Node) -> None:
        """Keep a node if it is wanted."""
        x, y = node.location.x, node.location.y
        if node.location.valid() and self._near(x, y) and self.wanted(tags := _plain(node.tags)):
            self._begin(f"node/{node.id}", tags, node.timestamp.isoformat())
            self._ring([(x, y)], 1)

    def count(self, way: Way) -> None:
        """Count an outline that should come back as an area."""
        if "building" in way.tags and len(way.nodes):
            corner = way.nodes[0]
            self.outlines += corner.x == extract.UNDEFINED or self._near(corner.x, corner.y)

    def add_area(self, outline: Outline) -> None:
        """Keep an area if it is wanted."""
        outer = list(outline.outer_rings())
        if not outer or not self._near(outer[0][0].x, outer[0][0].y):
            return
        tags = _plain(outline.tags)
        self.closed += outline.from_way() and "building" in tags
        if not self.wanted(tags):
            return
        kind = "way" if outline.from_way() else "relation"
        self._begin(f"{kind}/{outline.orig_id()}", tags, outline.timestamp.isoformat())
        for ring in outer:
            self._ring([(node.x, node.y) for node in ring], 1)
            for hole in outline.inner_rings(ring):
                self._ring([(node.x, node.y) for node in hole], -1)

    def _near(self, x: int, y: int) -> bool:
        west, south, east, north = self.bounds
        return west <= x <= east and south <= y <= north

    def _begin(self, id: str, tags: Tags, time: str) -> None:  # noqa: A002 - the map's own word
        self.id.append(id)
        self.tags.append(tags)
        self.newest = max(self.newest, time if time > "1970-01-02" else "")

    def _ring(self, corners: list[tuple[int, int]], sign: int) -> None:
        self.x.extend([x for x, _ in corners])
        self.y.extend([y for _, y in corners])
        self.corners.append(len(corners))
        self.thing.append(len(self.id) - 1)
        self.sign.append(sign)

    def things(self) -> Things:
        """Return centres and areas; of several rings, centres weigh by area, courtyards count against."""
        thing, count = np.array(self.thing, np.int64), len(self.id)
        start = np.concatenate([[0], np.cumsum(np.array(self.corners, np.int64))])
        area, lon, lat = rings(np.array(self.x) / 1e7, np.array(self.y) / 1e7, start)
        first = np.searchsorted(thing, np.arange(count))  # rings of a thing follow each other
        signed = area * np.array(self.sign, np.int64)
        total = np.bincount(thing, signed, minlength=count)
        weight = np.where(total > 0, total, 1)

        def centre(at: Floats) -> Floats:
            drift = np.bincount(thing, (at - at[first][thing]) * signed, minlength=count) / weight
            return at[first] + np.where(total > 0, drift, 0)

        return Things(
            id=tuple(self.id),
            lon=centre(lon),
            lat=centre(lat),
            area_m2=np.maximum(total, 0),
            tags=tuple(self.tags),
        )


def _plain(tags: TagList) -> Tags:
    """Return tags as a dict; keys and values that recur are stored once."""
    return {sys.intern(tag.k): sys.intern(tag.v) for tag in tags}
