"""Rules about stops that belong together: shipments, choices, sets, locks. What is left out breaks none but a pair."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from optimiser.rounds.plan import Plan, Violation
from optimiser.rounds.problem import Lock, RoundsProblem

Servers = Mapping[str, Mapping[str, int]]  # stop -> vehicle -> its first position among the stops of the round


def check_shipments_whole(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``shipment-split``: of its two stops only one is served, or each by another vehicle."""
    by = _servers(plan, problem.shipments)
    for shipment in problem.shipments:
        fetched, brought = by.get(shipment.pickup, {}), by.get(shipment.delivery, {})
        if set(fetched) != set(brought):
            vehicle = next(iter(fetched or brought))
            visit = shipment.pickup if fetched else shipment.delivery
            yield Violation(code="shipment-split", vehicle=vehicle, visit=visit, detail=shipment.id)


def check_shipments_order(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``shipment-order``: brought before it is fetched."""
    by = _servers(plan, problem.shipments)
    for shipment in problem.shipments:
        fetched, brought = by.get(shipment.pickup, {}), by.get(shipment.delivery, {})
        for vehicle in fetched:
            if brought.get(vehicle, fetched[vehicle]) < fetched[vehicle]:
                yield Violation(code="shipment-order", vehicle=vehicle, visit=shipment.delivery, detail=shipment.id)


def check_choices(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``choice-both``: stops of more than one option are served."""
    by = _servers(plan, problem.choices)
    for choice in problem.choices:
        touched = [option for option in choice.options if any(stop in by for stop in option)]
        if len(touched) > 1:
            visit = next(stop for stop in touched[1] if stop in by)
            yield Violation(
                code="choice-both",
                vehicle=next(iter(by[visit])),
                visit=visit,
                detail=choice.id,
                amount=len(touched) - 1,
            )


def check_together(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``together-split``: stops of a set that must go together are served by several vehicles."""
    by = _servers(plan, problem.together)
    for together in problem.together:
        served = _in_order(problem, together)
        vehicles = list(dict.fromkeys(vehicle for stop in served for vehicle in by.get(stop, {})))
        if len(vehicles) > 1:
            visit = next(stop for stop in served if vehicles[1] in by.get(stop, {}))
            yield Violation(
                code="together-split",
                vehicle=vehicles[1],
                visit=visit,
                detail=", ".join(served),
                amount=len(vehicles) - 1,
            )


def check_apart(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``apart-together``: a vehicle serves more than one stop of a set of which each must have its own."""
    by = _servers(plan, problem.apart)
    for apart in problem.apart:
        served = _in_order(problem, apart)
        for tour in {tour.vehicle: tour for tour in plan.rounds}:
            both = [stop for stop in served if tour in by.get(stop, {})]
            if len(both) > 1:
                yield Violation(
                    code="apart-together", vehicle=tour, visit=both[1], detail=", ".join(both), amount=len(both) - 1
                )


def check_locks(problem: RoundsProblem, plan: Plan) -> Iterator[Violation]:
    """``lock-broken``: what is fixed by hand is served otherwise: by another vehicle, in another order or place.

    A stop of a lock that is left out breaks nothing; the lock holds for the others.
    """
    by = _servers(plan, problem.locks)
    order = {tour.vehicle: tour.stops for tour in reversed(plan.rounds)}
    for lock in problem.locks:
        stray = next((stop for stop in lock.stops if stop in by and lock.vehicle not in by[stop]), None)
        if stray is not None:
            yield Violation(
                code="lock-broken", vehicle=next(iter(by[stray])), visit=stray, detail=f"locked to {lock.vehicle}"
            )
        elif said := _misplaced(lock, order.get(lock.vehicle, ())):
            yield Violation(code="lock-broken", vehicle=lock.vehicle, visit=said[0], detail=said[1])


def _misplaced(lock: Lock, stops: tuple[str, ...]) -> tuple[str, str] | None:
    """Return a stop that stands elsewhere in its round than the lock says, and how."""
    kept = [stop for stop in lock.stops if stop in stops]
    places = [stops.index(stop) for stop in kept]
    for n, stop in enumerate(kept):
        if n and places[n] < places[n - 1]:
            return stop, f"locked after {kept[n - 1]}"
        if lock.first and places[n] != n:
            return stop, f"locked to place {n + 1}"
        if n and lock.adjacent and places[n] != places[n - 1] + 1:
            return stop, f"locked right after {kept[n - 1]}"
    return None


def _servers(plan: Plan, ruled: Collection[object]) -> Servers:
    """Return who serves each stop; nothing, if no rule is to be looked at."""
    by: dict[str, dict[str, int]] = {}
    for tour in plan.rounds if ruled else ():
        for n, stop in enumerate(tour.stops):
            by.setdefault(stop, {}).setdefault(tour.vehicle, n)
    return by


def _in_order(problem: RoundsProblem, stops: Iterable[str]) -> list[str]:
    """Return a set of stops in the problem's order."""
    wanted = set(stops)
    return [stop.id for stop in problem.stops if stop.id in wanted]
