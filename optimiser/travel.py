"""What a problem needs to know of the streets.

Rows are ways of leaving, columns are ways of arriving. Durations are whole milliseconds and distances whole
decimetres (``int32``, unreachable = ``UNREACHABLE``), so that every engine and every judge adds the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
UNREACHABLE = np.int32(2**31 - 1)


class Travel(Protocol):
    """Times and distances between ways of leaving (rows) and ways of arriving (columns) for one profile."""

    @property
    def leaving(self) -> tuple[str, ...]:
        """Ids of the rows."""
        ...

    @property
    def arriving(self) -> tuple[str, ...]:
        """Ids of the columns."""
        ...

    def block(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[IntArray, IntArray]:
        """Return durations in ms and distances in dm, each of shape ``(len(rows), len(cols))``."""
        ...

    def legs(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[IntArray, IntArray]:
        """Return durations in ms and distances in dm of the pairs ``rows[k] -> cols[k]``, shape ``(k,)``."""
        ...

    def row(self, leave: str) -> int:
        """Position of a way of leaving; ``KeyError`` if unknown."""
        ...

    def column(self, arrive: str) -> int:
        """Position of a way of arriving; ``KeyError`` if unknown."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseTravel:
    """Travel held as two full arrays.

    Parameters
    ----------
    leaving, arriving
        Ids of rows and columns, each unique.
    duration_ms, distance_dm
        ``int32`` arrays of shape ``(len(leaving), len(arriving))``; both are made read-only.

    Raises
    ------
    ValueError
        If shapes, types or ids do not match, or a value is negative.
    """

    leaving: tuple[str, ...]
    arriving: tuple[str, ...]
    duration_ms: IntArray
    distance_dm: IntArray
    _row: dict[str, int] = field(init=False, repr=False, compare=False)
    _column: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        shape = (len(self.leaving), len(self.arriving))
        for name, array in (("duration_ms", self.duration_ms), ("distance_dm", self.distance_dm)):
            if array.shape != shape or array.dtype != np.int32:
                raise ValueError(f"{name} is {array.dtype} {array.shape}, expected int32 {shape}")
            if array.size and array.min() < 0:
                raise ValueError(f"{name} has negative values")
            array.setflags(write=False)
        object.__setattr__(self, "_row", {name: k for k, name in enumerate(self.leaving)})
        object.__setattr__(self, "_column", {name: k for k, name in enumerate(self.arriving)})
        if len(self._row) != shape[0] or len(self._column) != shape[1]:
            raise ValueError("ids of rows and of columns must be unique")

    def block(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[IntArray, IntArray]:
        """Return durations in ms and distances in dm of a sub-matrix."""
        grid = np.ix_(rows, cols)
        return self.duration_ms[grid], self.distance_dm[grid]

    def legs(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[IntArray, IntArray]:
        """Return durations in ms and distances in dm of pairs."""
        return self.duration_ms[rows, cols], self.distance_dm[rows, cols]

    def row(self, leave: str) -> int:
        """Position of a way of leaving."""
        return self._row[leave]

    def column(self, arrive: str) -> int:
        """Position of a way of arriving."""
        return self._column[arrive]
