"""Named points of a set on a plane, and how far it is between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from optimiser.plane import Floats, Metric, PlaneTravel
from optimiser.travel import DenseTravel

__all__ = ["Metric", "Plane", "PlaneTravel", "euclid", "manhattan", "nearest_whole", "rounded_up", "tenths"]

DENSE_UP_TO = 2_000
euclid, nearest_whole, rounded_up, tenths, manhattan = Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Named points and the distance between them in the set's convention: see :class:`~optimiser.plane.PlaneTravel`."""

    names: tuple[str, ...]
    xy: Floats
    metric: Metric
    dm: float
    ms: float = 0.0
    lazy: PlaneTravel = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        travel = PlaneTravel(names=self.names, xy=self.xy, metric=self.metric, dm=self.dm, ms=self.ms)
        object.__setattr__(self, "lazy", travel)

    def length(self, places: Sequence[str]) -> float:
        """Return the distance from place to place in this order."""
        at = np.array([self.lazy.at[place] for place in places], dtype=np.intp)
        return float(self.lazy.between(at[:-1], at[1:]).sum())

    @property
    def widest(self) -> float:
        """No less than the longest distance."""
        return self.lazy.widest

    def travel(self) -> DenseTravel | PlaneTravel:
        """Return the travel: dense if it is small, else lazy."""
        if len(self.names) > DENSE_UP_TO:
            return self.lazy
        every = np.arange(len(self.names), dtype=np.intp)
        duration, distance = self.lazy.block(every, every)
        return DenseTravel(leaving=self.names, arriving=self.names, duration_ms=duration, distance_dm=distance)
