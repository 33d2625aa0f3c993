"""The workbook: the planner's own rows and columns back, with what the plan says about each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from optimiser.rounds.plan import Unserved
from scenarios.documents import words
from scenarios.documents.cells import ONE, SHARE, TIME, TWO, WHOLE, Column, Value, add_sheet, own_value, time_of
from scenarios.documents.comparison import claimed
from scenarios.documents.document import Document, save
from scenarios.documents.hub_rows import hub_rows
from scenarios.documents.itinerary import Itinerary, Step, itineraries
from scenarios.messages import say
from scenarios.model.work import CollectionPoint
from scenarios.outcome import DayPlan, Outcome

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = Iterator[Sequence[Value]]
Plans = Sequence[tuple[DayPlan, tuple[Itinerary, ...]]]


def write(outcome: Outcome, folder: Path) -> tuple[Document, ...]:
    """Write ``plan.xlsx``."""
    title = words.marked(say("workbook.title", outcome.scenario.language, name=outcome.scenario.name), outcome)
    return (save(folder, "plan.xlsx", MEDIA_TYPE, title, workbook(outcome)),)


def workbook(outcome: Outcome) -> bytes:
    """Return the workbook as bytes."""
    plans = [(day, itineraries(outcome, day)) for day in outcome.days]
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = words.marked(outcome.scenario.name, outcome)
    book.properties.creator = "Mzunguko"
    book.properties.created = datetime.fromisoformat(outcome.provenance.made_at).replace(tzinfo=None)
    _summary(book, outcome)
    _points(book, outcome, plans)
    _rounds(book, outcome, plans)
    _visits(book, outcome, plans)
    _hubs(book, outcome)
    _balance(book, outcome)
    _doubts(book, outcome)
    _sources(book, outcome)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet(
    book: Workbook, outcome: Outcome, key: str, columns: Sequence[Column], rows: Rows, *, planned: bool = True
) -> None:
    title = say(f"sheet.{key}", outcome.scenario.language)
    add_sheet(book, words.marked(title, outcome) if planned else title, columns, rows)


def _column(outcome: Outcome, key: str, number_format: str = "General") -> Column:
    title = say(f"column.{key}", outcome.scenario.language, currency=outcome.scenario.currency)
    return Column(title=title, format=number_format)


def _summary(book: Workbook, outcome: Outcome) -> None:
    language = outcome.scenario.language

    def rows() -> Rows:
        if outcome.scenario.illustration:
            text = say("illustration.explained", language, what=words.invented(outcome))
            yield say("illustration.headline", language), None, None, None, None, None, text
        for figure in (*outcome.figures, *claimed(outcome)):
            name = words.figure_name(figure, language)
            rests = say("report.estimated", language) if figure.estimated else ""
            note = " ".join(part for part in (figure.note, rests) if part)
            yield name, figure.value, figure.low, figure.high, figure.unit, "; ".join(figure.sources), note

    keys = (("figure", ""), ("value", TWO), ("low", TWO), ("high", TWO), ("unit", ""), ("sources", ""), ("note", ""))
    columns = [_column(outcome, key, number_format or "General") for key, number_format in keys]
    _sheet(book, outcome, "summary", columns, rows())


def _points(book: Workbook, outcome: Outcome, plans: Plans) -> None:
    """One row a point, in the planner's order: own columns first, then what the plan says, for each day."""
    points, language = outcome.system.points, outcome.scenario.language
    own = list(dict.fromkeys(name for point in points for name in point.own))
    keys = [("id", ""), ("name", ""), ("lat", "0.000000"), ("lon", "0.000000"), ("stream", ""), ("kg_day", ONE)]
    ours = [_column(outcome, key, number_format or "General") for key, number_format in keys]
    ours.append(_column(outcome, "estimated"))
    several = len(plans) > 1
    for day, _ in plans:
        name = words.day_name(day.day, language)
        for column in _answer_columns(outcome):
            title = say("workbook.of_day", language, day=name, column=column.title) if several else column.title
            ours.append(Column(title=title, format=column.format))
    steps = [{step.visit.id: (i, step) for i in rounds for step in i.stops} for _, rounds in plans]
    left = [{u.stop: u for u in (day.result.plan.unserved if day.result.plan else ())} for day, _ in plans]

    def rows() -> Rows:
        for point in points:
            row: list[Value] = [own_value(point.own.get(name, "")) for name in own]
            row += [point.id, point.name, point.lat, point.lon, point.stream, point.kg_per_day, _mark(outcome, point)]
            for (day, _), served, gone in zip(plans, steps, left, strict=True):
                row += _answer(outcome, day, point, served.get(point.id), gone.get(point.id))
            yield row

    _sheet(book, outcome, "points", [*(Column(title=name) for name in own), *ours], rows())


def _mark(outcome: Outcome, point: CollectionPoint) -> Value:
    return say("workbook.yes", outcome.scenario.language) if point.estimated else None


def _answer_columns(outcome: Outcome) -> tuple[Column, ...]:
    keys = (("vehicle", ""), ("day", ""), ("sequence", WHOLE), ("arrival", TIME), ("load", ONE), ("served", ""))
    return tuple(_column(outcome, key, number_format or "General") for key, number_format in keys)


def _answer(
    outcome: Outcome,
    day: DayPlan,
    point: CollectionPoint,
    served: tuple[Itinerary, Step] | None,
    gone: Unserved | None,
) -> list[Value]:
    """Return what a day does with a point; all empty when it is not due that day."""
    language = outcome.scenario.language
    name, kg = words.day_name(day.day, language), day.loads_kg.get(point.id)
    if served is not None:
        itinerary, step = served
        arrival = time_of(step.visit.arrive_s)
        return [itinerary.vehicle.id, name, step.number, arrival, kg, say("workbook.served", language)]
    if gone is not None:
        reason = " ".join(part for part in (words.reason_name(gone.reason, language), gone.detail, gone.fix) if part)
        return [None, name, None, None, kg, say("workbook.left_out", language, reason=reason)]
    return [None, None, None, None, None, None]


def _rounds(book: Workbook, outcome: Outcome, plans: Plans) -> None:
    language = outcome.scenario.language
    keys = (
        ("day", ""), ("vehicle", ""), ("stops", WHOLE), ("tips", WHOLE), ("kg", ONE), ("fullest", SHARE), ("km", TWO),
        ("out", TIME), ("back", TIME), ("driving", TIME), ("service", TIME), ("waiting", TIME), ("breaks", TIME),
        ("paid_hours", TIME), ("cost", TWO), ("wages", TWO), ("distance_cost", TWO), ("fixed", TWO),
        ("gate_fees", TWO),
    )  # fmt: skip

    def rows() -> Rows:
        for day, rounds in plans:
            for i in rounds:
                cost = i.price
                times = (cost.driving_s, cost.service_s, cost.waiting_s, cost.break_s, cost.paid_s)
                yield (
                    words.day_name(day.day, language), i.vehicle.id, len(i.stops), cost.tips, i.collected_kg, i.fullest,
                    cost.distance_m / 1000, time_of(i.round_.start_s), time_of(i.round_.end_s), *map(time_of, times),
                    cost.total, cost.wages, cost.distance, cost.fixed, cost.gate_fees,
                )  # fmt: skip

    _sheet(book, outcome, "rounds", [_column(outcome, key, form or "General") for key, form in keys], rows())


def _visits(book: Workbook, outcome: Outcome, plans: Plans) -> None:
    language = outcome.scenario.language
    keys = (
        ("day", ""), ("vehicle", ""), ("visit", WHOLE), ("act", ""), ("id", ""), ("name", ""), ("arrival", TIME),
        ("start", TIME), ("end", TIME), ("kg", ONE), ("on_board", ONE), ("leg_km", TWO), ("streets", ""),
    )  # fmt: skip

    def rows() -> Rows:
        for day, rounds in plans:
            name = words.day_name(day.day, language)
            for i in rounds:
                for step in i.steps:
                    visit, leg = step.visit, step.leg
                    yield (
                        name, i.vehicle.id, step.sequence, say(f"act.{visit.act}", language), visit.id,
                        step.place.name if step.place else None, time_of(visit.arrive_s), time_of(visit.start_s),
                        time_of(visit.end_s), step.kg, step.on_board_kg, leg.distance_m / 1000 if leg else None,
                        " \u203a ".join(leg.streets) if leg else None,
                    )  # fmt: skip

    _sheet(book, outcome, "visits", [_column(outcome, key, form or "General") for key, form in keys], rows())


def _hubs(book: Workbook, outcome: Outcome) -> None:
    keys = (
        ("id", ""), ("hub", ""), ("people", WHOLE), ("walk_mean", WHOLE), ("walk_longest", WHOLE), ("brought", ONE),
        ("capacity", ONE), ("used", SHARE), ("fixed_cost", TWO),
    )  # fmt: skip
    rows = (
        (row.place.id, row.place.name, row.people, row.mean_walk_m, row.farthest_m, row.kg_per_day,
         row.capacity_kg_per_day, row.used, row.fixed_cost_per_day)
        for row in hub_rows(outcome)
    )  # fmt: skip
    _sheet(book, outcome, "hubs", [_column(outcome, key, form or "General") for key, form in keys], rows)


def _balance(book: Workbook, outcome: Outcome) -> None:
    language = outcome.scenario.language
    sites = list(dict.fromkeys(site for row in outcome.balance for site in row.unloaded_kg))
    keys = (("stream", ""), ("generated", ONE), ("collected", ONE), ("to_hubs", ONE), ("left", ONE), ("reason", ""))
    columns = [_column(outcome, key, form or "General") for key, form in keys]
    columns += [Column(title=say("workbook.unloaded_at", language, site=site), format=ONE) for site in sites]
    rows = (
        (row.stream, row.generated_kg, row.collected_kg, row.to_hubs_kg, row.left_kg,
         " ".join(words.left_reasons(row.left_reason, language)) or None,
         *(row.unloaded_kg.get(site, 0.0) for site in sites))
        for row in outcome.balance
    )  # fmt: skip
    _sheet(book, outcome, "balance", columns, rows)


def _doubts(book: Workbook, outcome: Outcome) -> None:
    columns = [_column(outcome, key) for key in ("code", "where", "what", "todo")]
    rows = ((doubt.code, doubt.place, doubt.cause, doubt.action) for doubt in outcome.doubts)
    _sheet(book, outcome, "doubts", columns, rows, planned=False)


def _sources(book: Workbook, outcome: Outcome) -> None:
    language, made = outcome.scenario.language, outcome.provenance

    def rows() -> Rows:
        yield say("report.licences.title", language), f"{made.attribution}, {outcome.network.licence}"
        yield say("report.provenance.streets", language), f"{outcome.network.source} {outcome.network.date}".strip()
        yield say("report.made", language), made.made_at
        yield say("report.provenance.inputs", language), made.inputs_sha256
        yield from made.files.items()
        yield from made.versions.items()
        for source in dict.fromkeys(source for figure in outcome.figures for source in figure.sources):
            yield say("column.sources", language), source

    _sheet(book, outcome, "sources", [_column(outcome, key) for key in ("what", "value")], rows(), planned=False)
