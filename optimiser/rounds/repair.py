"""Bring stops into rounds: the cheapest feasible insertion, estimated first, timed exactly before it counts.

The estimate of an insertion between two visits, tips included, is the detour with the crew's time. It misses what only
the exact timing knows (another tip, a break pushed aside, waiting), so it is nearly always too low: insertions are
timed in the order of their estimates until none that is left can beat the best one timed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, put, timed
from optimiser.rounds.ground import NO_WAY, Ground
from optimiser.rounds.plan import Act, Round

PLACES_PER_ROUND = 2
TRIES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """A stop at a position of a vehicle's round, and what that would about cost."""

    vehicle: str
    position: int
    estimate: float


def insert(draft: Draft, stops: Iterable[str], *, deadline: Deadline, most: int) -> int:
    """Insert each stop where it costs least, an optional one only if that is less than its prize.

    Changes ``draft``; returns how many insertions were timed, about ``most`` at most. Stops that fit nowhere stay out.
    """
    timings = 0
    for stop in stops:
        if deadline.passed or timings >= most:
            break
        timings += _insert(draft, stop)
    return timings


def _insert(draft: Draft, stop: str) -> int:
    prize = draft.prize(stop)
    worth = np.inf if prize is None else prize
    best: tuple[float, Round] | None = None
    timings = 0
    for option in sorted(_options(draft, stop), key=lambda o: o.estimate)[:TRIES]:
        if option.estimate >= (worth if best is None else best[0]):
            break
        before = draft.tours.get(option.vehicle)
        visits = list(before.stops) if before else []
        visits.insert(option.position, stop)
        found = timed(draft, option.vehicle, visits)
        timings += 1
        if found is not None:
            more = found[1] - draft.costs.get(option.vehicle, 0.0)
            if more < (worth if best is None else best[0]):
                best = more, found[0]
    if best is not None:
        put(draft, best[1])
    return timings


def _options(draft: Draft, stop: str) -> Iterator[Insertion]:
    """Yield the places in each round where the stop would cost least, and one new round per kind of vehicle."""
    k = draft.known.stop_at[stop]
    opened: set[int] = set()
    for vehicle in draft.problem.vehicles:
        if not draft.known.allows(vehicle.id, k):
            continue
        ground, tour = draft.ground(vehicle.id), draft.tours.get(vehicle.id)
        if tour is not None:
            yield from _places(draft, ground, tour, k)
        elif draft.known.kind_of[vehicle.id] not in opened:
            opened.add(draft.known.kind_of[vehicle.id])
            out = float(ground.cost[ground.depot, k])
            time_ms = float(ground.time_ms[ground.depot, k] + ground.service_ms[k] + ground.home_ms[k])
            estimate = vehicle.costs.fixed + out + ground.kind.wage_per_ms * float(ground.service_ms[k])
            if time_ms <= _longest(ground):
                yield Insertion(vehicle=vehicle.id, position=0, estimate=estimate)


def _places(draft: Draft, ground: Ground, tour: Round, k: int) -> Iterator[Insertion]:
    most = ground.kind.vehicle.max_stops
    if most is not None and len(tour.stops) >= most:
        return
    path, stops_before = _path(draft, ground, tour)
    before, after = path[:-1], path[1:]
    longer = ground.time_ms[before, k] + ground.time_ms[k, after] - ground.time_ms[before, after]
    detour = ground.cost[before, k] + ground.cost[k, after] - ground.cost[before, after]
    estimate = detour + ground.kind.wage_per_ms * ground.service_ms[k]
    duration = (tour.end_s - tour.start_s) * 1000.0
    fits = duration + longer + ground.service_ms[k] - _waiting_ms(tour) <= _longest(ground)
    estimate = np.where(fits, estimate, NO_WAY)
    for n in np.argsort(estimate, kind="stable")[:PLACES_PER_ROUND].tolist():
        if estimate[n] < NO_WAY / 2:
            yield Insertion(vehicle=tour.vehicle, position=stops_before[n], estimate=float(estimate[n]))


def _path(draft: Draft, ground: Ground, tour: Round) -> tuple[NDArray[np.intp], list[int]]:
    """Return the places of a round from depot to depot, tips included, and how many stops lie before each leg's end."""
    sites = {site.id: place for site, place in zip(ground.kind.sites, ground.sites, strict=True)}
    path, stops_before, made = [ground.depot], [], 0
    for visit in tour.visits:
        if visit.act is not Act.BREAK:
            path.append(draft.known.stop_at[visit.id] if visit.act is Act.STOP else sites[visit.id])
            stops_before.append(made)
            made += visit.act is Act.STOP
    return np.array([*path, ground.depot]), [*stops_before, made]


def _waiting_ms(tour: Round) -> float:
    return 1000.0 * sum(visit.start_s - visit.arrive_s for visit in tour.visits)


def _longest(ground: Ground) -> float:
    """Return how long the day may last."""
    opens, closes = ground.kind.shift
    return float(min(closes - opens, ground.kind.longest_ms))
