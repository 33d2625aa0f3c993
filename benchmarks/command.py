"""``python -m benchmarks all | stages | rounds | hubs | streets``: measured figures as tables."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks import hubs, rounds, stages, streets
from benchmarks.machine import machine
from benchmarks.options import Options
from benchmarks.table import Table, as_dict, text

TABLES: Mapping[str, Callable[[Options], Iterator[Table]]] = {
    "streets": streets.tables,
    "rounds": rounds.tables,
    "hubs": hubs.tables,
    "stages": stages.tables,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed and quality, measured here.")
    parser.add_argument("what", choices=("all", *TABLES))
    parser.add_argument("--json", action="store_true", help="one JSON line instead of tables")
    parser.add_argument("--seconds", type=float, help="for each solve (default: each table's own)")
    parser.add_argument("--seeds", type=int, default=3, help="for engines with random numbers (default: 3)")
    given = parser.parse_args(argv)
    if given.seeds < 1 or (given.seconds is not None and given.seconds <= 0):
        parser.error("--seconds and --seeds must be above 0")
    options = Options(seconds=given.seconds, seeds=given.seeds)
    where = machine()
    if not given.json:
        print("\n".join(f"{name:10} {value}" for name, value in where.items()), end="\n\n")
    found: list[Table] = []
    for name in TABLES if given.what == "all" else (given.what,):
        print(f"{name} ...", file=sys.stderr, flush=True)
        for table in TABLES[name](options):
            found.append(table)
            if not given.json:
                print(text(table), flush=True)
    if given.json:
        print(json.dumps({"machine": where, "tables": [as_dict(table) for table in found]}, allow_nan=False))
    return 0
