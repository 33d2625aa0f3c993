"""What makes one plan better than another beside money, with every weight in money or in stated units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Measure(StrEnum):
    """What is to be even among the rounds of a plan."""

    HOURS = "hours"  # paid hours
    LOAD = "load"  # picked up, by the balance's own weights (kilograms, say)
    STOPS = "stops"


class Aim(StrEnum):
    """What may be compared before money, each the less the better."""

    VEHICLES = "vehicles"  # rounds in the plan
    HOURS = "hours"  # paid hours in all
    DISTANCE = "distance"  # km in all
    SPREAD = "spread"  # of the first balance
    CHANGES = "changes"  # stops that go to another vehicle than usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Evenness of the rounds. The *spread* is the largest minus the smallest measure among the rounds of the plan.

    Parameters
    ----------
    weights
        For loads: dimension id -> what a unit counts; empty: every dimension counts 1.
    per_unit
        Money for each unit of spread (hour, unit of load, stop).
    at_most
        The spread may be no larger.
    """

    measure: Measure
    weights: Mapping[str, float] = field(default_factory=dict)
    per_unit: float = 0.0
    at_most: float | None = None

    def __post_init__(self) -> None:
        if self.per_unit < 0 or (self.at_most is not None and self.at_most < 0):
            raise ValueError("a balance cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aims:
    """Preferences of a plan.

    Parameters
    ----------
    balance
        What is to be even.
    compact_per_km
        Money per km between a stop and the middle (mean position) of its round's stops, summed over stops that have a
        position.
    change_per_stop
        Money for each stop that is served by another vehicle than its usual one.
    most_changes
        At most so many stops may be.
    first
        What is compared before money, in this order (lexicographic); money decides among equals.
    """

    balance: tuple[Balance, ...] = ()
    compact_per_km: float = 0.0
    change_per_stop: float = 0.0
    most_changes: int | None = None
    first: tuple[Aim, ...] = ()

    def __post_init__(self) -> None:
        if self.compact_per_km < 0 or self.change_per_stop < 0:
            raise ValueError("a preference cannot cost less than nothing")
        if Aim.SPREAD in self.first and not self.balance:
            raise ValueError("the spread is of a balance, and there is none")
