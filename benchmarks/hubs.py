"""Siting against published optima and against other programs in the same run, and at the size of a city."""

from __future__ import annotations

import math
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.child import alone
from benchmarks.instances import hub_instance
from benchmarks.options import NO_DATA, Options
from benchmarks.orlib import published
from benchmarks.sets.siting import Asked, read
from benchmarks.sited_peers import PEERS, Ask, against
from benchmarks.table import Cell, Table, columns
from optimiser.hubs.check import check
from optimiser.hubs.problem import Aim, HubProblem
from optimiser.hubs.siting import check as siting_check
from optimiser.hubs.siting import price as siting_price
from optimiser.hubs.siting.assign import to_plan
from optimiser.hubs.siting.engines.registry import ENGINES
from optimiser.hubs.siting.problem import SitingProblem
from optimiser.hubs.siting.solve import solve as site
from optimiser.hubs.siting.warm import warm
from optimiser.hubs.solve import solve
from optimiser.result import Budget

PMEDIANS = ("pmed1", "pmed6", "pmed11", "pmed16", "pmed26", "pmed40")
WAREHOUSES = ("cap61", "cap74", "cap93", "cap104", "cap124", "capa-8000", "capc-5000")
OTHERS = ("highs", "pulp", "cbc", "cp-sat", "spopt")  # HiGHS on arrays, HiGHS through PuLP, and other people's programs
CITY = (5_000, 60)  # demand points, candidates
SECONDS = 10.0
BUILT = 200_000  # pairs: above, building the model in PuLP takes longer than the time there is
COLUMNS = columns(
    instance="",
    size="",
    engine="",
    published=",.1f",
    found=",.1f",
    gap_pct=".3f",
    proven_gap_pct=".3f",
    cpu_s=".1f",
    cpu_to_ours=".1f",
    why="",
)
CITY_COLUMNS = columns(
    instance="", size="", ours=",.1f", proven_gap_pct=".3f", engine="", seconds=".1f", grown_MB=",.0f"
)

Instance = tuple[str, Path, float | None]  # name, file, capacity where the file leaves it open


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a plan is worth by our own sum, what is proven of it, and by whom; ``None``: nothing."""

    value: float | None
    bound: float | None
    engine: str
    size: str = ""
    why: str = ""
    seconds: float = 0.0
    child_cpu_s: float = 0.0  # of programs that were started for it


def tables(
    options: Options,
    *,
    pmedians: tuple[str, ...] = PMEDIANS,
    warehouses: tuple[str, ...] = WAREHOUSES,
    others: tuple[str, ...] = OTHERS,
    city: tuple[int, int] = CITY,
) -> Iterator[Table]:
    """Yield p-median, warehouses and a made-up city."""
    seconds = options.seconds or SECONDS
    if options.data is not None:
        folder = options.data / "benchmarks"
        medians: list[Instance] = [(name, folder / "pmedian" / f"{name}.txt", None) for name in pmedians]
        yield _beside(options, "pmedian", "p-median of OR-Library", medians, others, seconds)
        rooms = [_warehouse(folder / "cflp_orlib", name) for name in warehouses]
        title = "warehouse location of OR-Library, demand may be split"
        yield _beside(options, "cflp_orlib", title, rooms, others, seconds)
    yield _city_table(options, seconds, *city)


def _warehouse(folder: Path, name: str) -> Instance:
    """Return the file of an instance; its name may end in a capacity."""
    file, _, suffix = name.partition("-")
    return name, folder / (f"{file}.txt.gz" if suffix else f"{file}.txt"), float(suffix) if suffix else None


def _beside(
    options: Options,
    family: str,
    title: str,
    instances: list[Instance],
    others: tuple[str, ...],
    seconds: float,
) -> Table:
    """Return a table with a row for each instance and engine, ours first."""
    assert options.data is not None
    best, rows = published(options.data / "benchmarks", family), []
    missing = () if options.spopt else ("spopt",)
    for name, path, capacity in instances:
        ours = 0.0
        for engine in ("auto", *(other for other in others if other not in missing)):
            found = alone(solve_file, path, capacity, engine, seconds, options.seed, options.spopt)
            cpu_s = found.cpu_s + found.value.child_cpu_s
            ours = ours or cpu_s
            rows.append(_row(name, best[name], found.value, cpu_s, ours))
    notes = [
        "published: proven optima (Beasley 1985, 1988)",
        "cpu: of the whole process, reading and building included",
    ]
    notes += ["CBC's and spopt's processes are counted with theirs"]
    notes += ["spopt is left out: name an interpreter that has it (--spopt)"] if missing else []
    return Table(
        id=f"hubs-{family}",
        title=f"Hubs: {title}, at most {seconds:g} s each",
        command=options.command("hubs"),
        columns=COLUMNS,
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _row(name: str, best: float, found: Found, cpu_s: float, ours_s: float) -> tuple[Cell, ...]:
    value, bound = found.value, found.bound
    gap = None if value is None else round(100 * (value - best) / best, 4) + 0.0
    proven = None if value is None or bound is None else 100 * abs(value - bound) / max(abs(value), 1e-9)
    ratio = None if found.why else cpu_s / ours_s
    return name, found.size, found.engine, best, value, gap, proven, None if found.why else cpu_s, ratio, found.why


def solve_file(
    path: Path, capacity: float | None, engine: str, seconds: float, seed: int, python: Path | None
) -> Found:
    """Solve the instance of a file with an engine of ours or another program, and judge what it says."""
    problem = read(path, Asked(capacity=capacity)).problem
    size = f"{len(problem.demand.ids)} x {len(problem.candidates)}, p={problem.at_most}"
    many = len(problem.arcs.site)
    if engine in ("pulp", "cbc", "spopt") and many > BUILT:
        return Found(value=None, bound=None, engine=engine, size=size, why=f"more than {BUILT:,} pairs for PuLP")
    if engine not in PEERS:
        return _ours(problem, engine, seconds, seed, size)
    if why := against(engine, problem):
        return Found(value=None, bound=None, engine=engine, size=size, why=why)
    found = _theirs(problem, engine, Ask(seconds=seconds, seed=seed, python=str(python or "python3")), size)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return replace(found, child_cpu_s=children.ru_utime + children.ru_stime)


def _ours(problem: SitingProblem, engine: str, seconds: float, seed: int, size: str) -> Found:
    if engine == "auto":
        warm()
    elif reasons := ENGINES[engine].supports(problem):
        return Found(value=None, bound=None, engine=engine, size=size, why="; ".join(reasons))
    result = site(problem, engine=engine, budget=Budget(seconds=seconds), seed=seed)
    return Found(
        value=None if result.plan is None or result.price is None else result.price.objective,
        bound=None if result.bound is None else result.bound.value,
        engine=result.engine if engine == "auto" else engine,
        size=size,
    )


def _theirs(problem: SitingProblem, name: str, ask: Ask, size: str) -> Found:
    """Let a peer solve; only its open sites count, and its flows where sites have capacities."""
    answer = PEERS[name](problem, ask)
    if answer.size is None:
        return Found(value=None, bound=None, engine=name, size=size)
    plan = to_plan(problem, answer)
    if broken := siting_check.check(problem, plan):
        return Found(value=None, bound=None, engine=name, size=size, why=f"breaks {broken[0].code}")
    value = siting_price.price(problem, plan).objective
    bound = value if answer.proven else answer.bound if math.isfinite(answer.bound) else None
    return Found(value=value, bound=bound, engine=name, size=size)


def _city_table(options: Options, seconds: float, points: int, candidates: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for aim in Aim:
        for capacities in (False, True):
            problem = hub_instance(points, candidates, aim=aim, capacities=capacities)
            measured = alone(solve_city, problem, seconds)
            found = measured.value
            name = f"{aim}, {'capacities' if capacities else 'no capacities'}"
            gap = None
            if found.value is not None and found.bound is not None:
                gap = 100 * abs(found.value - found.bound) / max(abs(found.value), 1e-9)
            size = f"{points:,} x {candidates}"
            rows.append((name, size, found.value, gap, found.engine, found.seconds, measured.grown_mb))
    return Table(
        id="hubs-city",
        title=f"Hubs: a made-up city of {points:,} demand points and {candidates} candidates, at most {seconds:g} s",
        command=options.command("hubs"),
        columns=CITY_COLUMNS,
        rows=tuple(rows),
        notes=() if options.data is not None else (NO_DATA,),
    )


def solve_city(problem: HubProblem, seconds: float) -> Found:
    """Solve a hub problem through the door that the planner uses, and let the checker speak."""
    warm()
    began = time.perf_counter()
    result = solve(problem, budget=Budget(seconds=seconds))
    took = time.perf_counter() - began
    if result.plan is None or result.price is None or check(problem, result.plan):
        raise ValueError("the plan breaks a rule")
    bound = None if result.bound is None else result.bound.value
    return Found(value=result.price.objective, bound=bound, engine=result.engine, seconds=took)
