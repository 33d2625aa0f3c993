"""The border of a co-design study: a scenario that has a table of candidate sites."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from faults import Fault, InputError
from scenarios import schema
from scenarios.scenario import Scenario

FILE = "codesign.toml"


def file_of(path: Path) -> Path:
    """Return the file of a study: itself, or ``codesign.toml`` in its folder."""
    return path / FILE if path.is_dir() else path


def parse(data: Mapping[str, Any]) -> Scenario:
    """Turn plain data into a study.

    Raises
    ------
    InputError
        With every fault found, each with a JSON pointer from the root of ``data``.
    """
    scenario = schema.parse(data)
    refuse_without_sites(scenario)
    return scenario


def refuse_without_sites(scenario: Scenario) -> None:
    """Refuse a scenario in which there is nothing to decide.

    Raises
    ------
    InputError
        ``table-missing``.
    """
    if "sites" not in scenario.tables:
        cause, action = "there is no table of candidate sites", "add [tables.sites], or run mzunguko run"
        place, where = "tables.sites", "/tables/sites"
        raise InputError(Fault(code="table-missing", place=place, cause=cause, action=action, pointer=where))
