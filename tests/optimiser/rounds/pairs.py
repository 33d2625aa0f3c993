"""Accepted and refused pairs: a plan that keeps every rule, and the same broken in exactly one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from optimiser.rounds.check import check
from optimiser.rounds.features import Feature
from optimiser.rounds.plan import Plan, Round, Violation, Visit
from optimiser.rounds.problem import RoundsProblem
from tests.by_hand import drive


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A problem with a plan on the whiteboard that is accepted, and what makes it be refused.

    One of ``instead`` (another plan), ``problem`` (a stricter problem for the same plan) and ``plan`` (a change by
    hand) says what is broken; ``visit`` is where the violation is found, ``amount`` by how much.
    """

    code: str
    good: RoundsProblem
    text: str
    instead: str = ""
    problem: Callable[[RoundsProblem], RoundsProblem] | None = None
    plan: Callable[[Plan], Plan] | None = None
    uses: Feature | None = None
    visit: str | None = None
    amount: float | None = None


def accepted(pair: Pair) -> tuple[Violation, ...]:
    """Return what the checker says of the good plan."""
    return check(pair.good, drive(pair.good, pair.text))


def refused(pair: Pair) -> tuple[Violation, ...]:
    """Return what the checker says of the broken one."""
    plan = drive(pair.good, pair.instead or pair.text)
    plan = pair.plan(plan) if pair.plan else plan
    return check(pair.problem(pair.good) if pair.problem else pair.good, plan)


def change_visit(made: Plan, tour: int, at: int, **change: object) -> Plan:
    visits = list(made.rounds[tour].visits)
    visits[at] = replace(visits[at], **change)
    return change_round(made, tour, visits=tuple(visits))


def change_round(made: Plan, tour: int, **change: object) -> Plan:
    rounds = list(made.rounds)
    rounds[tour] = replace(rounds[tour], **change)
    return replace(made, rounds=tuple(rounds))


def change_stop(problem: RoundsProblem, name: str, **change: object) -> RoundsProblem:
    return replace(problem, stops=tuple(replace(s, **change) if s.id == name else s for s in problem.stops))


def change_site(problem: RoundsProblem, **change: object) -> RoundsProblem:
    return replace(problem, tip_sites=tuple(replace(s, **change) for s in problem.tip_sites))


def change_vehicle(problem: RoundsProblem, name: str, **change: object) -> RoundsProblem:
    return replace(problem, vehicles=tuple(replace(v, **change) if v.id == name else v for v in problem.vehicles))


def later(tour: Round, start: int, seconds: float) -> Round:
    """Return a round whose visits from ``start`` on, and its end, come so much later."""
    visits = tuple(moved(v, seconds) if n >= start else v for n, v in enumerate(tour.visits))
    return replace(tour, visits=visits, end_s=tour.end_s + seconds)


def moved(visit: Visit, seconds: float) -> Visit:
    return replace(
        visit,
        arrive_s=visit.arrive_s + seconds,
        start_s=visit.start_s + seconds,
        end_s=visit.end_s + seconds,
    )
