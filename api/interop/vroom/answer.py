"""A plan in VROOM's shape: every key that it writes, and none that it leaves out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import add, sub
from typing import Any

from api.interop.vroom.nouns import Amount, Request, Rest, Spot, Task, Tip
from api.interop.vroom.tour import TICKS, Item, Road, Timed, Tour, Work, road, works

Json = dict[str, Any]
SECONDS_PER_HOUR = 3600
LATE, EARLY = "delay", "lead_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Which rules are broken at a step or in a route: causes, and by how many seconds where that can be said."""

    causes: frozenset[str] = frozenset()
    lead_time: int = 0
    delay: int = 0

    def written(self) -> list[Json]:
        """Return them as VROOM lists them."""
        timed = {EARLY: self.lead_time, LATE: self.delay}
        return [
            {"duration": timed[cause], "cause": cause} if cause in timed else {"cause": cause}
            for cause in sorted(self.causes)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is broken at the start, at each item, at the end, and in the route as a whole besides."""

    start: Broken = Broken()
    items: tuple[Broken, ...] = ()
    end: Broken = Broken()
    route: frozenset[str] = frozenset()

    @property
    def all(self) -> Broken:
        """The sum of a route."""
        parts = (self.start, *self.items, self.end)
        return Broken(
            causes=self.route.union(*(part.causes for part in parts)),
            lead_time=sum(part.lead_time for part in parts),
            delay=sum(part.delay for part in parts),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A route as JSON, with what is added up over routes, and the places it passes."""

    body: Json
    broken: Broken
    spots: tuple[Spot, ...]


def answer(request: Request, routes: Sequence[Written], computing: Json) -> Json:
    """Return the whole answer; ``computing`` are the milliseconds of its stages."""
    done = {(step["type"], step["id"]) for route in routes for step in route.body["steps"] if "job" in step}
    left = [task for task in request.tasks if (task.kind, task.id) not in done]
    summary: Json = {"cost": 0, "routes": len(routes), "unassigned": len(left)}
    for key in ("delivery", "amount", "pickup") if request.components else ():
        summary[key] = list(_sum(request, [tuple(route.body[key]) for route in routes]))
    keys = ["cost", "setup", "service", "duration", "waiting_time", "priority"]
    keys += ["distance"] if request.report_distances else []
    summary |= {key: sum(route.body[key] for route in routes) for key in keys}
    broken = Broken(
        causes=frozenset().union(*(route.broken.causes for route in routes)),
        lead_time=sum(route.broken.lead_time for route in routes),
        delay=sum(route.broken.delay for route in routes),
    )
    return {
        "code": 0,
        "summary": {**summary, "violations": broken.written(), "computing_times": computing},
        "unassigned": [
            {"id": task.id, **_place(task.spot), "type": task.kind, **_described(task.description)} for task in left
        ],
        "routes": [route.body for route in routes],
    }


def written(request: Request, timed: Timed, faults: Faults | None = None) -> Written:
    """Return a route."""
    tour = timed.tour
    van, on, done = request.vans[tour.van], road(request, tour.van), works(request, tour)
    faults = faults or Faults(items=(Broken(),) * len(done))
    steps, spots = _steps(request, timed, done, on, faults)
    metres, travel = steps[-1].pop("metres"), steps[-1]["duration"]
    setup, service = (sum(getattr(work, part) for work in done) // TICKS for part in ("setup", "service"))
    tasks = [request.tasks[item.rank] for item in tour.items if item.kind == "task"]
    body: Json = {"vehicle": van.id, "cost": _cost(request, on, done, travel, metres)}
    body |= _described(van.description)
    if request.components:
        brought = list(_sum(request, [task.delivery for task in tasks]))
        taken = list(_sum(request, [task.pickup for task in tasks]))
        body |= {"delivery": brought, "amount": brought, "pickup": taken}
    body |= {
        "setup": setup,
        "service": service,
        "duration": travel,
        "waiting_time": sum(step["waiting_time"] for step in steps),
        "priority": sum(task.priority for task in tasks),
    }
    if request.report_distances:
        body["distance"] = metres
    body |= {"steps": steps, "violations": faults.all.written()}
    return Written(body=body, broken=faults.all, spots=spots)


def on_board(request: Request, tour: Tour) -> list[Amount]:
    """Return what is on board at the start and after each item."""
    tasks = [request.tasks[item.rank] if item.kind == "task" else None for item in tour.items]
    now = _sum(request, [task.delivery for task in tasks if task is not None and task.kind == "job"])
    to_bring = now
    loads = [now]
    for item, task in zip(tour.items, tasks, strict=True):
        if task is not None:
            now = tuple(map(sub, map(add, now, task.pickup), task.delivery))
            to_bring = tuple(map(sub, to_bring, task.delivery)) if task.kind == "job" else to_bring
        elif item.kind == "tip":
            accepts = request.tips[item.rank].accepts
            now = tuple(to_bring[k] if accepts is None or k in accepts else part for k, part in enumerate(now))
        loads.append(now)
    return loads


def _steps(
    request: Request, timed: Timed, done: list[Work], on: Road, faults: Faults
) -> tuple[list[Json], tuple[Spot, ...]]:
    """Return the steps of a route, the last one with its metres under ``metres``, and the places passed."""
    tour, van, loads = timed.tour, on.van, on_board(request, timed.tour)
    places = [work.spot for work in done if work.spot is not None]
    first, last = van.start or next(iter(places), van.end), van.end or next(reversed(places), van.start)
    assert first is not None
    assert last is not None
    log = _Log(request=request, on=on, left_s=timed.start // TICKS, here=van.start)
    steps = [log.step("start", first, loads[0], timed.start, timed.start, faults.start)]
    for k, (item, work, moment) in enumerate(zip(tour.items, done, timed.moments, strict=True)):
        what = _subject(request, on, item)
        log.on_the_way(work.spot or next((w.spot for w in done[k:] if w.spot is not None), van.end), work.spot)
        kind = what.kind if isinstance(what, Task) else item.kind
        step = log.step(kind, work.spot, loads[k + 1], moment.arrive, moment.begin, faults.items[k], work)
        legacy = {"job": what.id} if isinstance(what, Task) else {}
        steps.append({**_described(what.description), **step, "id": what.id, **legacy})
    log.on_the_way(van.end, van.end)
    steps.append(log.step("end", last, loads[-1], timed.end, timed.end, faults.end) | {"metres": log.metres})
    return steps, (first, *places, last)


def _subject(request: Request, on: Road, item: Item) -> Task | Rest | Tip:
    match item.kind:
        case "task":
            return request.tasks[item.rank]
        case "break":
            return on.van.breaks[item.rank]
        case "tip":
            return request.tips[item.rank]


@dataclass(slots=True, kw_only=True)
class _Log:
    """What has been driven so far. ``partly`` are metres of a leg that a break interrupts."""

    request: Request
    on: Road
    left_s: int
    here: Spot | None
    metres: int = 0
    partly: int = 0
    travel_s: int = 0
    leg_s: int = 0
    leg_m: int = 0

    def on_the_way(self, towards: Spot | None, arrives: Spot | None) -> None:
        """Drive on; with ``arrives`` the leg ends there."""
        self.leg_s, self.leg_m = self.on.ticks(self.here, towards) // TICKS, self.on.metres(self.here, towards)
        if arrives is not None:
            self.metres, self.partly, self.here = self.metres + self.leg_m, 0, arrives

    def step(
        self,
        kind: str,
        spot: Spot | None,
        load: Amount,
        arrive: int,
        begin: int,
        broken: Broken,
        work: Work | None = None,
    ) -> Json:
        """Return a step in whole seconds."""
        setup, service = (work.setup // TICKS, work.service // TICKS) if work else (0, 0)
        arrival, begins = arrive // TICKS, begin // TICKS
        driven = arrival - self.left_s
        self.travel_s += driven
        if spot is None and self.leg_s:
            self.partly += math.floor(driven * self.leg_m / self.leg_s + 0.5)
        self.left_s = begins + setup + service
        made: Json = {"type": kind, **(_place(spot) if spot else {})}
        made |= {"setup": setup, "service": service, "waiting_time": begins - arrival}
        if self.request.components:
            made["load"] = list(load)
        made |= {"arrival": arrival, "duration": self.travel_s, "violations": broken.written()}
        if self.request.report_distances:
            made["distance"] = self.metres + self.partly
        return made


def _cost(request: Request, on: Road, done: list[Work], travel_s: int, metres: int) -> int:
    """Return what a route costs: a used vehicle, its travel, its work (breaks too, as in the original)."""
    costs = on.van.costs
    passed = [on.van.start, *(work.spot for work in done if work.spot is not None), on.van.end]
    if request.tables[on.van.profile].costs is not None:
        travel = float(sum(on.cost(a, b) for a, b in pairwise(passed)))
    elif request.timeless:
        factor = math.floor(TICKS * costs.per_hour / on.van.speed_factor + 0.5)
        matrix_s = sum(on.ticks(a, b) for a, b in pairwise(passed)) // on.factor
        travel = factor * matrix_s / (TICKS * SECONDS_PER_HOUR) + metres * costs.per_km / 1000
    else:
        travel = travel_s * costs.per_hour / SECONDS_PER_HOUR + metres * costs.per_km / 1000
    work = sum(work.ticks for work in done) // TICKS * costs.per_task_hour / SECONDS_PER_HOUR
    return costs.fixed + math.floor(travel + (0 if request.timeless else 0.5)) + math.floor(work)


def _sum(request: Request, amounts: Sequence[Amount]) -> Amount:
    return tuple(sum(parts) for parts in zip(*amounts, strict=True)) or (0,) * request.components


def _place(spot: Spot) -> Json:
    located: Json = {"location": list(spot.lonlat)} if spot.lonlat else {}
    return {**located, "location_index": spot.index} if spot.named else located


def _described(description: str) -> Json:
    return {"description": description} if description else {}
