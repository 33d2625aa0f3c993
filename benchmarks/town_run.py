"""A whole town solved in a process of its own: ``python -m benchmarks town FILE``; what is measured, and the table.

Seconds of the solve are wall clock and begin when the problem stands. Memory is that of the process and its children
together, from the reading of the streets on, looked at twice a second (pages that they share count for each).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks import blocks
from benchmarks.blocks import restricted
from benchmarks.child import alone, peak_mb
from benchmarks.options import Options
from benchmarks.table import Table, columns, text
from benchmarks.town import Town, read_town
from optimiser.result import Budget, Progress
from optimiser.rounds.check import check
from optimiser.rounds.merit import left_out
from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.solve import solve

SECONDS = 300.0
LOOK_EVERY_S = 0.5
WARM_STOPS = 8
THREADS = 2  # as many as the peer has at a time
COLUMNS = columns(
    town="", engine="", sides=",d", fleet="d", cost=",.0f", km=",.1f", hours=",.1f", vehicles="d", tips="d",
    left_out="d", broken="d", first_s=".1f", seconds=".1f", cpu_s=".1f", pose_s=".1f", peak_MB=",.0f",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Trace:
    """Every plan that an engine announced: when, by whom, at what cost, with how many stops left out."""

    began: float
    lines: list[tuple[float, str, float, int]] = field(default_factory=list)

    def __call__(self, news: Progress[Plan]) -> None:
        """Note one line of news."""
        if news.plan is not None and news.cost is not None:
            seconds = round(time.perf_counter() - self.began, 2)
            self.lines.append((seconds, news.stage, round(news.cost, 2), len(news.plan.unserved)))

    @property
    def first_s(self) -> float | None:
        """When the first plan was there that serves everything."""
        return next((seconds for seconds, _, _, left in self.lines if not left), None)


@dataclass(slots=True)
class Highest:
    """Most memory of this process and its children together, 10^6 bytes."""

    mb: float = 0.0


@contextmanager
def watched() -> Iterator[Highest]:
    """Look at the memory of this process and its children until the end."""
    found, done, me = Highest(), threading.Event(), psutil.Process()

    def look() -> None:
        while not done.wait(LOOK_EVERY_S):
            total = 0
            for process in (me, *me.children(recursive=True)):
                with suppress(psutil.Error):
                    total += process.memory_info().rss
            found.mb = max(found.mb, total / 1e6)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()
        found.mb = max(found.mb, peak_mb())


def measure(file: str, engine: str, seconds: float, seed: int) -> dict[str, Any]:
    """Read a town, plan it and judge the plan; for a process of its own."""
    with watched() as highest:
        began = time.perf_counter()
        town = read_town(Path(file))
        pose_s = time.perf_counter() - began
        said = planned(town, engine, seconds, seed)
    return said | {"pose_s": round(pose_s, 2), "peak_mb": round(highest.mb, 1)}


def planned(town: Town, engine: str, seconds: float, seed: int) -> dict[str, Any]:
    """Return what one line says about a town's plan."""
    _answered(_few(town.problem), engine, 1.0, seed, Trace(began=0.0))  # what is compiled or loaded once
    trace, cpu = Trace(began=time.perf_counter()), _cpu_s()
    plan, maker = _answered(town.problem, engine, seconds, seed, trace)
    spent, cpu_s = time.perf_counter() - trace.began, _cpu_s() - cpu
    cost = price(town.problem, plan)
    return {
        "town": town.name,
        "engine": maker,
        "seed": seed,
        "sides": len(town.problem.stops),
        "fleet": len(town.problem.vehicles),
        "cut_off": town.cut_off,
        "tonnes": round(town.kg / 1000.0, 1),
        "cost": round(cost.net, 2),
        "km": round(cost.distance_m / 1000.0, 2),
        "hours": round(cost.paid_s / 3600.0, 2),
        "driving_hours": round(cost.driving_s / 3600.0, 2),
        "vehicles": len(plan.rounds),
        "tips": cost.tips,
        "left_out": len(left_out(town.problem, plan)),
        "violations": sorted({violation.code for violation in check(town.problem, plan)}),
        "first_s": trace.first_s,
        "seconds": round(spent, 2),
        "cpu_s": round(cpu_s, 2),
        "trace": trace.lines,
    }


def _few(problem: RoundsProblem) -> RoundsProblem:
    """Return the problem of a few stops of a town."""
    stops, vehicles = problem.stops[:WARM_STOPS], problem.vehicles[:2]
    return restricted(problem, {stop.id for stop in stops}, {vehicle.id for vehicle in vehicles})


def _answered(problem: RoundsProblem, engine: str, seconds: float, seed: int, trace: Trace) -> tuple[Plan, str]:
    """Return the plan of an engine, and who made it."""
    if engine == blocks.NAME:
        answer = blocks.solve(problem, seconds=seconds, seed=seed, on_progress=trace)
        return answer.plan, blocks.NAME
    result = solve(
        problem, engine=engine, budget=Budget(seconds=seconds, threads=THREADS), seed=seed, on_progress=trace
    )
    return result.plan or Plan(rounds=()), result.engine


def _cpu_s() -> float:
    """Return the processor time of this process and of those of its children that have ended or still run."""
    times = psutil.Process().cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            total += sum(child.cpu_times()[:2])
    return float(total)


def show(options: Options, *, as_json: bool) -> int:
    """Print a JSON line for each town as it is done, or a table and what was announced when; return the exit code."""
    found = []
    for file in options.files:
        said = alone(measure, str(file), options.engine, options.seconds or SECONDS, options.seed).value
        found.append(said)
        if as_json:
            print(json.dumps(said, allow_nan=False), flush=True)
    if not as_json:
        print(text(_table(options, found)))
        for said in found:
            print(f"{said['town']}, {said['engine']}:")
            print(
                "\n".join(f"{t:9.2f} s  {cost:14,.2f}  {left:6d} left  {who}" for t, who, cost, left in said["trace"])
            )
    return 1 if any(said["violations"] for said in found) else 0


def _table(options: Options, found: list[dict[str, Any]]) -> Table:
    return Table(
        id="town",
        title=f"A whole town, {options.seconds or SECONDS:g} s wall clock, seed {options.seed}",
        command=options.command("town"),
        columns=COLUMNS,
        rows=tuple(
            (
                said["town"], said["engine"], said["sides"], said["fleet"], said["cost"], said["km"], said["hours"],
                said["vehicles"], said["tips"], said["left_out"], len(said["violations"]), said["first_s"],
                said["seconds"], said["cpu_s"], said["pose_s"], said["peak_mb"],
            )
            for said in found
        ),
        notes=(
            *(f"{said['town']}: {said['cut_off']} sides cut off, {said['tonnes']:g} t" for said in found),
            *(f"{said['town']} breaks rules: {', '.join(said['violations'])}" for said in found if said["violations"]),
            "every plan checked and priced from first principles; first: everything served",
        ),
    )  # fmt: skip
