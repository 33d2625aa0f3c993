"""Ask for a run: the file of a scenario or hub study with its tables, or a sample."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from api import auth, samples
from api.errors import ProblemItem, Refused, items_of
from api.explain import explain
from api.jobs.kinds import CODESIGN, FILES, HUBS, PARTS, ROUNDS, Kind, files_named
from api.pages.blueprint import pages
from api.resources import samples as offered
from api.resources.runs import checked_key
from api.resources.uploads import ENVELOPE, keep, plain_name
from api.run_request import OF_ONES_OWN, OF_SAMPLES, Asked
from api.services import services
from api.submission import submit
from faults import Fault, InputError
from scenarios.messages import say

SCENARIO_ENDINGS = (".toml", ".json")
MOST_PARTS = 64
STEMS: Mapping[str, Kind] = {Path(name).stem: kind for kind, name in FILES.items()}
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
    kind = samples.kind_of(sample) or ROUNDS
    return _asked(OF_SAMPLES[kind], {"kind": kind, "sample": sample}, chosen=sample)


@pages.post("/new/files")
def submit_files() -> Page | Response:
    """Ask for a run of a scenario or hub study that comes as files."""
    request.max_content_length = max(services().config.limits.upload_bytes.values()) + ENVELOPE
    request.max_form_parts = MOST_PARTS
    auth.check_form()
    files = [file for file in request.files.getlist("files") if file.filename]
    try:
        kind, given = _given_by(files)
        tables = {plain_name(f.filename or ""): f for f in files if not _is_scenario(f)}
        _use_plain_names(kind, given)
        named = {name for _, name in files_named(kind, given)}
        uploads = {name: keep(file).id for name, file in tables.items() if name in named}
    except InputError as error:
        return _form(faults=items_of(error.faults))
    except Refused as refused:
        return _form(faults=refused.items or (_item(refused),))
    return _asked(OF_ONES_OWN[kind], {"kind": kind, PARTS[kind]: given, "files": uploads})


def _asked(shape: type[Asked], fields: dict[str, Any], *, chosen: str = "") -> Page | Response:
    seconds = request.form.get("seconds", "").strip().replace(",", ".")
    try:
        if seconds:
            fields["seconds"] = float(seconds)
    except ValueError:
        fields["seconds"] = seconds
    try:
        asked = shape.model_validate(fields)
        accepted = submit(services(), asked, key=checked_key(request.form.get("key") or None))
    except ValidationError as error:
        return _form(faults=explain(error, of_body=False), chosen=chosen)
    except Refused as refused:
        return _form(faults=refused.items or (_item(refused),), chosen=chosen)
    return redirect(url_for("pages.run", run_id=accepted.run.id), 303)


def _form(*, faults: tuple[ProblemItem, ...] = (), chosen: str = "") -> Page:
    page = render_template(
        "new.html",
        samples=offered.samples(),
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


def _given_by(files: list[FileStorage]) -> tuple[Kind, dict[str, Any]]:
    """Read the one scenario or study among the files that came; a study is known by its name."""
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
    name = plain_name(found[0].filename or "")
    kind = STEMS.get(Path(name).stem.lower(), ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        found[0].save(path)
        return kind, _READ[kind](path)


def _scenario(path: Path) -> dict[str, Any]:
    from scenarios.schema import dump, load

    return dump(load(path))


def _study(path: Path) -> dict[str, Any]:
    from scenarios.hub_study.schema import dump, load

    return dump(load(path)[0])


_READ: Mapping[Kind, Callable[[Path], dict[str, Any]]] = {ROUNDS: _scenario, HUBS: _study, CODESIGN: _scenario}


def _use_plain_names(kind: Kind, given: dict[str, Any]) -> None:
    """Browsers send names without folders: let the scenario name its files so too."""
    for at, name in list(files_named(kind, given)):
        if plain_name(name) != name:
            holder: Any = given
            for step in at[:-1]:
                holder = holder[step]
            holder[at[-1]] = plain_name(name)
