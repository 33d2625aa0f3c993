"""Siting against published optima, and at the size of a city."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.child import alone
from benchmarks.instances import hub_instance
from benchmarks.options import NO_DATA, Options
from benchmarks.orlib import PMedian, Warehouses, published, read_pmedian, read_warehouses
from benchmarks.table import Cell, Table, columns
from optimiser.hubs.arrays import Shares, tally
from optimiser.hubs.check import check
from optimiser.hubs.engines import milp
from optimiser.hubs.problem import Aim, Candidate, DemandPoint, HubProblem
from optimiser.hubs.sharing import fill
from optimiser.hubs.solve import solve
from optimiser.hubs.start import first_choice
from optimiser.hubs.values import Values
from optimiser.result import Budget

PMEDIANS = ("pmed1", "pmed6", "pmed11", "pmed16", "pmed21", "pmed26", "pmed31", "pmed35", "pmed38", "pmed40")
WAREHOUSES = (
    "cap61", "cap63", "cap71", "cap72", "cap74", "cap92", "cap93", "cap101", "cap103", "cap104", "cap122", "cap124",
    "cap131", "cap133", "capa-8000", "capa-14000", "capc-5000", "capc-7250",
)  # fmt: skip
CITY = (5_000, 60)  # demand points, candidates
SECONDS = 10.0
LEAVING_OUT = 10.0  # times the dearest unit cost: in these instances nobody may be left out
COLUMNS = columns(
    instance="",
    size="",
    published=",.1f",
    ours=",.1f",
    gap_pct=".3f",
    proven_gap_pct=".3f",
    seconds=".1f",
    grown_MB=",.0f",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a solve is worth by our own sum, and what it claims to be proven."""

    value: float
    bound: float
    seconds: float


def tables(
    options: Options,
    *,
    pmedians: tuple[str, ...] = PMEDIANS,
    warehouses: tuple[str, ...] = WAREHOUSES,
    city: tuple[int, int] = CITY,
) -> Iterator[Table]:
    """Yield p-median, warehouses and a made-up city."""
    seconds = options.seconds or SECONDS
    if options.data is not None:
        yield _pmedian_table(options, options.data / "benchmarks", pmedians, seconds)
        yield _warehouse_table(options, options.data / "benchmarks", warehouses, seconds)
    yield _city_table(options, seconds, *city)


def _pmedian_table(options: Options, folder: Path, names: tuple[str, ...], seconds: float) -> Table:
    best, rows = published(folder, "pmedian"), []
    for name in names:
        instance = read_pmedian(folder / "pmedian" / f"{name}.txt")
        found = alone(solve_pmedian, instance, seconds)
        size = f"{len(instance.distance)}, p={instance.p}"
        rows.append(_row(name, size, best[name], found.value, found.grown_mb))
    return Table(
        id="hubs-pmedian",
        title=f"Hubs: p-median of OR-Library, at most {seconds:g} s",
        command=options.command("hubs"),
        columns=COLUMNS,
        rows=tuple(rows),
        notes=("published: proven optima (Beasley 1985)",),
    )


def _warehouse_table(options: Options, folder: Path, names: tuple[str, ...], seconds: float) -> Table:
    best, rows = published(folder, "cflp_orlib"), []
    for name in names:
        file, _, suffix = name.partition("-")
        path = folder / "cflp_orlib" / (f"{file}.txt.gz" if suffix else f"{file}.txt")
        instance = read_warehouses(path, capacity=float(suffix) if suffix else None)
        found = alone(solve_warehouses, instance, seconds)
        size = f"{len(instance.demand)} x {len(instance.fixed)}"
        rows.append(_row(name, size, best[name], found.value, found.grown_mb))
    return Table(
        id="hubs-warehouses",
        title=f"Hubs: warehouse location of OR-Library, demand may be split, at most {seconds:g} s",
        command=options.command("hubs"),
        columns=COLUMNS,
        rows=tuple(rows),
        notes=("published: proven optima (Beasley 1988); costs by pair are given to the engine itself",),
    )


def _city_table(options: Options, seconds: float, points: int, candidates: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for aim in Aim:
        for capacities in (False, True):
            problem = hub_instance(points, candidates, aim=aim, capacities=capacities)
            found = alone(solve_city, problem, seconds)
            name = f"{aim}, {'capacities' if capacities else 'no capacities'}"
            rows.append(_row(name, f"{points:,} x {candidates}", None, found.value, found.grown_mb))
    return Table(
        id="hubs-city",
        title=f"Hubs: a made-up city of {points:,} demand points and {candidates} candidates, at most {seconds:g} s",
        command=options.command("hubs"),
        columns=COLUMNS,
        rows=tuple(rows),
        notes=() if options.data is not None else (NO_DATA,),
    )


def _row(name: str, size: str, best: float | None, found: Found, grown_mb: float) -> tuple[Cell, ...]:
    proven = 100 * abs(found.value - found.bound) / max(abs(found.value), 1e-9)
    gap = None if best is None else round(100 * (found.value - best) / best, 4) + 0.0
    return name, size, best, found.value, gap, proven, found.seconds, grown_mb


def solve_pmedian(instance: PMedian, seconds: float) -> Found:
    """Solve a p-median through the door that the planner uses; everybody is one person and may go anywhere."""
    size = len(instance.distance)
    problem = HubProblem(
        demand=tuple(DemandPoint(id=f"d{k}", people=1.0, kg_per_day=1.0) for k in range(size)),
        candidates=tuple(Candidate(id=f"c{k}") for k in range(size)),
        distance_m=instance.distance,
        reach_m=float(instance.distance.max()),
        aim=Aim.WALKING,
        at_most=instance.p,
    )
    return solve_city(problem, seconds)


def solve_city(problem: HubProblem, seconds: float) -> Found:
    """Solve a hub problem and let the checker speak."""
    began = time.perf_counter()
    result = solve(problem, budget=Budget(seconds=seconds))
    took = time.perf_counter() - began
    if result.plan is None or result.price is None or check(problem, result.plan):
        raise ValueError("the plan breaks a rule")
    bound = float("nan") if result.bound is None else result.bound.value
    return Found(value=result.price.objective, bound=bound, seconds=took)


def solve_warehouses(instance: Warehouses, seconds: float) -> Found:
    """Solve a warehouse instance with the engine behind the door: its costs by pair are no aim of a planner."""
    problem, values = posed(instance)
    began = time.monotonic()
    is_open = first_choice(problem, values)
    begun = fill(problem, values, is_open)
    answer = milp.solve(
        problem,
        values,
        start=(is_open, begun),
        deadline=began + seconds,
        iterations=None,
        seed=1,
        on_bounds=lambda _best, _bound: None,
    )
    took = time.monotonic() - began
    worth = [cost(instance, is_open, begun)]
    if answer.is_open is not None:
        sent = answer.sent or fill(problem, values, answer.is_open)
        worth.append(cost(instance, np.asarray(answer.is_open), sent))
    return Found(value=float(np.nanmin([*worth, np.inf])), bound=answer.bound, seconds=took)


def posed(instance: Warehouses) -> tuple[HubProblem, Values]:
    """Return a warehouse instance as a hub problem and the minimisation that stands for it."""
    clients, sites = instance.cost.shape
    unit = instance.cost / instance.demand[:, None]
    problem = HubProblem(
        demand=tuple(DemandPoint(id=f"d{k}", people=0.0, kg_per_day=float(instance.demand[k])) for k in range(clients)),
        candidates=tuple(
            Candidate(
                id=f"c{k}", capacity_kg_per_day=float(instance.capacity[k]), fixed_cost_per_day=float(instance.fixed[k])
            )
            for k in range(sites)
        ),
        distance_m=unit,
        reach_m=float(unit.max()),
        aim=Aim.COST,
    )
    left_out = LEAVING_OUT * float(unit.max())
    return problem, Values(weight=instance.demand, unit=unit, left_out=left_out, fixed=instance.fixed, best=0.0)


def cost(instance: Warehouses, is_open: np.ndarray, sent: Shares) -> float:
    """Return what a plan costs from first principles, not a number if somebody is left out or a site too full."""
    served = tally(sent.row, sent.share, len(instance.demand))
    load = tally(sent.column, sent.share * instance.demand[sent.row], len(instance.capacity))
    room = np.where(is_open, instance.capacity, 0.0)
    if (abs(served - 1) > 1e-6).any() or (load > room * (1 + 1e-6)).any():
        return float("nan")
    return float(instance.fixed[is_open].sum() + instance.cost[sent.row, sent.column] @ sent.share)
