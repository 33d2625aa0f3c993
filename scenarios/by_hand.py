"""Rounds that a planner wrote or changed by hand: judged as they stand, or kept while the rest is planned."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.metadata import version

from optimiser.result import Result, Status
from optimiser.rounds.check import check
from optimiser.rounds.plan import Order, Plan, Price
from optimiser.rounds.price import price
from optimiser.rounds.problem import Lock, RoundsProblem, Stop
from optimiser.rounds.schedule import schedule
from scenarios.choices import StartChoice
from scenarios.model.fleet import TodayRound

ENGINE = "by hand"


def rounds_of(rounds: Iterable[TodayRound], day: str) -> tuple[TodayRound, ...]:
    """Return the rounds of a day."""
    return tuple(round_ for round_ in rounds if round_.day in ("", day))


def orders(problem: RoundsProblem, rounds: Iterable[TodayRound]) -> list[Order]:
    """Return who serves what in which order; where unloading is written down it is kept, else it is free.

    Vehicles that are not out that day, and points with nothing to collect, are passed over.
    """
    stops, sites = {stop.id for stop in problem.stops}, {site.id for site in problem.tip_sites}
    out = {vehicle.id for vehicle in problem.vehicles}
    return [
        Order(
            vehicle=round_.vehicle,
            visits=tuple(visit for visit in round_.visits if visit in stops | sites),
            tips="listed" if sites & set(round_.visits) else "free",
        )
        for round_ in rounds
        if round_.vehicle in out
    ]


def judged(problem: RoundsProblem, rounds: Iterable[TodayRound], *, seed: int) -> Result[Plan, Price]:
    """Return the plan that keeps these rounds as they are, timed and priced; rules that it breaks are not mended."""
    began = time.perf_counter()
    plan = schedule(problem, orders(problem, rounds))
    broken = check(problem, plan)
    left = [stop for stop in plan.unserved if _required(problem.stops, stop.stop)]
    return Result(
        status=Status.BROKEN if broken else Status.PARTIAL if left else Status.FEASIBLE,
        plan=plan,
        price=price(problem, plan),
        seed=seed,
        engine=ENGINE,
        engine_version=version("mzunguko"),
        runtime_s=time.perf_counter() - began,
        notes=("The rounds are those written by hand: nothing was searched for.",),
    )


def _required(stops: Sequence[Stop], id_: str) -> bool:
    return any(stop.id == id_ and stop.prize is None for stop in stops)


def kept(problem: RoundsProblem, rounds: Iterable[TodayRound], choice: StartChoice) -> RoundsProblem:
    """Return the problem in which the rounds are kept as far as the choice says."""
    if choice.keep == "nothing":
        return problem
    given = orders(problem, rounds)
    stops = {stop.id for stop in problem.stops}
    chains = {order.vehicle: tuple(visit for visit in order.visits if visit in stops) for order in given}
    owner = {stop: vehicle for vehicle, chain in chains.items() for stop in chain}
    locks = tuple(Lock(vehicle=vehicle, stops=chain) for vehicle, chain in chains.items() if chain)
    return replace(
        problem,
        stops=tuple(
            replace(stop, vehicles=frozenset({owner[stop.id]})) if stop.id in owner else stop for stop in problem.stops
        ),
        locks=(*problem.locks, *(locks if choice.keep == "order" else ())),
    )


def start_plan(problem: RoundsProblem, rounds: Iterable[TodayRound]) -> Plan:
    """Return the rounds as a plan to start from, whether it keeps the rules or not."""
    return schedule(problem, orders(problem, rounds))
