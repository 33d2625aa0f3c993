"""What a study knows: groups of people, candidates, and where no site may stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.model.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRow:
    """People who live at one place."""

    id: str
    name: str
    lon: float
    lat: float
    people: float
    group: str
    kg_per_day: float | None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """A place where a site stands or could stand; ``excluded`` says why it may not, empty: it may."""

    id: str
    name: str
    lon: float
    lat: float
    fixed_cost: float
    capacity_people: float | None
    capacity_kg_per_day: float | None
    existing: bool
    closing_cost: float
    mandatory: bool
    excluded: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where no site may stand: nearer than ``within_m`` to a ring of lon, lat rows, or to a point (one row)."""

    name: str
    corners: NDArray[np.float64]
    within_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """All that was read of a study beside its streets."""

    people: tuple[PeopleRow, ...]
    candidates: tuple[CandidateRow, ...]
    areas: tuple[Area, ...]
