"""One location-routing instance, solved; the budget is wall clock and includes building arrays, reading is apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.hub_line import line, timed
from benchmarks.sets.known import best_known
from benchmarks.sets.lrp import MODEL, NAME, read, recognises
from benchmarks.sets.siting import Asked
from optimiser.hubs.codesign.check import check
from optimiser.hubs.codesign.solve import solve
from optimiser.hubs.codesign.warm import warm
from optimiser.hubs.siting.warm import warm as warm_siting
from optimiser.result import Budget
from optimiser.rounds.strings.warm import warm as warm_strings
from optimiser.rounds.warm import warm as warm_timing


def is_located(word: str, asked: Asked) -> bool:
    """Return whether a file is of location-routing, by name or by what is in it."""
    path = Path(word)
    if asked.form is not None:
        return asked.form == NAME
    return path.suffix != ".gz" and path.is_file() and recognises(path.read_text(encoding="ascii", errors="replace"))


def run(path: str, _asked: Asked, seconds: float, seed: int, _engine: str) -> dict[str, Any]:
    """Return what the line of a file says; without a bound the gap is that to the best known value, if there is one."""
    instance = read(Path(path))
    for compile_ in (warm_timing, warm_strings, warm_siting, warm):
        compile_()
    result, took = timed(lambda: solve(instance.problem, budget=Budget(seconds=seconds), seed=seed))
    broken = [] if result.plan is None else [violation.code for violation in check(instance.problem, result.plan)]
    if result.plan is not None:
        broken += ["stops-left-out"] * bool(result.plan.rounds.unserved)
    cost = None if result.plan is None else instance.cost(result.plan)
    known = best_known(Path(path), "")
    said = line(result, cost=cost, broken=broken, took=took)
    if cost is not None and known is not None:
        said["gap_percent"] = round(100 * (cost - known.value) / known.value, 5)
    return {
        "instance": instance.name,
        "format": NAME,
        "model": MODEL,
        "p": None if result.plan is None else len(result.plan.open),
        "radius": None,
        "capacity": None,
        "best_known": None if known is None else known.value,
        **said,
    }
