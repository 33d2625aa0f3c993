"""The rounds as a table to change by hand: a row for each visit, as ``[tables.start]`` reads it back."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

from optimiser.rounds.plan import Act
from scenarios.documents import words
from scenarios.documents.document import Document, save
from scenarios.documents.itinerary import all_itineraries
from scenarios.documents.numbers import clock
from scenarios.loads import SINGLE_DAY
from scenarios.messages import say
from scenarios.outcome import Outcome

COLUMNS = ("vehicle", "day", "seq", "visit", "name", "begins", "kg", "on_board_kg")


def write(outcome: Outcome, folder: Path) -> tuple[Document, ...]:
    """Write ``rounds.csv``."""
    title = words.marked(say("rounds.title", outcome.scenario.language), outcome)
    return (save(folder, "rounds.csv", "text/csv; charset=utf-8", title, rounds_csv(outcome)),)


def rounds_csv(outcome: Outcome) -> str:
    """Return the visits of all rounds; breaks are placed anew when the table is read, so they are left out."""
    stream = StringIO()
    rows = csv.writer(stream, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for day, itinerary in all_itineraries(outcome):
        weekday = "" if day.day == SINGLE_DAY else day.day
        for step in itinerary.steps:
            if step.visit.act is Act.BREAK or step.place is None:
                continue
            told = (step.sequence, step.visit.id, step.place.name, clock(step.visit.start_s))
            rows.writerow((itinerary.vehicle.id, weekday, *told, f"{step.kg:.1f}", f"{step.on_board_kg:.1f}"))
    return stream.getvalue()
