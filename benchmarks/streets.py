"""Streets: from the file to turn-aware matrices, against peers on the same turn graph and weights.

``python -m benchmarks streets FILE --places N --peers scipy,networkx --json`` measures one extract and ends with one
JSON line; without a file the extracts of the demo and of the data folder are measured one after the other. Faster
counts only where nothing differs: every peer's answers are compared entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.child import Measured, alone
from benchmarks.loading import loading
from benchmarks.options import NO_DATA, Options
from benchmarks.street_peers import PEERS, missing
from benchmarks.street_runs import PROFILE, Case, against_peer, from_file_to_matrix, snapping
from benchmarks.table import Cell, Column, Table, columns
from faults import SourceError
from scenarios.samples import prepare

EXTRACTS = ("nairobi-central", "monaco", "dhaka-central", "heidelberg", "porto-alegre", "porto-metro")
SIZES = (1_000, 5_000)
POINTS = 100_000
DEFAULT_PEERS = ("scipy", "networkx", "pyroutingkit")


def tables(options: Options, *, sizes: tuple[int, ...] = SIZES, points: int = POINTS) -> Iterator[Table]:
    """Yield stages, matrices, snapping and peers; of the files given, else of the demo and of the data folder."""
    files, notes = _files(options)
    sizes = (options.places,) if options.places else sizes
    runs = {name: _run(options, file, sizes, points) for name, file in files.items()}
    yield _stages(options, runs, notes)
    yield _matrices(options, runs, sizes)
    yield _peers(options, runs)


def record(options: Options, *, points: int = POINTS) -> dict[str, Any]:
    """Return the figures of the first file given, flat, and those of each peer by name."""
    file = options.files[0]
    size = options.places or SIZES[0]
    run = _run(options, file, (size,), points)
    engine = run["engine"]
    renamed = {f"matrix_{size}": "matrix", f"durations_{size}": "durations"}
    figures = {_renamed(key, renamed): value for key, value in engine.items()}
    return {
        "file": file.name,
        "places": size,
        "profile": PROFILE,
        "repeats": options.repeats,
        **figures,
        **{key: run["snap"][key] for key in ("snap_first_s", "snap_s", "snap_cpu_s", "points")},
        "peers": {
            name: {
                **{key: value for key, value in found.items() if key != "places"},
                "extrapolated": found["rows"] < size,
                "times": found["matrix_s"] / figures["matrix_s"],
            }
            for (name, _), found in run["peers"].items()
        },
        "left_out": [name for name in options.peers or DEFAULT_PEERS if missing(name)],
    }


def _renamed(key: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        if key.startswith(f"{old}_"):
            return key.replace(old, new, 1)
    return key


def _run(options: Options, file: Path, sizes: Sequence[int], points: int) -> dict[str, Any]:
    """Measure one file, each part in a process of its own."""
    case = Case(file=file, repeats=options.repeats)
    engine: Measured[dict[str, float]] = alone(from_file_to_matrix, case, tuple(sizes))
    names = [name for name in options.peers or DEFAULT_PEERS if not missing(name)]
    read = alone(loading, file).value
    return {
        "file_mb": file.stat().st_size / 1e6,
        "engine": engine.value | {key: read[key] for key in ("load_peak_mb", "before_mb")},
        "snap": alone(snapping, case, points).value,
        "peers": {(name, size): alone(against_peer, case, size, name).value for name in names for size in sizes},
    }


def _files(options: Options) -> tuple[dict[str, Path], tuple[str, ...]]:
    """Return the street files there are, and what is missing."""
    if options.files:
        return {file.name.removesuffix(".osm.pbf"): file for file in options.files}, ()
    files: dict[str, Path] = {}
    notes: list[str] = []
    try:
        files["helsinki"] = prepare("helsinki").parent / "Helsinki.osm.pbf"
    except SourceError as error:
        notes.append(f"helsinki is left out: {error}")
    if options.data is None:
        notes.append(NO_DATA)
    else:
        files |= {name: options.data / "osm" / f"{name}.osm.pbf" for name in EXTRACTS}
    return files, tuple(notes)


STAGES: Mapping[str, str] = {
    "load_s": "load",
    "graph_s": "turn graph",
    "order_s": "order",
    "topology_s": "topology",
    "weigh_s": "weigh",
    "customise_basic_s": "basic",
    "customise_s": "ready",
    "update_s": "5 arcs",
    "profile_s": "profile",
    "closure_s": "closure",
    "snap_s": "snap",
}


def _stages(options: Options, runs: Mapping[str, dict[str, Any]], notes: tuple[str, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, run in runs.items():
        figures = run["engine"] | run["snap"] | {"peak_mb": run["engine"]["peak_mb"]}
        size: tuple[Cell, ...] = tuple(int(figures[key]) for key in ("segments", "states", "turns"))
        peaks = (figures["load_peak_mb"], figures["peak_mb"])
        rows.append((name, run["file_mb"], *size, *(figures[key] for key in STAGES), *peaks))
    return Table(
        id="streets-stages",
        title=f"Streets: from an OpenStreetMap file to matrices, seconds, {PROFILE}",
        command=options.command("streets"),
        columns=(
            *columns(extract="", file_MB=",.1f", segments=",d", states=",d", turns=",d"),
            *(Column(name=name, form=".3f") for name in STAGES.values()),
            Column(name="load MB", form=",.0f"),
            Column(name="peak MB", form=",.0f"),
        ),
        rows=tuple(rows),
        notes=(
            *notes,
            f"medians of {options.repeats}; compiled functions loaded before",
            "basic: customising alone; ready: customising and what a matrix needs beside it",
            "5 arcs: a handful of turns closed by partial update of weights that are there",
            "profile: all that a new vehicle takes, weighing and matrices made ready; closure: the same for 5 streets",
            f"snap: {POINTS:,} points about 25 m off the streets, network seen before",
            "load MB: peak of a process that only reads the file; peak MB: of one that does all but the snapping",
        ),
    )


def _matrices(options: Options, runs: Mapping[str, dict[str, Any]], sizes: Sequence[int]) -> Table:
    rows = tuple(
        (name, size, run["engine"][f"durations_{size}_s"], run["engine"][f"matrix_{size}_s"],
         run["engine"][f"matrix_{size}_cpu_s"])
        for name, run in runs.items()
        for size in sizes
    )  # fmt: skip
    return Table(
        id="streets-matrix",
        title="Streets: N x N, turns and sides of the street included, seconds",
        command=options.command("streets"),
        columns=columns(extract="", N=",d", durations=".3f", with_distances=".3f", processor=".3f"),
        rows=rows,
        notes=("processor: of the one with distances, all threads",),
    )


def _peers(options: Options, runs: Mapping[str, dict[str, Any]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, run in runs.items():
        for (peer, size), found in run["peers"].items():
            ours = run["engine"]["matrix_s" if size is None else f"matrix_{size}_s"]
            times = found["matrix_s"] / ours
            metres = found.get("max_difference_m")
            cells = (int(found["rows"]), found["ready_s"], found["matrix_s"], times, found["max_difference_s"], metres)
            rows.append((name, peer, size, *cells))
    left_out = [name for name in options.peers or DEFAULT_PEERS if missing(name)]
    return Table(
        id="streets-peers",
        title="Streets: peers on the same turn graph and weights",
        command=options.command("streets"),
        columns=columns(
            extract="", peer="", N=",d", rows_asked=",d", ready_s=".2f", matrix_s=",.2f", times_ours=",.0f",
            difference_s=".3f", difference_m=".1f",
        ),
        rows=tuple(rows),
        notes=(
            "matrix: extrapolated from the rows asked where they are fewer than N",
            "times ours: against ours with distances; pyroutingkit gives durations alone",
            *(f"{name} is left out: not installed" for name in left_out),
            *(f"{name}: {PEERS[name][0].__doc__}" for name in options.peers or DEFAULT_PEERS),
        ),
    )  # fmt: skip
