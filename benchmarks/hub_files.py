"""Hub instances, each in a process of its own: ``python -m benchmarks hubs FILE...``.

Siting instances come from files, regions for the design of flows are made up from a word. Peak memory is that of the
whole process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks import flows, located, sited
from benchmarks.child import alone
from benchmarks.options import Options
from benchmarks.sets import flow_network, lrp, siting
from benchmarks.sets.flow_network import is_flow_network
from benchmarks.sets.siting import Asked
from benchmarks.table import Table, columns, text
from faults import MzungukoError

SECONDS = 60.0
COLUMNS = columns(
    instance="", format="", model="", p="d", cost=",.10g", bound=",.10g", gap_percent=".4f", broken="d", engine="",
    seconds=".1f", peak_MB=",.0f",
)  # fmt: skip
FORMATS = (*siting.READERS, lrp.NAME, flow_network.NAME)  # the table of readers, and regions made up from a word


def run(word: str, asked: Asked, seconds: float, seed: int, engine: str) -> dict[str, Any]:
    """Solve the instance in a file, or the region that a word asks for."""
    if is_flow_network(word):
        return flows.run(word, asked, seconds, seed, engine)
    return (located.run if located.is_located(word, asked) else sited.run)(word, asked, seconds, seed, engine)


def lines(options: Options) -> Iterator[dict[str, Any] | MzungukoError]:
    """Yield what each instance's line says, or why there is none."""
    asked = Asked(p=options.p, model=options.model, radius=options.radius, capacity=options.capacity, form=options.form)
    for file in options.files:
        try:
            measured = alone(run, str(file), asked, options.seconds or SECONDS, options.seed, options.engine)
        except MzungukoError as error:
            yield error
            continue
        yield measured.value | {"peak_mb": round(measured.peak_mb, 1), "cpu_s": round(measured.cpu_s, 3)}


def show(options: Options, *, as_json: bool) -> int:
    """Print a JSON line for each instance as it is done, or a table at the end; return the exit code.

    What cannot be read or solved is named on the error stream; the others go on, and the exit code is 1.
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
        title=f"Hub instances, {options.seconds or SECONDS:g} s wall clock each, seed {options.seed}",
        command=options.command("hubs"),
        columns=COLUMNS,
        rows=tuple(
            (
                said["instance"], said["format"], said["model"], said["p"], said["cost"], said["bound"],
                said["gap_percent"], len(said["violations"]), said["engine"], said["seconds"], said["peak_mb"],
            )
            for said in found
        ),
        notes=tuple(dict.fromkeys(note for said in found for note in said["notes"])),
    )  # fmt: skip
