"""What a solver process does with a request: pose it, plan it, say it in VROOM's shape."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Any

from api.config import Limits
from api.interop.vroom import ours
from api.interop.vroom.answer import Written, answer, written
from api.interop.vroom.eta import chosen
from api.interop.vroom.nouns import Request
from api.interop.vroom.pose import pose
from api.interop.vroom.read import read
from api.interop.vroom.start import check_breaks, orders
from api.interop.vroom.task import Done, Task, budget_s
from api.interop.vroom.timing import timed
from api.interop.vroom.tour import Item, Tour
from faults import SolverError
from optimiser.result import Budget, Result
from optimiser.rounds.plan import Plan, Price, Visit
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.schedule import schedule
from optimiser.rounds.solve import solve

Json = dict[str, Any]
LOG = logging.getLogger("mzunguko.vroom")
ENGINES = ("auto", "ruin", "ortools")  # that are asked for
MATRICES = ("durations", "distances")
SURE = ("ruin", "nearest")  # engines that take every rule
KINDS = {"t": "task", "b": "break", "u": "tip"}


def work(task: Task) -> Done:
    """Answer a request, by plan mode if that is asked for.

    Raises
    ------
    Refusal
        2 for steps that cannot be done, in VROOM's words.
    """
    began = time.perf_counter()
    request = task.request
    extra: Json = {}
    if request.options.plan:
        tours = _told(request)
        routes = [written(request, *chosen(request, tour)) for tour in tours]
    else:
        tours, extra = _planned(task)
        routes = [_written(request, tour) for tour in tours]
    solving = round(1000 * (time.perf_counter() - began))
    body = answer(request, routes, {"loading": task.loading_ms, "solving": solving, "routing": 0})
    profiles = [request.vans[tour.van].profile for tour in tours]
    return Done(body=body | extra, lines=tuple(zip(profiles, (route.spots for route in routes), strict=True)))


def _written(request: Request, tour: Tour) -> Written:
    found = timed(request, tour)
    assert found is not None, "a plan that keeps its rules keeps VROOM's windows"
    return written(request, found)


def _told(request: Request) -> list[Tour]:
    """Return what vehicles are told to do."""
    return [
        Tour(
            van=rank,
            items=tuple(
                Item(kind="break" if step.kind == "break" else "task", rank=step.rank)
                for step in van.steps
                if step.kind not in {"start", "end"}
            ),
        )
        for rank, van in enumerate(request.vans)
        if van.steps
    ]


def _planned(task: Task) -> tuple[list[Tour], Json]:
    """Return what vehicles are to do, and what we say beside VROOM."""
    check_breaks(task.request)
    posed = pose(task.request)
    result = _solved(task, posed.problem)
    plan = result.plan or Plan(rounds=())
    tours = sorted((_tour(tour.vehicle, tour.visits) for tour in plan.rounds), key=lambda tour: tour.van)
    return tours, ours.said(task.request, posed, result)


def _solved(task: Task, problem: RoundsProblem) -> Result[Plan, Price]:
    """Return the best plan of the engine that is asked for; if it falls over, that of the one that takes every rule."""
    initial = _initial(task.request, problem)
    budget = Budget(seconds=budget_s(task.request))
    for engine in dict.fromkeys((task.engine, *SURE)):
        try:
            return solve(problem, engine=engine, budget=budget, seed=task.seed, initial=initial)
        except SolverError as error:
            LOG.warning("engine %s: %s", engine, error)
            last = error
    raise last


def _initial(request: Request, problem: RoundsProblem) -> Plan | None:
    told = orders(request)
    return schedule(problem, told) if told else None


def _tour(vehicle: str, visits: Iterable[Visit]) -> Tour:
    items = tuple(Item(kind=KINDS[visit.id[0]], rank=int(visit.id[1:])) for visit in visits)  # type: ignore[arg-type]  # ours
    return Tour(van=int(vehicle[1:]), items=items)


def warm() -> None:
    """Plan small problems once with each engine, so that everything is imported and compiled."""
    task = {"service": 1, "setup": 1, "time_windows": [[0, 50], [60, 999]]}
    jobs = [
        {**task, "id": k, "location_index": k, way: [1], "skills": [1]} for k, way in ((1, "pickup"), (2, "delivery"))
    ]
    ends = {end: {**task, "id": 1, "location_index": k} for end, k in (("pickup", 3), ("delivery", 4))}
    rest = {"id": 1, "time_windows": [[0, 900]], "service": 1, "max_load": [4]}
    van = {"id": 1, "start_index": 0, "end_index": 0, "skills": [1], "time_window": [0, 999], "max_tasks": 9}
    body = {
        "vehicles": [van | {"capacity": [4], "breaks": [rest]}, van | {"capacity": [4]}],
        "jobs": jobs,
        "matrices": {"car": {name: [[abs(a - b) for b in range(5)] for a in range(5)] for name in MATRICES}},
    }
    for given in (body, body | {"shipments": [ends | {"amount": [1]}]}):
        for engine in ENGINES:
            work(Task(request=read(given, Limits()), engine=engine))
    steps = [{"type": "job", "id": 1}]
    told = body | {"vehicles": [van | {"capacity": [4], "steps": steps}], "options": {"c": True}}
    work(Task(request=read(told, Limits())))
