"""The street network as flat arrays.

A *segment* is a piece of street between two junctions, stored once, in the direction it was mapped; which profile may
use it forwards and backwards is worked out from its tags (``network/tags.py``), never stored here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from network.restrictions import Restrictions, none
from network.tagcolumn import TagColumn

__all__ = ["Box", "LoadReport", "StreetNetwork", "TagColumn"]

Box = tuple[float, float, float, float]  # west, south, east, north in degrees


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What was read, what was left out, and why; counts and metres by reason."""

    ways_read: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)  # reason -> ways or nodes
    islands: int = 0  # weakly separate parts beside the largest
    islands_m: float = 0.0
    clipped_ends: int = 0  # streets cut at the border of the area
    missing_nodes: int = 0
    restrictions: Mapping[str, int] = field(default_factory=dict)  # "kept", or the reason why left out -> relations
    unread_m: Mapping[str, float] = field(default_factory=dict)  # key of ways that is not read -> metres that carry it
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StreetNetwork:
    """Junctions and segments, stamped with where they came from.

    Parameters
    ----------
    junction_id, junction_lon, junction_lat
        OSM node id and degrees, one per junction.
    tail, head
        Junction positions of each segment, in the direction it was mapped.
    length_m
        Metres along the geometry.
    way_id
        OSM way id.
    tags
        OSM key -> :class:`TagColumn`; keys that no segment carries are absent. ``passes:traffic_signals``,
        ``passes:stop``, ``passes:give_way`` and ``passes:passing_place`` ("forward", "backward", "both") tell what
        stands between the ends of a segment, as nodes of the map, and for whom.
    name
        Street names, ``""`` where there is none.
    shape_start, shape_lon, shape_lat
        Geometry: the points of segment ``s`` are ``shape_*[shape_start[s]:shape_start[s + 1]]``, both ends included.
    source, date, licence, attribution
        Stamp shown with everything made from it.
    box
        Extent in degrees.
    report
        What was left out and why.
    junction_tags
        OSM key -> :class:`TagColumn` over the junctions: barriers, turning circles, traffic signals, fords;
        ``clipped`` where the area or the file ends but a street does not.
    restrictions
        Turn restrictions as paths of directed segments.
    left_hand
        Whether traffic keeps to the left.
    """

    junction_id: NDArray[np.int64]
    junction_lon: NDArray[np.float64]
    junction_lat: NDArray[np.float64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    length_m: NDArray[np.float64]
    way_id: NDArray[np.int64]
    tags: Mapping[str, TagColumn]
    name: TagColumn
    shape_start: NDArray[np.int64]
    shape_lon: NDArray[np.float64]
    shape_lat: NDArray[np.float64]
    source: str
    date: str
    licence: str
    attribution: str
    box: Box
    report: LoadReport
    junction_tags: Mapping[str, TagColumn] = field(default_factory=dict)
    restrictions: Restrictions = field(default_factory=none)
    left_hand: bool = False

    def __post_init__(self) -> None:
        segments, junctions = len(self.tail), len(self.junction_id)
        if any(len(a) != segments for a in (self.head, self.length_m, self.way_id, self.name.codes)):
            raise ValueError("segment arrays differ in length")
        if any(len(column.codes) != segments for column in self.tags.values()):
            raise ValueError("tag columns differ in length")
        if any(len(column.codes) != junctions for column in self.junction_tags.values()):
            raise ValueError("junction tag columns differ in length")
        if len(self.restrictions.path) and int(self.restrictions.path.max()) >= 2 * segments:
            raise ValueError("a restriction names no segment")
        if len(self.shape_start) != segments + 1 or len(self.shape_lon) != self.shape_start[-1]:
            raise ValueError("shape arrays do not fit the segments")
        if segments and (
            max(self.tail.max(), self.head.max()) >= junctions or min(self.tail.min(), self.head.min()) < 0
        ):
            raise ValueError("a segment points to no junction")
        for array in vars(self).values():
            if isinstance(array, np.ndarray):
                array.setflags(write=False)

    @property
    def segments(self) -> int:
        """Number of segments."""
        return len(self.tail)

    @property
    def junctions(self) -> int:
        """Number of junctions."""
        return len(self.junction_id)

    def tag(self, key: str) -> TagColumn:
        """Return the column of a key, all empty if no segment carries it."""
        return self.tags.get(key) or TagColumn(codes=np.zeros(self.segments, np.int32), values=("",))

    def junction_tag(self, key: str) -> TagColumn:
        """Return the column of a key over the junctions, all empty if none carries it."""
        return self.junction_tags.get(key) or TagColumn(codes=np.zeros(self.junctions, np.int32), values=("",))

    def shape(self, segment: int) -> NDArray[np.float64]:
        """Return the geometry of a segment as lon, lat rows."""
        piece = slice(self.shape_start[segment], self.shape_start[segment + 1])
        return np.column_stack([self.shape_lon[piece], self.shape_lat[piece]])

    @cached_property
    def sha256(self) -> str:
        """Hash of all that can change a travel time: arrays and tags."""
        digest = hashlib.sha256()
        for array in (self.junction_id, self.tail, self.head, self.length_m, self.shape_lon, self.shape_lat):
            digest.update(np.ascontiguousarray(array).tobytes())
        for columns in (self.tags, self.junction_tags):
            for key in sorted(columns):
                ordered = columns[key].ordered()
                digest.update(repr((key, ordered.values)).encode(errors="replace"))
                digest.update(np.ascontiguousarray(ordered.codes).tobytes())
        rules = self.restrictions
        for array in (rules.start, rules.path):
            digest.update(np.ascontiguousarray(array).tobytes())
        for column in (rules.kind, rules.key, rules.when, rules.exempt):
            digest.update(repr(column.strings().tolist()).encode())
        digest.update(bytes([self.left_hand]))
        return digest.hexdigest()
