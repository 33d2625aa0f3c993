"""How time and memory grow with the streets and with the places, up to a million segments.

``python -m benchmarks growth``: real extracts, then copies of the largest one side by side, joined by bridges (labelled
so: streets as they are, but no city that is); each in a process of its own. Pictures go to ``out/growth``. An exponent
of 1 means in proportion: twice the streets, twice the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.child import alone
from benchmarks.options import NO_DATA, Options
from benchmarks.plot import draw, fit
from benchmarks.street_runs import PROFILE, Case, from_file_to_matrix
from benchmarks.table import Cell, Column, Table, columns

EXTRACTS = ("nairobi-central", "dhaka-central", "porto-alegre", "heidelberg", "porto-metro")
COPIES = (2, 4, 11)
SIZES = (200, 500, 1_000, 2_000, 5_000, 10_000)
SIZE = 1_000
FOLDER = Path("out") / "growth"
SIZED = ("segments", "states", "turns")
STAGES: Mapping[str, str] = {
    "load_s": "load",
    "prepare_s": "prepare",
    "customise_s": "ready",
    f"durations_{SIZE}_s": f"durations {SIZE} x {SIZE}",
    f"matrix_{SIZE}_s": f"with distances {SIZE} x {SIZE}",
}


def tables(
    options: Options,
    *,
    copies: Sequence[int] = COPIES,
    sizes: Sequence[int] = SIZES,
    size: int = SIZE,
    folder: Path = FOLDER,
) -> Iterator[Table]:
    """Yield what each size takes, and the exponents."""
    if options.data is None and not options.files:
        yield Table(
            id="growth-streets",
            title="Time and memory against street segments",
            command=options.command("growth"),
            columns=columns(streets=""),
            rows=(),
            notes=(NO_DATA,),
        )
        return
    files = options.files or tuple(options.data / "osm" / f"{name}.osm.pbf" for name in EXTRACTS if options.data)
    stages = {key.replace(str(SIZE), str(size)): name.replace(str(SIZE), str(size)) for key, name in STAGES.items()}
    cases = [*(Case(file=file, repeats=options.repeats) for file in files),
             *(Case(file=files[-1], copies=many, repeats=1) for many in copies)]  # fmt: skip
    runs = [alone(from_file_to_matrix, case, (size,)).value for case in cases]
    yield _by_streets(options, cases, runs, stages, folder)
    yield _by_places(options, files[-1], sizes, folder)


def _by_streets(
    options: Options,
    cases: Sequence[Case],
    runs: Sequence[Mapping[str, float]],
    stages: Mapping[str, str],
    folder: Path,
) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (_name(case), *(int(run[key]) for key in SIZED), *(run[key] for key in stages), run["peak_mb"])
        for case, run in zip(cases, runs, strict=True)
    ]
    segments = [run["segments"] for run in runs]
    times = {name: (segments, [max(run[key], 1e-6) for run in runs]) for key, name in stages.items()}
    memory = {"peak": (segments, [run["peak_mb"] for run in runs])}
    draw(folder / "time-by-segments.svg", "Time against street segments", ("segments", "seconds"), times)
    draw(folder / "memory-by-segments.svg", "Memory against street segments", ("segments", "MB"), memory)
    exponents = ", ".join(f"{name} {fit(*line).exponent:.2f}" for name, line in (times | memory).items())
    return Table(
        id="growth-streets",
        title=f"Time and memory against street segments, {PROFILE}",
        command=options.command("growth"),
        columns=(
            *columns(streets="", segments=",d", states=",d", turns=",d"),
            *(Column(name=name, form=".3f") for name in stages.values()),
            Column(name="peak MB", form=",.0f"),
        ),
        rows=tuple(rows),
        notes=(
            "n x: copies of that extract side by side, joined by bridges: real streets, but no real city",
            f"exponents: {exponents}",
            f"pictures: {folder}",
        ),
    )


def _name(case: Case) -> str:
    name = case.file.name.removesuffix(".osm.pbf")
    return name if case.copies == 1 else f"{case.copies} x {name} (merged)"


def _by_places(options: Options, file: Path, sizes: Sequence[int], folder: Path) -> Table:
    runs = [alone(from_file_to_matrix, Case(file=file, repeats=options.repeats), (size,)).value for size in sizes]
    times = {
        "durations": [run[f"durations_{size}_s"] for size, run in zip(sizes, runs, strict=True)],
        "with distances": [run[f"matrix_{size}_s"] for size, run in zip(sizes, runs, strict=True)],
    }
    peaks = [run["peak_mb"] for run in runs]
    lines = {name: (sizes, line) for name, line in times.items()}
    draw(folder / "time-by-places.svg", f"Time of N x N, {file.name}", ("N", "seconds"), lines)
    draw(folder / "memory-by-places.svg", f"Memory of N x N, {file.name}", ("N", "MB"), {"peak": (sizes, peaks)})
    large = [k for k, size in enumerate(sizes) if size >= SIZE]
    told = []
    for name, line in {**times, "peak": peaks}.items():
        told.append(f"{name} {fit(sizes, line).exponent:.2f}")
        if len(large) > 1:
            end = fit([sizes[k] for k in large], [line[k] for k in large]).exponent
            told[-1] += f" (from {SIZE:,} places on {end:.2f})"
    return Table(
        id="growth-places",
        title=f"Time and memory against places, {file.name}, {PROFILE}",
        command=options.command("growth"),
        columns=columns(N=",d", durations=".3f", with_distances=".3f", peak_MB=",.0f"),
        rows=tuple(zip(sizes, times["durations"], times["with distances"], peaks, strict=True)),
        notes=(f"exponents: {', '.join(told)}", "2 would be in proportion to the pairs", f"pictures: {folder}"),
    )
