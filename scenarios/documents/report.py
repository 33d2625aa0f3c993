"""The report: one self-contained page for a mayor and a planner, on screen and on A4; no script, no outside host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from optimiser.result import Status
from optimiser.rounds.plan import Price
from scenarios.data.defaults import COUNTRIES
from scenarios.documents import comparison, words
from scenarios.documents.charts import balance_bars, timeline
from scenarios.documents.document import Document, save
from scenarios.documents.hub_rows import hub_rows, people_left_out
from scenarios.documents.itinerary import Itinerary, itineraries
from scenarios.documents.map import day_map, hub_map, places_map, small_map
from scenarios.documents.map_sheet import Base, base_of
from scenarios.documents.numbers import fixed, mass, money, number, span
from scenarios.documents.page import render
from scenarios.documents.places import Place, places
from scenarios.evidence.figure import Figure
from scenarios.messages import say
from scenarios.outcome import DayPlan, Outcome

HEADLINE = (
    "earnings", "earnings-per-hour", "collected", "share-served", "cost", "cost-per-tonne", "distance", "paid-hours",
    "co2e-transport", "people-near-service", "walk-mean", "fuel", "stops-served",
)  # fmt: skip
FEW = 2  # so many rounds can be told apart on one map
MOST_TILES = 8
MOST_ROWS = 25  # left-out stops shown, those with most waste first; the workbook has them all


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutRow:
    """A stop that is left out, as shown."""

    place: Place
    kg: float
    reason: str
    detail: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySection:
    """What the report shows of a day."""

    plan: DayPlan
    name: str
    rounds: tuple[Itinerary, ...]
    left_out: tuple[LeftOutRow, ...]
    map: Markup
    smalls: tuple[tuple[Itinerary, Markup], ...]
    timeline: Markup

    @property
    def price(self) -> Price | None:
        """What the day costs."""
        return self.plan.result.price

    @property
    def collected_kg(self) -> float:
        """What the day's rounds collect."""
        return sum(itinerary.collected_kg for itinerary in self.rounds)


def write(outcome: Outcome, folder: Path) -> tuple[Document, ...]:
    """Write ``report.html``."""
    title = words.marked(say("report.title", outcome.scenario.language, name=outcome.scenario.name), outcome)
    return (save(folder, "report.html", "text/html; charset=utf-8", title, page(outcome)),)


def page(outcome: Outcome) -> str:
    """Return the report as HTML."""
    language = outcome.scenario.language
    rounds = {day.day: itineraries(outcome, day) for day in outcome.days}
    base = base_of(outcome, [itinerary for day in rounds.values() for itinerary in day], name="streets")
    days = tuple(day_section(outcome, day, rounds[day.day], base) for day in outcome.days)
    country = COUNTRIES.get(outcome.scenario.country.upper())
    sources, notes = _sources(outcome.figures)
    cover_title = say("report.map.places", language)
    if len(days) == 1:
        cover_title = say("report.map.day", language, day=days[0].name)
    names = {stream.id: stream.name or stream.id for stream in outcome.system.streams}
    return render(
        "report.html",
        language,
        outcome=outcome,
        scenario=outcome.scenario,
        currency=outcome.scenario.currency,
        words=words,
        country=country.name if country else outcome.scenario.country,
        made=words.date_name(outcome.provenance.made_at, language),
        day_names=words.listed([day.name for day in days if day.plan.day in outcome.scenario.days], language),
        invented=words.invented(outcome),
        lead=_lead(outcome, days),
        tiles=choose_tiles(outcome.figures),
        base=base,
        cover=days[0].map if len(days) == 1 else places_map(outcome, base, title=cover_title),
        cover_title=cover_title,
        days=days,
        facilities={facility.id: facility.name or facility.id for facility in outcome.system.facilities},
        stream_names=names,
        hubs=hub_rows(outcome),
        hub_map=hub_map(outcome, base, title=say("report.map.hubs", language)) if outcome.hubs else "",
        no_hub=people_left_out(outcome.hubs) if outcome.hubs else {},
        bars=balance_bars(outcome.balance, names, language=language, title=say("report.balance.title", language)),
        comparison=comparison,
        sources=sources,
        notes=notes,
        doubts=words.grouped(outcome.doubts),
        most=MOST_ROWS,
    )


def day_section(outcome: Outcome, day: DayPlan, rounds: tuple[Itinerary, ...], base: Base) -> DaySection:
    """Return what a report shows of a day."""
    language = outcome.scenario.language
    name = words.day_name(day.day, language)
    smalls: list[tuple[Itinerary, Markup]] = [
        (i, small_map(outcome, i, base, title=say("report.map.round", language, vehicle=i.vehicle.name, day=name)))
        for i in (rounds if len(rounds) > FEW else ())
    ]
    return DaySection(
        plan=day,
        name=name,
        rounds=rounds,
        left_out=_left_out(day, places(outcome.system), language),
        map=day_map(outcome, day, rounds, base, title=say("report.map.day", language, day=name)),
        smalls=tuple(smalls),
        timeline=timeline(rounds, language=language, title=say("report.timeline.title", language, day=name)),
    )


def _left_out(day: DayPlan, known: Mapping[str, Place], language: str) -> tuple[LeftOutRow, ...]:
    """Return what is left out with its reasons; where there is too much to show, those with most waste first."""
    plan = day.result.plan
    rows = [
        LeftOutRow(
            place=known[item.stop],
            kg=day.loads_kg.get(item.stop, 0.0),
            reason=words.reason_name(item.reason, language),
            detail=item.detail,
            fix=item.fix,
        )
        for item in (plan.unserved if plan is not None else ())
    ]
    return tuple(sorted(rows, key=lambda row: -row.kg) if len(rows) > MOST_ROWS else rows)


def _lead(outcome: Outcome, days: Sequence[DaySection]) -> list[str]:
    """Return the report in two or three sentences."""
    language, currency = outcome.scenario.language, outcome.scenario.currency
    if any(day.plan.result.status is Status.NO_PLAN for day in days):
        return [say("report.lead.no_plan", language)]
    rounds = [itinerary for day in days for itinerary in day.rounds]
    if not rounds:
        return [say("report.lead.nothing", language)]
    prices = [day.price for day in days if day.price is not None]
    stops, left = sum(len(i.stops) for i in rounds), sum(len(day.left_out) for day in days)
    sentences = [
        say(
            "report.lead.collect",
            language,
            count=len(rounds),
            stops=say("count.stops", language, count=fixed(stops, 0)),
            mass=mass(sum(i.collected_kg for i in rounds)),
        ),
        say(
            "report.lead.cost",
            language,
            count=len(rounds),
            km=number(sum(p.distance_m for p in prices) / 1000),
            hours=span(sum(p.paid_s for p in prices)),
            cost=money(sum(p.total for p in prices), currency),
        ),
    ]
    if left:
        sentences.append(say("report.lead.left", language, count=left))
    else:
        sentences.append(say("report.lead.all", language))
    return sentences


def choose_tiles(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Choose the key figures: those a mayor asks for, then whatever else was measured; a difference is never one."""
    shown = {figure.id: figure for figure in figures if figure.value is not None}
    if "stops-required" in shown and not shown["stops-required"].value:
        shown.pop("share-served", None)  # of nothing
    first = [shown[name] for name in HEADLINE if name in shown]
    rest = [figure for figure in shown.values() if not figure.id.startswith("saving")]
    return tuple((first or rest)[:MOST_TILES])


def _sources(figures: Sequence[Figure]) -> tuple[tuple[str, ...], dict[str, list[int]]]:
    """Return all sources in the order of their numbers, and figure id -> numbers."""
    sources = tuple(dict.fromkeys(source for figure in figures for source in figure.sources))
    position = {source: k for k, source in enumerate(sources, start=1)}
    return sources, {figure.id: [position[source] for source in figure.sources] for figure in figures}
