"""Travel between points of a plane, worked out when asked for: 30,000 places would be 7 GB of matrices.

Compiled code works out a leg from the coordinates alone: see ``plane_kernel.py``, which gives the same whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from optimiser.travel import IntArray

Floats = NDArray[np.float64]
LARGEST = 2**31 - 2
AT_ONCE = 250_000  # pairs: what they take on the way stays in the processor's cache


class Metric(IntEnum):
    """How far it is between two points."""

    EUCLID = 0
    """The straight line, exactly."""
    WHOLE = 1
    """Rounded to the nearest whole number, halves up (TSPLIB's EUC_2D)."""
    UP = 2
    """Rounded up to a whole number (TSPLIB's CEIL_2D)."""
    TENTHS = 3
    """In tenths, truncated (the DIMACS convention of VRPTW)."""
    MANHATTAN = 4
    """Along the axes."""

    def __call__(self, dx: Floats, dy: Floats) -> Floats:
        """Return the distances of points that lie so far apart along the axes."""
        if self is Metric.MANHATTAN:
            return np.abs(dx) + np.abs(dy)
        line: Floats = np.sqrt(dx * dx + dy * dy)
        if self is Metric.WHOLE:
            return np.floor(line + 0.5)
        if self is Metric.UP:
            return np.ceil(line)
        return np.floor(10.0 * line) if self is Metric.TENTHS else line


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneTravel:
    """A :class:`~optimiser.travel.Travel` that keeps the points only; every place is a row and a column.

    Parameters
    ----------
    names
        Ids of the places.
    xy
        Where they are, shape ``(places, 2)``; a read-only copy is kept.
    dm, ms
        Decimetres and milliseconds to a unit of distance; times are rounded up, so that what keeps to them keeps to
        the true ones. 0: no time passes.

    Raises
    ------
    ValueError
        If distances do not fit into whole numbers of 32 bits, or names and points do not match.
    """

    names: tuple[str, ...]
    xy: Floats
    metric: Metric
    dm: float
    ms: float = 0.0
    at: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "xy", np.array(self.xy, dtype=np.float64, order="C"))
        self.xy.setflags(write=False)
        object.__setattr__(self, "at", {name: k for k, name in enumerate(self.names)})
        if self.xy.shape != (len(self.names), 2) or len(self.at) != len(self.names):
            raise ValueError("every place needs a name of its own and two coordinates")
        if self.widest * max(self.dm, self.ms) > LARGEST:
            raise ValueError(f"distances of up to {self.widest:g} do not fit into whole numbers of this size")

    @property
    def leaving(self) -> tuple[str, ...]:
        """Ids of the rows."""
        return self.names

    @property
    def arriving(self) -> tuple[str, ...]:
        """Ids of the columns."""
        return self.names

    @property
    def widest(self) -> float:
        """No less than the longest distance, in units."""
        spread = np.ptp(self.xy, axis=0) if len(self.xy) else np.zeros(2)
        return float(self.metric(spread[:1], spread[1:])[0])

    def between(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> Floats:
        """Return distances of the pairs in units; the shapes are broadcast."""
        dx = self.xy[rows, 0] - self.xy[cols, 0]
        dy = self.xy[rows, 1] - self.xy[cols, 1]
        return self.metric(dx, dy)

    def block(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[IntArray, IntArray]:
        """Return durations in ms and distances in dm of a sub-matrix."""
        rows, cols = np.asarray(rows, dtype=np.intp), np.asarray(cols, dtype=np.intp)
        duration, distance = (np.zeros((len(rows), len(cols)), dtype=np.int32) for _ in range(2))
        step = max(1, AT_ONCE // max(len(cols), 1))
        for k in range(0, len(rows), step):
            some = slice(k, k + step)
            duration[some], distance[some] = self._whole(self.between(rows[some, None], cols[None, :]))
        return duration, distance

    def legs(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[IntArray, IntArray]:
        """Return durations in ms and distances in dm of pairs."""
        return self._whole(self.between(rows, cols))

    def row(self, leave: str) -> int:
        """Position of a way of leaving."""
        return self.at[leave]

    def column(self, arrive: str) -> int:
        """Position of a way of arriving."""
        return self.at[arrive]

    def _whole(self, distance: Floats) -> tuple[IntArray, IntArray]:
        whole = np.rint(distance * self.dm).astype(np.int32)
        if not self.ms:
            return np.zeros_like(whole), whole
        return np.ceil(np.round(distance * self.ms, 6)).astype(np.int32), whole
