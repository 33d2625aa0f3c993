"""What is put out where: places along the sides of streets, with people and kilograms, before they become work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
IN_ONE_PASS = 0  # a side: both at once, as the planner says


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Places where something is put out; arrays of equal length.

    Parameters
    ----------
    segment, along_m
        Street and metres from its tail.
    side
        -1 left, 1 right of the direction the street was mapped in; 0 for both in one pass.
    stream
        Position among the scenario's streams.
    kg_per_day, people, households
        What is generated, and by whom.
    doors, bins
        Households with a sack or small bin of their own; shared bins of 1,100 l.
    row
        Position of the planner's row, -1 where there is none.
    estimated
        Whether the kilograms are an estimate.
    """

    segment: Ints
    along_m: Floats
    side: Ints
    stream: Ints
    kg_per_day: Floats
    people: Floats
    households: Floats
    doors: Floats
    bins: Floats
    row: Ints
    estimated: NDArray[np.bool_]

    def __post_init__(self) -> None:
        if len({len(getattr(self, name)) for name in self.__dataclass_fields__}) > 1:
            raise ValueError("the arrays of doors differ in length")

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.segment)

    def take(self, which: NDArray[Any]) -> Doors:
        """Return some of them."""
        return Doors(**{name: getattr(self, name)[which] for name in self.__dataclass_fields__})


def together(parts: list[Doors]) -> Doors:
    """Return all of several sets, one after the other."""
    names = Doors.__dataclass_fields__
    return Doors(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def bins_of(
    kg: Floats, households: Floats, *, bin_kg: float, household_s: float, bin_s: float
) -> tuple[Floats, Floats]:
    """Return doors and shared bins of houses: shared bins where several households share them and it is quicker.

    Ours (expert): a house of two households or more has bins of 1,100 l if emptying those takes less time than a sack
    or small bin from each household.

    Parameters
    ----------
    kg
        What lies at each house when it is collected.
    bin_kg
        What a shared bin holds.
    household_s, bin_s
        Time for the sack of a household, and for a shared bin.
    """
    bins = np.ceil(kg / bin_kg - 1e-9)
    shared = (households >= 2) & (bins * bin_s < households * household_s)
    return np.where(shared, 0.0, households), np.where(shared, bins, 0.0)
