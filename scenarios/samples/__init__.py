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


def cache_folder() -> Path:
    """Return where fetched data is kept: ``MZUNGUKO_CACHE``, else the user's cache folder."""
    return Path(os.environ.get("MZUNGUKO_CACHE") or platformdirs.user_cache_dir("mzunguko"))


def available(name: str) -> bool:
    """Whether a sample can run without the network."""
    return name not in PACKAGES or (cache_folder() / "data" / PACKAGES[name].member_name).exists()


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
        raise InputError(
            Fault(
                code="sample-unknown",
                place="sample",
                cause=f"there is no sample {name!r}",
                action=f"choose one of {', '.join(NAMES)}",
            )
        )
    root = cache or cache_folder()
    folder = root / "samples" / name
    folder.mkdir(parents=True, exist_ok=True)
    with as_file(files(__package__) / name) as packed:
        for file in packed.iterdir():
            if file.is_file():
                _replace(file, folder / file.name)
    if name in PACKAGES:
        data = fetch(PACKAGES[name], root / "data")
        _replace(data, folder / data.name)
    return folder / "scenario.toml"


def _replace(source: Path, target: Path) -> None:
    """Copy so that another process laying out the same sample never reads half a file."""
    part = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, part)
    part.replace(target)
