"""Lanes: each link with each stream that may go along it, with what a kilogram costs, emits and takes of time.

A stream goes along a link when it leaves the one place (it arises there, or a process of the site makes it), is taken
at the other (a process of the site takes it, or an outlet does), is not too far for the vehicle, and keeps long enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.hubs.flows.materials import outputs
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.transport import EVERY, Floats, Positions

Bools = NDArray[np.bool_]

KEEPS = 1e-9  # hours: waits and ways that add up to the limit are in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """All lanes; one entry each.

    Parameters
    ----------
    link, stream, tail, head, vehicle
        Positions.
    cost, ghg_kg, jobs, hours
        Of one kilogram: transport only.
    at_most_kg
        Limit; ``inf`` for none.
    """

    link: Positions
    stream: Positions
    tail: Positions
    head: Positions
    vehicle: Positions
    cost: Floats
    ghg_kg: Floats
    jobs: Floats
    hours: Floats
    at_most_kg: Floats

    def __len__(self) -> int:
        """Return how many."""
        return len(self.link)


def lanes(problem: FlowProblem) -> Lanes:
    """Return every lane that may be used."""
    wanted, near, fresh = sieves(problem)
    link, stream = np.nonzero(wanted & near[:, None] & fresh)
    return _priced(problem, link, stream)


def sieves(problem: FlowProblem) -> tuple[Bools, Bools, Bools]:
    """Return by link and stream whether both ends deal in it; by link if in reach; by both if it keeps long enough."""
    links, streams = problem.links, len(problem.streams)
    leaves, taken = dealings(problem)
    only = links.streams()
    asked = (only[:, None] == EVERY) | (only[:, None] == np.arange(streams)[None, :])
    reach = np.array([np.inf if v.reach_m is None else v.reach_m for v in problem.vehicles], dtype=np.float64)
    near = links.distance_m <= reach[links.vehicle]
    waits = [source.wait_h for source in problem.sources] + [site.wait_h for site in problem.sites]
    wait = np.array([*waits, *(outlet.wait_h for outlet in problem.outlets)], dtype=np.float64)
    keeps = np.array([np.inf if s.storage_h is None else s.storage_h for s in problem.streams], dtype=np.float64)
    age = wait[links.tail] + links.duration_s / 3600.0 + wait[links.head]
    return asked & leaves[links.tail] & taken[links.head], near, age[:, None] <= keeps[None, :] + KEEPS


def dealings(problem: FlowProblem) -> tuple[Bools, Bools]:
    """Return by place and stream whether it may leave there, and whether it is taken there."""
    at = {stream.id: k for k, stream in enumerate(problem.streams)}
    streams = {stream.id: stream for stream in problem.streams}
    processes = {process.id: process for process in problem.processes}
    leaves = np.zeros((len(problem.places), len(problem.streams)), dtype=np.bool_)
    taken = np.zeros_like(leaves)
    for row, source in enumerate(problem.sources):
        leaves[row, [at[arising.stream] for arising in source.arisings]] = True
    made = {p.id: {at[o] for name in p.takes for o in outputs(p, streams[name])} for p in processes.values()}
    for row, site in enumerate(problem.sites, start=len(problem.sources)):
        for name in site.processes if site.may_open else ():
            leaves[row, list(made[name])] = True
            taken[row, [at[stream] for stream in processes[name].takes]] = True
    for row, outlet in enumerate(problem.outlets, start=len(problem.sources) + len(problem.sites)):
        taken[row, [at[offer.stream] for offer in outlet.offers]] = True
    return leaves, taken


def trip(problem: FlowProblem) -> tuple[Floats, Floats]:
    """Return by link the cost of one trip, and its hours with handling."""
    vehicles, of, links = problem.vehicles, problem.links.vehicle, problem.links
    per_km = np.array([v.cost_per_km for v in vehicles], dtype=np.float64)
    per_h = np.array([v.cost_per_h for v in vehicles], dtype=np.float64)
    handling = np.array([v.handling_s for v in vehicles], dtype=np.float64)
    hours = (links.driven_s() + handling[of]) / 3600.0
    return links.driven_m() / 1000.0 * per_km[of] + hours * per_h[of], hours


def _priced(problem: FlowProblem, link: Positions, stream: Positions) -> Lanes:
    links, vehicles = problem.links, problem.vehicles
    cost, hours = trip(problem)
    payload = np.array(
        [[v.payloads_kg.get(s.id, v.payload_kg) for s in problem.streams] for v in vehicles], dtype=np.float64
    ).reshape(len(vehicles), len(problem.streams))
    per_km = np.array([v.ghg_kg_per_km for v in vehicles], dtype=np.float64)
    jobs = np.array([v.jobs_per_h for v in vehicles], dtype=np.float64)
    vehicle = links.vehicle[link]
    trips = 1.0 / payload[vehicle, stream]
    ghg = links.driven_m() / 1000.0 * per_km[links.vehicle]
    return Lanes(
        link=link,
        stream=stream,
        tail=links.tail[link],
        head=links.head[link],
        vehicle=vehicle,
        cost=cost[link] * trips,
        ghg_kg=ghg[link] * trips,
        jobs=hours[link] * jobs[vehicle] * trips,
        hours=hours[link] * trips,
        at_most_kg=links.limits()[link],
    )
