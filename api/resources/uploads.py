"""Uploads: the tables and street files of a scenario, one file at a time."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from typing import Annotated, Any, BinaryIO, cast

from pydantic import Field, SkipValidation, WithJsonSchema
from werkzeug.datastructures import FileStorage

from api.contract import Reply, Strict, operation
from api.errors import Refused, wrong_parameter
from api.jobs.port import TooLarge, UnknownUpload, Upload
from api.problem_types import PROBLEMS as P
from api.resources.shapes import UploadShape, upload_shape
from api.run_request import Id
from api.services import services

ENVELOPE = 64 * 1024  # what multipart adds around a file
UPLOAD_EXAMPLE = {
    "id": "5d2f8b7c9e1a4f60b3c2d1e0f9a8b7c6",
    "name": "points.csv",
    "media_type": "text/csv",
    "size": 1834,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "created_at": "2027-03-01T08:00:00Z",
}
Binary = Annotated[Any, SkipValidation, WithJsonSchema({"type": "string", "format": "binary"})]


class UploadForm(Strict):
    """The parts of the form."""

    file: Binary = Field(description="The file; its name's ending says its kind.")


def largest() -> int:
    """Return the size of the largest file that any kind allows, with its envelope, in bytes."""
    return max(services().config.limits.upload_bytes.values()) + ENVELOPE


@operation(
    "POST",
    "/v1/uploads",
    tag="uploads",
    answer=UploadShape,
    status=201,
    problems=("storage-full",),
    headers={"Location": "Path of the upload."},
    answer_example=UPLOAD_EXAMPLE,
    max_bytes=largest,
)
def upload_file(form: UploadForm) -> Reply:
    """Upload a table or a street file.

    The kinds and their largest sizes are at /v1/limits. The same content sent twice is stored once.
    """
    if not isinstance(form.file, FileStorage):
        item = wrong_parameter("file", "wrong-type", "`file` is not a file.", "Send it as a part with a file name.")
        raise Refused(P["invalid-request"], items=(item,))
    kept = keep(form.file)
    return Reply(value=upload_shape(kept), headers={"Location": f"/v1/uploads/{kept.id}"})


@operation("GET", "/v1/uploads/{upload_id}", tag="uploads", answer=UploadShape, answer_example=UPLOAD_EXAMPLE)
def read_upload(upload_id: Id) -> UploadShape:
    """Read what is known of an upload."""
    try:
        return upload_shape(services().store.upload_info(upload_id))
    except UnknownUpload:
        raise Refused(P["not-found"], f"There is no upload {upload_id}.") from None


def keep(file: FileStorage) -> Upload:
    """Store a file that came with a form, within the limit of its kind."""
    name = plain_name(file.filename or "")
    limits = services().config.limits.upload_bytes
    limit = kind_limit(name, limits)
    if limit is None:
        known = ", ".join(sorted(limits))
        item = wrong_parameter(
            "file", "unknown-kind", f"{name!r} is no kind of file that is read here.", f"Send one of {known}."
        )
        raise Refused(P["invalid-request"], items=(item,))
    if not file.stream.read(1):
        item = wrong_parameter("file", "empty-file", f"{name!r} has no content.", "Send the file itself.")
        raise Refused(P["invalid-request"], items=(item,))
    file.stream.seek(0)
    try:
        return services().store.upload(name, cast(BinaryIO, file.stream), media_type(name), limit=limit)
    except TooLarge:
        detail = f"{name!r} is larger than {limit:,} bytes, the limit of its kind."
        raise Refused(P["too-large"], detail) from None


def plain_name(name: str) -> str:
    """Return the last part of a file name, whatever system it comes from, without control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[-120:]


def kind_limit(name: str, limits: Mapping[str, int]) -> int | None:
    """Return the largest size in bytes for a file of this name, ``None`` when its kind is not read here."""
    return next((size for ending, size in limits.items() if name.lower().endswith(ending)), None)


def media_type(name: str) -> str:
    """Return the media type that a file's name suggests; nothing but the label rests on it."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
