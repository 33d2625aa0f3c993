"""A co-design study told row by row: sites, both plans, sets of sites. Every document takes its numbers from here."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.codesign_study.outcome import CodesignOutcome, Plan
from scenarios.documents.itinerary import itineraries
from scenarios.model.sites import CandidateSite


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """An open site.

    Parameters
    ----------
    cost
        Money for the planned day.
    vehicles
        Vehicles that go out from it.
    picked_up_kg, unloaded_kg
        What the rounds from its depot collect, and what is unloaded there; ``None`` where it is no such place.
    used
        Share of its capacity, by whichever of the two is more; ``None`` without one.
    """

    site: CandidateSite
    cost: float
    vehicles: int
    picked_up_kg: float | None
    unloaded_kg: float | None
    used: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A plan in a few numbers: money for the planned day, metres, hours."""

    plan: Plan
    vehicles: int
    stops: int
    collected_kg: float
    distance_m: float
    paid_hours: float
    vehicle_cost: float
    wages: float
    distance_cost: float
    fees: float


def open_rows(outcome: CodesignOutcome, plan: Plan) -> tuple[OpenRow, ...]:
    """Return the open sites of a plan, in the order of the table."""
    return tuple(_open(outcome, plan, site) for name, site in outcome.sites.items() if name in plan.open)


def _open(outcome: CodesignOutcome, plan: Plan, site: CandidateSite) -> OpenRow:
    rounds = [one for one in itineraries(plan.outcome, plan.day) if site.depot and one.start.id == site.depot.id]
    picked_up = sum(one.collected_kg for one in rounds) if site.depot else None
    unloaded = None
    if site.facility:
        price = plan.day.result.price
        kg = price.unloaded.get(site.facility.id, {}) if price else {}
        unloaded = sum(kg.get(stream.id, 0.0) for stream in plan.outcome.system.streams)
    held = max(kg for kg in (picked_up, unloaded, 0.0) if kg is not None)
    return OpenRow(
        site=site,
        cost=site.fixed_cost_per_day * outcome.posed.calendar_days,
        vehicles=len(rounds),
        picked_up_kg=picked_up,
        unloaded_kg=unloaded,
        used=held / site.capacity_kg_per_day if site.capacity_kg_per_day else None,
    )


def side(plan: Plan) -> Side:
    """Return a plan in a few numbers; parts of the money add up to its total."""
    rounds, price = itineraries(plan.outcome, plan.day), plan.day.result.price
    assert price is not None
    return Side(
        plan=plan,
        vehicles=len(rounds),
        stops=sum(len(one.stops) for one in rounds),
        collected_kg=sum(one.collected_kg for one in rounds),
        distance_m=price.distance_m,
        paid_hours=price.paid_s / 3600.0,
        vehicle_cost=price.fixed,
        wages=price.wages + price.overtime,
        distance_cost=price.distance,
        fees=price.gate_fees + price.tip_costs,
    )
