"""What is wrong with a flow problem as it is given: everything at once, each with its place and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from faults import Fault
from optimiser.hubs.flows.materials import SAME, SLACK, Process, Stream, recipe
from optimiser.hubs.flows.transport import EVERY

if TYPE_CHECKING:
    from optimiser.hubs.flows.problem import FlowProblem

SUM = 1e-6  # how far the shares of a stream may be from 1 together


def faults_of(problem: FlowProblem) -> tuple[Fault, ...]:
    """Return all faults; names first, for with unknown names nothing else can be said."""
    named = (*_doubled(problem), *_unknown(problem))
    if named:
        return named
    return (*_numbers(problem), *_materials(problem), *_processes(problem), *_fees(problem), *_links(problem))


def _fault(code: str, place: str, cause: str, action: str) -> Fault:
    return Fault(code=code, place=place, cause=cause, action=action)


def _doubled(problem: FlowProblem) -> Iterator[Fault]:
    places = (*problem.sources, *problem.sites, *problem.outlets)
    groups: tuple[tuple[str, Sequence[Any]], ...] = (
        ("stream", problem.streams),
        ("process", problem.processes),
        ("place", places),
        ("vehicle", problem.vehicles),
        ("cooperative", problem.cooperatives),
        ("duty", problem.duties),
        *((f"size of {site.id}", site.sizes) for site in problem.sites),
    )
    for kind, things in groups:
        yield from _twice(kind, [thing.id for thing in things])
    for source in problem.sources:
        yield from _twice(f"arising of {source.id}", [arising.stream for arising in source.arisings])
    for outlet in problem.outlets:
        yield from _twice(f"offer of {outlet.id}", [offer.stream for offer in outlet.offers])


def _twice(kind: str, ids: Sequence[str]) -> Iterator[Fault]:
    for name in sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else ():
        yield _fault("flow-name-twice", kind, f"{name!r} is there more than once", "give each its own name")


def _unknown(problem: FlowProblem) -> Iterator[Fault]:
    streams = {stream.id for stream in problem.streams}
    processes = {process.id for process in problem.processes}
    outlets = {outlet.id for outlet in problem.outlets}
    cooperatives = {cooperative.id for cooperative in problem.cooperatives}
    for place, name, known in (
        *((s.id, a.stream, streams) for s in problem.sources for a in s.arisings),
        *((o.id, offer.stream, streams) for o in problem.outlets for offer in o.offers),
        *((p.id, name, streams) for p in problem.processes for name in p.takes),
        *((p.id, y.into, streams | {SAME}) for p in problem.processes for y in p.yields),
        *((p.id, p.residue, streams | {""}) for p in problem.processes),
        *((s.id, name, processes) for s in problem.sites for name in s.processes),
        *((s.id, name, processes) for s in problem.sites for size in s.sizes for name in size.process_kg),
        *((v.id, name, streams) for v in problem.vehicles for name in v.payloads_kg),
        *((v.id, v.cooperative, cooperatives | {""}) for v in problem.vehicles),
        *((c.id, fee.stream, streams) for c in problem.cooperatives for fee in c.fees),
        *((d.id, d.stream, streams) for d in problem.duties),
        *((d.id, name, outlets) for d in problem.duties for name in d.outlets),
    ):
        if name not in known:
            yield _fault(
                "flow-name-unknown", place, f"names {name!r}, which is not there", "add it or correct the name"
            )


def _numbers(problem: FlowProblem) -> Iterator[Fault]:
    """Masses, capacities, hours and payloads are not negative; shares are from 0 to 1; all are numbers."""
    for place, name, value, high in _ranged(problem):
        if not 0.0 <= value <= high:
            allowed = "between 0 and 1" if high == 1.0 else "0 or more"
            yield _fault("flow-number", place, f"{name} is {value}", f"it must be {allowed}")
    for vehicle in problem.vehicles:
        for payload in (vehicle.payload_kg, *vehicle.payloads_kg.values()):
            if not 0.0 < payload < inf:
                yield _fault("flow-number", vehicle.id, f"payload_kg is {payload}", "it must be more than 0")
    for place, name, value in _signed(problem):
        if not isfinite(value):
            yield _fault("flow-number", place, f"{name} is {value}", "it must be a finite number")


def _ranged(problem: FlowProblem) -> Iterator[tuple[str, str, float, float]]:
    most = float(np.finfo(np.float64).max)
    for source in problem.sources:
        for arising in source.arisings:
            yield f"{source.id}/{arising.stream}", "kg", arising.kg, most
            yield f"{source.id}/{arising.stream}", "least_share", arising.least_share, 1.0
        yield source.id, "wait_h", source.wait_h, most
    for site in problem.sites:
        yield site.id, "wait_h", site.wait_h, most
        yield site.id, "hours", site.hours or 0.0, most
        for size in site.sizes:
            held = {"capacity_kg": size.capacity_kg or 0.0, "kg_per_h": size.kg_per_h or 0.0, **size.process_kg}
            for name, value in {**held, "jobs": size.jobs, "fixed_cost": size.fixed_cost}.items():
                yield f"{site.id}/{size.id}", name, value, most
    for outlet in problem.outlets:
        for offer in outlet.offers:
            yield f"{outlet.id}/{offer.stream}", "at_most_kg", offer.at_most_kg or 0.0, most
    yield from _ranged_transport(problem, most)


def _ranged_transport(problem: FlowProblem, most: float) -> Iterator[tuple[str, str, float, float]]:
    for vehicle in problem.vehicles:
        for name in ("cost_per_km", "cost_per_h", "handling_s", "ghg_kg_per_km", "jobs_per_h"):
            yield vehicle.id, name, getattr(vehicle, name), most
        yield vehicle.id, "reach_m", vehicle.reach_m or 0.0, inf
    for work in problem.cooperatives:
        for name in ("members", "hours", "earnings_floor"):
            yield work.id, name, getattr(work, name), most
    for duty in problem.duties:
        yield duty.id, "least_kg", duty.least_kg, most
        yield duty.id, "least_share", duty.least_share, 1.0


def _signed(problem: FlowProblem) -> Iterator[tuple[str, str, float]]:
    for source in problem.sources:
        for arising in source.arisings:
            for name in ("unserved_cost_per_kg", "unserved_ghg_kg_per_kg", "baseline_ghg_kg_per_kg", "deposit_per_kg"):
                yield f"{source.id}/{arising.stream}", name, getattr(arising, name)
    for outlet in problem.outlets:
        for offer in outlet.offers:
            for name in ("price_per_kg", "gate_fee_per_kg", "ghg_kg_per_kg", "credit_ghg_kg_per_kg"):
                yield f"{outlet.id}/{offer.stream}", name, getattr(offer, name)
    for process in problem.processes:
        for name in ("cost_per_kg", "ghg_kg_per_kg", "jobs_per_kg"):
            yield process.id, name, getattr(process, name)


def _materials(problem: FlowProblem) -> Iterator[Fault]:
    for stream in problem.streams:
        shares = stream.shares().values()
        if not all(0.0 <= share <= 1.0 for share in shares) or abs(sum(shares) - 1.0) > SUM:
            cause = f"its materials are {dict(stream.shares())}"
            yield _fault("flow-shares", stream.id, cause, "shares are 0 or more and together 1")


def _processes(problem: FlowProblem) -> Iterator[Fault]:
    streams = {stream.id: stream for stream in problem.streams}
    for process in problem.processes:
        shares = [*(each.share for each in process.yields), *process.lost.values()]
        if bad := [share for share in shares if not 0.0 <= share <= 1.0]:
            cause = f"a yield or loss is {bad[0]}"
            yield _fault("flow-yield", process.id, cause, "yields and losses are shares between 0 and 1")
            continue
        for name in process.takes:
            yield from _balanced(process, streams[name])


def _balanced(process: Process, stream: Stream) -> Iterator[Fault]:
    _, left = recipe(process, stream)
    place = f"{process.id}/{stream.id}"
    over = [name for name, rest in _rests(process, stream) if rest < -SLACK]
    if over:
        cause = f"yields and losses of {over[0]!r} are together more than 1"
        yield _fault("flow-yield", place, cause, "lower a yield or a loss: no mass comes from nothing")
    elif left > SLACK and not process.residue:
        cause = f"{left:.4g} of each kg is in no yield, not lost, and there is no residue"
        yield _fault("flow-mass-vanishes", place, cause, "name a residue stream, or give the loss to water and gas")


def _rests(process: Process, stream: Stream) -> Iterator[tuple[str, float]]:
    for material in stream.shares():
        alone = Stream(id=stream.id, materials={material: 1.0})
        yield material, recipe(process, alone)[1]


def _fees(problem: FlowProblem) -> Iterator[Fault]:
    for work in problem.cooperatives:
        for fee in work.fees:
            if not 0.0 <= fee.least <= fee.most < inf:
                cause = f"its price is to be between {fee.least} and {fee.most}"
                yield _fault("flow-number", f"{work.id}/{fee.stream}", cause, "give 0 <= least <= most")


def _links(problem: FlowProblem) -> Iterator[Fault]:
    links, size = problem.links, len(problem.links)
    arrays = {name: getattr(links, name) for name in links.__slots__ if getattr(links, name) is not None}
    if wrong := [name for name, array in arrays.items() if array.shape != (size,)]:
        yield _fault("flow-links", "links", f"{', '.join(wrong)} have another length", "give one entry for each link")
        return
    places = len(problem.sources) + len(problem.sites) + len(problem.outlets)
    for name, low, high in (
        ("tail", 0, len(problem.sources) + len(problem.sites)),
        ("head", len(problem.sources), places),
        ("vehicle", 0, len(problem.vehicles)),
        ("stream", EVERY, len(problem.streams)),
    ):
        if name in arrays and _some((arrays[name] < low) | (arrays[name] >= high)):
            cause = f"{name} must be from {low} to {high - 1}"
            yield _fault("flow-links", "links", cause, "links go from a source or site to a site or outlet")
    for name in ("distance_m", "duration_s", "back_distance_m", "back_duration_s", "at_most_kg"):
        if name in arrays:
            most = inf if name == "at_most_kg" else np.finfo(np.float64).max
            if _some(~((arrays[name] >= 0) & (arrays[name] <= most))):
                yield _fault("flow-links", "links", f"{name} is negative or not a number", "give 0 or more")


def _some(wrong: Iterable[bool]) -> bool:
    return bool(np.any(np.asarray(wrong)))
