"""One file per resource. To add one: write the file, add its operations here."""

from __future__ import annotations

from api.contract import Operation
from api.resources import description, documents, health, limits, runs, samples, uploads

OPERATIONS: tuple[Operation, ...] = (
    runs.submit_run,
    runs.list_runs,
    runs.read_run,
    runs.cancel_run,
    runs.list_events,
    documents.list_documents,
    documents.read_document,
    uploads.upload_file,
    uploads.read_upload,
    samples.list_samples,
    limits.read_limits,
    health.health,
    health.ready,
    health.read_version,
    description.read_description,
    description.read_problem,
)
