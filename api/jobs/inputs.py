"""Lays out what a run works on: the scenario or study and the files it names, in a folder of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from api.jobs.kinds import Where, files_named, given_in, kind_of
from api.jobs.port import Json, UnknownUpload
from faults import Fault, InputError
from scenarios.schema import dotted

if TYPE_CHECKING:
    from api.jobs.store import Store

SCENARIO = "scenario.json"


def lay_out(request: Json, folder: Path, store: Store) -> None:
    """Write ``scenario.json`` and beside it each upload under the name the scenario or study knows it by.

    Raises
    ------
    InputError
        When a name is not a plain file name, an upload is missing, or a file is named that was not given: no file of
        this machine is ever reached through a scenario or study that came in.
    """
    given, files = given_in(request), request.get("files", {})
    if given is None:
        return
    faults = [fault for name in files if (fault := _bad_name(name))]
    faults += [_not_given(at, name) for at, name in files_named(kind_of(request), given) if name not in files]
    if faults:
        raise InputError(faults)
    (folder / SCENARIO).write_text(json.dumps(given), encoding="utf-8")
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


def _not_given(at: Where, name: str) -> Fault:
    return Fault(
        code="file-missing",
        place=dotted(at),
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
