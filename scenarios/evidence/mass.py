"""Tonnes: generated, collected, brought to hubs, left; and what reaches a controlled facility."""

from __future__ import annotations

import math

from scenarios.data.defaults import lookup
from scenarios.evidence.case import EvidenceCase
from scenarios.evidence.figure import Figure
from scenarios.evidence.span import Span, exact, figure, of_default, unknown
from scenarios.model.kerbside import KerbsideStreet
from scenarios.model.work import CollectionPoint

KG = 1000.0


def figures(case: EvidenceCase) -> tuple[Figure, ...]:
    """Return the terms of the mass balance summed over streams, t, and SDG 11.6.1."""
    places: list[CollectionPoint | KerbsideStreet] = [*case.system.points, *case.system.kerbside]
    estimated = any(place.estimated for place in places)
    spread = generation(case)
    sources = tuple(dict.fromkeys(place.origin.file for place in places))

    def tonnes(kg: float) -> Span:
        return Span(
            value=kg / KG, low=kg / KG * spread.low, high=kg / KG * spread.high, sources=(*sources, *spread.sources)
        )

    rows = case.balance
    return (
        figure("generated", tonnes(math.fsum(r.generated_kg for r in rows)), "t", estimated=estimated),
        figure("collected", tonnes(math.fsum(r.collected_kg for r in rows)), "t", better="higher", estimated=estimated),
        figure("to-hubs", tonnes(math.fsum(r.to_hubs_kg for r in rows)), "t", better="higher", estimated=estimated),
        figure("left", tonnes(math.fsum(r.left_kg for r in rows)), "t", better="lower", estimated=estimated),
        controlled_share(case, estimated=estimated),
    )


def generation(case: EvidenceCase) -> Span:
    """Return the range of what is generated relative to its value: that of the default rate, where one was used."""
    demand = case.scenario.demand
    if demand.from_ == "points" or demand.kg_per_person_day is not None:
        return exact(1.0)
    rate = of_default(lookup("kg-per-person-day", case.scenario.country))
    return Span(value=1.0, low=rate.low / rate.value, high=rate.high / rate.value, sources=rate.sources)


def controlled_share(case: EvidenceCase, *, estimated: bool) -> Figure:
    """Return SDG 11.6.1: collected and managed in controlled facilities / generated.

    Source: UN-Habitat and UNSD (2021), SDG indicator metadata 11.6.1, Computation. What people bring to hubs is left
    out until its way to a facility is known.
    """
    control = {facility.id: facility.controlled for facility in case.system.facilities}
    generated = math.fsum(row.generated_kg for row in case.balance)
    unloaded = [(site, kg) for row in case.balance for site, kg in row.unloaded_kg.items()]
    if generated <= 0 or any(control[site] is None for site, kg in unloaded):
        note = "the control level of a facility is not known" if generated > 0 else "nothing is generated"
        return unknown("controlled-share", "share", note, better="higher")
    managed = math.fsum(kg for site, kg in unloaded if control[site])
    source = "UN-Habitat and UNSD (2021), SDG indicator metadata 11.6.1"
    return figure("controlled-share", exact(managed / generated, source), "share", better="higher", estimated=estimated)
