"""The routes that a request wants planning to begin with: whether they can be driven, in the original's words."""

from __future__ import annotations

from itertools import pairwise

from api.interop.vroom.answer import on_board
from api.interop.vroom.fields import wrong
from api.interop.vroom.nouns import Amount, Request, Van
from api.interop.vroom.pose import stop_id, vehicle_id
from api.interop.vroom.timing import timed
from api.interop.vroom.tour import FOR_EVER, TICKS, Item, Tour, road, works
from optimiser.rounds.plan import Order


def orders(request: Request) -> list[Order]:
    """Return who begins with what in which order.

    Raises
    ------
    Refusal
        For routes that VROOM refuses. Its breaks are looked at later: a start that they spoil is not used.
    """
    found = []
    for rank, van in enumerate(request.vans):
        ranks = [step.rank for step in van.steps if step.kind not in {"start", "break", "end"}]
        if ranks:
            _check(request, rank, van, ranks)
            found.append(Order(vehicle=vehicle_id(rank), visits=tuple(map(stop_id, ranks))))
    return found


def check_breaks(request: Request) -> None:
    """Refuse a vehicle that cannot even take its breaks, one after the other, with nothing else to do.

    Raises
    ------
    Refusal
        In VROOM's words.
    """
    for van in request.vans:
        now, closes = van.window or (0, FOR_EVER)
        for rest in van.breaks:
            window = next((span for span in rest.windows or ((0, FOR_EVER),) if now <= span[1]), (FOR_EVER, FOR_EVER))
            now = max(now, window[0]) + rest.service
        if now > closes and van.breaks:
            raise wrong(f"Inconsistent breaks for vehicle {van.id}.")


def _check(request: Request, rank: int, van: Van, ranks: list[int]) -> None:
    tour = Tour(van=rank, items=tuple(Item(kind="task", rank=task) for task in ranks))
    loads = on_board(request, tour)
    if not _fits(loads[0], van.capacity):
        raise wrong(f"Route over capacity for vehicle {van.id}.")
    for task in ranks:
        if not _alone(request, rank, van, task):
            job = request.tasks[task].id
            raise wrong(f"Missing skill or step out of reach for vehicle {van.id} and job {job}.")
    _check_pairs(request, van, ranks)
    if not all(_fits(load, van.capacity) for load in loads):
        raise wrong(f"Route over capacity for vehicle {van.id}.")
    on = road(request, rank)
    passed = [van.start, *(work.spot for work in works(request, tour)), van.end]
    legs = list(pairwise(passed))
    driven, metres = (sum(measure(a, b) for a, b in legs) for measure in (on.ticks, on.metres))
    if van.max_travel_time is not None and driven > van.max_travel_time * TICKS:
        raise wrong(f"Route over max_travel_time for vehicle {van.id}.")
    if van.max_distance is not None and metres > van.max_distance:
        raise wrong(f"Route over max_distance for vehicle {van.id}.")
    if van.max_tasks is not None and len(ranks) > van.max_tasks:
        raise wrong(f"Too many tasks for vehicle {van.id}.")
    if timed(request, tour) is None:
        raise wrong(f"Infeasible route for vehicle {van.id}.")


def _alone(request: Request, rank: int, van: Van, task: int) -> bool:
    """Whether a vehicle can do a task (a shipment with both its ends) and nothing else."""
    done = request.tasks[task]
    first = task - 1 if done.kind == "delivery" else task
    ranks = (first,) if done.kind == "job" else (first, first + 1)
    tour = Tour(van=rank, items=tuple(Item(kind="task", rank=k) for k in ranks))
    carried = all(_fits(load, van.capacity) for load in on_board(request, tour))
    return done.skills <= van.skills and carried and timed(request, tour) is not None


def _check_pairs(request: Request, van: Van, ranks: list[int]) -> None:
    """Refuse a delivery without its pickup before it, and a pickup without its delivery after it."""
    order = {task: k for k, task in enumerate(ranks)}
    for task, k in order.items():
        kind = request.tasks[task].kind
        if (kind == "delivery" and order.get(task - 1, k) >= k) or (kind == "pickup" and order.get(task + 1, k) <= k):
            raise wrong(f"Invalid shipment in route for vehicle {van.id}.")


def _fits(load: Amount, capacity: Amount) -> bool:
    return all(part <= most for part, most in zip(load, capacity, strict=True))
