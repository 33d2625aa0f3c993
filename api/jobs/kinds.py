"""The kinds of runs, each with the part of a request that holds its input; and the files that an input names.

To add a kind: a line in :data:`PARTS` and :data:`Kind`, a shape in :mod:`api.run_request`, a reader of its fields in
:mod:`api.submission`, its work in :mod:`api.jobs.child`. What lies between is the same for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

Kind = Literal["rounds", "hubs", "codesign"]
Where = tuple[str | int, ...]

ROUNDS: Kind = "rounds"
HUBS: Kind = "hubs"
CODESIGN: Kind = "codesign"
PARTS: Mapping[Kind, str] = {ROUNDS: "scenario", HUBS: "study", CODESIGN: "study"}
FILES: Mapping[Kind, str] = {ROUNDS: "scenario.toml", HUBS: "hubs.toml", CODESIGN: "codesign.toml"}  # of an input
NAMES_A_FILE = frozenset({"file", "boundary"})  # what stands under these keys is the name of a file


def kind_of(request: Mapping[str, Any]) -> Kind:
    """Return the kind of a run; a request that does not say is for rounds."""
    return cast(Kind, request.get("kind", ROUNDS))


def given_in(request: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the scenario or study of one's own in a request, ``None`` in that of a sample."""
    return request.get(PARTS[kind_of(request)])


def files_named(kind: Kind, given: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    """Every file that a scenario or study needs, each with its place in it; tables that a study need not name, too."""
    return _walk(given if kind != HUBS else {**given, "tables": _tables_of_study(given.get("tables"))}, ())


def _tables_of_study(named: object) -> dict[str, Any]:
    from scenarios.hub_study.study import FILES

    left_out: dict[str, Any] = {name: {"file": ref.file} for name, ref in FILES.items()}
    return left_out | (named if isinstance(named, dict) else {})


def _walk(tree: object, at: Where) -> Iterator[tuple[Where, str]]:
    """Go through a tree that is known not to be deep."""
    if not isinstance(tree, Mapping | list):
        return
    for step, inner in tree.items() if isinstance(tree, Mapping) else enumerate(tree):
        if step in NAMES_A_FILE and isinstance(inner, str):
            yield (*at, step), inner
        else:
            yield from _walk(inner, (*at, step))
