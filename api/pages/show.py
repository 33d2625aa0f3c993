"""Runs in the words and numbers of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.jobs.port import Run, RunEvent
from api.jobs.store import Store
from api.resources.documents import SHOWN_IN_PLACE
from api.resources.shapes import document_shape
from scenarios.documents.numbers import number, percent
from scenarios.documents.words import day_name
from scenarios.messages import known, say

LANGUAGE = "en"
TEXT = "text/plain"
TEXT_BYTES = 20_000  # longer ones are opened, not shown on the run's page


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run in the list."""

    id: str
    name: str
    status: str
    created_at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLink:
    """A document to open or to save."""

    name: str
    title: str
    href: str
    size: str
    shown: bool
    is_report: bool
    is_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """A line of the history."""

    at: datetime
    words: str


def row(run: Run) -> RunRow:
    """Show a run in the list."""
    if run.error is not None:
        note = str(run.error.get("title", ""))
    elif run.progress is not None and not run.status.final:
        note = stage(run.progress.stage)
    else:
        note = took(run)
    return RunRow(id=run.id, name=run.name, status=run.status.value, created_at=run.created_at, note=note)


def took(run: Run) -> str:
    """Say how long a run took, once it has ended."""
    if run.started_at is None or run.finished_at is None:
        return ""
    return duration((run.finished_at - run.started_at).total_seconds())


def duration(seconds: float) -> str:
    """Write a duration in the two units that matter."""
    whole = round(seconds)
    if whole < 60:
        return say("pages.unit.s", n=whole)
    if whole < 3600:
        return say("pages.unit.min", n=whole // 60, s=f"{whole % 60:02d}")
    return say("pages.unit.h", n=whole // 3600, min=f"{whole % 3600 // 60:02d}")


def stage(text: str) -> str:
    """Say what a run is busy with: the stage's words, and the day if it has one."""
    name, _, day = text.partition(" ")
    words = say(f"pages.stage.{name}") if known(f"pages.stage.{name}") else name
    return f"{words} ({day_name(day, LANGUAGE)})" if day else words


def progress(run: Run) -> dict[str, Any]:
    """Return what the live part of the page shows."""
    note = run.progress
    none = say("pages.live.none")
    since = (datetime.now(UTC) - run.started_at).total_seconds() if run.started_at else 0.0
    return {
        "stage": stage(note.stage) if note else say("pages.live.starting"),
        "fraction": min(1.0, max(0.0, note.fraction or 0.0)) if note else 0.0,
        "cost": number(note.cost) if note and note.cost is not None else none,
        "gap": percent(note.gap, 1) if note and note.gap is not None else say("pages.live.no_bound"),
        "runtime": duration(max(0.0, since)),
    }


def documents(run: Run) -> list[DocumentLink]:
    """Return the links to a run's documents; the first page among them is the report."""
    links: list[DocumentLink] = []
    for document in run.documents:
        kind = document.media_type.partition(";")[0]
        links.append(
            DocumentLink(
                name=document.name,
                title=document.title,
                href=document_shape(run.id, document).href,
                size=size(document.size),
                shown=kind in SHOWN_IN_PLACE,
                is_text=kind == TEXT,
                is_report=kind == "text/html" and not any(link.is_report for link in links),
            )
        )
    return links


def size(octets: int) -> str:
    """Write a size in bytes as people read it."""
    for unit, scale in (("MB", 1e6), ("kB", 1e3)):
        if octets >= scale:
            return f"{octets / scale:.1f} {unit}"
    return f"{octets} B"


def plain_text(store: Store, run: Run) -> str:
    """Return a run's short text, when it has just one: what can be sent to a phone."""
    texts = [document for document in run.documents if document.media_type.startswith(TEXT)]
    if len(texts) != 1 or texts[0].size > TEXT_BYTES:
        return ""
    found = store.document(run.id, texts[0].name)
    return "" if found is None else found[1].read_text(encoding="utf-8").rstrip()


def events(history: Iterable[RunEvent]) -> list[EventRow]:
    """Say what happened to a run; of the many lines of progress only the turns."""
    rows: list[EventRow] = []
    for event in history:
        words = _event(event)
        if not rows or rows[-1].words != words:
            rows.append(EventRow(at=event.at, words=words))
    return rows


def _event(event: RunEvent) -> str:
    if event.kind in {"progress", "incumbent"}:
        return stage(str(event.data.get("stage", "")))
    key = f"pages.event.{event.kind.replace('-', '_')}"
    return say(key) if known(key) else re.sub(r"[-_]", " ", event.kind)


def place_of_form(place: str) -> str:
    """Say a place in the recycler's tables as the form has it: a row of the points is a stop."""
    found = re.search(r"points\.csv\D*row (\d+)", place)
    if found:
        return say("pages.today.stop", n=int(found[1]) - 1)
    for table, word in (("depots", "start"), ("facilities", "buyer"), ("vehicles", "mine")):
        if f"{table}.csv" in place:
            return say(f"pages.today.{word}")
    return place
