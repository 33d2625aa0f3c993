"""A request as a rounds problem.

VROOM ranks by the sum of priorities served, then by how many tasks are served, then by cost: a stop weighs
``priority * (tasks + 1) + 1``, so that no number of tasks outweighs one unit of priority. Costs are of travel alone
(``per_hour``), of work (``per_task_hour``), of kilometres, or a matrix of costs; the last one takes the place of the
distances.

What VROOM allows and a problem cannot say: a break half-way between two tasks (here it is taken where the vehicle
stands), and setup left out at the vehicle's own start. Both make the problem a little harder than the request, never
easier, so its plans are good for VROOM too. Costs by matrix together with ``max_distance`` are searched by travel time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.interop.vroom.nouns import Amount, IntArray, Request, Rest, Span, Spot, Tables, Task, Tip, Van
from api.interop.vroom.tour import road
from optimiser.rounds.problem import (
    Break,
    Limit,
    Mode,
    RoundsProblem,
    Shift,
    Shipment,
    Stop,
    TipSite,
    Vehicle,
    VehicleCosts,
    Window,
)
from optimiser.travel import UNREACHABLE, DenseTravel

OPEN = "open"  # where a route starts or ends that may start or end anywhere
MS = 1000
FAR_S = 2_000_000  # legs beyond 23 days do not fit into milliseconds
MOMENT_S = 0.001
SOLE_KM = 10_000.0  # a tenth of a metre of the costs in place of distances costs 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """A problem, and how to find its ids in the request again.

    Parameters
    ----------
    unit_s
        Seconds of the request that are one second of the problem.
    """

    problem: RoundsProblem
    unit_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Seconds of the request to seconds of the problem: from ``base`` on, in units; ``last`` ends the day."""

    base: int
    last: int
    unit: int

    def at(self, moment: int) -> float:
        """Return a moment within the day."""
        return (min(max(moment, self.base), self.last) - self.base) / self.unit

    def windows(self, spans: tuple[Span, ...]) -> tuple[Window, ...]:
        """Return time windows; those that lie wholly outside of the day are left out, except the last."""
        kept = [span for span in spans if span[1] >= self.base and span[0] <= self.last] or list(spans[-1:])
        return tuple(Window(open_s=self.at(opens), close_s=self.at(closes)) for opens, closes in kept)


def stop_id(rank: int) -> str:
    """Return the id of a task's stop."""
    return f"t{rank}"


def vehicle_id(rank: int) -> str:
    """Return the id of a vehicle; VROOM's own may repeat."""
    return f"v{rank}"


def tip_id(rank: int) -> str:
    """Return the id of an unloading site."""
    return f"u{rank}"


def pose(request: Request) -> Posed:
    """Return the rounds problem of a request whose matrices are filled."""
    clock = _clock(request)
    travel = {name: _travel(request, van, clock.unit) for name, van in _driven(request).items()}
    problem = RoundsProblem(
        dimensions=tuple(_dimension(k) for k in range(request.components)),
        stops=tuple(_stop(request, rank, task, clock) for rank, task in enumerate(request.tasks)),
        tip_sites=tuple(_site(request, rank, tip, clock) for rank, tip in enumerate(request.tips)),
        vehicles=tuple(_vehicle(request, rank, clock) for rank in range(len(request.vans))),
        travel=travel,
        shipments=tuple(_shipments(request)),
    )
    return Posed(problem=problem, unit_s=clock.unit)


def _dimension(component: int) -> str:
    return f"c{component}"


def _loads(amount: Amount) -> dict[str, float]:
    return {_dimension(k): float(part) for k, part in enumerate(amount) if part}


def _travel_id(request: Request, van: Van) -> str:
    """Return what tells apart the ways of driving: profile, speed, and what its distances stand for."""
    return f"{van.profile} {van.speed_factor} {'cost' if _by_cost(request, van) else 'metres'}"


def _driven(request: Request) -> Mapping[str, int]:
    return {_travel_id(request, van): rank for rank, van in enumerate(request.vans)}


def _by_cost(request: Request, van: Van) -> bool:
    """Whether the costs stand in place of the distances."""
    return request.tables[van.profile].costs is not None and van.max_distance is None


def _travel(request: Request, rank: int, unit: int) -> DenseTravel:
    """Return times and distances among all places and the open one, to and from which it is no way at all."""
    on, van = road(request, rank), request.vans[rank]
    tables = request.tables[van.profile]
    at = np.array([spot.index for spot in request.spots])
    assert tables.durations is not None
    assert tables.distances is not None
    ticks = tables.durations[np.ix_(at, at)] * on.factor
    ms = -(-ticks * (MS // 100) // unit)
    far: IntArray = tables.distances * 10
    if _by_cost(request, van):
        assert tables.costs is not None
        far = tables.costs
    names = (*(_place(spot) for spot in request.spots), OPEN)
    return DenseTravel(
        leaving=names,
        arriving=names,
        duration_ms=_opened(ms),
        distance_dm=_opened(far[np.ix_(at, at)]),
    )


def _opened(table: IntArray) -> NDArray[np.int32]:
    size = len(table) + 1
    full = np.zeros((size, size), np.int32)
    full[:-1, :-1] = np.minimum(table, int(UNREACHABLE))
    return full


def _place(spot: Spot) -> str:
    return str(spot.index)


def _mode(spot: Spot, **times: float | Mapping[str, float]) -> Mode:
    return Mode(arrive=_place(spot), leave=_place(spot), place=_place(spot), **times)  # type: ignore[arg-type]  # named


def _stop(request: Request, rank: int, task: Task, clock: Clock) -> Stop:
    alone = task.kind == "job"
    return Stop(
        id=stop_id(rank),
        modes=(
            _mode(
                task.spot,
                service_s=task.service / clock.unit,
                service_by={kind: s / clock.unit for kind, s in task.service_by.items()},
                setup_s=task.setup / clock.unit,
                setup_by={kind: s / clock.unit for kind, s in task.setup_by.items()},
            ),
        ),
        loads=_loads(task.pickup) if alone else {},
        deliveries=_loads(task.delivery) if alone else {},
        windows=clock.windows(task.windows),
        weight=float(task.priority * (len(request.tasks) + 1) + 1),
        needs=frozenset(map(str, task.skills)),
    )


def _shipments(request: Request) -> Iterator[Shipment]:
    for rank, task in enumerate(request.tasks):
        if task.kind == "pickup":
            yield Shipment(id=f"s{rank}", pickup=stop_id(rank), delivery=stop_id(rank + 1), loads=_loads(task.pickup))


def _site(request: Request, rank: int, tip: Tip, clock: Clock) -> TipSite:
    accepted = range(request.components) if tip.accepts is None else tip.accepts
    return TipSite(
        id=tip_id(rank),
        modes=(_mode(tip.spot, service_s=tip.service / clock.unit),),
        queue_s=tip.queue / clock.unit,
        accepts=frozenset(map(_dimension, accepted)),
        windows=clock.windows(tip.windows),
    )


def _vehicle(request: Request, rank: int, clock: Clock) -> Vehicle:
    van = request.vans[rank]
    opens, closes = van.window or (clock.base, clock.last)
    start = clock.at(opens)
    return Vehicle(
        id=vehicle_id(rank),
        profile=_travel_id(request, van),
        start=_place(van.start) if van.start else OPEN,
        end=_place(van.end) if van.end else OPEN,
        limits=_limits(van.capacity),
        shift=Shift(start_s=start, end_s=max(clock.at(closes), start + MOMENT_S)),
        breaks=tuple(_break(k, rest, clock) for k, rest in enumerate(van.breaks)),
        costs=_costs(request, van, clock.unit),
        tip_sites=frozenset(tip_id(k) for k in van.tips),
        max_stops=van.max_tasks,
        max_driving_s=None if van.max_travel_time is None else van.max_travel_time / clock.unit,
        max_distance_m=None if van.max_distance is None else float(van.max_distance),
        must_end_empty=van.ends_empty,
        skills=frozenset(map(str, van.skills)),
        service_type=van.type,
    )


def _limits(amount: Amount) -> tuple[Limit, ...]:
    return tuple(
        Limit(name=_dimension(k), weights={_dimension(k): 1.0}, at_most=float(part)) for k, part in enumerate(amount)
    )


def _break(rank: int, rest: Rest, clock: Clock) -> Break:
    first, *more = clock.windows(rest.windows or ((clock.base, clock.last),))
    return Break(
        id=f"b{rank}",
        duration_s=rest.service / clock.unit,
        earliest_s=first.open_s,
        latest_s=first.close_s,
        more=tuple(more),
        always=True,
        limits=() if rest.max_load is None else _limits(rest.max_load),
    )


def _costs(request: Request, van: Van, unit: int) -> VehicleCosts:
    costs = van.costs
    work = float(costs.per_task_hour * unit)
    if _by_cost(request, van):
        return VehicleCosts(fixed=float(costs.fixed), per_service_hour=work, per_km=SOLE_KM)
    priced = request.tables[van.profile].costs is not None
    return VehicleCosts(
        fixed=float(costs.fixed),
        per_driving_hour=float(costs.per_hour * unit),
        per_service_hour=work,
        per_km=0.0 if priced else float(costs.per_km),
    )


def _clock(request: Request) -> Clock:
    """Return a day that holds all that a good plan may do.

    It begins early enough for whatever comes before the first window, and ends when everything is open and can have
    been done without waiting.
    """
    spans = [span for task in request.tasks for span in task.windows]
    spans += [span for van in request.vans for rest in van.breaks for span in rest.windows]
    spans += [span for tip in request.tips for span in tip.windows]
    spans += [van.window for van in request.vans if van.window is not None]
    work = _most_work_s(request)
    opens = [opens for opens, _ in spans] or [0]
    base = max(min(opens) - work, 0)
    last = max(max(opens) + work, base + 1)
    unit = MS if _longest_s(request) > FAR_S else 1
    return Clock(base=base, last=last, unit=unit)


def _longest_s(request: Request) -> int:
    return max(int(_durations(request.tables[van.profile], request).max() / van.speed_factor) for van in request.vans)


def _durations(tables: Tables, request: Request) -> IntArray:
    assert tables.durations is not None
    at = np.array([spot.index for spot in request.spots])
    found: IntArray = tables.durations[np.ix_(at, at)]
    return found


def _most_work_s(request: Request) -> int:
    """Return more seconds than any one vehicle can be busy without waiting."""
    slowest = 0
    for van in request.vans:
        durations = _durations(request.tables[van.profile], request)
        into = dict(zip((spot.index for spot in request.spots), durations.max(axis=0).tolist(), strict=True))
        driven = sum(into[task.spot.index] for task in request.tasks) + int(durations.max())
        tips = sum(into[tip.spot.index] + tip.service + tip.queue for tip in request.tips)
        away = int((driven + tips * len(request.tasks)) / van.speed_factor)
        slowest = max(slowest, away + sum(rest.service for rest in van.breaks))
    done = (max(task.service, *task.service_by.values(), 0) for task in request.tasks)
    before = (max(task.setup, *task.setup_by.values(), 0) for task in request.tasks)
    return slowest + sum(done) + sum(before) + 1
