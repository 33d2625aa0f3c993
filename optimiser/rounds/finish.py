"""From an engine's orders to a plan that keeps every rule.

Engines work on relaxations. Here each of their rounds gets its exact timing; one that has none gives up the stops that
save the most time, as few as will do; what was given up or never served goes where it costs least, if anywhere; and
optional stops that cost more than they bring are taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, drop, put, timed
from optimiser.rounds.plan import Round
from optimiser.rounds.repair import insert
from optimiser.rounds.timing import best_round

MOST_INSERTIONS = 400


def settle(
    draft: Draft, orders: Iterable[tuple[str, Sequence[str]]], *, deadline: Deadline, most: int = MOST_INSERTIONS
) -> int:
    """Take (vehicle, stops in order) into the draft and bring in what is left; return how many stops were given up.

    Rounds that the draft already has with the same stops in the same order are kept as they are.
    """
    given_up = 0
    for vehicle, stops in orders:
        tour = draft.tours.get(vehicle)
        if tour is not None and tour.stops == tuple(stops):
            continue
        drop(draft, vehicle)
        tour = feasible_part(draft, vehicle, stops) if stops else None
        given_up += len(stops) - (0 if tour is None else len(tour.stops))
        if tour is not None:
            put(draft, tour)
    if most:
        insert(draft, draft.left(), deadline=deadline, most=most)
        prune(draft, deadline)
    return given_up


def feasible_part(draft: Draft, vehicle: str, stops: Sequence[str]) -> Round | None:
    """Return a round over these stops in this order, without as few of the most time-consuming as will do."""
    allowed = [stop for stop in stops if draft.known.allows(vehicle, draft.known.stop_at[stop])]
    found = timed(draft, vehicle, allowed)
    whole = found[0] if found else best_round(draft.known, vehicle, allowed)
    if whole is not None:
        return whole
    leave = _by_time_saved(draft, vehicle, allowed)
    best: Round | None = None
    low, high = 0, len(allowed)  # giving up `low` is too few, giving up `high` leaves nothing
    while high - low > 1:
        middle = low + 1 if low < 4 else (low + high) // 2
        gone = set(leave[:middle])
        found = timed(draft, vehicle, [stop for stop in allowed if stop not in gone])
        if found is None:
            low = middle
        else:
            best, high = found[0], middle
    return best


def _by_time_saved(draft: Draft, vehicle: str, stops: Sequence[str]) -> list[str]:
    """Return the stops, optional ones first, then those whose leaving out saves most time."""
    ground = draft.ground(vehicle)
    path = [ground.depot, *(draft.known.stop_at[stop] for stop in stops), ground.depot]
    saved = {
        stop: ground.time_ms[a, b] + ground.service_ms[b] + ground.time_ms[b, c] - ground.time_ms[a, c]
        for stop, a, b, c in zip(stops, path, path[1:], path[2:], strict=False)
    }
    return sorted(stops, key=lambda stop: (draft.prize(stop) is None, -saved[stop]))


def polish(draft: Draft, deadline: Deadline) -> None:
    """Give each round its exact timing in place of the quick one, as far as time allows."""
    for vehicle, tour in list(draft.tours.items()):
        if deadline.passed:
            return
        exact = best_round(draft.known, vehicle, tour.stops)
        if exact is not None:
            before = draft.costs[vehicle]
            put(draft, exact)
            if draft.costs[vehicle] > before:
                put(draft, tour)


def prune(draft: Draft, deadline: Deadline) -> int:
    """Take out optional stops, and whole rounds of them, that cost more than they bring; return rounds timed."""
    tried = 0
    for vehicle in list(draft.tours):
        while vehicle in draft.tours and not deadline.passed:
            better, count = _without_one(draft, vehicle)
            tried += count
            if better is None:
                break
            put(draft, better)
        prizes = [draft.prize(stop) for stop in draft.tours[vehicle].stops]
        if None not in prizes and draft.costs[vehicle] >= sum(prize or 0.0 for prize in prizes):
            drop(draft, vehicle)
    return tried


def _without_one(draft: Draft, vehicle: str) -> tuple[Round | None, int]:
    """Return the round without its worst optional stop, ``None`` if each of them pays; and how many were timed."""
    tour, ground = draft.tours[vehicle], draft.ground(vehicle)
    path = [ground.depot, *(draft.known.stop_at[s] for s in tour.stops), ground.depot]
    gains = []
    for n, stop in enumerate(tour.stops, start=1):
        prize = draft.prize(stop)
        if prize is not None and len(tour.stops) > 1:
            a, b, c = path[n - 1 : n + 2]
            saved = ground.cost[a, b] + ground.cost[b, c] - ground.cost[a, c]
            gains.append((float(saved + ground.kind.wage_per_ms * ground.service_ms[b]) - prize, n))
    tried = 0
    for _, n in sorted(gains, reverse=True)[:3]:
        found = timed(draft, vehicle, [*tour.stops[: n - 1], *tour.stops[n:]])
        tried += 1
        if found and draft.costs[vehicle] - found[1] > (draft.prize(tour.stops[n - 1]) or 0.0) + 1e-9:
            return found[0], tried
    return None, tried
