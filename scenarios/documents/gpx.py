"""GPX 1.1 for phone apps: each round as a route of its visits and a track of the way driven.

Schema: https://www.topografix.com/GPX/1/1/gpx.xsd (order of elements as it asks). A planned weekday has no date, so no
element carries a time; the clock stands in the description of each visit.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from optimiser.rounds.plan import Act
from scenarios.documents import words
from scenarios.documents.document import Document, clean, save, slugs
from scenarios.documents.itinerary import Itinerary, Step, all_itineraries
from scenarios.documents.numbers import clock
from scenarios.documents.places import Place
from scenarios.messages import say
from scenarios.outcome import Leg, Outcome

NAMESPACE = "http://www.topografix.com/GPX/1/1"
ODBL = "https://opendatacommons.org/licenses/odbl/1-0/"
SYMBOLS = {Act.STOP: "Flag, Blue", Act.TIP: "Dump"}


def write(outcome: Outcome, folder: Path) -> tuple[Document, ...]:
    """Write ``round-<day>-<vehicle>.gpx`` for every round."""
    names = slugs(vehicle.id for vehicle in outcome.system.vehicles)
    return tuple(
        save(
            folder,
            f"round-{day.day}-{names[itinerary.vehicle.id]}.gpx",
            "application/gpx+xml",
            words.marked(_title(outcome, itinerary), outcome),
            gpx(outcome, itinerary),
        )
        for day, itinerary in all_itineraries(outcome)
    )


def gpx(outcome: Outcome, itinerary: Itinerary) -> bytes:
    """Return one round as GPX."""
    language, title = outcome.scenario.language, clean(words.marked(_title(outcome, itinerary), outcome))
    root = Element("gpx", {"xmlns": NAMESPACE, "version": "1.1", "creator": "Mzunguko"})
    _metadata(root, outcome, title)
    route = SubElement(root, "rte")
    _text(route, "name", title)
    _end(route, itinerary.start, say("driver.start", language, place=itinerary.start.name), itinerary.round_.start_s)
    for step in itinerary.steps:
        if step.place is not None:
            _visit(route, step, step.place, language)
    _end(route, itinerary.end, say("driver.end", language, place=itinerary.end.name), itinerary.round_.end_s)
    track = SubElement(root, "trk")
    _text(track, "name", title)
    for leg in itinerary.legs:
        _segment(track, leg)
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _title(outcome: Outcome, itinerary: Itinerary) -> str:
    language = outcome.scenario.language
    vehicle = itinerary.vehicle.name or itinerary.vehicle.id
    return say("driver.title", language, vehicle=vehicle, day=words.day_name(itinerary.day, language))


def _metadata(root: Element, outcome: Outcome, title: str) -> None:
    metadata = SubElement(root, "metadata")
    _text(metadata, "name", title)
    _text(metadata, "desc", words.marked(outcome.scenario.name, outcome))
    author = outcome.provenance.attribution.removeprefix("\u00a9").strip()
    holder = SubElement(metadata, "copyright", {"author": clean(author)})
    if "OpenStreetMap" in author:
        _text(holder, "license", ODBL)


def _visit(route: Element, step: Step, place: Place, language: str) -> None:
    point = SubElement(route, "rtept", _position(place.lon, place.lat))
    time, kg = clock(step.visit.start_s), f"{step.kg:.0f}"
    tip = step.visit.act is Act.TIP
    name = say("driver.tip", language, place=place.name) if tip else f"{step.number} {place.name}"
    _text(point, "name", name)
    _text(point, "desc", say("gpx.visit", language, time=time, kg=kg))
    _text(point, "sym", SYMBOLS[step.visit.act])
    _text(point, "type", step.visit.act.value)


def _end(route: Element, place: Place, name: str, at_s: float) -> None:
    point = SubElement(route, "rtept", _position(place.lon, place.lat))
    _text(point, "name", name)
    _text(point, "desc", clock(at_s))
    _text(point, "type", place.role.value)


def _segment(track: Element, leg: Leg) -> None:
    segment = SubElement(track, "trkseg")
    for lon, lat in leg.whole.tolist():
        SubElement(segment, "trkpt", _position(lon, lat))


def _position(lon: float, lat: float) -> dict[str, str]:
    return {"lat": f"{lat:.7f}", "lon": f"{lon:.7f}"}


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean(text)
