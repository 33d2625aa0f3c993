"""Tagged nodes: barriers, turning places, signals and fords, on junctions and between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.keys import PASSED, ends_a_segment
from network.tagcolumn import TagColumn

Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]
Codes = Mapping[str, Mapping[str, int]]  # key -> value -> code; codes begin at 1

_WAYS = ("", "forward", "backward", "both")  # code: 1 along, 2 against, 3 both


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Nodes with tags: tag ``t`` says that node ``tag_node[t]`` has value ``tag_value[t]`` of key ``tag_key[t]``.

    ``ref`` holds their ids; keys and values are positions in ``codes``.
    """

    ref: Ints
    tag_node: Ints32
    tag_key: Ints32
    tag_value: Ints32
    codes: Codes

    def cutting(self) -> Ints:
        """Return the ids of nodes that end a segment wherever they stand."""
        ends = [
            np.array([False, *(ends_a_segment(key, value) for value in values)])[self._values(at)]
            for at, (key, values) in enumerate(self.codes.items())
        ]
        rows = [self.ref[self.tag_node[self.tag_key == at][end]] for at, end in enumerate(ends)]
        found: Ints = np.unique(np.concatenate(rows)) if rows else np.zeros(0, np.int64)
        return found

    def _values(self, key: int) -> Ints32:
        values: Ints32 = self.tag_value[self.tag_key == key]
        return values

    def at(self, ids: Ints) -> dict[str, TagColumn]:
        """Return the tags of nodes with these ids, which are in ascending order, as columns."""
        place = np.searchsorted(ids, self.ref).clip(max=max(len(ids) - 1, 0))
        there = ids[place] == self.ref if len(ids) else np.zeros(len(self.ref), bool)
        columns: dict[str, TagColumn] = {}
        for position, (key, values) in enumerate(self.codes.items()):
            rows = np.flatnonzero((self.tag_key == position) & there[self.tag_node])
            codes = np.zeros(len(ids), np.int32)
            codes[place[self.tag_node[rows]]] = self.tag_value[rows]
            if codes.any():
                columns[key] = compact(codes, values)
        return columns

    def passed(self, ref: Ints, segment: Ints, segments: int) -> dict[str, TagColumn]:
        """Return ``passes:traffic_signals`` and the like: what stands at nodes that do not end a segment.

        ``ref`` are the nodes between the ends of segments, ``segment`` the segments they stand on. The value tells for
        whom it counts: ``forward``, ``backward`` or ``both``.
        """
        highway = self.at(np.unique(self.ref))  # one row a node
        names, ids = highway.get("highway"), np.unique(self.ref)
        if names is None or not len(ref):
            return {}
        ways = np.full(len(ids), 3, np.int8)
        for key in ("direction", "traffic_signals:direction"):
            column = highway.get(key)
            if column is not None:
                ways = np.where(column.isin({"forward"}), 1, np.where(column.isin({"backward"}), 2, ways))
        row = np.searchsorted(ids, ref).clip(max=len(ids) - 1)
        found = ids[row] == ref
        row, on = row[found], segment[found]
        columns: dict[str, TagColumn] = {}
        for name in PASSED:
            mine = names.isin({name})[row]
            codes = np.zeros(segments, np.int32)
            np.bitwise_or.at(codes, on[mine], ways[row[mine]].astype(np.int32))
            if codes.any():
                columns[f"passes:{name}"] = TagColumn(codes=codes, values=_WAYS)
        return columns


def no_nodes() -> Nodes:
    """Return no tagged nodes."""
    none = np.zeros(0, np.int32)
    return Nodes(ref=np.zeros(0, np.int64), tag_node=none, tag_key=none, tag_value=none, codes={})


def compact(codes: Ints32, values: Mapping[str, int]) -> TagColumn:
    """Return a column of codes into values, without the values that none has."""
    used = np.zeros(len(values) + 1, bool)
    used[codes] = True
    used[0] = True
    names = ("", *values)
    code = (np.cumsum(used) - 1).astype(np.int32)
    return TagColumn(codes=code[codes], values=tuple(names[at] for at in np.flatnonzero(used)))
