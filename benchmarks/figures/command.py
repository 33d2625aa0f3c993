"""``python -m benchmarks figures [GROUP...]``: run what is not there yet, show the tables, draw the pictures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.figures import campaign, pictures, tables
from benchmarks.figures.campaign import LINES, Plan
from benchmarks.figures.core import read_core
from benchmarks.figures.one import PEERS
from benchmarks.options import NO_DATA, Options
from benchmarks.table import Table, markdown, text
from optimiser.rounds.engines.registry import ENGINES


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit code: 1 if a run failed."""
    plan, given = _read(argv)
    if plan.data is None:
        print(NO_DATA, file=sys.stderr)
    lines = campaign.gone_through(plan)
    shown = [tables.figures(plan, lines), *tables.instances(plan, lines)]
    if given.markdown:
        print("\n\n".join(map(markdown, shown)))
    else:
        print("\n".join(map(text, [*shown[1:], shown[0]])))
    if given.draw:
        for file in pictures.draw(given.draw, plan, lines):
            print(file, file=sys.stderr)
    return 1 if any("failed" in line for line in lines) else 0


def all_tables(_: Options) -> Iterator[Table]:
    """Yield the tables of the core list, for ``python -m benchmarks all``."""
    plan = Plan(groups=read_core(), core=True)
    lines = campaign.gone_through(plan)
    yield from tables.instances(plan, lines)
    yield tables.figures(plan, lines)


def _read(argv: Sequence[str] | None) -> tuple[Plan, argparse.Namespace]:
    groups = {group.id: group for group in read_core()}
    parser = argparse.ArgumentParser(prog="python -m benchmarks figures", description="The figures of the engine.")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"all of these: {', '.join(groups)}")
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument("--full", action="store_true", help="all instances and seeds of all groups: days")
    scope.add_argument("--core", action="store_true", help="of the groups named only the short list")
    parser.add_argument("--engines", default="", help="with commas between, ours first (default: those of the list)")
    parser.add_argument("--seconds", type=float, help="for each solve (default: those of the list)")
    parser.add_argument("--seeds", type=int, help="1 to this (default: those of the list)")
    parser.add_argument("--json", type=Path, default=LINES, help=f"file of the lines (default: {LINES})")
    parser.add_argument("--again", action="store_true", help="run also what is in the file already")
    parser.add_argument("--keep", default="", help="engines whose runs are kept though the sources changed")
    parser.add_argument("--quiet", type=float, default=0.0, help="run again what had less than this share of its core")
    parser.add_argument("--on", default="", help="numbers of the cores to run on (default: the idlest)")
    parser.add_argument("--draw", type=Path, help="folder for pictures of cost over time")
    parser.add_argument("--markdown", action="store_true", help="tables for the documentation")
    given = parser.parse_args(argv)
    engines = tuple(name for name in given.engines.split(",") if name)
    if strangers := [name for name in given.groups if name not in groups]:
        parser.error(f"unknown group {', '.join(strangers)}; there are {', '.join(groups)}")
    if strangers := [name for name in engines if name not in {*ENGINES, *PEERS, "auto"}]:
        parser.error(f"unknown engine {', '.join(strangers)}; there are {', '.join((*ENGINES, *PEERS, 'auto'))}")
    if (given.seconds is not None and given.seconds <= 0) or (given.seeds is not None and given.seeds < 1):
        parser.error("--seconds and --seeds must be above 0")
    if not all(name.isdigit() for name in given.on.split(",") if name):
        parser.error("--on wants numbers of cores, with commas between")
    plan = Plan(
        groups=tuple(groups[name] for name in given.groups) or tuple(groups.values()),
        core=given.core or not (given.groups or given.full),
        engines=engines,
        seconds=given.seconds,
        seeds=given.seeds,
        on=tuple(int(name) for name in given.on.split(",") if name),
        again=given.again,
        keep=tuple(name for name in given.keep.split(",") if name),
        quiet=given.quiet,
        lines=given.json,
    )
    return plan, given
