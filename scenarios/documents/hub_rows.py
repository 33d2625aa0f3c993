"""A hub placement told hub by hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scenarios.documents.places import Place, hub_places
from scenarios.outcome import HubOutcome, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRow:
    """An open hub and who uses it. ``mean_walk_m`` is ``None`` when nobody does."""

    place: Place
    existing: bool
    people: float
    mean_walk_m: float | None
    farthest_m: float | None
    kg_per_day: float
    capacity_kg_per_day: float | None
    fixed_cost_per_day: float

    @property
    def used(self) -> float | None:
        """Share of the capacity that is used; ``None`` without a limit."""
        return self.kg_per_day / self.capacity_kg_per_day if self.capacity_kg_per_day else None


def hub_rows(outcome: Outcome) -> tuple[HubRow, ...]:
    """Return the open hubs in the order of the plan."""
    hubs = outcome.hubs
    if hubs is None or hubs.result.plan is None:
        return ()
    sites = hub_places(outcome.system)
    return tuple(_row(hubs, name, sites[name]) for name in hubs.result.plan.open)


def people_left_out(hubs: HubOutcome) -> Mapping[str, float]:
    """Return reason -> people whom no hub serves."""
    people = {point.id: point.people for point in hubs.problem.demand}
    totals: dict[str, float] = {}
    for item in hubs.result.plan.left_out if hubs.result.plan is not None else ():
        totals[item.reason] = totals.get(item.reason, 0.0) + item.share * people[item.demand]
    return totals


def _row(hubs: HubOutcome, name: str, place: Place) -> HubRow:
    plan, problem = hubs.result.plan, hubs.problem
    column = next(k for k, candidate in enumerate(problem.candidates) if candidate.id == name)
    candidate = problem.candidates[column]
    shares: dict[str, float] = {}
    for item in plan.assignments if plan is not None else ():
        if item.hub == name:
            shares[item.demand] = shares.get(item.demand, 0.0) + item.share
    used = [(k, point, shares[point.id]) for k, point in enumerate(problem.demand) if point.id in shares]
    people = sum(share * point.people for _, point, share in used)
    walked = sum(share * point.people * float(problem.distance_m[k, column]) for k, point, share in used)
    return HubRow(
        place=place,
        existing=candidate.existing,
        people=people,
        mean_walk_m=walked / people if people else None,
        farthest_m=max((float(problem.distance_m[k, column]) for k, _, _ in used), default=None),
        kg_per_day=sum(share * point.kg_per_day for _, point, share in used),
        capacity_kg_per_day=candidate.capacity_kg_per_day,
        fixed_cost_per_day=candidate.fixed_cost_per_day,
    )
