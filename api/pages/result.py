"""The result of a run in the words and numbers of the pages; the same as in its report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from api import samples
from api.jobs.kinds import CODESIGN, HUBS, ROUNDS, given_in
from api.jobs.port import Run
from api.jobs.store import Store
from api.pages.show import LANGUAGE
from scenarios.documents.numbers import fixed, percent
from scenarios.documents.report import choose_tiles
from scenarios.documents.words import day_name, figure_name, figure_range, figure_value, listed, reason_name
from scenarios.evidence.figure import Figure
from scenarios.messages import known, say

OUTCOME = "outcome.json"  # of the documents, the one for programs
OUTCOME_BYTES = 5_000_000
GOOD = frozenset({"optimal", "feasible"})
PARTS = frozenset(field.name for field in fields(Figure))


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """A figure of the result; ``key`` when it is one of those shown first."""

    name: str
    value: str
    unit: str
    range: str
    estimated: bool
    key: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """How a planned day came out; ``bad`` when something is to be looked at."""

    head: str
    rest: str
    bad: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """A site of a hub study, in the order of building; ways in metres."""

    name: str
    people: str
    mean: str
    farthest: str
    stands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """A candidate of a co-design study; the cost is for the planned day."""

    name: str
    opens: bool
    stands: bool
    cost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyHead:
    """What a study says first, in sentences; ``bad`` when something is to be looked at."""

    lead: list[str]
    certainty: str
    bad: bool


def study(run: Run) -> StudyHead | None:
    """Return how a study came out; ``None`` for rounds, and before it has."""
    outcome = run.outcome
    if run.kind == ROUNDS or outcome is None:
        return None
    return StudyHead(lead=outcome["lead"], certainty=outcome["certainty"], bad=outcome["status"] not in GOOD)


def sites(run: Run) -> list[SiteRow]:
    """Return the sites that a hub study opens."""
    if run.kind != HUBS:
        return []
    return [
        SiteRow(
            name=str(site["name"]),
            people=fixed(site["people"], 0),
            mean=fixed(site["mean_walk_m"], 0),
            farthest=fixed(site["farthest_walk_m"], 0),
            stands=site["existing"] == "yes",
        )
        for site in (run.outcome or {}).get("sites", [])
    ]


def more_sites(run: Run) -> int:
    """Return how many sites a hub study opens beside those that are shown."""
    outcome = run.outcome or {}
    return int(outcome.get("sites_open", 0)) - len(outcome.get("sites", [])) if run.kind == HUBS else 0


def candidates(run: Run) -> list[CandidateRow]:
    """Return the candidate sites of a co-design study, those that open first."""
    if run.kind != CODESIGN:
        return []
    return [
        CandidateRow(
            name=str(site["name"]),
            opens=site["open"] == "yes",
            stands=site["existing"] == "yes",
            cost=fixed(site["cost"], 0),
        )
        for site in (run.outcome or {}).get("sites", [])
    ]


def days(run: Run) -> list[DayRow]:
    """Say how each planned day came out."""
    return [_day(day) for day in (run.outcome or {}).get("days", []) if "status" in day]


def _day(day: Mapping[str, Any]) -> DayRow:
    status = str(day["status"])
    gap = day.get("gap")
    parts = [
        say("pages.day.rounds", count=day.get("rounds", 0)),
        say("pages.day.unserved", count=day.get("unserved", 0)),
        say("cli.no_bound") if gap is None else say("cli.gap", gap=percent(gap, 1)),
    ]
    if day.get("violations"):
        parts.append(say("pages.day.violations", count=day["violations"]))
    solved = say(f"pages.solved.{status.replace('-', '_')}")
    head = f"{day_name(str(day['day']), LANGUAGE)}: {solved}"
    return DayRow(head=head, rest=" · ".join(parts), bad=status not in GOOD or bool(day.get("violations")))


def figures(run: Run) -> list[FigureRow]:
    """Return the figures that have a value, the key ones first."""
    measured = [_figure(figure) for figure in (run.outcome or {}).get("figures", []) if figure.get("value") is not None]
    keys = choose_tiles(measured)
    chosen = {figure.id for figure in keys}
    return [
        _row(figure, key=figure.id in chosen)
        for figure in (*keys, *(figure for figure in measured if figure.id not in chosen))
    ]


def _figure(stored: Mapping[str, Any]) -> Figure:
    return Figure(**{name: value for name, value in stored.items() if name in PARTS})


def _row(figure: Figure, *, key: bool) -> FigureRow:
    value, unit = figure_value(figure)
    return FigureRow(
        name=figure_name(figure, LANGUAGE),
        value=value,
        unit=unit,
        range=figure_range(figure),
        estimated=figure.estimated,
        key=key,
    )


def invented(run: Run) -> str:
    """Return what of a run's scenario or study is invented, in a row; an empty text when nothing is."""
    if "sample" in run.request:
        kinds = samples.invented(str(run.request["sample"]))
    else:
        kinds = tuple(map(str, (given_in(run.request) or {}).get("illustration", ())))
    names = [say(f"illustration.{kind}") if known(f"illustration.{kind}") else kind for kind in kinds]
    return listed(names, LANGUAGE)


def left_out(store: Store, run: Run) -> list[tuple[str, str]]:
    """Return the stops that a run leaves out, each with the reason in a sentence."""
    found = store.document(run.id, OUTCOME)
    if found is None or found[0].size > OUTCOME_BYTES:
        return []
    outcome = json.loads(found[1].read_text(encoding="utf-8"))
    return [
        (str(stop["stop"]), reason_name(str(stop["reason"]), LANGUAGE))
        for day in outcome.get("days", [])
        for stop in day.get("left_out", [])
    ]
