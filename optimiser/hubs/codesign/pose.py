"""What a set of open sites makes of the rounds problem, and rounds of the quick search as a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimiser.hubs.codesign.problem import CodesignProblem, Site, base, needed, taken
from optimiser.hubs.codesign.rough.layout import Tours, listed
from optimiser.hubs.codesign.rough.scene import Ground
from optimiser.rounds.plan import Order, Plan
from optimiser.rounds.problem import Limit, RoundsProblem, Vehicle
from optimiser.rounds.schedule import schedule
from optimiser.travel import UNREACHABLE

SHARED = "share of the site"


def opened(problem: CodesignProblem, mask: int) -> tuple[str, ...]:
    """Return the ids of the sites of a mask."""
    return tuple(site.id for j, site in enumerate(problem.sites) if mask >> j & 1)


def posed(problem: CodesignProblem, mask: int, plan: Plan | None = None) -> RoundsProblem:
    """Return the rounds problem with these sites open.

    Rounds engines know no capacity of a depot. Where one could be passed, the vehicles based there are those that can
    be filled without passing it; or, if ``plan`` has more of them there, its own, each held to what it carries in the
    plan and a part of the room that is left. Plans of this problem keep every capacity.
    """
    rounds, names = problem.rounds, set(opened(problem, mask))
    closed = {site.tip_site for site in problem.sites if site.tip_site and site.id not in names}
    tips = tuple(site for site in rounds.tip_sites if site.id not in closed)
    known = frozenset(site.id for site in tips)
    there = [vehicle for vehicle in rounds.vehicles if needed(problem, vehicle) <= names]
    for site in problem.sites:
        if site.id in names and site.capacity is not None:
            there = _kept(problem, site, there, plan)
    vehicles = tuple(
        vehicle if vehicle.tip_sites is None else replace(vehicle, tip_sites=vehicle.tip_sites & known)
        for vehicle in there
    )
    ids = frozenset(vehicle.id for vehicle in vehicles)
    stops = tuple(
        stop if stop.vehicles is None else replace(stop, vehicles=stop.vehicles & ids) for stop in rounds.stops
    )
    return replace(rounds, tip_sites=tips, vehicles=vehicles, stops=stops)


def _kept(problem: CodesignProblem, site: Site, there: list[Vehicle], plan: Plan | None) -> list[Vehicle]:
    """Return the vehicles, those of a site so few or so limited that they cannot take more than its capacity."""
    limit = site.capacity
    if limit is None:
        return there
    own = [vehicle for vehicle in there if base(problem, vehicle) == site]
    others = [vehicle for vehicle in there if base(problem, vehicle) != site]
    stops = {stop.id: taken(limit, stop) for stop in problem.rounds.stops}
    carried = {tour.vehicle: sum(stops[name] for name in tour.stops) for tour in plan.rounds} if plan else {}
    most = {vehicle.id: _most(problem, vehicle, limit) for vehicle in own}
    if sum(most.values()) <= limit.at_most:
        return there
    own.sort(key=lambda vehicle: -carried.get(vehicle.id, 0.0))
    used = [vehicle for vehicle in own if vehicle.id in carried]
    room, whole = limit.at_most, []
    for vehicle in own:
        if most[vehicle.id] <= room:
            whole.append(vehicle)
            room -= most[vehicle.id]
    if whole and {vehicle.id for vehicle in used} <= {vehicle.id for vehicle in whole}:
        return [*others, *whole]
    if not used:
        return [*others, *(_held(vehicle, limit, kg) for vehicle, kg in zip(own, _halves(room, len(own)), strict=True))]
    spare = limit.at_most - sum(carried[vehicle.id] for vehicle in used)
    found = []
    for vehicle in used:
        extra = min(max(spare, 0.0), most[vehicle.id] - carried[vehicle.id])
        spare -= extra
        found.append(_held(vehicle, limit, carried[vehicle.id] + extra))
    return [*others, *found]


def _held(vehicle: Vehicle, limit: Limit, at_most: float) -> Vehicle:
    """Return a vehicle that picks up at most a share of what its site may hold."""
    return replace(vehicle, day_limits=(*vehicle.day_limits, replace(limit, name=SHARED, at_most=at_most)))


def _halves(room: float, count: int) -> list[float]:
    """Return shares of a room for vehicles of which nothing is known yet: a half, a quarter ... the last two alike."""
    shares = [room / 2 ** (k + 1) for k in range(count - 1)]
    return [*shares, room - sum(shares)]


def _most(problem: CodesignProblem, vehicle: Vehicle, limit: Limit) -> float:
    """Return the most of a limit that a vehicle can pick up in the day; without trips, what it can carry."""
    limits = vehicle.day_limits if problem.rounds.tip_sites else (*vehicle.day_limits, *vehicle.limits)
    return min((one.at_most for one in limits if dict(one.weights) == dict(limit.weights)), default=float("inf"))


def to_plan(problem: CodesignProblem, known: Ground, tours: Tours) -> Plan:
    """Return rounds of the quick search with times; what has no vehicle is left out."""
    free = {row: list(fleet) for row, fleet in enumerate(known.fleets)}
    orders = []
    for row, stops in sorted(listed(tours), key=lambda one: -len(one[1])):
        if free[row]:
            names = tuple(problem.rounds.stops[v].id for v in stops)
            orders.append(Order(vehicle=free[row].pop(0), visits=names))
    return schedule(problem.rounds, orders)


def mask_of(known: Ground, tours: Tours) -> int:
    """Return the set of candidates that rounds are based at."""
    mask = 0
    for row, _ in listed(tours):
        if known.bases[row] >= 0:
            mask |= 1 << known.bases[row]
    return mask


def tips_of(known: Ground, tours: Tours) -> int:
    """Return the set of candidates at which rounds unload on their way home: for each the one that costs least."""
    mask = 0
    for row, stops in listed(tours) if len(known.home) else ():
        tip = known.tips[int(known.home[:, row, stops[-1]].argmin())] if stops else -1
        mask |= 1 << tip if tip >= 0 else 0
    return mask


def reached(rounds: RoundsProblem) -> bool:
    """Return whether any vehicle has a way to any stop: without one there is nothing to search."""
    arrive = [mode.arrive for stop in rounds.stops for mode in stop.modes]
    for profile, start in {(vehicle.profile, vehicle.start) for vehicle in rounds.vehicles}:
        travel = rounds.travel[profile]
        columns = np.array([travel.column(name) for name in arrive], dtype=np.intp)
        if (travel.block(np.array([travel.row(start)], dtype=np.intp), columns)[0] != UNREACHABLE).any():
            return True
    return False
