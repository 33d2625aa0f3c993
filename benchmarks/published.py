"""Published instances, one after the other, each in a process of its own: ``python -m benchmarks rounds FILE...``.

Seconds are wall clock, for the solve alone, and so is the budget; processor time is said beside it. Peak memory is that
of the whole process: interpreter, reading, solve and bound.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.child import alone
from benchmarks.options import Options
from benchmarks.sets.known import best_known
from benchmarks.sets.made_up import is_made_up
from benchmarks.sets.run import How, run
from benchmarks.table import Table, columns, text
from faults import MzungukoError

SECONDS = 10.0
LEAST_BOUND_S, MOST_BOUND_S = 10.0, 60.0
COLUMNS = columns(
    instance="", format="", cost=",.10g", bound=",.10g", gap_percent=".2f", bks=",.10g", above_bks_percent=".2f",
    vehicles="d", broken="d", engine="", seconds=".1f", peak_MB=",.0f",
)  # fmt: skip


def lines(options: Options) -> Iterator[dict[str, Any] | MzungukoError]:
    """Yield what each file's line says, or why there is none."""
    how = How(
        seconds=options.seconds or SECONDS,
        seed=options.seed,
        engine=options.engine,
        form=options.form,
        objective=options.objective,
        bound_seconds=bound_seconds(options),
    )
    for file in options.files:
        try:
            measured = alone(run, str(file), how)
        except MzungukoError as error:
            yield error
            continue
        said = measured.value
        said["peak_mb"] = round(measured.peak_mb, 1)
        said["cpu_s"] = round(measured.cpu_s, 3)
        yield said | _against_best(file, said)


def bound_seconds(options: Options) -> float:
    """Return how long to look for a bound: as asked, else as long as is solved, but 10 s at least and 60 s at most."""
    if options.bound_seconds is not None:
        return options.bound_seconds
    return min(max(options.seconds or SECONDS, LEAST_BOUND_S), MOST_BOUND_S)


def _against_best(file: Path, said: dict[str, Any]) -> dict[str, Any]:
    known = None if is_made_up(str(file)) else best_known(file, said["objective"])
    if known is None:
        return {"bks": None}
    above = round(100 * (said["cost"] - known.value) / max(abs(known.value), 1e-9), 4)
    return {
        "bks": known.value,
        "bks_proven": known.proven,
        "bks_vehicles": known.vehicles,
        "above_bks_percent": None if said["violations"] else above,  # a plan that breaks rules compares with nothing
    }


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
    notes = dict.fromkeys(f"{said['format']}: {note}" for said in found for note in said["notes"])
    broken = [
        f"{said['instance']}: {', '.join(sorted(set(said['violations'])))}" for said in found if said["violations"]
    ]
    return Table(
        id="rounds-published",
        title=f"Published instances, {options.seconds or SECONDS:g} s wall clock each, seed {options.seed}",
        command=options.command("rounds"),
        columns=COLUMNS,
        rows=tuple(
            (
                said["instance"], said["format"], said["cost"], said["bound"], said["gap_percent"], said["bks"],
                said.get("above_bks_percent"), said["vehicles"], len(said["violations"]), said["engine"],
                said["seconds"], said["peak_mb"],
            )
            for said in found
        ),
        notes=(*broken, *notes),
    )  # fmt: skip
