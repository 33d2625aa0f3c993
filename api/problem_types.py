"""The problem types the service knows: code, status, meaning, action; all listed in ``docs/errors.md``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemType:
    """A documented way to be refused; its page is ``/problems/<code>``."""

    code: str
    status: int
    title: str
    meaning: str
    action: str


def _row(status: int, code: str, title: str, meaning: str, action: str) -> ProblemType:
    return ProblemType(code=code, status=status, title=title, meaning=meaning, action=action)


_ROWS = (
    _row(
        400,
        "bad-request",
        "The request cannot be read",
        "The request is not well-formed HTTP, or its multipart body is broken.",
        "Send the request again with a client that follows the description at /openapi.json.",
    ),
    _row(
        400,
        "malformed-json",
        "The body is not JSON",
        "The body is not well-formed JSON in UTF-8: cut off, nested too deep, or with a number out of range.",
        "Check the body with a JSON tool, save it as UTF-8 without a byte order mark, and send it again.",
    ),
    _row(
        400,
        "bad-idempotency-key",
        "The idempotency key cannot be used",
        "An Idempotency-Key has 1 to 255 visible ASCII characters.",
        "Send a fresh random key, for example a UUID, or leave the header out.",
    ),
    _row(
        400,
        "bad-cursor",
        "The page cursor is not ours",
        "The value of `after` was not given out by this server, or was changed on the way.",
        "Take `next` from the page before, unchanged, or start again without `after`.",
    ),
    _row(
        401,
        "unauthenticated",
        "A token is needed",
        "The request carries no token, or not the right one.",
        "Send the header `Authorization: Bearer TOKEN`; in a browser, sign in.",
    ),
    _row(
        403,
        "cross-site",
        "Another web site may not do this",
        "A browser sent this for another web site, or from a form that is too old.",
        "Open the page of this service again and send the form from there.",
    ),
    _row(
        404,
        "not-found",
        "There is nothing here",
        "No run, upload, document or page has this address.",
        "Check the id and the path; `GET /v1/runs` lists the runs.",
    ),
    _row(
        405,
        "method-not-allowed",
        "This address does not do that",
        "The address exists, but not with this method; the header `Allow` lists the ones it has.",
        "Use a method of the header `Allow`.",
    ),
    _row(
        406,
        "not-acceptable",
        "There is no answer in that form",
        "The header `Accept` names no media type that this address can answer with.",
        "Ask for `application/json`, or leave the header out.",
    ),
    _row(
        409,
        "in-progress",
        "The first request with this key is still being worked on",
        "Another request with the same Idempotency-Key has not been answered yet.",
        "Wait as long as `Retry-After` says and send the same request again.",
    ),
    _row(
        409,
        "run-finished",
        "The run has already ended",
        "A run that has succeeded or failed cannot be cancelled; its result stays.",
        "Nothing to do. Read the run to see how it ended.",
    ),
    _row(
        413,
        "too-large",
        "Too large",
        "The body, or a file in it, is larger than the limit published at /v1/limits.",
        "Send less: cut the map to the area, or split the table.",
    ),
    _row(
        415,
        "unsupported-media-type",
        "This kind of content is not understood",
        "The body's `Content-Type` is not the one this address reads.",
        "Send `application/json`; for uploads `multipart/form-data`.",
    ),
    _row(
        421,
        "wrong-host",
        "This name does not belong here",
        "Without a token the service answers only under names of this very machine, so that no web site "
        "can reach it through a name of its own.",
        "Use http://127.0.0.1 or http://localhost, or start the service with a token.",
    ),
    _row(
        422,
        "invalid-request",
        "The request cannot be accepted",
        "What was sent can be read, but parts of it cannot be used; `errors` lists every one of them.",
        "Mend each entry of `errors`; `pointer` says where in the body, `action` says how.",
    ),
    _row(
        422,
        "idempotency-mismatch",
        "This key belongs to another request",
        "The Idempotency-Key was used before with a different body or address.",
        "Use a fresh key for a new request; repeat the old request unchanged to have its answer again.",
    ),
    _row(
        429,
        "queue-full",
        "Too many runs are waiting",
        "As many runs are queued as the limit at /v1/limits allows.",
        "Wait as long as `Retry-After` says, or cancel runs that are no longer needed.",
    ),
    _row(
        429,
        "too-many-attempts",
        "Too many attempts to sign in",
        "The wrong token was entered too often.",
        "Wait as long as `Retry-After` says and try again with the right token.",
    ),
    _row(
        500,
        "internal",
        "Something broke on our side",
        "The service met a fault of its own; it is in the server's log under the id in `instance`.",
        "Try again. If it stays, report it with the id in `instance`.",
    ),
    _row(
        503,
        "not-ready",
        "Not ready",
        "The service cannot work on runs now: its store or its job engine does not answer.",
        "Wait a moment and try again; the server's log says what is missing.",
    ),
    _row(
        507,
        "storage-full",
        "No space left",
        "The disk that keeps uploads and results is full; nothing was stored.",
        "Free some space on the server and send the request again.",
    ),
)

PROBLEMS: Mapping[str, ProblemType] = {row.code: row for row in _ROWS}
# Statuses the framework itself raises, with the problem that says the same.
BY_STATUS: Mapping[int, ProblemType] = {
    row.status: row
    for row in map(
        PROBLEMS.__getitem__,
        (
            "bad-request",
            "not-found",
            "method-not-allowed",
            "not-acceptable",
            "too-large",
            "unsupported-media-type",
            "internal",
            "not-ready",
        ),
    )
}

# Codes of entries in ``errors`` that the contract itself gives; the scenario's own come from its reader.
ITEM_CODES: Mapping[str, str] = {
    "missing": "Something required is not there.",
    "unknown-field": "A field or parameter that does not exist; check the spelling against /openapi.json.",
    "repeated": "A parameter is given more than once.",
    "wrong-type": "The value has another type than the description says; numbers are not written as text.",
    "out-of-range": "The number, or the length of the text or list, is outside its limits.",
    "bad-text": "The text has a character that cannot be stored (U+0000), or not the form that is asked for.",
    "too-deep": "The value is nested deeper than the limit at /v1/limits.",
    "invalid-value": "The value is not one of those allowed.",
    "no-such-kind": "There is no such kind of run; the detail says which there are.",
    "of-another-kind": "The request holds the input of another kind of run than it says.",
    "file-not-given": "The scenario or study names a file that is not among `files`.",
    "file-not-used": "`files` names a file that the scenario or study does not use.",
    "no-such-upload": "`files` refers to an upload that does not exist.",
    "no-such-sample": "There is no sample of that name and kind; /v1/samples lists them.",
    "unknown-kind": "The file's name does not end like a kind of file that can be uploaded.",
    "empty-file": "The file has no content.",
}
