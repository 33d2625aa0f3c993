"""What the runs of a group amount to, for each instance and engine: means over seeds of the runs that count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.figures.core import Group
from benchmarks.figures.lines import Line, share

TIE = 1e-6  # per cent: as good as the best known


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An instance and an engine.

    Parameters
    ----------
    lines, counted
        All runs, and those that broke no rule, left nothing out and needed no more vehicles than may be.
    cost, vehicles, above
        Means over the runs that count; ``above`` the best known value, per cent. ``None``: no such figure.
    """

    instance: str
    engine: str
    cores: int
    lines: tuple[Line, ...]
    counted: tuple[Line, ...]
    cost: float | None
    vehicles: float | None
    above: float | None

    @property
    def best(self) -> float | None:
        """The lowest cost of the runs that count."""
        return min((line["cost"] for line in self.counted), default=None)

    @property
    def worst(self) -> float | None:
        """The highest cost of the runs that count."""
        return max((line["cost"] for line in self.counted), default=None)

    @property
    def peak_mb(self) -> float | None:
        """The highest memory of any run."""
        return max((line["peak_mb"] for line in self.lines if "peak_mb" in line), default=None)

    @property
    def cpu_s(self) -> float | None:
        """Mean processor seconds of the runs that came back."""
        spent = [line["cpu_s"] for line in self.lines if "cpu_s" in line]
        return fmean(spent) if spent else None

    @property
    def trouble(self) -> tuple[str, ...]:
        """What was wrong with the runs that do not count, each once, with the number of runs."""
        said: dict[str, int] = {}
        for line in self.lines:
            if line not in self.counted:
                for word in why_not(line) or ("more vehicles than the best known",):
                    said[word] = said.get(word, 0) + 1
        return tuple(f"{word} ({count} of {len(self.lines)})" for word, count in said.items())


def why_not(line: Line) -> tuple[str, ...]:
    """Return why a run compares with nothing, whatever its vehicles; empty if it does."""
    for name in ("failed", "skipped"):
        if name in line:
            return (f"{name}: {line[name]}",)
    return tuple(line["violations"])


def counts(group: Group, line: Line) -> bool:
    """Return whether a run may be compared."""
    if why_not(line):
        return False
    known = line.get("bks_vehicles")
    return group.vehicles != "as-known" or known is None or line["vehicles"] <= known


def rows(group: Group, lines: Iterable[Line]) -> tuple[Row, ...]:
    """Return the rows of a group as it was run, by instance, ours first."""
    mine = [line for line in lines if is_of(group, line)]
    return tuple(_rows(group, mine))


def is_of(group: Group, line: Line) -> bool:
    """Return whether a line is a run of the group as it was run."""
    return (
        line["instance"] in group.instances
        and line["engine"] in {group.ours, *group.peers}
        and line["cores"] in group.cores
        and line["seconds"] == group.seconds
        and line["seed"] <= group.seeds
        and line["objective_asked"] == group.objective
    )


def _rows(group: Group, lines: Sequence[Line]) -> Iterator[Row]:
    for instance in group.instances:
        for engine in (group.ours, *group.peers):
            for cores in group.cores:
                asked = (instance, engine, cores)
                runs = [line for line in lines if (line["instance"], line["engine"], line["cores"]) == asked]
                if not runs:
                    continue
                good = [line for line in runs if counts(group, line)]
                above = [line["above_percent"] for line in good if "above_percent" in line]
                yield Row(
                    instance=instance,
                    engine=engine,
                    cores=cores,
                    lines=tuple(runs),
                    counted=tuple(good),
                    cost=fmean(line["cost"] for line in good) if good else None,
                    vehicles=fmean(line["vehicles"] for line in good) if good else None,
                    above=fmean(above) if above else None,
                )


def ratios(group: Group, found: Sequence[Row], peer: str) -> dict[str, float]:
    """Return instance -> cost of ours to cost of the peer, where both have runs that count."""
    costs = {(row.instance, row.engine): row.cost for row in found if row.cost is not None}
    return {
        instance: costs[instance, group.ours] / costs[instance, peer]
        for instance in group.instances
        if {(instance, group.ours), (instance, peer)} <= costs.keys() and costs[instance, peer] > 0
    }


def best_share(found: Iterable[Row]) -> float | None:
    """Return on how many of the instances with a best known value it was reached by the best run, per cent."""
    reached = [
        min(line["above_percent"] for line in row.counted if "above_percent" in line) <= TIE
        for row in found
        if row.above is not None
    ]
    return 100 * fmean(reached) if reached else None


def seconds_until(line: Line, cost: float) -> float | None:
    """Return when a run first had a plan of at most this cost that left nothing out."""
    return next((at for at, had, missing in line["trace"] if not missing and had <= cost * (1 + 1e-9)), None)


def least_share(lines: Iterable[Line]) -> float:
    """Return the least share of its cores that a run had."""
    return min((share(line) for line in lines), default=1.0)
