"""The border of a hub study: a file becomes a :class:`HubStudy`, or a list of everything wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from faults import Fault, InputError
from scenarios.hub_study.study import FILES, HubStudy
from scenarios.read.files import path_fault
from scenarios.schema import Border, document, validated
from scenarios.schema_rules import SHARED

FILE = "hubs.toml"
FARTHEST_M = 50_000.0
MAX_SECONDS = 24 * 3600.0


class StudyBorder(Border):
    """The body ``{"study": {...}}``."""

    study: HubStudy


def load(path: Path) -> tuple[HubStudy, Path]:
    """Read a study and say where its files lie.

    Parameters
    ----------
    path
        The folder with ``hubs.toml``, or the file itself (``.toml`` or ``.json``).

    Raises
    ------
    InputError
        With every fault found; places are dotted paths such as ``sites.at_most``.
    """
    file = path / FILE if path.is_dir() else path
    return parse(document(file)), file


def parse(data: Mapping[str, Any]) -> HubStudy:
    """Turn plain data into a study.

    Raises
    ------
    InputError
        With every fault found, each with a JSON pointer from the root of ``data``.
    """
    study = validated(StudyBorder, data).study
    if faults := [*_shared(study), *_foreign(study), *_ranges(study), *_rules(study)]:
        raise InputError(faults)
    return study


def dump(study: HubStudy) -> dict[str, Any]:
    """Return a study as plain data that :func:`parse` reads back."""
    plain: dict[str, Any] = StudyBorder(study=study).model_dump(mode="json", by_alias=True)["study"]
    return plain


def _shared(study: HubStudy) -> Iterator[Fault]:
    scenario = study.as_scenario()
    return (fault for rule in SHARED for fault in rule(scenario))


def _foreign(study: HubStudy) -> Iterator[Fault]:
    for name in study.tables:
        if name not in FILES:
            cause = f"a hub study has no table {name}; there are {' and '.join(FILES)}"
            yield _fault("unknown-key", f"tables.{name}", cause, "take it out")


def _ranges(study: HubStudy) -> Iterator[Fault]:
    sites, fairness = study.sites, study.fairness
    limits: tuple[tuple[str, float | None, float, float], ...] = (
        ("sites.at_most", sites.at_most, 1, 5_000),
        ("sites.budget", sites.budget, 0, 1e15),
        ("sites.reach_m", sites.reach_m, 1, FARTHEST_M),
        ("sites.near_m", sites.near_m, 1, FARTHEST_M),
        ("sites.unserved_m", sites.unserved_m, sites.reach_m, 1e6),
        ("sites.separation_m", sites.separation_m, 0, FARTHEST_M),
        ("fairness.farthest_m", fairness.farthest_m, 1, FARTHEST_M),
        ("fairness.worst_m", fairness.worst_m, 1, 1e6),
        ("fairness.worst_share", fairness.worst_share, 0.001, 1),
        ("fairness.aversion", fairness.aversion, 0.01, 10),
        ("solve.seconds", study.solve.seconds, 0.1, MAX_SECONDS),
        ("solve.seed", study.solve.seed, 0, 2**31 - 1),
        ("snap_limit_m", study.snap_limit_m, 1, 5_000),
    )
    for place, value, low, high in limits:
        if value is not None and not low <= value <= high:
            cause = f"{value:g} is not between {low:g} and {high:g}"
            yield _fault("out-of-range", place, cause, "correct the number")
    for k, rule in enumerate(fairness.within):
        if not (0 < rule.share <= 1 and 0 < rule.metres <= FARTHEST_M):
            cause = f"{rule.share:g} within {rule.metres:g} m cannot be"
            action = "write a share above 0 and at most 1, and metres above 0"
            yield _fault("out-of-range", f"fairness.within.{k + 1}", cause, action, f"/fairness/within/{k}")


def _rules(study: HubStudy) -> Iterator[Fault]:
    sites = study.sites
    if sites.aim != "cover" and sites.at_most is None and sites.budget is None:
        cause = "nothing limits the sites: all of them would open"
        yield _fault("sites-limit-missing", "sites", cause, 'give at_most or budget, or aim = "cover"')
    for k, ref in enumerate(study.exclusions):
        place, at = f"exclusions.{k + 1}", f"/exclusions/{k}"
        if not ref.name.strip():
            yield _fault("missing", f"{place}.name", "it has no name", "say why no site may stand there", f"{at}/name")
        if not 0 <= ref.within_m <= FARTHEST_M:
            cause = f"{ref.within_m:g} is not between 0 and {FARTHEST_M:g}"
            yield _fault("out-of-range", f"{place}.within_m", cause, "correct the number", f"{at}/within_m")
        if fault := path_fault(ref.file, f"{place}.file", f"{at}/file"):
            yield fault


def _fault(code: str, place: str, cause: str, action: str, pointer: str = "") -> Fault:
    where = pointer or "/" + place.replace(".", "/")
    return Fault(code=code, place=place, cause=cause, action=action, pointer=where)
