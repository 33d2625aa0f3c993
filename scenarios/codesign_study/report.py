"""The report of a co-design study: one self-contained page in plain words; no script, no outside host."""

from __future__ import annotations

from pathlib import Path

from scenarios.codesign_study.maps import base_map, plan_map
from scenarios.codesign_study.outcome import CodesignOutcome, Fate
from scenarios.codesign_study.rows import open_rows, side
from scenarios.codesign_study.sentences import (
    basis,
    beside,
    certainty,
    closed_sentence,
    fate_sentence,
    lead,
    set_name,
)
from scenarios.documents import words
from scenarios.documents.document import Document, save
from scenarios.documents.itinerary import itineraries
from scenarios.documents.page import render
from scenarios.documents.report import MOST_ROWS, day_section
from scenarios.messages import say


def write_report(outcome: CodesignOutcome, folder: Path) -> Document:
    """Write ``report.html``."""
    title = say("codesign.file.report", outcome.scenario.language, name=outcome.scenario.name)
    return save(
        folder, "report.html", "text/html; charset=utf-8", words.marked(title, outcome.together.outcome), page(outcome)
    )


def page(outcome: CodesignOutcome) -> str:
    """Return the report as HTML."""
    language, base, plan = outcome.scenario.language, base_map(outcome), outcome.together
    other = None if outcome.first is None or outcome.same_sites else outcome.first
    titles = [say(f"codesign.map.{name}", language) for name in ("together", "first")]
    day = day_section(plan.outcome, plan.day, itineraries(plan.outcome, plan.day), base)
    return render(
        "codesign_study.html",
        language,
        outcome=plan.outcome,
        study=outcome,
        scenario=outcome.scenario,
        currency=outcome.scenario.currency,
        words=words,
        lead=lead(outcome),
        beside=beside(outcome),
        basis=basis(outcome),
        certainty=certainty(outcome),
        sides=[side(one) for one in (plan, other) if one is not None],
        sites=open_rows(outcome, plan),
        sets=[(row, set_name(outcome, row), fate_sentence(outcome, row)) for row in outcome.sets],
        chosen=Fate.CHOSEN,
        closed=[(row, closed_sentence(outcome, row)) for row in outcome.closed],
        base=base,
        maps=[
            (title, plan_map(outcome, one, base, title=title))
            for title, one in zip(titles, (plan, other), strict=True)
            if one
        ],
        day=day,
        days=(day,),
        most=MOST_ROWS,
        invented=words.invented(plan.outcome),
        made=words.date_name(plan.outcome.provenance.made_at, language),
        doubts=words.grouped(plan.outcome.doubts),
    )
