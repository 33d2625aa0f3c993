"""The siting problem: people and their waste, candidate sites, and how far it is on foot.

Money is per day in the scenario's currency, mass in kg a day, distance in metres on the walking streets.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Aim(StrEnum):
    """What a good set of hubs is."""

    WALKING = "walking"  # p-median: least person-metres walked (unserved people count as the penalty distance)
    COVERAGE = "coverage"  # maximal covering: most people with an open hub within reach
    COST = "cost"  # fixed-charge: least fixed + per-tonne cost + penalty for what is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandPoint:
    """People living at one place who would bring ``kg_per_day`` to a hub."""

    id: str
    people: float
    kg_per_day: float

    def __post_init__(self) -> None:
        if not (0 <= self.people < np.inf and 0 <= self.kg_per_day < np.inf):
            raise ValueError(f"demand point {self.id} is negative or not finite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place where a hub could stand.

    Parameters
    ----------
    capacity_kg_per_day
        ``None`` means no limit.
    fixed_cost_per_day, cost_per_tonne
        Annualised building plus running cost; handling cost.
    existing
        Already open; it may be closed only if ``may_close``.
    """

    id: str
    capacity_kg_per_day: float | None = None
    fixed_cost_per_day: float = 0.0
    cost_per_tonne: float = 0.0
    existing: bool = False
    may_close: bool = True

    def __post_init__(self) -> None:
        if self.fixed_cost_per_day < 0 or self.cost_per_tonne < 0:
            raise ValueError(f"candidate {self.id} has a negative cost")
        if self.capacity_kg_per_day is not None and self.capacity_kg_per_day < 0:
            raise ValueError(f"candidate {self.id} has a negative capacity")


@dataclass(frozen=True, slots=True, kw_only=True)
class HubProblem:
    """Which candidates to open, and who walks to which.

    Parameters
    ----------
    demand, candidates
        Ids unique in each.
    distance_m
        Walking distance, shape ``(len(demand), len(candidates))``, ``inf`` where there is no way.
    reach_m
        Nobody is assigned farther than this.
    aim
        See :class:`Aim`.
    at_most
        Open no more than so many hubs, existing ones included; ``None`` for no limit.
    budget_per_day
        Fixed costs of the open hubs may not exceed this; ``None`` for no limit.
    unserved_cost_per_tonne
        For ``COST``: money per tonne that reaches no hub.

    Notes
    -----
    A demand point may be split between hubs when a capacity binds.
    """

    demand: tuple[DemandPoint, ...]
    candidates: tuple[Candidate, ...]
    distance_m: NDArray[np.float64]
    reach_m: float
    aim: Aim
    at_most: int | None = None
    budget_per_day: float | None = None
    unserved_cost_per_tonne: float = 0.0

    def __post_init__(self) -> None:
        shape = (len(self.demand), len(self.candidates))
        if self.distance_m.shape != shape or np.isnan(self.distance_m).any() or (self.distance_m < 0).any():
            raise ValueError(f"distance_m must be {shape}, not negative and not NaN")
        if not 0 < self.reach_m < np.inf:
            raise ValueError("reach_m must be positive and finite")
        limits = (self.at_most, self.budget_per_day, self.unserved_cost_per_tonne)
        if any(limit is not None and not limit >= 0 for limit in limits):
            raise ValueError("at_most, budget_per_day and unserved_cost_per_tonne cannot be negative")
        for what, ids in (
            ("demand", [point.id for point in self.demand]),
            ("candidate", [candidate.id for candidate in self.candidates]),
        ):
            if len(set(ids)) != len(ids):
                raise ValueError(f"{what} ids are not unique")
        self.distance_m.setflags(write=False)
