"""From who serves what in which order to modes, tips, breaks and times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimiser.rounds.measures import not_served
from optimiser.rounds.plan import Order, Plan, Reason, Round, Unserved
from optimiser.rounds.problem import RoundsProblem, Stop
from optimiser.rounds.rough import rough_round
from optimiser.rounds.tables import Tables, tables
from optimiser.rounds.timing import best_round


def schedule(problem: RoundsProblem, orders: Sequence[Order]) -> Plan:
    """Return the plan that keeps these orders at the least cost.

    Each order gets the timing with the least real cost among all choices of modes, tips, breaks and start (see
    ``timing.py``). An order that cannot be kept still gets a round: with listed tips the best timing if only loads are
    at fault, else the earliest times (see ``rough.py``); ``check`` then names what is broken. An order without stops
    makes no round. Stops in no order are listed as unserved.

    Raises
    ------
    ValueError
        If an order names a vehicle, stop or site that the problem does not have.
    """
    _check_ids(problem, orders)
    known = tables(problem)
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    rounds = []
    for order in orders:
        if not any(visit in known.stop_at for visit in order.visits):
            continue
        tour = best_round(known, order.vehicle, order.visits, tips=order.tips)
        if tour is None and order.tips == "listed":
            tour = best_round(known, order.vehicle, order.visits, tips="listed", weigh=False)
        if tour is None:
            tour = rough_round(problem, vehicles[order.vehicle], order.visits, tips=order.tips)
        rounds.append(tour)
    return planned(problem, rounds)


def best_order(known: Tables, order: Order) -> Round | None:
    """Return the cheapest feasible round that keeps the order, or ``None`` if there is none."""
    return best_round(known, order.vehicle, order.visits, tips=order.tips)


def planned(problem: RoundsProblem, rounds: Iterable[Round]) -> Plan:
    """Return the plan of these rounds, with every stop that they leave out listed.

    Of a choice only the option that the plan goes by counts, the first if it serves nothing of it. A required stop is
    given ``no-room``, an optional one ``not-worth-it``; ``solve`` looks for proofs later.
    """
    tours = tuple(rounds)
    served = {stop for tour in tours for stop in tour.stops}
    return Plan(
        rounds=tours,
        unserved=tuple(_left(stop) for stop in not_served(problem, served)),
    )


def _left(stop: Stop) -> Unserved:
    if stop.prize is None:
        return Unserved(
            stop=stop.id,
            reason=Reason.NO_ROOM,
            detail="no round was found that had room and time for it",
            fix="Add a vehicle or a longer shift, plan with more time, or move it to another day.",
        )
    return Unserved(
        stop=stop.id,
        reason=Reason.NOT_WORTH_IT,
        detail="no way was found to serve it for less than it brings in",
        fix="Go there when there is more to fetch, or when somebody passes nearby.",
    )


def _check_ids(problem: RoundsProblem, orders: Sequence[Order]) -> None:
    vehicles = {vehicle.id for vehicle in problem.vehicles}
    places = {stop.id for stop in problem.stops} | {site.id for site in problem.tip_sites}
    wrong = [f"unknown vehicle {order.vehicle}" for order in orders if order.vehicle not in vehicles]
    wrong += [f"unknown stop or site {visit}" for order in orders for visit in order.visits if visit not in places]
    wrong += [f"tips is {order.tips!r}" for order in orders if order.tips not in {"free", "listed"}]
    if wrong:
        raise ValueError("; ".join(wrong))
