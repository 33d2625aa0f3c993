"""Lays out what a run works on: the scenario and the files it names, in a folder of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from api.jobs.port import Json, UnknownUpload
from faults import Fault, InputError

if TYPE_CHECKING:
    from api.jobs.store import Store

SCENARIO = "scenario.json"


def lay_out(request: Json, folder: Path, store: Store) -> None:
    """Write ``scenario.json`` and beside it each upload under the name the scenario knows it by.

    Raises
    ------
    InputError
        When a name is not a plain file name, an upload is missing, or the scenario names a file that was not given:
        no file of this machine is ever reached through a scenario that came in.
    """
    scenario, files = request.get("scenario"), request.get("files", {})
    if scenario is None:
        return
    faults = [fault for name in files if (fault := _bad_name(name))]
    faults += [fault for place, name in _named(scenario) if (fault := _not_given(place, name, files))]
    if faults:
        raise InputError(faults)
    (folder / SCENARIO).write_text(json.dumps(scenario), encoding="utf-8")
    for name, upload in files.items():
        _bring(store, upload, folder / name)


def _bring(store: Store, upload: str, target: Path) -> None:
    try:
        shutil.copyfile(store.upload_path(upload), target)
    except UnknownUpload:
        raise InputError(
            Fault(
                code="upload-unknown",
                place=target.name,
                cause=f"there is no upload {upload!r}",
                action="upload the file again and name its new id",
            )
        ) from None


def _named(scenario: Json) -> list[tuple[str, str]]:
    """List every file that a scenario names, with the place where it does."""
    streets = scenario.get("streets") or {}
    places = [(f"streets.{key}", streets.get(key)) for key in ("file", "boundary")]
    tables = scenario.get("tables") or {}
    places += [(f"tables.{table}.file", (ref or {}).get("file")) for table, ref in tables.items()]
    return [(place, name) for place, name in places if name is not None]


def _not_given(place: str, name: object, files: Json) -> Fault | None:
    if name in files:
        return None
    return Fault(
        code="file-missing",
        place=place,
        cause=f"the file {name!r} was not given",
        action="upload it and name it in files",
    )


def _bad_name(name: str) -> Fault | None:
    plain = PurePosixPath(name).name == name == PureWindowsPath(name).name
    if plain and name not in ("", ".", "..", SCENARIO) and name.isprintable():
        return None
    return Fault(
        code="file-name",
        place="files",
        cause=f"{name!r} is not a plain file name",
        action="give the file a name without folders or control characters, other than scenario.json",
    )
