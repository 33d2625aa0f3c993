"""Go through the runs of groups, one after the other, each in a process of its own on cores of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks.child import alone
from benchmarks.figures.core import Group, expanded, place
from benchmarks.figures.lines import Key, Line, append, commit, head, is_done, key, latest, read_lines
from benchmarks.figures.one import PEERS, SEEDLESS, Task, one
from benchmarks.machine import machine
from benchmarks.options import data_folder
from benchmarks.sets.known import best_known
from benchmarks.sets.made_up import is_made_up
from optimiser.rounds.engines.registry import ENGINES

LINES = Path("out/figures.jsonl")
PATIENCE, PATIENCE_S = 3.0, 300.0  # of its seconds, and for loading and compiling: then a run is ended
LOOK_S = 0.3
Chosen = tuple[Group, Task]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run.

    Parameters
    ----------
    core
        The short list of each group; else all its instances.
    engines
        In place of ours and the peers of each group; none: those of the list.
    seconds, seeds
        In place of the list's.
    on
        Cores to run on; none: the idlest ones when a run begins.
    again
        Also what is there already.
    keep
        Engines whose runs are kept, whatever sources they were made with.
    quiet
        Also what had less than this share of its cores.
    """

    groups: tuple[Group, ...]
    core: bool
    engines: tuple[str, ...] = ()
    seconds: float | None = None
    seeds: int | None = None
    on: tuple[int, ...] = ()
    again: bool = False
    keep: tuple[str, ...] = ()
    quiet: float = 0.0
    lines: Path = LINES
    data: Path | None = None

    def __post_init__(self) -> None:
        if self.data is None:
            object.__setattr__(self, "data", data_folder())


def adjusted(group: Group, plan: Plan) -> Group:
    """Return the group as it is run: with what the plan says in place of the list's."""
    if not is_run(group, plan):
        return group
    peers = group.core_peers if plan.core else group.peers
    ours = group.ours
    if plan.engines:
        ours = ours if ours in plan.engines else plan.engines[0]
        peers = tuple(engine for engine in plan.engines if engine != ours)
    return replace(
        group,
        instances=tuple(expanded(group.core if plan.core else group.instances, plan.data)),
        core=(),
        seconds=plan.seconds or group.seconds,
        seeds=plan.seeds or (group.core_seeds if plan.core else group.seeds),
        ours=ours,
        peers=peers,
        core_peers=(),
        against=tuple(peer for peer in group.against if peer in peers),
    )


def is_run(group: Group, plan: Plan) -> bool:
    """Return whether there is anything of the group to run."""
    return group.measure != "elsewhere" and (not plan.core or bool(group.core))


def tasks(group: Group, plan: Plan) -> Iterator[Task]:
    """Yield the runs of an adjusted group, ours beside its peers; instances that are not at hand have none."""
    for name in group.instances:
        read = place(name, plan.data)
        if read is None:
            continue
        for seed in range(1, group.seeds + 1):
            for engine in (group.ours, *group.peers):
                if seed > 1 and engine in SEEDLESS:
                    continue
                for cores in group.cores:
                    yield Task(
                        instance=name,
                        read=read,
                        engine=engine,
                        seed=seed,
                        seconds=group.seconds,
                        cores=cores,
                        objective=group.objective,
                    )


def gone_through(plan: Plan) -> list[Line]:
    """Run what is not there yet, add each line to the file as it is found, and return those of the plan."""
    groups = [adjusted(group, plan) for group in plan.groups if is_run(group, plan)]
    known = {*ENGINES, *PEERS, "auto"}
    if strangers := {group.ours for group in groups} - known:
        _say(f"no engine {', '.join(sorted(strangers))} yet: its runs are left out")
    each = (task for group in groups for task in tasks(group, plan) if task.engine in known)
    wanted = {key(head(task)): task for task in each}  # groups may share runs
    lines = read_lines(plan.lines)
    there = _kept(wanted, lines, plan) | latest(lines)
    missing = [name for name in wanted if plan.again or not is_done(there.get(name), quiet=plan.quiet)]
    _say(f"{len(wanted)} runs, {len(wanted) - len(missing)} of them are there, {_hours(wanted[k] for k in missing)}")
    for count, name in enumerate(missing, 1):
        there[name] = _run(replace(wanted[name], on=cores(wanted[name].cores, plan.on)))
        append(plan.lines, there[name])
        _say(f"{count}/{len(missing)} {told(there[name])}")
    return [there[name] for name in wanted if name in there]


def _kept(wanted: Mapping[Key, Task], lines: Iterable[Line], plan: Plan) -> dict[Key, Line]:
    """Return the last lines that answer tasks of engines to keep but for the sources."""
    last = {key(line)[:-1]: line for line in lines if is_done(line, quiet=plan.quiet)}
    return {name: last[name[:-1]] for name, task in wanted.items() if task.engine in plan.keep and name[:-1] in last}


def cores(count: int, among: Sequence[int] = ()) -> tuple[int, ...]:
    """Return so many cores, the idlest of those that this process may use."""
    mine = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if among:
        mine = [core for core in mine if core in among]
    if len(mine) <= count:
        return tuple(mine)
    busy = psutil.cpu_percent(LOOK_S, percpu=True)
    return tuple(sorted(sorted(mine, key=lambda core: busy[core])[:count]))


def _run(task: Task) -> Line:
    """Return the line of a run; what fails is told in it, and stops nothing else."""
    where = machine()
    line = head(task) | {"date": where["date"], "processor": where["processor"], "load": where["load"]}
    line["commit"] = commit()
    try:
        found = alone(one, task, limit_s=PATIENCE * task.seconds + PATIENCE_S).value
    except (Exception, BrokenProcessPool) as error:  # noqa: BLE001 (an engine may fail in any way)
        return line | {"failed": f"{type(error).__name__}: {error}"[:500]}
    return line | found | _against_best(task, found)


def _against_best(task: Task, found: Line) -> dict[str, Any]:
    """Return the best known value, and how far the cost is above it, per cent."""
    known = None if is_made_up(task.read) or "cost" not in found else best_known(Path(task.read), found["objective"])
    if known is None:
        return {}
    above = 100 * (found["cost"] - known.value) / max(abs(known.value), 1e-9)
    said = {"bks": known.value, "bks_proven": known.proven, "bks_vehicles": known.vehicles}
    return said | ({} if found["violations"] else {"above_percent": round(above, 4)})


def told(line: Line) -> str:
    """Return a run in a few words."""
    words = [str(line["instance"]), str(line["engine"]), f"seed {line['seed']}", f"{line['seconds']:g} s"]
    if line["cores"] > 1:
        words.append(f"{line['cores']} cores")
    for name in ("skipped", "failed"):
        if name in line:
            return " ".join([*words, f"{name}: {line[name]}"])
    words.append(f"-> {line['cost']:,.10g}")
    if "above_percent" in line:
        words.append(f"({line['above_percent']:+.2f} %)")
    words += [f"{line['vehicles']} vehicles", f"cpu {line['cpu_s']:.1f} s", f"{line['peak_mb']:,.0f} MB"]
    return " ".join([*words, *line["violations"]])


def _hours(left: Iterable[Task]) -> str:
    return f"{sum(task.seconds for task in left) / 60:,.0f} minutes of planning to go"


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
