"""One tag over many things, as codes into its few distinct values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class TagColumn:
    """One OSM key over segments or junctions: ``values[codes[s]]`` is the value on ``s``; code 0 is always ``""``."""

    codes: NDArray[np.int32]
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.values or self.values[0] != "":
            raise ValueError("the first value of a tag column is the empty one")
        self.codes.setflags(write=False)

    def strings(self) -> NDArray[np.object_]:
        """Return the value of each segment as an array of strings."""
        return np.array(self.values, dtype=object)[self.codes]

    def ordered(self) -> TagColumn:
        """Return the same column with its values in alphabetical order, only those that occur."""
        used = np.zeros(len(self.values), bool)
        used[self.codes] = True
        used[0] = True
        order = sorted(np.flatnonzero(used).tolist(), key=self.values.__getitem__)
        place = np.zeros(len(self.values), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        return TagColumn(codes=place[self.codes], values=tuple(self.values[at] for at in order))

    def map(self, table: Mapping[str, float], default: float) -> NDArray[np.float64]:
        """Return ``table[value]`` for each segment, ``default`` where the value is not in the table."""
        return np.array([table.get(value, default) for value in self.values], dtype=np.float64)[self.codes]

    def isin(self, wanted: set[str] | frozenset[str]) -> NDArray[np.bool_]:
        """Return for each segment whether its value is one of those wanted."""
        found = np.array([value in wanted for value in self.values], dtype=bool)
        return found[self.codes] if found.any() else np.zeros(len(self.codes), bool)
