"""The report of a study: one self-contained page for a planner without mathematics; no script, no outside host."""

from __future__ import annotations

from pathlib import Path

from scenarios.documents.document import Document, save
from scenarios.documents.page import render
from scenarios.documents.words import date_name, grouped, invented, marked
from scenarios.hub_study.curve import curve_chart
from scenarios.hub_study.explain import in_reach
from scenarios.hub_study.maps import base_map, reach_map, site_map
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.hub_study.rows import MINUTES, by_minutes, group_rows, left_out, site_rows, totals
from scenarios.hub_study.sentences import (
    amount,
    certainty,
    change_sentence,
    closed_sentence,
    firm_sentence,
    lead,
    price_sentence,
    site_names,
    steps,
    swap_sentence,
)
from scenarios.messages import say

MOST_CLOSED = 15


def write_report(outcome: StudyOutcome, folder: Path) -> Document:
    """Write ``report.html``."""
    title = marked(say("study.file.report", outcome.study.language, name=outcome.study.name), outcome)
    return save(folder, "report.html", "text/html; charset=utf-8", title, page(outcome))


def page(outcome: StudyOutcome) -> str:
    """Return the report as HTML."""
    language, base = outcome.study.language, base_map(outcome)
    people = dict(zip((c.id for c in outcome.posed.everyone.candidates), in_reach(outcome.posed.everyone), strict=True))
    closed = sorted(outcome.closed, key=lambda reason: (reason.change is None, -people[reason.site]))
    map_title, reach_title = say("study.map.title", language), say("study.map.reach_title", language)
    return render(
        "hub_study.html",
        language,
        outcome=outcome,
        study=outcome.study,
        lead=lead(outcome),
        steps=steps(outcome),
        totals=totals(outcome),
        sites=site_rows(outcome),
        groups=group_rows(outcome),
        price=price_sentence(outcome),
        swap=swap_sentence(outcome),
        firm=firm_sentence(outcome),
        names=site_names(outcome),
        minutes=list(zip(MINUTES, by_minutes(outcome), strict=True)),
        left_out=left_out(outcome),
        closed=[
            (reason, people[reason.site], closed_sentence(outcome, reason), change_sentence(outcome, reason))
            for reason in closed[:MOST_CLOSED]
        ],
        more_closed=max(len(closed) - MOST_CLOSED, 0),
        certainty=certainty(outcome),
        one_more="" if outcome.one_more is None else amount(outcome, outcome.one_more.gain),
        amount=lambda value: amount(outcome, value),
        base=base,
        map=site_map(outcome, base, title=map_title),
        reach=reach_map(outcome, base, title=reach_title),
        map_title=map_title,
        reach_title=reach_title,
        curve=curve_chart(outcome, title=say("study.curve.title", language)),
        invented=invented(outcome),
        made=date_name(outcome.provenance.made_at, language),
        doubts=grouped(outcome.doubts),
    )
