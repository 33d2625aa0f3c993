"""There and back: plans as solutions of the PyVRP model, and its solutions as orders of stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import pyvrp

from optimiser.rounds.clock import to_ms
from optimiser.rounds.engines.pyvrp_model import Relaxation
from optimiser.rounds.plan import Act, Plan, Visit

CLIENT, DEPOT = pyvrp.ActivityType.CLIENT, pyvrp.ActivityType.DEPOT
PICKUP, DELIVERY = pyvrp.ActivityType.PICKUP, pyvrp.ActivityType.DELIVERY


def orders(model: Relaxation, solution: pyvrp.Solution) -> list[tuple[str, list[str]]]:
    """Return who serves what in which order, every vehicle of the model named.

    Of vehicles that the model does not tell apart, each goes where it serves most of its usual stops.
    """
    found: list[tuple[str, list[str]]] = []
    tours = [(route.vehicle_type(), list(_stops(model, route))) for route in solution.routes()]
    for team, own in groupby(sorted(tours, key=lambda tour: tour[0]), key=lambda tour: tour[0]):
        found += _crewed(model, model.teams[team].vehicles, [visits for _, visits in own])
    busy = {vehicle for vehicle, _ in found}
    idle = [vehicle for team in model.teams for vehicle in team.vehicles if vehicle not in busy]
    return found + [(vehicle, []) for vehicle in idle]


def _stops(model: Relaxation, route: pyvrp.Route) -> Iterator[str]:
    stops = model.known.problem.stops
    for visit in route:
        if visit.is_client():
            yield stops[model.alternatives[visit.idx].stop].id
        elif visit.is_shipment():
            yield stops[model.pairs[visit.idx][visit.is_delivery()]].id


def _crewed(model: Relaxation, vehicles: Sequence[str], tours: list[list[str]]) -> list[tuple[str, list[str]]]:
    """Return the tours of a team with their vehicles."""
    known, spare, found = model.known, list(vehicles), []
    usual = {stop.id: stop.usual for stop in known.problem.stops if stop.usual is not None}
    for visits in tours:
        wanted = [usual.get(stop) for stop in visits] if usual else []
        best = max(spare, key=wanted.count)  # the first of equals
        spare.remove(best)
        found.append((best, visits))
    return found


def start_from(model: Relaxation, initial: Plan | None) -> pyvrp.Solution | None:
    """Return a plan as a solution to start from, ``None`` if there is none or the model cannot hold it.

    The last tip before the depot is left out: it is in the arc home.
    """
    if initial is None or not initial.rounds:
        return None
    clients: dict[tuple[int, int], list[int]] = {}
    for n, one in enumerate(model.alternatives):
        clients.setdefault((one.stop, one.mode), []).append(n)
    team_of = {vehicle: n for n, team in enumerate(model.teams) for vehicle in team.vehicles}
    routes = []
    try:
        for tour in initial.rounds:
            visits = list(tour.visits)
            while visits and visits[-1].act is not Act.STOP:
                visits.pop()
            activities = [
                pyvrp.Activity(*activity) for visit in visits if (activity := _activity(model, clients, visit))
            ]
            if any(activity.type != DEPOT for activity in activities):
                routes.append(pyvrp.Route(model.data, activities, team_of[tour.vehicle]))
        return pyvrp.Solution(model.data, routes)
    except ValueError:  # a tip between the ends of a shipment, or a site that is no reload depot of the vehicle
        return None


def _activity(
    model: Relaxation, clients: dict[tuple[int, int], list[int]], visit: Visit
) -> tuple[pyvrp.ActivityType, int] | None:
    """Return what a visit is in the model; a break, or a stop that is not stated, is nothing."""
    if visit.act is Act.TIP:
        return DEPOT, model.site_depots[visit.id, visit.mode]
    if visit.act is Act.BREAK:
        return None
    k = model.known.stop_at[visit.id]
    for n, pair in enumerate(model.pairs if model.known.partner[k] >= 0 else ()):
        if k in pair:
            return (PICKUP if k == pair[0] else DELIVERY), n
    start = to_ms(visit.start_s)
    late = {
        n: max(model.alternatives[n].opens - start, start - model.alternatives[n].closes)
        for n in clients.get((k, visit.mode), ())
    }
    return (CLIENT, min(late, key=late.__getitem__)) if late else None
