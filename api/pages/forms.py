"""Ask for a run: a scenario file with its tables, or a sample."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from api import auth
from api.errors import ProblemItem, Refused, items_of
from api.explain import explain
from api.pages.blueprint import pages
from api.resources.runs import checked_key
from api.resources.samples import samples
from api.resources.uploads import ENVELOPE, keep, plain_name
from api.services import services
from api.submission import SampleRun, ScenarioRun, files_named, submit
from faults import Fault, InputError
from scenarios.messages import say

SCENARIO_ENDINGS = (".toml", ".json")
PARTS = 64
Page = str | tuple[str, int]


@pages.get("/new")
def new() -> Page:
    """Offer both ways."""
    return _form()


@pages.post("/new/sample")
def submit_sample() -> Page | Response:
    """Ask for a run of a sample."""
    auth.check_form()
    sample = request.form.get("sample", "")
    return _asked(SampleRun, {"sample": sample}, chosen=sample)


@pages.post("/new/files")
def submit_files() -> Page | Response:
    """Ask for a run of a scenario that comes as files."""
    request.max_content_length = max(services().config.limits.upload_bytes.values()) + ENVELOPE
    request.max_form_parts = PARTS
    auth.check_form()
    files = [file for file in request.files.getlist("files") if file.filename]
    try:
        scenario = _scenario_of(files)
        tables = {plain_name(f.filename or ""): f for f in files if not _is_scenario(f)}
        _use_plain_names(scenario)
        named = {name for _, name in files_named(scenario)}
        uploads = {name: keep(file).id for name, file in tables.items() if name in named}
    except InputError as error:
        return _form(faults=items_of(error.faults))
    except Refused as refused:
        return _form(faults=refused.items or (_item(refused),))
    return _asked(ScenarioRun, {"scenario": scenario, "files": uploads})


def _asked(kind: type[SampleRun | ScenarioRun], fields: dict[str, Any], *, chosen: str = "") -> Page | Response:
    seconds = request.form.get("seconds", "").strip().replace(",", ".")
    try:
        if seconds:
            fields["seconds"] = float(seconds)
    except ValueError:
        fields["seconds"] = seconds
    try:
        asked = kind.model_validate(fields)
        accepted = submit(services(), asked, key=checked_key(request.form.get("key") or None))
    except ValidationError as error:
        return _form(faults=explain(error, of_body=False), chosen=chosen)
    except Refused as refused:
        return _form(faults=refused.items or (_item(refused),), chosen=chosen)
    return redirect(url_for("pages.run", run_id=accepted.run.id), 303)


def _form(*, faults: tuple[ProblemItem, ...] = (), chosen: str = "") -> Page:
    page = render_template(
        "new.html",
        samples=samples(),
        faults=faults,
        chosen=chosen,
        endings=",".join(sorted(services().config.limits.upload_bytes)),
    )
    return (page, 422) if faults else page


def _item(refused: Refused) -> ProblemItem:
    kind = refused.problem
    return ProblemItem(code=kind.code, detail=refused.detail or kind.meaning, action=kind.action, place=kind.title)


def _is_scenario(file: FileStorage) -> bool:
    return plain_name(file.filename or "").lower().endswith(SCENARIO_ENDINGS)


def _scenario_of(files: list[FileStorage]) -> dict[str, Any]:
    """Read the one scenario file among those that came."""
    from scenarios.schema import dump, load

    found = [file for file in files if _is_scenario(file)]
    if len(found) != 1:
        raise InputError(
            Fault(
                code="one-scenario",
                place=say("pages.new.files"),
                cause=say("pages.new.no_scenario") if not found else say("pages.new.many_scenarios", count=len(found)),
                action=say("pages.new.choose_scenario"),
            )
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / plain_name(found[0].filename or "")
        found[0].save(path)
        return dump(load(path))


def _use_plain_names(scenario: dict[str, Any]) -> None:
    """Browsers send names without folders: let the scenario name its files so too."""
    streets, tables = scenario.get("streets"), scenario.get("tables")
    places = [(streets, "file"), (streets, "boundary")]
    places += [(table, "file") for table in tables.values()] if isinstance(tables, dict) else []
    for holder, part in places:
        if isinstance(holder, dict) and isinstance(holder.get(part), str):
            holder[part] = plain_name(holder[part])
