"""From an engine's orders to a plan that keeps every rule.

Engines work on relaxations. Here each of their rounds is put in the order that shipments and locks ask for and gets its
exact timing; one that has none gives up the work that saves the most time, as little as will do; what was given up or
never served goes where it costs least, if anywhere; optional stops that cost more than they bring are taken out; rounds
that are too uneven are levelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from optimiser.rounds.bonds import Part, put_in_order
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import (
    Draft,
    Entry,
    candidate,
    drop,
    few_changes,
    joins,
    judged,
    may_serve,
    more,
    over_full,
    put,
)
from optimiser.rounds.level import level
from optimiser.rounds.plan import Plan, Round
from optimiser.rounds.repair import insert
from optimiser.rounds.timing import best_round

MOST_INSERTIONS = 400


def settle(
    draft: Draft, orders: Iterable[tuple[str, Sequence[str]]], *, deadline: Deadline, most: int = MOST_INSERTIONS
) -> int:
    """Take (vehicle, stops in order) into the draft and bring in what is left; return how many stops were given up.

    Rounds that the draft already has with the same stops in the same order are kept as they are.
    """
    new = [
        (vehicle, list(stops))
        for vehicle, stops in orders
        if vehicle not in draft.entries or draft.entries[vehicle].tour.stops != tuple(stops)
    ]
    for vehicle, _ in new:
        drop(draft, vehicle)
    given_up = 0
    for vehicle, stops in new:
        made = feasible_part(draft, vehicle, stops) if stops else None
        given_up += len(stops) - (0 if made is None else len(made.stops))
    if most:
        insert(draft, draft.left(), deadline=deadline, most=most)
        prune(draft, deadline)
        level(draft, deadline)
    return given_up


def take_on(draft: Draft, plan: Plan) -> None:
    """Take the rounds of a plan into an empty draft as they are; one that breaks a rule beside the others is mended."""
    for tour in plan.rounds:
        known = candidate(draft, tour.vehicle, tour.stops)
        own = judged(draft, tour) if known is not None else None
        if known is None:
            feasible_part(draft, tour.vehicle, tour.stops)
        elif own is not None and not over_full(draft, own) and own.cost < known.cost:
            put(draft, own)
        else:
            put(draft, known)


def feasible_part(draft: Draft, vehicle: str, stops: Sequence[str]) -> Round | None:
    """Take a round over these stops into the draft, without as little of the most time-consuming work as will do.

    Returns the round, ``None`` (and leaves the draft as it is) if nothing of it can be served.
    """
    order = put_in_order(draft.bonds, vehicle, _wanted(draft, vehicle, stops))
    whole = candidate(draft, vehicle, order) or _exactly(draft, vehicle, order)
    if whole is not None:
        put(draft, whole)
        return whole.tour
    leave = _by_time_saved(draft, vehicle, order)
    best: Entry | None = None
    low, high = 0, len(leave)  # giving up `low` is too few, giving up `high` leaves nothing
    while high - low > 1:
        middle = low + 1 if low < 4 else (low + high) // 2
        gone = {stop for part in leave[:middle] for stop in part}
        found = candidate(draft, vehicle, [stop for stop in order if stop not in gone])
        if found is None:
            low = middle
        else:
            best, high = found, middle
    if best is None:
        return None
    put(draft, best)
    return best.tour


def _wanted(draft: Draft, vehicle: str, stops: Sequence[str]) -> list[str]:
    """Return the stops, each once, that the vehicle may serve beside the other rounds, shipments whole."""
    wanted: dict[str, None] = {}
    admits, stop_at = draft.admits(vehicle), draft.known.stop_at
    for stop in stops:
        if stop not in draft.holder and admits[stop_at[stop]] and joins(draft, vehicle, stop, wanted):
            wanted[stop] = None
    return [
        stop
        for stop in wanted
        if draft.bonds.ends.get(stop, stop) in wanted and draft.bonds.begins.get(stop, stop) in wanted
    ]


def _exactly(draft: Draft, vehicle: str, stops: Sequence[str]) -> Entry | None:
    """Return the round with its exact timing, if the quick one found none."""
    tour = best_round(draft.known, vehicle, stops) if may_serve(draft, vehicle, stops) else None
    found = None if tour is None else judged(draft, tour)
    return None if found is None or over_full(draft, found) or not few_changes(draft, found) else found


def _by_time_saved(draft: Draft, vehicle: str, stops: Sequence[str]) -> list[Part]:
    """Return the parts of the round, optional ones first, then those whose leaving out saves most time; locked last."""
    ground = draft.ground(vehicle)
    path = [ground.depot, *(draft.known.stop_at[stop] for stop in stops), ground.depot]
    legs = [float(ground.time_ms[a, b]) for a, b in pairwise(path)]
    saved = {
        stop: legs[n]
        + float(ground.service_ms[path[n + 1]])
        + legs[n + 1]
        - float(ground.time_ms[path[n], path[n + 2]])
        for n, stop in enumerate(stops)
    }
    ends = draft.bonds.ends
    parts = [(stop, ends[stop]) if stop in ends else (stop,) for stop in stops if stop not in draft.bonds.begins]

    def rank(part: Part) -> tuple[bool, bool, float]:
        locked = any(stop in draft.bonds.locked for stop in part)
        required = any(draft.prize(stop) is None for stop in part)
        return locked, required, -sum(saved[stop] for stop in part)

    return sorted(parts, key=rank)


def polish(draft: Draft, deadline: Deadline) -> None:
    """Give each round its exact timing in place of the quick one, as far as time allows."""
    for vehicle, old in list(draft.entries.items()):
        if deadline.passed:
            return
        tour = best_round(draft.known, vehicle, old.tour.stops)
        exact = None if tour is None else judged(draft, tour)
        if exact is not None and not over_full(draft, exact) and more(draft, exact) < 0:
            put(draft, exact)


def prune(draft: Draft, deadline: Deadline) -> int:
    """Take out optional work, and whole rounds of it, that costs more than it brings; return rounds timed."""
    tried = 0
    for vehicle in list(draft.entries):
        while not deadline.passed:
            better, count = _without_one(draft, vehicle)
            tried += count
            if better is None:
                break
            put(draft, better)
        stops = draft.entries[vehicle].tour.stops
        prizes = [draft.prize(stop) for stop in stops]
        if None not in prizes and draft.entries[vehicle].cost >= sum(prize or 0.0 for prize in prizes):
            drop(draft, vehicle)
    return tried


def _without_one(draft: Draft, vehicle: str) -> tuple[Entry | None, int]:
    """Return the round without its worst optional part, ``None`` if each of them pays; and how many were timed."""
    stops, ground, ends = draft.entries[vehicle].tour.stops, draft.ground(vehicle), draft.bonds.ends
    if all(draft.prize(stop) is None for stop in stops):
        return None, 0
    path = [ground.depot, *(draft.known.stop_at[s] for s in stops), ground.depot]
    saved = {
        stop: ground.cost[a, b] + ground.cost[b, c] - ground.cost[a, c] + ground.kind.wage_per_ms * ground.service_ms[b]
        for stop, a, b, c in zip(stops, path, path[1:], path[2:], strict=False)
    }
    gains: list[tuple[float, Part, float]] = []
    for stop in stops:
        part: Part = (stop, ends[stop]) if stop in ends else (stop,)
        prizes = [draft.prize(one) for one in part]
        if stop not in draft.bonds.begins and None not in prizes and len(stops) > len(part):
            prize = sum(one or 0.0 for one in prizes)
            gains.append((float(sum(saved[one] for one in part)) - prize, part, prize))
    tried = 0
    for _, part, prize in sorted(gains, key=lambda gain: -gain[0])[:3]:
        found = candidate(draft, vehicle, [stop for stop in stops if stop not in part])
        tried += 1
        if found and -more(draft, found) > prize + 1e-9:
            return found, tried
    return None, tried
