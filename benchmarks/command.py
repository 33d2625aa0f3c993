"""``python -m benchmarks all | stages | rounds | town | hubs | streets | tracks | growth | osrm``: figures, tables."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import growth, hub_files, hubs, osrm, published, rounds, stages, streets, town_run, tracks
from benchmarks.figures import command as engine_figures
from benchmarks.machine import machine
from benchmarks.options import Options
from benchmarks.sets.flow_network import is_flow_network
from benchmarks.sets.made_up import is_made_up
from benchmarks.sets.registry import FORMATS
from benchmarks.sets.siting import MODELS, READERS
from benchmarks.street_peers import PEERS
from benchmarks.table import Table, as_dict, text

TABLES: Mapping[str, Callable[[Options], Iterator[Table]]] = {
    "streets": streets.tables,
    "tracks": tracks.tables,
    "rounds": rounds.tables,
    "hubs": hubs.tables,
    "stages": stages.tables,
    "growth": growth.tables,
    "osrm": osrm.tables,
    "figures": engine_figures.all_tables,
}
INSTANCES: Mapping[str, Callable[..., int]] = {"rounds": published.show, "hubs": hub_files.show, "town": town_run.show}
NOT_IN_ALL = frozenset({"growth", "osrm"})  # hours, and executables from elsewhere


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["figures"]:
        return engine_figures.main(words[1:])
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed and quality, measured here.")
    parser.add_argument("what", choices=("all", "town", *TABLES))
    parser.add_argument("files", nargs="*", type=Path, help="street extracts, or instances (rounds, hubs)")
    parser.add_argument("--json", action="store_true", help="one JSON line instead of tables; one for each instance")
    parser.add_argument("--seconds", type=float, help="for each solve (default: each table's own)")
    parser.add_argument("--seeds", type=int, default=3, help="for engines with random numbers (default: 3)")
    parser.add_argument("--places", type=int, help="of a matrix (default: each table's own)")
    parser.add_argument("--peers", default="", help="other programs to measure beside, with commas between")
    parser.add_argument("--repeats", type=int, default=3, help="of each stage of the streets; medians count")
    parser.add_argument("--osrm", type=Path, help="folder of the unpacked wheel of osrm-bindings")
    parser.add_argument("--spopt", type=Path, help="interpreter of an environment that has spopt (hubs)")
    parser.add_argument("--seed", type=int, default=1, help="of an instance's solve (default: 1)")
    parser.add_argument("--engine", default="auto", help="for instances and towns (default: auto; towns: also blocks)")
    formats = (*FORMATS, *READERS)
    parser.add_argument("--format", dest="form", choices=formats, help="of instances (default: by what is in them)")
    parser.add_argument("--objective", choices=("distance", "vehicles"), help="of instances (default: the set's own)")
    parser.add_argument("--bound-seconds", type=float, help="for a bound of each instance (default: 10 to 60; 0: none)")
    parser.add_argument("--p", type=int, help="sites to open, of siting instances that do not say")
    parser.add_argument("--model", choices=tuple(MODELS), help="of siting instances (default: the file's first)")
    parser.add_argument("--radius", type=float, help="of covering instances")
    parser.add_argument("--capacity", type=float, help="of every site, of warehouse instances that do not say")
    given = parser.parse_args(words)
    options = _options(parser, given)
    if options.files and given.what in INSTANCES:
        return INSTANCES[given.what](options, as_json=given.json)
    where = machine()
    if not given.json:
        print("\n".join(f"{name:10} {value}" for name, value in where.items()), end="\n\n")
    found: list[Table] = []
    if given.json and given.what == "streets" and len(options.files) == 1:
        print(json.dumps({**streets.record(options), "machine": where}, allow_nan=False))
        return 0
    for name in [name for name in TABLES if name not in NOT_IN_ALL] if given.what == "all" else (given.what,):
        print(f"{name} ...", file=sys.stderr, flush=True)
        for table in TABLES[name](options):
            found.append(table)
            if not given.json:
                print(text(table), flush=True)
    if given.json:
        print(json.dumps({"machine": where, "tables": [as_dict(table) for table in found]}, allow_nan=False))
    return 0


def _options(parser: argparse.ArgumentParser, given: argparse.Namespace) -> Options:
    """Check what was given; the parser leaves with an explanation where it cannot be done."""
    if given.seeds < 1 or given.repeats < 1 or (given.seconds is not None and given.seconds <= 0):
        parser.error("--seconds, --seeds and --repeats must be above 0")
    if given.places is not None and given.places < 1:
        parser.error("--places must be above 0")
    if given.bound_seconds is not None and given.bound_seconds < 0:
        parser.error("--bound-seconds cannot be negative")
    if given.what == "town" and not given.files:
        parser.error("town needs street extracts")
    if given.form and given.form not in (READERS if given.what == "hubs" else FORMATS):
        parser.error(f"{given.form} is no format of {given.what}")
    made_up = [file for file in given.files if given.what == "rounds" and is_made_up(str(file))]
    made_up += [file for file in given.files if given.what == "hubs" and is_flow_network(str(file))]
    gone = [str(file) for file in given.files if file not in made_up and not file.is_file()]
    if gone:
        parser.error(f"no such file: {', '.join(gone)}")
    peers = tuple(name for name in given.peers.split(",") if name)
    strangers = [name for name in peers if name not in PEERS]
    if strangers:
        parser.error(f"unknown peer {', '.join(strangers)}; there are {', '.join(PEERS)}")
    return Options(
        seconds=given.seconds,
        seeds=given.seeds,
        files=tuple(given.files),
        places=given.places,
        peers=peers,
        repeats=given.repeats,
        osrm=given.osrm,
        spopt=given.spopt,
        seed=given.seed,
        engine=given.engine,
        form=given.form,
        objective=given.objective,
        bound_seconds=given.bound_seconds,
        p=given.p,
        model=given.model,
        radius=given.radius,
        capacity=given.capacity,
    )
