"""The driver sheet: one printable page set for each vehicle and day, with boxes to tick and room to write."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from optimiser.rounds.plan import Act
from scenarios.documents import words
from scenarios.documents.along import along
from scenarios.documents.document import Document, save, slugs
from scenarios.documents.earnings import to_pay
from scenarios.documents.itinerary import Itinerary, Step, all_itineraries
from scenarios.documents.map import round_map, trip_map
from scenarios.documents.map_layers import numbered_stops
from scenarios.documents.map_sheet import round_base
from scenarios.documents.numbers import clock, money
from scenarios.documents.page import render
from scenarios.documents.turns import listed
from scenarios.messages import say
from scenarios.outcome import Outcome

WAITING_S = 60.0  # a wait shorter than this is not worth a word


def write(outcome: Outcome, folder: Path) -> tuple[Document, ...]:
    """Write ``driver-sheet-<day>-<vehicle>.html`` for every round."""
    language = outcome.scenario.language
    names = slugs(vehicle.id for vehicle in outcome.system.vehicles)
    return tuple(
        save(
            folder,
            f"driver-sheet-{day.day}-{names[itinerary.vehicle.id]}.html",
            "text/html; charset=utf-8",
            words.marked(_title(itinerary, language), outcome),
            page(outcome, itinerary),
        )
        for day, itinerary in all_itineraries(outcome)
    )


def page(outcome: Outcome, itinerary: Itinerary) -> str:
    """Return the sheet of one round as HTML."""
    language = outcome.scenario.language
    title = _title(itinerary, language)
    base = round_base(outcome, itinerary)
    crowded = len(numbered_stops([itinerary], base.frame)) < len(itinerary.stops)
    guessed = bool(itinerary.stops) and all(step.point.estimated for step in itinerary.stops if step.point)
    streams = {stream.id: stream.name or stream.id for stream in outcome.system.streams}
    return render(
        "driver_sheet.html",
        language,
        outcome=outcome,
        itinerary=itinerary,
        words=words,
        title=title,
        Act=Act,
        day=words.day_name(itinerary.day, language),
        carries=words.listed([streams[name] for name in itinerary.vehicle.streams], language),
        several=len({step.point.stream for step in itinerary.stops if step.point is not None}) > 1,
        streams=streams,
        map=round_map(outcome, itinerary, base, title=title),
        details=_details(outcome, itinerary) if crowded else (),
        all_estimated=guessed,
        directions=directions(itinerary, language),
        along={step.sequence: told for step in itinerary.stops if (told := along(step, language))},
        messages={step.sequence: messages(step, outcome, all_estimated=guessed) for step in itinerary.steps},
    )


def _details(outcome: Outcome, itinerary: Itinerary) -> tuple[tuple[str, Markup], ...]:
    """Draw each trip by itself, for a round whose stops stand too close for one map."""
    found = []
    for trip in itinerary.trips:
        numbers = [step.number for step in trip if step.number is not None]
        title = say("driver.detail", outcome.scenario.language, first=numbers[0], last=numbers[-1])
        found.append((title, trip_map(outcome, itinerary, trip, title=title)))
    return tuple(found)


def directions(itinerary: Itinerary, language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return a heading and the turns for each leg that has any, the way back last."""
    depot = itinerary.end.name
    legs = [(_heading(step, depot, language), step.leg) for step in itinerary.steps if step.leg is not None]
    if itinerary.back is not None:
        legs.append((say("driver.end", language, place=itinerary.end.name), itinerary.back))
    told = ((heading, listed(leg, language)) for heading, leg in legs)
    return tuple((heading, lines) for heading, lines in told if lines)


def _heading(step: Step, depot: str, language: str) -> str:
    if step.place is None:
        return say("driver.to_break", language, place=depot)
    if step.visit.act is Act.TIP:
        return say("driver.tip", language, place=step.place.name)
    return say("driver.to_stop", language, number=step.number, place=step.place.name)


def messages(step: Step, outcome: Outcome, *, all_estimated: bool = False) -> tuple[str, ...]:
    """Return what the driver should know about a visit: waiting, opening hours, what to pay, the planner's message.

    ``all_estimated``: every amount of the round is an estimate, which the sheet says once instead.
    """
    language, found = outcome.scenario.language, []
    if step.visit.act is not Act.BREAK and step.visit.start_s - step.visit.arrive_s >= WAITING_S:
        found.append(say("driver.wait", language, time=clock(step.visit.start_s)))
    if step.point is not None and step.point.close_s is not None:
        found.append(say("driver.until", language, time=clock(step.point.close_s)))
    if step.point is not None and step.point.estimated and not all_estimated:
        found.append(say("driver.estimated", language))
    pay = to_pay(step)
    if pay is not None:
        found.append(say("driver.pay", language, amount=money(pay, outcome.scenario.currency)))
    return (*found, step.message) if step.message else tuple(found)


def _title(itinerary: Itinerary, language: str) -> str:
    vehicle = itinerary.vehicle.name or itinerary.vehicle.id
    return say("driver.title", language, vehicle=vehicle, day=words.day_name(itinerary.day, language))
