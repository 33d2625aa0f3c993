"""Travel between points of a plane, worked out when asked for: 30,000 customers would be 7 GB of matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from optimiser.travel import DenseTravel, IntArray

Floats = NDArray[np.float64]
Metric = Callable[[Floats, Floats], Floats]
DENSE_UP_TO = 2_000
LARGEST = 2**31 - 2
AT_ONCE = 250_000  # pairs: what they take on the way stays in the processor's cache


def euclid(dx: Floats, dy: Floats) -> Floats:
    """Return the exact distance."""
    return np.sqrt(dx * dx + dy * dy)


def nearest_whole(dx: Floats, dy: Floats) -> Floats:
    """Return the distance rounded to the nearest whole number, halves up (TSPLIB's EUC_2D)."""
    return np.floor(euclid(dx, dy) + 0.5)


def rounded_up(dx: Floats, dy: Floats) -> Floats:
    """Return the distance rounded up to a whole number (TSPLIB's CEIL_2D)."""
    return np.ceil(euclid(dx, dy))


def tenths(dx: Floats, dy: Floats) -> Floats:
    """Return the distance in tenths, truncated (the DIMACS convention of VRPTW)."""
    return np.floor(10.0 * euclid(dx, dy))


def manhattan(dx: Floats, dy: Floats) -> Floats:
    """Return the distance along the axes."""
    return np.abs(dx) + np.abs(dy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Named points and the distance between them in the set's convention.

    Parameters
    ----------
    xy
        Shape ``(points, 2)``.
    dm, ms
        Whole decimetres and milliseconds to a unit of distance; times are rounded up, so that what keeps to them keeps
        to the true ones. 0: no time passes.
    """

    names: tuple[str, ...]
    xy: Floats
    metric: Metric
    dm: float
    ms: float = 0.0
    at: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", {name: k for k, name in enumerate(self.names)})
        spread = np.ptp(self.xy, axis=0) if len(self.xy) else np.zeros(2)
        widest = float(self.metric(spread[:1], spread[1:])[0])
        if widest * max(self.dm, self.ms) > LARGEST:
            raise ValueError(f"distances of up to {widest:g} do not fit into whole numbers of this size")

    def between(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> Floats:
        """Return distances of the pairs; the shapes are broadcast."""
        dx = self.xy[rows, 0] - self.xy[cols, 0]
        dy = self.xy[rows, 1] - self.xy[cols, 1]
        return self.metric(dx, dy)

    def length(self, places: Sequence[str]) -> float:
        """Return the distance from place to place in this order."""
        at = np.array([self.at[place] for place in places], dtype=np.intp)
        return float(self.between(at[:-1], at[1:]).sum())

    @property
    def widest(self) -> float:
        """No less than the longest distance."""
        spread = np.ptp(self.xy, axis=0)
        return float(self.metric(spread[:1], spread[1:])[0])

    def travel(self) -> DenseTravel | PlaneTravel:
        """Return the travel: dense if it is small, else lazy."""
        if len(self.names) > DENSE_UP_TO:
            return PlaneTravel(plane=self)
        every = np.arange(len(self.names), dtype=np.intp)
        duration, distance = PlaneTravel(plane=self).block(every, every)
        return DenseTravel(leaving=self.names, arriving=self.names, duration_ms=duration, distance_dm=distance)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneTravel:
    """A :class:`~optimiser.travel.Travel` that keeps the points only."""

    plane: Plane

    @property
    def leaving(self) -> tuple[str, ...]:
        """Ids of the rows."""
        return self.plane.names

    @property
    def arriving(self) -> tuple[str, ...]:
        """Ids of the columns."""
        return self.plane.names

    def block(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[IntArray, IntArray]:
        """Return durations in ms and distances in dm of a sub-matrix."""
        rows, cols = np.asarray(rows, dtype=np.intp), np.asarray(cols, dtype=np.intp)
        duration, distance = (np.zeros((len(rows), len(cols)), dtype=np.int32) for _ in range(2))
        step = max(1, AT_ONCE // max(len(cols), 1))
        for k in range(0, len(rows), step):
            some = slice(k, k + step)
            duration[some], distance[some] = self._whole(self.plane.between(rows[some, None], cols[None, :]))
        return duration, distance

    def legs(self, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> tuple[IntArray, IntArray]:
        """Return durations in ms and distances in dm of pairs."""
        return self._whole(self.plane.between(rows, cols))

    def row(self, leave: str) -> int:
        """Position of a way of leaving."""
        return self.plane.at[leave]

    def column(self, arrive: str) -> int:
        """Position of a way of arriving."""
        return self.plane.at[arrive]

    def _whole(self, distance: Floats) -> tuple[IntArray, IntArray]:
        whole = np.rint(distance * self.plane.dm).astype(np.int32)
        if not self.plane.ms:
            return np.zeros_like(whole), whole
        return np.ceil(np.round(distance * self.plane.ms, 6)).astype(np.int32), whole
