"""The samples' names and words, as their files have them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from api.jobs.kinds import CODESIGN, FILES, HUBS, ROUNDS, Kind


def kind_of(name: str) -> Kind | None:
    """Return the kind of run that a sample is for, ``None`` when there is no such sample."""
    return next((kind for kind, names in of_kinds().items() if name in names), None)


def of_kinds() -> dict[Kind, tuple[str, ...]]:
    """Return the names of the samples of each kind, in the order in which one would try them."""
    from scenarios.samples import CODESIGNS, NAMES, STUDIES

    return {ROUNDS: NAMES, HUBS: STUDIES, CODESIGN: CODESIGNS}


def words(name: str) -> tuple[str, str]:
    """Return title and description of a sample."""
    scenario = _scenario(name)
    return str(scenario["name"]), " ".join(str(scenario.get("description", "")).split())


def invented(name: str) -> tuple[str, ...]:
    """Return what of a sample is invented."""
    return tuple(map(str, _scenario(name).get("illustration", ()))) if kind_of(name) else ()


@cache
def _scenario(name: str) -> dict[str, Any]:
    source = files("scenarios.samples") / name / FILES[kind_of(name) or ROUNDS]
    return tomllib.loads(source.read_text(encoding="utf-8"))
