"""A number that can be traced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One value with its unit, its range and where it came from.

    Parameters
    ----------
    id
        Stable kebab-case name, documented in ``docs/figures.md`` ("distance", "co2e-transport").
    value, unit
        ``None`` when it cannot be computed; ``note`` then says why.
    low, high
        Plausible range; equal to ``value`` when only arithmetic is involved.
    better
        Which direction is good; ``"neither"`` for plain facts.
    sources
        Source rows: names of default figures used, tables, engines.
    estimated
        Rests on estimated demand.
    """

    id: str
    value: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    better: Literal["higher", "lower", "neither"] = "neither"
    sources: tuple[str, ...] = ()
    estimated: bool = False
    note: str = ""
