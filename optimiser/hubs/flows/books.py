"""The books of a plan: what comes in, is handled, is made and leaves, by place and stream. Only sums, no judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np

from optimiser.hubs.flows.lanes import trip
from optimiser.hubs.flows.materials import Stream, outputs
from optimiser.hubs.flows.places import Site, Size
from optimiser.hubs.flows.plan import FlowPlan
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.transport import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Kilograms in the period.

    Parameters
    ----------
    arising, left_out
        By source and stream.
    inward, outward
        By place and stream, along links.
    processed, made
        By site and stream, into and out of processes.
    by_process
        (site, process) -> stream -> kg.
    trips
        By entry of the plan's ``carried``.
    hours, by_cooperative
        By cooperative: work, and stream -> kg.
    stream
        Streams by id.
    """

    arising: Floats
    left_out: Floats
    inward: Floats
    outward: Floats
    processed: Floats
    made: Floats
    by_process: Mapping[tuple[str, str], Mapping[str, float]]
    trips: Floats
    hours: Mapping[str, float]
    by_cooperative: Mapping[str, Mapping[str, float]]
    stream: Mapping[str, Stream]


def limit_of(site: Site, size: Size) -> float:
    """Return what a site of a size takes in the period."""
    return size.limit_kg(site.hours)


def process_limit_of(size: Size, process: str) -> float:
    """Return what a single process takes; ``inf`` without a limit of its own."""
    return size.process_kg.get(process, inf)


def books(problem: FlowProblem, plan: FlowPlan) -> Books:
    """Add everything up; the plan must name only what there is."""
    number = {stream.id: k for k, stream in enumerate(problem.streams)}
    wide = len(problem.streams)
    arising, left = np.zeros((len(problem.sources), wide)), np.zeros((len(problem.sources), wide))
    source_at = {source.id: row for row, source in enumerate(problem.sources)}
    for row, source in enumerate(problem.sources):
        for each in source.arisings:
            arising[row, number[each.stream]] = each.kg
    for gone in plan.left_out:
        left[source_at[gone.source], number[gone.stream]] += gone.kg
    links, carried = problem.links, plan.carried
    inward, outward = np.zeros((len(problem.places), wide)), np.zeros((len(problem.places), wide))
    np.add.at(inward, (links.head[carried.link], carried.stream), carried.kg)
    np.add.at(outward, (links.tail[carried.link], carried.stream), carried.kg)
    processed, made, by_process = _handled(problem, plan, number)
    trips = carried.kg / _payloads(problem, plan)
    hours, by_cooperative = _worked(problem, plan, trips)
    return Books(
        arising=arising,
        left_out=left,
        inward=inward,
        outward=outward,
        processed=processed,
        made=made,
        by_process=by_process,
        trips=trips,
        hours=hours,
        by_cooperative=by_cooperative,
        stream={stream.id: stream for stream in problem.streams},
    )


def _handled(
    problem: FlowProblem, plan: FlowPlan, number: Mapping[str, int]
) -> tuple[Floats, Floats, dict[tuple[str, str], dict[str, float]]]:
    shape = (len(problem.sites), len(problem.streams))
    processed, made = np.zeros(shape), np.zeros(shape)
    by_process: dict[tuple[str, str], dict[str, float]] = {}
    site_at = {site.id: row for row, site in enumerate(problem.sites)}
    process = {each.id: each for each in problem.processes}
    stream = {each.id: each for each in problem.streams}
    for each in plan.processed:
        row = site_at[each.site]
        processed[row, number[each.stream]] += each.kg
        for name, share in outputs(process[each.process], stream[each.stream]).items():
            made[row, number[name]] += share * each.kg
        amounts = by_process.setdefault((each.site, each.process), {})
        amounts[each.stream] = amounts.get(each.stream, 0.0) + each.kg
    return processed, made, by_process


def _payloads(problem: FlowProblem, plan: FlowPlan) -> Floats:
    of = problem.links.vehicle[plan.carried.link].tolist()
    names = [problem.streams[k].id for k in plan.carried.stream.tolist()]
    vehicles = [problem.vehicles[k] for k in of]
    pairs = zip(vehicles, names, strict=True)
    return np.array([vehicle.payloads_kg.get(name, vehicle.payload_kg) for vehicle, name in pairs], dtype=np.float64)


def _worked(
    problem: FlowProblem, plan: FlowPlan, trips: Floats
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    _, trip_hours = trip(problem)
    hours: dict[str, float] = {}
    carried: dict[str, dict[str, float]] = {}
    entries = zip(plan.carried.link.tolist(), plan.carried.stream.tolist(), plan.carried.kg.tolist(), strict=True)
    for k, (link, stream, kg) in enumerate(entries):
        name = problem.vehicles[int(problem.links.vehicle[link])].cooperative
        if name:
            hours[name] = hours.get(name, 0.0) + float(trips[k] * trip_hours[link])
            amounts = carried.setdefault(name, {})
            amounts[problem.streams[stream].id] = amounts.get(problem.streams[stream].id, 0.0) + kg
    return hours, carried
