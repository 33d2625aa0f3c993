"""From a request to an accepted run: the one way in, for the API and the pages alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from api import samples
from api.contract import Strict
from api.errors import ProblemItem, Refused, items_of, retry_after
from api.explain import JsonObject, Text, escape
from api.jobs.port import Accepted, KeyInProgress, KeyMismatch, RunStatus, UnknownUpload
from api.problem_types import PROBLEMS as P
from api.services import Services
from faults import Fault, InputError

ACCOUNT = "local"  # one token, one account; keys are unique within it
ROUTE = "POST /v1/runs"
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", examples=["0f6c1f6e3b0c4a5f8d2e7a9b1c3d5e7f"])]
RESERVED = frozenset({".", "..", "scenario.json"})  # the run's own folder has these


def _plain(name: str) -> str:
    if name in RESERVED or not name.isprintable():
        raise PydanticCustomError("file_name", "This is no name that a file of a run can have.")
    return name


FileName = Annotated[Text, AfterValidator(_plain), Field(pattern=r"^[^/\\]{1,120}$")]


class Choice(Strict):
    """What may be chosen for any run."""

    seconds: float | None = Field(None, gt=0, le=86400, description="Solving time for each planned day.")
    seed: int | None = Field(None, ge=0, le=2**31 - 1, description="Same seed and same iterations, same plan.")
    engine: Annotated[str, Field(pattern="^(auto|strings|pyvrp|ortools|ruin|nearest)$")] | None = Field(
        None, description="Who solves: auto, strings, pyvrp, ortools, ruin or nearest."
    )


class ScenarioRun(Choice):
    """A run of a scenario of one's own."""

    scenario: JsonObject = Field(description="The scenario, as in a scenario file.")
    files: dict[FileName, Id] = Field(
        default_factory=dict, description="File name as the scenario says it -> id of the upload."
    )


class SampleRun(Choice):
    """A run of a sample that comes with the product."""

    sample: Annotated[Text, Field(pattern=r"^[a-z0-9-]{1,60}$")] = Field(description="A name of /v1/samples.")


def _shape(value: object) -> str:
    if isinstance(value, SampleRun) or (isinstance(value, Mapping) and "sample" in value):
        return "shape:sample"
    return "shape:scenario"


RunRequest = Annotated[
    Annotated[SampleRun, Tag("shape:sample")] | Annotated[ScenarioRun, Tag("shape:scenario")],
    Discriminator(_shape),
]


def submit(
    services: Services,
    asked: SampleRun | ScenarioRun,
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
    request = asked.model_dump(mode="json", exclude_none=True)
    name = _sample_name(asked) if isinstance(asked, SampleRun) else _scenario_name(services, asked)
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


def _fingerprint(request: Mapping[str, Any]) -> str:
    text = json.dumps([ROUTE, request], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _room(services: Services) -> None:
    limit = services.config.limits.queued_runs
    waiting, _ = services.store.runs(limit=limit, status=RunStatus.QUEUED)
    if len(waiting) >= limit:
        raise Refused(P["queue-full"], headers=retry_after(30))


def _sample_name(asked: SampleRun) -> str:
    if samples.known(asked.sample):
        return samples.words(asked.sample)[0]
    item = ProblemItem(
        code="no-such-sample",
        detail=f"There is no sample {asked.sample}.",
        action="Take a name of /v1/samples.",
        pointer="/sample",
    )
    raise Refused(P["invalid-request"], items=(item,))


def _scenario_name(services: Services, asked: ScenarioRun) -> str:
    from scenarios.schema import parse

    faults = [*_missing_files(asked), *_missing_uploads(services, asked), *_too_long(services, asked)]
    try:
        name = parse(asked.scenario).name
    except InputError as error:
        name = ""
        items = (*items_of(error.faults, prefix="/scenario"), *items_of(faults))
        raise Refused(P["invalid-request"], items=items) from None
    if faults:
        raise Refused(P["invalid-request"], items=items_of(faults))
    return name


def files_named(scenario: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every file a scenario names, with the pointer to the place within the scenario."""
    streets, tables = scenario.get("streets"), scenario.get("tables")
    if isinstance(streets, Mapping):
        for part in ("file", "boundary"):
            if isinstance(streets.get(part), str):
                yield f"/streets/{part}", streets[part]
    if isinstance(tables, Mapping):
        for table, reference in tables.items():
            if isinstance(reference, Mapping) and isinstance(reference.get("file"), str):
                yield f"/tables/{escape(table)}/file", reference["file"]


def _missing_files(asked: ScenarioRun) -> list[Fault]:
    named = list(files_named(asked.scenario))
    faults = [
        Fault(
            code="file-not-given",
            place=pointer.strip("/").replace("/", "."),
            cause=f"The scenario names the file {name!r}, which is not among `files`.",
            action="Upload it to /v1/uploads and name its id in `files` under just this name.",
            pointer=f"/scenario{pointer}",
        )
        for pointer, name in named
        if name not in asked.files
    ]
    used = {name for _, name in named}
    faults += [
        Fault(
            code="file-not-used",
            place="files",
            cause=f"The scenario does not use a file {name!r}.",
            action="Take it out, or name it in the scenario.",
            pointer=f"/files/{escape(name)}",
        )
        for name in asked.files
        if name not in used
    ]
    return faults


def _missing_uploads(services: Services, asked: ScenarioRun) -> list[Fault]:
    faults = []
    for name, upload_id in asked.files.items():
        try:
            services.store.upload_info(upload_id)
        except UnknownUpload:
            faults.append(
                Fault(
                    code="no-such-upload",
                    place="files",
                    cause=f"There is no upload {upload_id}.",
                    action="Upload the file to /v1/uploads and take the id of the answer.",
                    pointer=f"/files/{escape(name)}",
                )
            )
    return faults


def _too_long(services: Services, asked: ScenarioRun) -> list[Fault]:
    limit = services.config.limits.run_seconds
    faults = []
    for part in ("solve", "hubs"):
        choice = asked.scenario.get(part)
        seconds = choice.get("seconds") if isinstance(choice, Mapping) else None
        if isinstance(seconds, int | float) and seconds > limit:
            faults.append(
                Fault(
                    code="out-of-range",
                    place=f"{part}.seconds",
                    cause=f"At most {limit:,.0f} seconds of solving can be asked for.",
                    action="Ask for less.",
                    pointer=f"/scenario/{part}/seconds",
                )
            )
    return faults
