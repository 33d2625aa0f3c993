"""The order of aims as weights: the same problem with money alone to compare, for those who search.

Each aim of ``aims.first`` becomes a price so high that hardly anything that comes after it can outweigh it: a price for
each round, paid hour or kilometre, a weight of the spread or of each change. Plans of the two problems are the same and
break the same rules; only money differs, so whoever judges looks at the problem as posed.
"""

from __future__ import annotations

from dataclasses import replace

from optimiser.rounds.aims import Aim, Aims, Measure
from optimiser.rounds.problem import RoundsProblem, Vehicle

FAST_KM_PER_HOUR = 60.0
DEAREST_HOURS = 24.0
OUTWEIGHS = 100.0  # an aim in its unit (hour, km, unit of spread) against what the next one is worth in the same time


def weighed(problem: RoundsProblem) -> RoundsProblem:
    """Return the problem with its order of aims as money; itself if it has none."""
    aims, vehicles = problem.aims, problem.vehicles
    if not aims.first:
        return problem
    hour, day = _an_hour(problem), dearest_plan(problem)
    for aim in reversed(aims.first):
        if aim is Aim.VEHICLES:
            price = day
            vehicles = tuple(_dearer(vehicle, fixed=price) for vehicle in vehicles)
            day *= 1 + len(vehicles)
            hour = max(hour, day)
        elif aim is Aim.HOURS:
            price = OUTWEIGHS * hour
            vehicles = tuple(_dearer(vehicle, per_hour=price) for vehicle in vehicles)
        elif aim is Aim.DISTANCE:
            price = OUTWEIGHS * hour / FAST_KM_PER_HOUR
            vehicles = tuple(_dearer(vehicle, per_km=price) for vehicle in vehicles)
        elif aim is Aim.SPREAD:
            price = OUTWEIGHS * hour / _units_an_hour(aims)
            first = replace(aims.balance[0], per_unit=aims.balance[0].per_unit + price)
            aims = replace(aims, balance=(first, *aims.balance[1:]))
        else:
            price = OUTWEIGHS * hour
            aims = replace(aims, change_per_stop=aims.change_per_stop + price)
        if aim is not Aim.VEHICLES:
            hour, day = OUTWEIGHS * hour, OUTWEIGHS * day
    return replace(problem, vehicles=vehicles, aims=replace(aims, first=()))


def _dearer(vehicle: Vehicle, *, fixed: float = 0.0, per_hour: float = 0.0, per_km: float = 0.0) -> Vehicle:
    costs = vehicle.costs
    return replace(
        vehicle,
        costs=replace(
            costs, fixed=costs.fixed + fixed, per_hour=costs.per_hour + per_hour, per_km=costs.per_km + per_km
        ),
    )


def _an_hour(problem: RoundsProblem) -> float:
    """Return what an hour of the dearest vehicle costs at most, at least 1."""
    costs = [vehicle.costs for vehicle in problem.vehicles]
    hours = (
        c.per_hour + c.per_driving_hour + c.per_service_hour + c.overtime_per_hour + FAST_KM_PER_HOUR * c.per_km
        for c in costs
    )
    return max(1.0, *hours) if costs else 1.0


def dearest_plan(problem: RoundsProblem) -> float:
    """Return more than any plan costs or brings in, evenness and compactness apart."""
    shifts = [vehicle.shift for vehicle in problem.vehicles]
    hours = sum(min(DEAREST_HOURS, (s.end_s - s.start_s + s.overtime_s) / 3600) for s in shifts)
    fixed = sum(vehicle.costs.fixed for vehicle in problem.vehicles)
    prizes = sum(stop.prize or 0.0 for stop in problem.stops)
    aims = problem.aims
    changes = aims.change_per_stop * len(problem.stops)
    return 1.0 + _an_hour(problem) * hours + fixed + prizes + changes


def _units_an_hour(aims: Aims) -> float:
    """Return about how much of the first balance's measure an hour of work is, for the scale of its price."""
    return {Measure.HOURS: 1.0, Measure.STOPS: 10.0, Measure.LOAD: 1000.0}[aims.balance[0].measure]
