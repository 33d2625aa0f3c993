"""What sets on a plane have in common: one place a stop, and plans that are measured along their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.sets.plane import Plane
from optimiser.rounds.plan import Act, Plan, Round
from optimiser.rounds.problem import Mode, RoundsProblem, Stop, TipSite


def here(place: str, service_s: float = 0.0) -> tuple[Mode, ...]:
    """Return the one way of a stop that is a point."""
    return (Mode(arrive=place, leave=place, service_s=service_s),)


def driven(problem: RoundsProblem) -> Callable[[Round], list[str]]:
    """Return a function: round -> the places it passes, depots included."""
    items: tuple[Stop | TipSite, ...] = (*problem.stops, *problem.tip_sites)
    place = {item.id: item.modes[0].arrive for item in items}
    ends = {vehicle.id: (vehicle.start, vehicle.end) for vehicle in problem.vehicles}

    def places(tour: Round) -> list[str]:
        start, end = ends[tour.vehicle]
        return [start, *(place[visit.id] for visit in tour.visits if visit.act is not Act.BREAK), end]

    return places


def measured(
    problem: RoundsProblem,
    plane: Plane,
    *,
    unit: float = 1.0,
    fixed: Mapping[str, float] | None = None,
    rate: Mapping[str, float] | None = None,
    missed: Mapping[str, float] | None = None,
) -> Callable[[Plan], float]:
    """Return a function: plan -> cost.

    Parameters
    ----------
    unit
        Cost of a unit of distance.
    fixed, rate
        Vehicle -> cost of its round, and of a unit of distance in place of ``unit``.
    missed
        Stop -> cost of leaving it out.
    """
    places = driven(problem)

    def cost(plan: Plan) -> float:
        total = 0.0
        for tour in plan.rounds:
            per = unit if rate is None else rate[tour.vehicle]
            total += per * plane.length(places(tour)) + (fixed[tour.vehicle] if fixed else 0.0)
        served = {stop for tour in plan.rounds for stop in tour.stops}
        return total + sum(price for stop, price in (missed or {}).items() if stop not in served)

    return cost
