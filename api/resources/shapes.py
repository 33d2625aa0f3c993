"""What the API shows of runs, events, documents and uploads."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field
from werkzeug.urls import iri_to_uri

from api.jobs.kinds import Kind
from api.jobs.port import DocumentRef, Run, RunEvent, Upload

StatusName = Literal["queued", "running", "succeeded", "failed", "cancelled"]


class Shape(BaseModel):
    """Base of everything that goes out: only what is declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProgressShape(Shape):
    """The last news of the solve."""

    stage: str = Field(description="What the run is busy with.")
    fraction: float | None = Field(description="Share of the run that is done, 0 to 1, where known.")
    cost: float | None = Field(description="Cost of the best plan so far, in the scenario's currency.")
    gap: float | None = Field(description="Proven distance from the best possible, as a fraction; null: no bound.")
    runtime_s: float = Field(description="Seconds since this attempt began.")


class DocumentShape(Shape):
    """A file that a run made."""

    name: str
    media_type: str
    title: str
    size: int = Field(description="Bytes.")
    sha256: str
    href: str = Field(description="Path of the content.")


class RunShape(Shape):
    """A run."""

    id: str
    name: str
    kind: Kind = Field(
        description="What is planned: collection rounds, hubs (a hub study), or codesign (sites with their rounds)."
    )
    sample: str | None = Field(description="The sample that was asked for; null: an input of one's own.")
    status: StatusName
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempts: int = Field(description="How often the run was begun; more than one after a crash.")
    cancel_requested: bool
    partial: bool = Field(description="The documents show the best plan so far, not a finished result.")
    progress: ProgressShape | None
    outcome: dict[str, Any] | None = Field(description="Summary of the result; the documents hold all of it.")
    error: dict[str, Any] | None = Field(description="Of a failed run: code, title, detail and faults.")
    documents: list[DocumentShape]


class RunPage(Shape):
    """One page of runs, newest first."""

    items: list[RunShape]
    next: str | None = Field(description="Give this as `after` for the next page; null: this was the last.")


class EventShape(Shape):
    """One line of a run's history."""

    seq: int = Field(description="1, 2, 3, ... within the run, without gaps.")
    at: datetime
    kind: str
    data: dict[str, Any]


class EventList(Shape):
    """The history of a run after an event."""

    items: list[EventShape]
    status: StatusName


class DocumentList(Shape):
    """The files that a run made."""

    items: list[DocumentShape]


class UploadShape(Shape):
    """A file that was sent."""

    id: str
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    created_at: datetime


def document_shape(run_id: str, document: DocumentRef) -> DocumentShape:
    """Show a document."""
    return DocumentShape(
        name=document.name,
        media_type=document.media_type,
        title=document.title,
        size=document.size,
        sha256=document.sha256,
        href=iri_to_uri(f"/v1/runs/{run_id}/documents/{document.name}"),
    )


def run_shape(run: Run) -> RunShape:
    """Show a run."""
    note = run.progress
    return RunShape(
        id=run.id,
        name=run.name,
        kind=cast(Kind, run.kind),
        sample=run.request.get("sample"),
        status=run.status.value,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        attempts=run.attempts,
        cancel_requested=run.cancel_requested,
        partial=run.partial,
        progress=None
        if note is None
        else ProgressShape(
            stage=note.stage,
            fraction=note.fraction,
            cost=note.cost,
            gap=note.gap,
            runtime_s=note.runtime_s,
        ),
        outcome=run.outcome,
        error=run.error,
        documents=[document_shape(run.id, document) for document in run.documents],
    )


def event_shape(event: RunEvent) -> EventShape:
    """Show an event."""
    return EventShape(seq=event.seq, at=event.at, kind=event.kind, data=event.data)


def upload_shape(upload: Upload) -> UploadShape:
    """Show an upload."""
    return UploadShape(
        id=upload.id,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        created_at=upload.created_at,
    )
