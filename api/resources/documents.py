"""What a run made: the list of its documents, and each of them."""

from __future__ import annotations

from typing import Annotated

from flask import Response, request, send_file
from pydantic import Field

from api.contract import operation
from api.errors import Refused
from api.problem_types import PROBLEMS as P
from api.resources.runs import existing
from api.resources.shapes import DocumentList, document_shape
from api.run_request import Id
from api.services import services

Name = Annotated[str, Field(pattern=r"^[^/\\]{1,255}$", examples=["report.html"])]
MEDIA = (
    "text/html",
    "text/plain",
    "text/csv",
    "application/json",
    "application/geo+json",
    "application/gpx+xml",
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "image/svg+xml",
)
# A document carries the planner's own words. It may bring its own style and pictures, and run nothing.
SANDBOX = (
    "sandbox allow-popups allow-downloads; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
SHOWN_IN_PLACE = frozenset({"text/html", "text/plain", "image/svg+xml", "application/pdf"})


@operation("GET", "/v1/runs/{run_id}/documents", tag="documents", answer=DocumentList)
def list_documents(run_id: Id) -> DocumentList:
    """List the documents of a run."""
    run = existing(run_id)
    return DocumentList(items=[document_shape(run.id, document) for document in run.documents])


@operation(
    "GET",
    "/v1/runs/{run_id}/documents/{name}",
    tag="documents",
    media=MEDIA,
    also={304: "Unchanged since the tag in `If-None-Match`."},
    headers={"ETag": "Hash of the content.", "Content-Disposition": "File name."},
)
def read_document(run_id: Id, name: Name) -> Response:
    """Read a document of a run.

    The content never changes: its hash is the `ETag`, and `If-None-Match` is understood.
    """
    return send_document(run_id, name)


def send_document(run_id: str, name: str) -> Response:
    """Answer with a document, as something that can be shown but can do nothing."""
    found = services().store.document(run_id, name)
    if found is None:
        raise Refused(P["not-found"], f"There is no document {name} of a run {run_id}.")
    document, path = found
    kind = document.media_type.partition(";")[0].strip()
    response = send_file(
        path,
        mimetype=kind,
        as_attachment=kind not in SHOWN_IN_PLACE,
        download_name=document.name,
        etag=document.sha256,
        conditional=False,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request.environ)
    return response
