"""Convergence as pictures: how far above the best known cost, over time, ours and peers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import curves
from benchmarks.figures.campaign import Plan, adjusted, is_run
from benchmarks.figures.core import Group
from benchmarks.figures.lines import Line
from benchmarks.figures.summary import Row, rows


def draw(folder: Path, plan: Plan, lines: Sequence[Line]) -> list[Path]:
    """Write a picture for each group that was run, and one for each of its instances; return the files."""
    written: list[Path] = []
    for group in plan.groups:
        if not is_run(group, plan):
            continue
        run = adjusted(group, plan)
        found = rows(run, lines)
        names = [name for name in run.instances if any(row.instance == name and row.counted for row in found)]
        pictures = [(f"{run.id}.svg", group.what, names)]
        if len(names) > 1:
            pictures += [(f"{run.id}-{_plain(name)}.svg", f"{run.id}: {name}", [name]) for name in names]
        for file, title, wanted in pictures:
            if series := _series(run, found, wanted):
                axes = ("seconds", _axis(found, wanted))
                curves.draw(folder / file, title, axes, series, until=run.seconds)
                written.append(folder / file)
    return written


def reference(found: Iterable[Row], instance: str) -> tuple[float, bool]:
    """Return the best known cost of an instance, or the best that any run found; and whether it was known before."""
    counted = [line for row in found if row.instance == instance for line in row.counted]
    known = [line["bks"] for line in counted if "bks" in line]
    return (known[0], True) if known else (min(line["cost"] for line in counted), False)


def _axis(found: Sequence[Row], names: Sequence[str]) -> str:
    known = [reference(found, name)[1] for name in names]
    word = "best known" if all(known) else "best found here" if not any(known) else "best known or found"
    return f"cost above the {word}, %, mean of the runs"


def _series(group: Group, found: Sequence[Row], names: Sequence[str]) -> dict[str, list[tuple[float, float]]]:
    """Return engine -> mean per cent above the reference, over time; of instances that all engines have runs of."""
    series: dict[str, list[tuple[float, float]]] = {}
    several = len(group.cores) > 1
    for engine in (group.ours, *group.peers):
        for cores in group.cores:
            mine = [row for row in found if (row.engine, row.cores) == (engine, cores) and row.instance in names]
            runs = [gaps(line, reference(found, row.instance)[0]) for row in mine for line in row.counted]
            if points := curves.mean([points for points in runs if points]):
                covered = len({row.instance for row in mine if row.counted})
                name = f"{engine}, {cores} cores" if several else engine
                series[name if covered == len(names) else f"{name} ({covered} of {len(names)})"] = points
    return series


def gaps(line: Line, best: float) -> list[tuple[float, float]]:
    """Return the moments of a run, and how far its plan was above the best, per cent, from the first whole plan on."""
    found: list[tuple[float, float]] = []
    for at, cost, missing in line["trace"]:
        gap = 100 * (cost - best) / max(abs(best), 1e-9)
        if not missing:
            found.append((at, min(gap, found[-1][1]) if found else gap))
    return found


def _plain(name: str) -> str:
    """Return the name of an instance as part of a file's name."""
    return name.rsplit("/", 1)[-1].split(".", 1)[0].replace(":", "-")
