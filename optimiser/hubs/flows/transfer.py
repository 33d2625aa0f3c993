"""From which distance on a transfer station pays: the break-even of two echelons.

A collecting vehicle A costs ``b_A`` for a kilogram and a metre of haul, a large one B costs ``b_B`` and once ``a_B``
for loading and unloading. A station costs ``h`` a kilogram: handling, and its fixed cost over what passes. Hauling
straight on costs ``b_A x`` for a way of ``x`` metres, by the station ``h + a_B + b_B x``, so the station pays beyond

    x* = (h + a_B) / (b_A - b_B)            (never, when the large vehicle is not cheaper by the metre)

the break-even that handbooks draw as two lines that cross (US EPA 2002, Waste Transfer Stations, EPA530-R-02-002).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from optimiser.hubs.flows.books import books
from optimiser.hubs.flows.materials import outputs
from optimiser.hubs.flows.plan import FlowPlan
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.transport import Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """A stream that passes a site unchanged.

    Parameters
    ----------
    brought_by, taken_by
        Ids of vehicles: the one that brings most of it, and the one that takes it on.
    haul_m
        Break-even of the way from the station on; ``inf`` if the station never pays.
    actual_m
        The way that it is hauled, mean by mass.
    kg
        What passes.
    saved
        Money in the period against hauling on with what brought it; negative when the station costs.
    """

    site: str
    stream: str
    brought_by: str
    taken_by: str
    haul_m: float
    actual_m: float
    kg: float
    saved: float


def break_even_m(*, station_per_kg: float, small_per_kg_m: float, large_per_kg_m: float, large_per_kg: float) -> float:
    """Return ``x*`` of the module's formula."""
    cheaper = small_per_kg_m - large_per_kg_m
    return (station_per_kg + large_per_kg) / cheaper if cheaper > 0 else inf


def per_kg_m(vehicle: Vehicle, stream: str, metres_per_s: float) -> float:
    """Return what hauling a kilogram one metre costs, the empty way back included."""
    trip = 2.0 * (vehicle.cost_per_km / 1000.0 + vehicle.cost_per_h / 3600.0 / metres_per_s)
    return trip / vehicle.payloads_kg.get(stream, vehicle.payload_kg)


def per_kg(vehicle: Vehicle, stream: str) -> float:
    """Return what loading and unloading a kilogram costs."""
    handling = vehicle.handling_s / 3600.0 * vehicle.cost_per_h
    return handling / vehicle.payloads_kg.get(stream, vehicle.payload_kg)


def break_evens(problem: FlowProblem, plan: FlowPlan) -> tuple[BreakEven, ...]:
    """Return the break-even of every stream that passes an open site unchanged and goes on."""
    kept = books(problem, plan)
    processes = {process.id: process for process in problem.processes}
    streams = {stream.id: stream for stream in problem.streams}
    fixed = {(site.id, size.id): size.fixed_cost for site in problem.sites for size in site.sizes}
    found = []
    for row, site in enumerate(problem.sites):
        total = float(kept.processed[row].sum())
        for (name, process), amounts in kept.by_process.items():
            for stream, kg in amounts.items() if name == site.id else ():
                if kg > 0 and outputs(processes[process], streams[stream]) == {stream: 1.0}:
                    share = fixed.get((site.id, plan.open.get(site.id, "")), 0.0) / total
                    cost = processes[process].cost_per_kg + share
                    found += _at(problem, plan, len(problem.sources) + row, stream, cost)
    return tuple(found)


def _at(problem: FlowProblem, plan: FlowPlan, place: int, stream: str, station: float) -> list[BreakEven]:
    links, carried = problem.links, plan.carried
    number = [each.id for each in problem.streams].index(stream)
    mine = (carried.stream == number) & (carried.kg > 0)
    brought = np.flatnonzero(mine & (links.head[carried.link] == place))
    taken = np.flatnonzero(mine & (links.tail[carried.link] == place))
    if not len(brought) or not len(taken):
        return []
    by_vehicle = np.bincount(links.vehicle[carried.link[brought]], carried.kg[brought])
    small = problem.vehicles[int(by_vehicle.argmax())]
    found = []
    for vehicle in np.unique(links.vehicle[carried.link[taken]]).tolist():
        here = taken[links.vehicle[carried.link[taken]] == vehicle]
        kg, link = carried.kg[here], carried.link[here]
        metres = float(kg @ links.distance_m[link] / kg.sum())
        seconds = float(kg @ links.duration_s[link] / kg.sum())
        speed = metres / seconds if seconds > 0 else inf
        large = problem.vehicles[vehicle]
        on, direct = per_kg_m(large, stream, speed), per_kg_m(small, stream, speed)
        once = per_kg(large, stream)
        haul = break_even_m(station_per_kg=station, small_per_kg_m=direct, large_per_kg_m=on, large_per_kg=once)
        saved = float(kg.sum()) * ((direct - on) * metres - station - once)
        found.append(
            BreakEven(
                site=problem.places[place],
                stream=stream,
                brought_by=small.id,
                taken_by=large.id,
                haul_m=haul,
                actual_m=metres,
                kg=float(kg.sum()),
                saved=saved,
            )
        )
    return found
