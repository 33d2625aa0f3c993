"""The peer for whole towns: savings, then PyVRP on blocks of neighbouring rounds, sweep after sweep, on two cores.

A block is some rounds side by side, 250 stops or so but two rounds at the least, with their vehicles and one that is
idle. PyVRP goes on from the rounds as they are for a few seconds (``block_search.py``); what it finds is judged, and
taken if it is better. In every other sweep blocks are cut from the rounds in the order of the angle of their middle
around the depot, from an angle drawn at random; else the town is halved along lines in directions drawn at random.
After a sweep that gained little, blocks get half as large again and more time.

It is a benchmark: nothing of the product calls it. Only for problems that ``savings.py`` takes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from benchmarks.block_search import searched
from optimiser.result import OnProgress, Progress
from optimiser.rounds.check import check
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.engines import EngineAnswer
from optimiser.rounds.merit import merit
from optimiser.rounds.plan import Plan, Round
from optimiser.rounds.problem import RoundsProblem, Stop, TipSite
from optimiser.rounds.savings import savings_plans
from optimiser.rounds.schedule import planned
from optimiser.travel import DenseTravel, Travel

NAME = "blocks"
WORKERS = 2
STOPS = 250
ROUNDS = 2
BLOCK_S = 2.0
SAVINGS_SHARE = 0.1  # of the time; the first plan is most often the best
LEAST_S = 1.5  # less is not worth a block
MARGIN_S = 0.5  # to hand a block over and back
GROWTH = 1.5
MOST_STOPS = 600
LITTLE = 0.002  # of the cost, gained by a sweep
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A block for a worker: a plan to go on from, for a problem of its own."""

    problem: RoundsProblem
    plan: Plan
    seconds: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A better plan of a block: by how much the weight of what is left out and the cost fall."""

    plan: Plan
    weight: float
    cost: float


@dataclass(slots=True, kw_only=True)
class Desk:
    """The plan as it stands, and who listens; ``merit`` is the weight of what is left out, and the cost."""

    problem: RoundsProblem
    deadline: Deadline
    rng: np.random.Generator
    on_progress: OnProgress[Plan]
    rounds: dict[str, Round] = field(default_factory=dict)
    merit: tuple[float, ...] = (np.inf, np.inf)
    solved: int = 0


def solve(
    problem: RoundsProblem,
    *,
    seconds: float,
    seed: int,
    on_progress: OnProgress[Plan],
    workers: int = WORKERS,
    block_s: float = BLOCK_S,
    sweeps: int | None = None,
) -> EngineAnswer:
    """Return the plan after as many sweeps as there is time for, or asked for; ``iterations`` counts blocks.

    Raises
    ------
    ValueError
        If ``savings.py`` does not take the problem.
    """
    deadline = Deadline(seconds=seconds)
    desk = Desk(problem=problem, deadline=deadline, rng=np.random.default_rng(seed), on_progress=on_progress)
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn")) as pool:
        ready = [pool.submit(_ready) for _ in range(workers)]  # they load while the first plan is made
        for plan in savings_plans(problem):
            _offer(desk, plan)
            if deadline.spent_s > SAVINGS_SHARE * seconds:
                break
        wait(ready)
        stops, sweep = STOPS, 0
        while deadline.left_s > 2 * LEAST_S and desk.rounds and sweep != sweeps:
            before = desk.merit
            _sweep(desk, pool, workers, _blocks(desk, stops, by_angle=sweep % 2 == 0), block_s)
            sweep += 1
            if desk.merit[0] == before[0] and desk.merit[1] > (1 - LITTLE) * before[1]:
                stops, block_s = min(int(stops * GROWTH), MOST_STOPS), block_s * GROWTH
    return EngineAnswer(plan=planned(problem, desk.rounds.values()), iterations=desk.solved)


def _ready() -> None:
    """Do nothing: the process has been started, and this module loaded."""


def _offer(desk: Desk, plan: Plan) -> None:
    """Take a plan if it passes the checker and is better."""
    found = merit(desk.problem, plan)
    if found >= desk.merit or check(desk.problem, plan):
        return
    desk.merit, desk.rounds = found, {tour.vehicle: tour for tour in plan.rounds}
    _tell(desk, plan, "savings")


def _tell(desk: Desk, plan: Plan, stage: str) -> None:
    desk.on_progress(Progress(stage=stage, runtime_s=desk.deadline.spent_s, cost=desk.merit[-1], plan=plan))


def _blocks(desk: Desk, stops: int, *, by_angle: bool) -> list[list[str]]:
    """Return the vehicles of each block."""
    at = {stop.id: np.array(stop.at) for stop in desk.problem.stops}
    names = list(desk.rounds)
    tours = [desk.rounds[name].stops for name in names]
    middle = np.array([np.mean([at[stop] for stop in tour], axis=0) for tour in tours])
    sizes = np.array([len(tour) for tour in tours])
    if by_angle:
        line = middle - _depot(desk.problem)
        angle = (np.arctan2(line[:, 1], line[:, 0]) + desk.rng.uniform(0, 2 * np.pi)) % (2 * np.pi)
        found = _in_order(np.argsort(angle), sizes, stops)
    else:
        found = list(_halved(desk.rng, middle, sizes, np.arange(len(names)), stops))
    return [[names[k] for k in block] for block in found]


def _depot(problem: RoundsProblem) -> Floats:
    """Return where the stop is that is reached first from the depot."""
    truck = problem.vehicles[0]
    travel = problem.travel[truck.profile]
    columns = np.array([travel.column(stop.modes[0].arrive) for stop in problem.stops])
    ms = travel.block(np.array([travel.row(truck.start)]), columns)[0][0]
    return np.array(problem.stops[int(np.argmin(ms))].at, dtype=np.float64)


def _in_order(order: Ints, sizes: Ints, stops: int) -> list[list[int]]:
    """Return blocks of rounds that follow each other; what is too little at the end goes with the block before."""
    blocks: list[list[int]] = [[]]
    for k in order.tolist():
        if len(blocks[-1]) >= ROUNDS and sizes[blocks[-1]].sum() >= stops:
            blocks.append([])
        blocks[-1].append(k)
    if len(blocks) > 1 and len(blocks[-1]) < ROUNDS:
        blocks[-2] += blocks.pop()
    return blocks


def _halved(rng: np.random.Generator, middle: Floats, sizes: Ints, some: Ints, stops: int) -> Iterator[list[int]]:
    """Yield blocks: halves of halves, each cut across a direction drawn at random."""
    if len(some) < 2 * ROUNDS or sizes[some].sum() < 1.5 * stops:
        yield some.tolist()
        return
    turn = rng.uniform(0, np.pi)
    order = some[np.argsort(middle[some] @ np.array([np.cos(turn), np.sin(turn)]))]
    sums = np.cumsum(sizes[order])
    half = int(np.clip(np.searchsorted(sums, sums[-1] / 2) + 1, ROUNDS, len(some) - ROUNDS))
    yield from _halved(rng, middle, sizes, order[:half], stops)
    yield from _halved(rng, middle, sizes, order[half:], stops)


def _sweep(desk: Desk, pool: ProcessPoolExecutor, workers: int, blocks: Sequence[list[str]], block_s: float) -> None:
    """Solve blocks, as many at a time as there are workers; no two have a vehicle or a stop in common."""
    idle = [vehicle.id for vehicle in desk.problem.vehicles if vehicle.id not in desk.rounds]
    running: dict[Future[Found | None], Task] = {}
    for block, loose in zip(blocks, _loose(desk, blocks), strict=True):
        while len(running) >= workers:
            _collect(desk, running, idle)
        left_s = desk.deadline.left_s - MARGIN_S
        if left_s < LEAST_S:
            break
        task = _task(desk, block, [idle.pop()] if idle else [], loose, min(block_s, left_s))
        running[pool.submit(improved, task)] = task
    while running:
        _collect(desk, running, idle)


def _loose(desk: Desk, blocks: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the stops in no round, each with the block whose middle is nearest."""
    at = {stop.id: np.array(stop.at) for stop in desk.problem.stops}
    served = [[stop for vehicle in block for stop in desk.rounds[vehicle].stops] for block in blocks]
    middle = np.array([np.mean([at[stop] for stop in stops], axis=0) for stops in served])
    found: list[list[str]] = [[] for _ in blocks]
    for stop in at.keys() - {stop for stops in served for stop in stops}:
        found[int(np.argmin(np.hypot(*(middle - at[stop]).T)))].append(stop)
    return found


def _collect(desk: Desk, running: dict[Future[Found | None], Task], idle: list[str]) -> None:
    """Take in the blocks that are done."""
    for done in wait(running, return_when=FIRST_COMPLETED).done:
        task, found = running.pop(done), done.result()
        desk.solved += 1
        if found is not None:
            for tour in task.plan.rounds:
                del desk.rounds[tour.vehicle]
            desk.rounds |= {tour.vehicle: tour for tour in found.plan.rounds}
            desk.merit = desk.merit[0] - found.weight, desk.merit[-1] - found.cost
            _tell(desk, planned(desk.problem, desk.rounds.values()), NAME)
        idle += [vehicle.id for vehicle in task.problem.vehicles if vehicle.id not in desk.rounds]


def _task(desk: Desk, block: Sequence[str], spare: Sequence[str], loose: Sequence[str], seconds: float) -> Task:
    """Return a block as a problem of its own."""
    rounds = [desk.rounds[vehicle] for vehicle in block]
    stops = {stop for tour in rounds for stop in tour.stops}.union(loose)
    part = restricted(desk.problem, stops, {*block, *spare})
    return Task(problem=part, plan=planned(part, rounds), seconds=seconds, seed=int(desk.rng.integers(2**31)))


def restricted(problem: RoundsProblem, stops: Collection[str], vehicles: Collection[str]) -> RoundsProblem:
    """Return the problem of some stops and some vehicles, with the travel between them."""
    some = tuple(stop for stop in problem.stops if stop.id in stops)
    crews = tuple(vehicle for vehicle in problem.vehicles if vehicle.id in vehicles)
    works: tuple[Stop | TipSite, ...] = (*some, *problem.tip_sites)
    modes = [mode for work in works for mode in work.modes]
    leaving = tuple(dict.fromkeys([*(mode.leave for mode in modes), *(vehicle.start for vehicle in crews)]))
    arriving = tuple(dict.fromkeys([*(mode.arrive for mode in modes), *(vehicle.end for vehicle in crews)]))

    def part(travel: Travel) -> DenseTravel:
        ms, dm = travel.block(
            np.array([travel.row(id_) for id_ in leaving]), np.array([travel.column(id_) for id_ in arriving])
        )
        return DenseTravel(leaving=leaving, arriving=arriving, duration_ms=ms, distance_dm=dm)

    travel = {name: part(travel) for name, travel in problem.travel.items()}
    return replace(problem, stops=some, vehicles=crews, travel=travel)


def improved(task: Task) -> Found | None:
    """Return what PyVRP makes of a block, ``None`` if it is not better or breaks a rule."""
    plan = searched(task.problem, task.plan, seconds=task.seconds, seed=task.seed)
    if plan is None:
        return None
    before, after = merit(task.problem, task.plan), merit(task.problem, plan)
    if after >= before or check(task.problem, plan):
        return None
    return Found(plan=plan, weight=before[0] - after[0], cost=before[-1] - after[-1])
