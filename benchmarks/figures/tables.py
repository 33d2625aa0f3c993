"""The tables: the figures against their goals, and for each group its instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.figures.campaign import Plan, adjusted, is_run
from benchmarks.figures.core import Group
from benchmarks.figures.lines import Line, is_late
from benchmarks.figures.summary import TIE, Row, least_share, ratios, rows
from benchmarks.figures.verdict import Verdict, verdict
from benchmarks.options import NO_DATA
from benchmarks.table import Cell, Table, columns

DISTURBED = 0.9  # share of its cores below which a run is told to have been disturbed
FIGURES = columns(what="", must="", stretch="", measured="", peers="", reached="", command="")


def figures(plan: Plan, lines: Sequence[Line]) -> Table:
    """Return the table of all groups of a plan, also of those that were not run."""
    found = []
    for group in plan.groups:
        command = group.command or command_of(group, plan)
        if not is_run(group, plan):
            measured = "by its own command" if group.measure == "elsewhere" else "not in the core list: name it"
            found.append((group.what, group.must.words, group.stretch.words, measured, "", "-", command))
            continue
        run = adjusted(group, plan)
        said = verdict(run, rows(run, lines))
        row = (group.what, group.must.words, group.stretch.words, said.words or "nothing", said.peers)
        found.append((*row, _answer(group, said), command))
    return Table(
        id="figures",
        title="Figures of the engine",
        command="python -m benchmarks figures",
        columns=FIGURES,
        rows=tuple(found),
        notes=(*notes(lines), *(() if plan.data else (NO_DATA,))),
    )


def _answer(group: Group, said: Verdict) -> str:
    """Return which goal is reached, or by how much the first of them is not."""
    must = said.reached(group.must)
    if must is None:
        return "-"
    if not must:
        return f"no: {', '.join(said.missing(group.must))}"
    return "stretch" if said.reached(group.stretch) else "must"


def notes(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return when, where and on what the lines were made, and how quiet it was."""
    if not lines:
        return ("nothing was run",)
    processors, commits, engines = (
        sorted({str(word) for word in words if word})
        for words in (
            (line.get("processor") for line in lines),
            (line.get("commit") for line in lines),
            (f"{line['engine']} {line['version']}".strip() for line in lines),
        )
    )
    dates = sorted(str(line["date"]) for line in lines if "date" in line)
    disturbed = sum(least_share([line]) < DISTURBED for line in lines)
    late = sorted(
        {f"{line['engine']} on {line['instance']}: {line['wall_s']:.1f} s" for line in lines if is_late(line)}
    )
    broken = sum(bool(line.get("violations")) for line in lines)
    wrong = sorted({f"{line['engine']} on {line['instance']}" for line in lines if _is_too_good(line)})
    return (
        f"{len(lines)} runs, {dates[0]} to {dates[-1]}; {', '.join(processors)}; commits {', '.join(commits)}",
        f"engines: {', '.join(engines)}",
        f"{disturbed} runs had less than {DISTURBED:.0%} of their cores",
        *([f"late: {'; '.join(late)}"] if late else []),
        f"{broken} plans broke a rule or left something out and do not count",
        *([f"below a proven optimum, so a reader or a rule is wrong: {'; '.join(wrong)}"] if wrong else []),
    )


def _is_too_good(line: Line) -> bool:
    return bool(line.get("bks_proven")) and line.get("above_percent", 0.0) < -TIE


def command_of(group: Group, plan: Plan) -> str:
    """Return the command line that measures a group again."""
    words = ["python -m benchmarks figures", group.id, *(["--core"] if plan.core and group.core else [])]
    words += [f"--seconds {plan.seconds:g}"] if plan.seconds else []
    words += [f"--seeds {plan.seeds}"] if plan.seeds else []
    words += [f"--engines {','.join(plan.engines)}"] if plan.engines else []
    return " ".join(words)


def instances(plan: Plan, lines: Sequence[Line]) -> Iterator[Table]:
    """Yield the table of each group that was run."""
    for group in plan.groups:
        if is_run(group, plan):
            run = adjusted(group, plan)
            if found := rows(run, lines):
                yield _table(run, found, command_of(group, plan))


def _table(group: Group, found: Sequence[Row], command: str) -> Table:
    compared = {peer: ratios(group, found, peer) for peer in group.peers}
    listed = tuple(_cells(row, compared, several=len(group.cores) > 1) for row in found)
    cost = ",.1f" if all(row.cost is None or row.cost > 100 for row in found) else ",.3f"
    return Table(
        id=f"figures-{group.id}",
        title=f"{group.what} (must {group.must.words}; stretch {group.stretch.words})",
        command=command,
        columns=columns(
            instance="", engine="", seeds="d", count="d", cost=cost, best=cost, worst=cost, above_pct="+.2f",
            vehicles=".1f", ours_to_it=".4f", cpu_s=".1f", peak_MB=",.0f",
        ),
        rows=(*listed, *_means(group, found, compared)),
        notes=tuple(
            f"{row.instance}, {row.engine}: {trouble}" for row in found for trouble in row.trouble
        ),
    )  # fmt: skip


def _cells(row: Row, compared: Mapping[str, Mapping[str, float]], *, several: bool) -> tuple[Cell, ...]:
    engine = f"{row.engine}, {row.cores} cores" if several else row.engine
    return (
        row.instance,
        engine,
        len(row.lines),
        len(row.counted),
        row.cost,
        row.best,
        row.worst,
        row.above,
        row.vehicles,
        compared.get(row.engine, {}).get(row.instance),
        row.cpu_s,
        row.peak_mb,
    )


def _means(
    group: Group, found: Sequence[Row], compared: Mapping[str, Mapping[str, float]]
) -> Iterator[tuple[Cell, ...]]:
    """Yield the means over the instances, by engine."""
    for engine in (group.ours, *group.peers):
        for cores in group.cores:
            mine = [row for row in found if (row.engine, row.cores) == (engine, cores)]
            if not mine:
                continue
            yield (
                "mean",
                f"{engine}, {cores} cores" if len(group.cores) > 1 else engine,
                sum(len(row.lines) for row in mine),
                sum(len(row.counted) for row in mine),
                *(
                    _mean([getattr(row, name) for row in mine])
                    for name in ("cost", "best", "worst", "above", "vehicles")
                ),
                _mean(list(compared.get(engine, {}).values())),
                _mean([row.cpu_s for row in mine]),
                max((row.peak_mb for row in mine if row.peak_mb is not None), default=None),
            )


def _mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of the figures that there are."""
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else None
