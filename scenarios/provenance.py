"""How to make a run again: what went in, what computed it, when."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from network.streets import StreetNetwork
from scenarios.outcome import Provenance, StageCost
from scenarios.scenario import Scenario

COMPUTES = (
    "mzunguko", "numpy", "scipy", "pandas", "networkx", "osmium", "osmnx", "ortools", "pulp", "highspy", "pyvrp",
)  # fmt: skip


def input_files(source: Path, scenario: Scenario) -> tuple[Path, ...]:
    """Return every file a scenario names, the scenario file first."""
    named = [table.file for table in scenario.tables.values()]
    named += [name for name in (scenario.streets.file, scenario.streets.boundary) if name]
    named += [closure.file for closure in scenario.streets.closures if closure.file]
    named += [track.file for track in scenario.tracks]
    return (source, *(source.parent / name for name in dict.fromkeys(named)))


def file_hashes(files: Iterable[Path]) -> dict[str, str]:
    """Return file name -> sha256 of its bytes."""
    hashes = {}
    for file in files:
        with file.open("rb") as stream:
            hashes[file.name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return hashes


def provenance(
    scenario: Scenario,
    network: StreetNetwork,
    *,
    files: Mapping[str, str],
    stages: tuple[StageCost, ...],
    now: datetime | None = None,
) -> Provenance:
    """Return the pedigree of a run."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{files[name]}\n".encode())
    digest.update(repr(scenario.solve).encode())
    return Provenance(
        inputs_sha256=digest.hexdigest(),
        files=files,
        versions={"python": platform.python_version(), **_versions()},
        seed=scenario.solve.seed,
        stages=stages,
        made_at=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
        attribution=network.attribution,
    )


def _versions() -> dict[str, str]:
    found = {}
    for package in COMPUTES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
