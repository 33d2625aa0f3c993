"""One siting instance, solved; the budget is wall clock and includes building the model, reading is apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.hub_line import line, timed
from benchmarks.sets.siting import Asked, read
from optimiser.hubs.siting.check import check
from optimiser.hubs.siting.problem import MAXIMISED
from optimiser.hubs.siting.solve import solve
from optimiser.hubs.siting.warm import warm
from optimiser.result import Budget


def run(path: str, asked: Asked, seconds: float, seed: int, engine: str) -> dict[str, Any]:
    """Return what the line of a file says."""
    instance = read(Path(path), asked)
    warm()
    result, took = timed(lambda: solve(instance.problem, engine=engine, budget=Budget(seconds=seconds), seed=seed))
    broken = [] if result.plan is None else [violation.code for violation in check(instance.problem, result.plan)]
    said = line(
        result,
        cost=None if result.price is None else result.price.objective,
        broken=broken,
        took=took,
        maximised=instance.problem.aim in MAXIMISED,
    )
    return {
        "instance": instance.name,
        "format": instance.format,
        "model": instance.model,
        "p": instance.problem.at_most,
        "radius": asked.radius,
        "capacity": asked.capacity,
        **said,
    }
