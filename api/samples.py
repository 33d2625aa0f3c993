"""The samples' names and words, as their scenario files have them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


def known(name: str) -> bool:
    """Whether there is a sample of this name."""
    from scenarios.samples import NAMES

    return name in NAMES


@cache
def words(name: str) -> tuple[str, str]:
    """Return title and description of a sample, as its scenario file has them."""
    source = files("scenarios.samples") / name / "scenario.toml"
    scenario = tomllib.loads(source.read_text(encoding="utf-8"))
    return str(scenario["name"]), " ".join(str(scenario.get("description", "")).split())
