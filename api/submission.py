"""From a request to an accepted run: the one way in, for the API and the pages alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from api import samples
from api.errors import ProblemItem, Refused, items_of, retry_after
from api.explain import escape
from api.jobs.kinds import CODESIGN, HUBS, PARTS, ROUNDS, Kind, files_named, given_in
from api.jobs.port import Accepted, Json, KeyInProgress, KeyMismatch, RunStatus, UnknownUpload
from api.problem_types import PROBLEMS as P
from api.run_request import Asked
from api.services import Services
from faults import Fault, InputError
from scenarios.schema import dotted, pointer

ACCOUNT = "local"  # one token, one account; keys are unique within it
ROUTE = "POST /v1/runs"


def submit(
    services: Services,
    asked: Asked,
    *,
    key: str | None,
    form: Mapping[str, Any] | None = None,
) -> Accepted:
    """Check a request, make its run certain, and hand it to the engine.

    Parameters
    ----------
    key
        The client's idempotency key, if it has one.
    form
        What a page's form held, kept with the run so that the page can show it again.

    Raises
    ------
    Refused
        ``invalid-request`` with every fault, ``idempotency-mismatch``, ``in-progress`` or ``queue-full``.
    """
    request = _said(asked)
    name = _name(services, asked.kind, request)
    _room(services)
    try:
        accepted = services.store.accept(
            key=key,
            scope=ACCOUNT,
            fingerprint=_fingerprint(request),
            request=request | ({"form": dict(form)} if form else {}),
            name=name,
            now=datetime.now(UTC),
        )
    except KeyMismatch:
        raise Refused(P["idempotency-mismatch"]) from None
    except KeyInProgress:
        raise Refused(P["in-progress"], headers=retry_after(1)) from None
    services.engine.submit(accepted.run.id)
    return accepted


def _said(asked: Asked) -> Json:
    """Return a request as it is kept; what is for rounds says so by saying nothing, however it came."""
    request = asked.model_dump(mode="json", exclude_none=True)
    if asked.kind == ROUNDS:
        request.pop("kind")
    return request


def _fingerprint(request: Mapping[str, Any]) -> str:
    text = json.dumps([ROUTE, request], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _room(services: Services) -> None:
    limit = services.config.limits.queued_runs
    waiting, _ = services.store.runs(limit=limit, status=RunStatus.QUEUED)
    if len(waiting) >= limit:
        raise Refused(P["queue-full"], headers=retry_after(30))


def _name(services: Services, kind: Kind, request: Json) -> str:
    """Return the name of what was asked for, or refuse with everything that is wrong with it."""
    given, seconds = given_in(request), list(_too_long(services, kind, request))
    if given is None:
        items = (*_no_such_sample(kind, str(request["sample"])), *items_of(seconds))
        if items:
            raise Refused(P["invalid-request"], items=items)
        return samples.words(str(request["sample"]))[0]
    files: Mapping[str, str] = request["files"]
    faults = [*_missing_files(kind, given, files), *_missing_uploads(services, files), *seconds]
    try:
        name = _NAMES[kind](given)
    except InputError as error:
        items = (*items_of(error.faults, prefix=f"/{PARTS[kind]}"), *items_of(faults))
        raise Refused(P["invalid-request"], items=items) from None
    if faults:
        raise Refused(P["invalid-request"], items=items_of(faults))
    return name


def _scenario_name(scenario: Json) -> str:
    from scenarios.schema import parse

    return parse(scenario).name


def _study_name(study: Json) -> str:
    from scenarios.hub_study.schema import parse

    return parse(study).name


def _codesign_name(study: Json) -> str:
    from scenarios.codesign_study.schema import parse

    return parse(study).name


_NAMES: Mapping[Kind, Callable[[Json], str]] = {
    ROUNDS: _scenario_name,
    HUBS: _study_name,
    CODESIGN: _codesign_name,
}


def _no_such_sample(kind: Kind, name: str) -> Iterator[ProblemItem]:
    really = samples.kind_of(name)
    if really == kind:
        return
    yield ProblemItem(
        code="no-such-sample",
        detail=f"There is no sample {name} of the kind {kind!r}.",
        action=f'Say "kind": "{really}".' if really else "Take a name of /v1/samples.",
        pointer="/kind" if really else "/sample",
    )


def _missing_files(kind: Kind, given: Json, files: Mapping[str, str]) -> Iterator[Fault]:
    part, named = PARTS[kind], list(files_named(kind, given))
    for at, name in named:
        if name not in files:
            yield Fault(
                code="file-not-given",
                place=dotted(at),
                cause=f"The {part} names the file {name!r}, which is not among `files`.",
                action="Upload it to /v1/uploads and name its id in `files` under just this name.",
                pointer=f"/{part}{pointer(at)}",
            )
    used = {name for _, name in named}
    for name in files:
        if name not in used:
            yield Fault(
                code="file-not-used",
                place="files",
                cause=f"The {part} does not use a file {name!r}.",
                action=f"Take it out, or name it in the {part}.",
                pointer=f"/files/{escape(name)}",
            )


def _missing_uploads(services: Services, files: Mapping[str, str]) -> Iterator[Fault]:
    for name, upload_id in files.items():
        try:
            services.store.upload_info(upload_id)
        except UnknownUpload:
            yield Fault(
                code="no-such-upload",
                place="files",
                cause=f"There is no upload {upload_id}.",
                action="Upload the file to /v1/uploads and take the id of the answer.",
                pointer=f"/files/{escape(name)}",
            )


def _too_long(services: Services, kind: Kind, request: Json) -> Iterator[Fault]:
    limit, part = services.config.limits.run_seconds, PARTS[kind]
    for at in (("seconds",), (part, "solve", "seconds"), (part, "hubs", "seconds"), (part, "codesign", "seconds")):
        seconds: Any = request
        for step in at:
            seconds = seconds.get(step) if isinstance(seconds, Mapping) else None
        if isinstance(seconds, int | float) and seconds > limit:
            yield Fault(
                code="out-of-range",
                place=dotted(at).removeprefix(f"{part}."),
                cause=f"At most {limit:,.0f} seconds of solving can be asked for.",
                action="Ask for less.",
                pointer=pointer(at),
            )
