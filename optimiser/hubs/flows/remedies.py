"""Changes of a flow problem that may let something be taken: one thing more, as little as will do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from optimiser.hubs.flows.lanes import sieves
from optimiser.hubs.flows.places import Offer, Site
from optimiser.hubs.flows.plan import LeftOut
from optimiser.hubs.flows.problem import FlowProblem

ROUNDING = 1.0 + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is changed: kind, the place or vehicle or stream, by how much or to what, and the sentence for it."""

    kind: str
    place: str
    amount: float
    told: str


def promised(problem: FlowProblem, left: LeftOut) -> FlowProblem:
    """Return the problem in which all of an arising must be taken."""
    return replace(
        problem,
        sources=tuple(
            replace(
                source,
                arisings=tuple(
                    replace(arising, least_share=1.0) if arising.stream == left.stream else arising
                    for arising in source.arisings
                ),
            )
            if source.id == left.source
            else source
            for source in problem.sources
        ),
    )


def changes(problem: FlowProblem, left: LeftOut, why: str) -> Iterator[tuple[Change, FlowProblem]]:
    """Yield changes that fit a reason, each with the problem changed."""
    if why == "full":
        yield from _larger(problem, left)
        yield from _more_bought(problem, left)
        yield from _more_members(problem)
    elif why == "too-far":
        yield from _farther(problem, left)
    elif why == "too-old":
        yield from _longer(problem, left)
    elif why in {"nobody-takes", "no-end"}:
        yield from _landfilled(problem, left)


def _larger(problem: FlowProblem, left: LeftOut) -> Iterator[tuple[Change, FlowProblem]]:
    """Each site takes as much more as is left, in each of its sizes."""
    for k, site in enumerate(problem.sites):
        grown = _grown(site, left.kg * ROUNDING)
        change = Change(
            kind="capacity",
            place=site.id,
            amount=left.kg,
            told=f"let {site.id} take {left.kg:.6g} kg more in the period",
        )
        yield change, replace(problem, sites=(*problem.sites[:k], grown, *problem.sites[k + 1 :]))


def _grown(site: Site, kg: float) -> Site:
    sizes = tuple(
        replace(
            size,
            capacity_kg=None if size.limit_kg(site.hours) == np.inf else size.limit_kg(site.hours) + kg,
            kg_per_h=None,
            process_kg={name: most + kg for name, most in size.process_kg.items()},
        )
        for size in site.sizes
    )
    return replace(site, sizes=sizes)


def _more_bought(problem: FlowProblem, left: LeftOut) -> Iterator[tuple[Change, FlowProblem]]:
    for k, outlet in enumerate(problem.outlets):
        for j, offer in enumerate(outlet.offers):
            if offer.at_most_kg is None:
                continue
            more = replace(offer, at_most_kg=offer.at_most_kg + left.kg * ROUNDING)
            offers = (*outlet.offers[:j], more, *outlet.offers[j + 1 :])
            told = f"let {outlet.id} take {left.kg:.6g} kg more of {offer.stream}"
            change = Change(kind="cap", place=outlet.id, amount=left.kg, told=told)
            outlets = (*problem.outlets[:k], replace(outlet, offers=offers), *problem.outlets[k + 1 :])
            yield change, replace(problem, outlets=outlets)


def _more_members(problem: FlowProblem) -> Iterator[tuple[Change, FlowProblem]]:
    for k, work in enumerate(problem.cooperatives):
        more = replace(work, members=work.members + 1.0)
        change = Change(kind="members", place=work.id, amount=1.0, told=f"one more member in {work.id}")
        works = (*problem.cooperatives[:k], more, *problem.cooperatives[k + 1 :])
        yield change, replace(problem, cooperatives=works)


def _farther(problem: FlowProblem, left: LeftOut) -> Iterator[tuple[Change, FlowProblem]]:
    """Each vehicle goes as far as the nearest place that takes the stream."""
    links = problem.links
    row = [source.id for source in problem.sources].index(left.source)
    stream = [each.id for each in problem.streams].index(left.stream)
    mine = (links.tail == row) & sieves(problem)[0][:, stream]
    for k in np.unique(links.vehicle[mine]).tolist():
        vehicle = problem.vehicles[k]
        reach = float(links.distance_m[mine & (links.vehicle == k)].min())
        told = f"let {vehicle.id} go {reach:.0f} m one way"
        change = Change(kind="reach", place=vehicle.id, amount=reach, told=told)
        vehicles = (*problem.vehicles[:k], replace(vehicle, reach_m=reach), *problem.vehicles[k + 1 :])
        yield change, replace(problem, vehicles=vehicles)


def _longer(problem: FlowProblem, left: LeftOut) -> Iterator[tuple[Change, FlowProblem]]:
    """The stream may be as old as it is at the place that it reaches soonest."""
    links = problem.links
    row = [source.id for source in problem.sources].index(left.source)
    k = [each.id for each in problem.streams].index(left.stream)
    wanted, near, _ = sieves(problem)
    mine = (links.tail == row) & wanted[:, k] & near
    waits = [s.wait_h for s in problem.sources] + [s.wait_h for s in problem.sites]
    wait = np.array([*waits, *(outlet.wait_h for outlet in problem.outlets)])
    hours = float((wait[links.tail] + links.duration_s / 3600.0 + wait[links.head])[mine].min())
    stream = problem.streams[k]
    told = f"let {stream.id} be up to {hours:.3g} h old, by cooling it or waiting less"
    change = Change(kind="storage", place=stream.id, amount=hours, told=told)
    streams = (*problem.streams[:k], replace(stream, storage_h=hours), *problem.streams[k + 1 :])
    yield change, replace(problem, streams=streams)


def _landfilled(problem: FlowProblem, left: LeftOut) -> Iterator[tuple[Change, FlowProblem]]:
    """Each outlet that buries something also takes the stream, at its dearest gate fee."""
    for k, outlet in enumerate(problem.outlets):
        buried = [offer for offer in outlet.offers if not offer.diverted]
        if not buried or left.stream in {offer.stream for offer in outlet.offers}:
            continue
        dearest = max(buried, key=lambda offer: offer.gate_fee_per_kg)
        taken = Offer(
            stream=left.stream,
            gate_fee_per_kg=dearest.gate_fee_per_kg,
            ghg_kg_per_kg=dearest.ghg_kg_per_kg,
            diverted=False,
        )
        told = f"let {outlet.id} take {left.stream} for {dearest.gate_fee_per_kg:g} a kilogram"
        change = Change(kind="outlet", place=outlet.id, amount=left.kg, told=told)
        outlets = (*problem.outlets[:k], replace(outlet, offers=(*outlet.offers, taken)), *problem.outlets[k + 1 :])
        yield change, replace(problem, outlets=outlets)
