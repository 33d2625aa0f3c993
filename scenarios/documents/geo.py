"""GeoJSON (RFC 7946): ways, stops, sites and hubs as features that any map program opens.

Every feature has a property ``kind``: ``leg``, ``stop``, ``left-out``, ``depot``, ``facility``, ``hub`` or
``candidate``. Longitude comes before latitude, WGS 84, six decimals (about 0.1 m).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from optimiser.rounds.plan import Act
from scenarios.documents import words
from scenarios.documents.document import Document, save
from scenarios.documents.hub_rows import hub_rows
from scenarios.documents.itinerary import Itinerary, itineraries
from scenarios.documents.numbers import clock
from scenarios.documents.places import COLLECTED, Place, hub_places, places
from scenarios.documents.strict import strict
from scenarios.messages import say
from scenarios.outcome import DayPlan, Leg, Outcome

DECIMALS = 6
Feature = dict[str, Any]


def write(outcome: Outcome, folder: Path) -> tuple[Document, ...]:
    """Write ``plan.geojson``."""
    title = words.marked(say("geo.title", outcome.scenario.language, name=outcome.scenario.name), outcome)
    text = json.dumps(strict(collection(outcome)), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return (save(folder, "plan.geojson", "application/geo+json", title, text),)


def collection(outcome: Outcome) -> dict[str, Any]:
    """Return all features; attribution and illustration stand beside them."""
    return {
        "type": "FeatureCollection",
        "attribution": outcome.provenance.attribution,
        "licence": outcome.network.licence,
        "illustration": list(outcome.scenario.illustration),
        "features": [*_sites(outcome), *_days(outcome), *_hubs(outcome)],
    }


def _sites(outcome: Outcome) -> Iterator[Feature]:
    for place in places(outcome.system).values():
        if place.role not in COLLECTED:
            yield _point(place, kind=place.role.value)


def _days(outcome: Outcome) -> Iterator[Feature]:
    for day in outcome.days:
        for itinerary in itineraries(outcome, day):
            yield from _round(itinerary)
        yield from _left_out(outcome, day)


def _round(itinerary: Itinerary) -> Iterator[Feature]:
    common = {"day": itinerary.day, "vehicle": itinerary.vehicle.id}
    for sequence, leg in enumerate(itinerary.legs, start=1):
        yield _line(leg, **common, sequence=sequence)
    for step in itinerary.steps:
        if step.visit.act is Act.STOP and step.place is not None and step.point is not None:
            yield _point(
                step.place,
                kind="stop",
                **common,
                sequence=step.sequence,
                number=step.number,
                arrive=clock(step.visit.arrive_s),
                arrive_s=step.visit.arrive_s,
                stream=step.point.stream,
                kg=step.kg,
                estimated=step.point.estimated,
            )


def _left_out(outcome: Outcome, day: DayPlan) -> Iterator[Feature]:
    known = places(outcome.system)
    for item in day.result.plan.unserved if day.result.plan is not None else ():
        kg = day.loads_kg.get(item.stop, 0.0)
        yield _point(known[item.stop], kind="left-out", day=day.day, reason=item.reason.value, fix=item.fix, kg=kg)


def _hubs(outcome: Outcome) -> Iterator[Feature]:
    if outcome.hubs is None:
        return
    opened = {row.place.id: row for row in hub_rows(outcome)}
    for name, place in hub_places(outcome.system).items():
        row = opened.get(name)
        if row is None:
            yield _point(place, kind="candidate")
        else:
            yield _point(place, kind="hub", people=row.people, kg_per_day=row.kg_per_day, mean_walk_m=row.mean_walk_m)


def _point(place: Place, **properties: object) -> Feature:
    spot = [round(place.lon, DECIMALS), round(place.lat, DECIMALS)]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": spot},
        "properties": {"id": place.id, "name": place.name, **properties},
    }


def _line(leg: Leg, **properties: object) -> Feature:
    spots = np.round(leg.whole, DECIMALS)
    if len(spots):
        new = np.ones(len(spots), dtype=bool)
        new[1:] = np.any(spots[1:] != spots[:-1], axis=1)
        spots = spots[new]
    positions = spots.tolist()
    if len(positions) == 1:  # a line needs two positions, even for a vehicle that stays where it is
        positions *= 2
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": positions} if positions else None,
        "properties": {
            "kind": "leg",
            "to": leg.to,
            **properties,
            "distance_m": leg.distance_m,
            "duration_s": leg.duration_s,
            "streets": list(leg.streets),
        },
    }
