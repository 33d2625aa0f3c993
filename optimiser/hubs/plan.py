"""What opens, and who goes where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A share (0 to 1) of a demand point's people and waste goes to a hub."""

    demand: str
    hub: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A share of a demand point that no hub serves.

    ``reason``: ``out-of-reach`` (no candidate within reach), ``not-chosen`` (every candidate in reach stays closed),
    ``full`` (the open hubs in reach have no room), ``not-worth-it`` (cost only: handling at every open hub in reach
    costs more than leaving it).
    """

    demand: str
    share: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HubPlan:
    """Open hubs and assignments."""

    open: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HubPrice:
    """A hub plan valued from first principles.

    ``objective`` is in the unit of the aim: person-metres (walking), people (coverage), money a day (cost).
    """

    objective: float
    unit: str
    fixed_cost_per_day: float
    handling_cost_per_day: float
    unserved_cost_per_day: float
    people_served: float
    people_left_out: float
    kg_per_day_served: float
    mean_walk_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HubViolation:
    """One broken rule of a hub plan.

    ``code`` is kebab-case and documented; ``amount`` says by how much, in the rule's own unit.
    """

    code: str
    hub: str = ""
    demand: str = ""
    detail: str = ""
    amount: float = 0.0
