"""The samples' names and words, as their scenario files have them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def known(name: str) -> bool:
    """Whether there is a sample of this name."""
    from scenarios.samples import NAMES

    return name in NAMES


def words(name: str) -> tuple[str, str]:
    """Return title and description of a sample."""
    scenario = _scenario(name)
    return str(scenario["name"]), " ".join(str(scenario.get("description", "")).split())


def invented(name: str) -> tuple[str, ...]:
    """Return what of a sample is invented."""
    return tuple(map(str, _scenario(name).get("illustration", ()))) if known(name) else ()


@cache
def _scenario(name: str) -> dict[str, Any]:
    source = files("scenarios.samples") / name / "scenario.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))
