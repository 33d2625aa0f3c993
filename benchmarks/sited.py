"""Published siting instances, each in a process of its own: ``python -m benchmarks hubs FILE...``.

The budget is wall clock and includes building the model; reading is apart. Peak memory is that of the whole process.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.child import alone
from benchmarks.options import Options
from benchmarks.sets.siting import Asked, read
from benchmarks.table import Table, columns, text
from faults import MzungukoError
from optimiser.hubs.siting.check import check
from optimiser.hubs.siting.problem import MAXIMISED
from optimiser.hubs.siting.solve import solve
from optimiser.hubs.siting.warm import warm
from optimiser.result import Budget

SECONDS = 60.0
SHOWN = 10_000  # a bound is given to four digits
COLUMNS = columns(
    instance="", format="", cost=",.10g", bound=",.10g", gap_percent=".4f", broken="d", engine="", seconds=".1f",
    peak_MB=",.0f",
)  # fmt: skip


def run(path: str, asked: Asked, seconds: float, seed: int, engine: str) -> dict[str, Any]:
    """Return what one line says."""
    instance = read(Path(path), asked)
    warm()
    began = time.perf_counter()
    result = solve(instance.problem, engine=engine, budget=Budget(seconds=seconds), seed=seed)
    took = time.perf_counter() - began
    cost = None if result.price is None or not math.isfinite(result.price.objective) else result.price.objective
    bound = None if result.bound is None else result.bound.value
    if bound is not None:  # never on the wrong side of what was proven
        up = instance.problem.aim in MAXIMISED
        bound = (math.ceil if up else math.floor)(round(bound * SHOWN, 3)) / SHOWN
    broken = [] if result.plan is None else sorted({v.code for v in check(instance.problem, result.plan)})
    return {
        "instance": instance.name,
        "cost": None if cost is None else round(cost, 4),
        "bound": bound,
        "gap_percent": None if result.gap is None else round(100 * result.gap, 5),
        "violations": broken if result.plan is not None else ["no-plan"],
        "engine": result.engine,
        "seed": seed,
        "seconds": round(took, 3),
        "status": str(result.status),
        "model": instance.model,
        "format": instance.format,
        "bound_method": "" if result.bound is None else result.bound.method,
        "notes": list(result.notes),
    }


def lines(options: Options) -> Iterator[dict[str, Any] | MzungukoError]:
    """Yield what each file's line says, or why there is none."""
    asked = Asked(p=options.p, model=options.model, radius=options.radius, capacity=options.capacity)
    for file in options.files:
        try:
            measured = alone(run, str(file), asked, options.seconds or SECONDS, options.seed, options.engine)
        except MzungukoError as error:
            yield error
            continue
        yield measured.value | {"peak_mb": round(measured.peak_mb, 1), "cpu_s": round(measured.cpu_s, 3)}


def show(options: Options, *, as_json: bool) -> int:
    """Print a JSON line for each file as it is done, or a table at the end; return the exit code.

    A file that cannot be read or solved is named on the error stream; the others go on, and the exit code is 1.
    """
    found, failed = [], False
    for said in lines(options):
        if isinstance(said, MzungukoError):
            failed = True
            print("\n".join(map(str, said.faults)), file=sys.stderr, flush=True)
            continue
        found.append(said)
        if as_json:
            print(json.dumps(said, allow_nan=False), flush=True)
    if not as_json and found:
        print(text(_table(options, found)))
    return 1 if failed else 0


def _table(options: Options, found: list[dict[str, Any]]) -> Table:
    return Table(
        id="hubs-published",
        title=f"Published siting instances, {options.seconds or SECONDS:g} s wall clock each, seed {options.seed}",
        command=options.command("hubs"),
        columns=COLUMNS,
        rows=tuple(
            (
                said["instance"], said["format"], said["cost"], said["bound"], said["gap_percent"],
                len(said["violations"]), said["engine"], said["seconds"], said["peak_mb"],
            )
            for said in found
        ),
        notes=tuple(dict.fromkeys(note for said in found for note in said["notes"])),
    )  # fmt: skip
