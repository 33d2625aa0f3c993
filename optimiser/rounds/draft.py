"""A plan in the making: rounds that always pass the checker, changed one round at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from optimiser.rounds.ground import Ground, ground
from optimiser.rounds.plan import Plan, Round
from optimiser.rounds.price import round_cost
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.schedule import planned
from optimiser.rounds.tables import Tables, tables
from optimiser.rounds.timing import best_round
from optimiser.rounds.view import Book, book


@dataclass(slots=True, kw_only=True)
class Draft:
    """Rounds by vehicle with their costs; what is needed to make more is worked out once and kept."""

    known: Tables
    ids: Book
    tours: dict[str, Round] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)
    grounds: dict[int, Ground] = field(default_factory=dict)

    @property
    def problem(self) -> RoundsProblem:
        """The problem that the plan is for."""
        return self.known.problem

    def plan(self) -> Plan:
        """Return the plan as it stands, rounds in the order of the problem's vehicles."""
        return planned(self.problem, (self.tours[v.id] for v in self.problem.vehicles if v.id in self.tours))

    def left(self) -> list[str]:
        """Return the stops in no round, required ones first."""
        served = {stop for tour in self.tours.values() for stop in tour.stops}
        left = [stop for stop in self.problem.stops if stop.id not in served]
        return [s.id for s in left if s.prize is None] + [s.id for s in left if s.prize is not None]

    def ground(self, vehicle: str) -> Ground:
        """Return costs and times as the vehicle sees them."""
        k = self.known.kind_of[vehicle]
        if k not in self.grounds:
            self.grounds[k] = ground(self.known, self.known.kinds[k])
        return self.grounds[k]

    def prize(self, stop: str) -> float | None:
        """Return what an optional stop is worth, ``None`` for a required one."""
        return self.problem.stops[self.known.stop_at[stop]].prize


def new_draft(problem: RoundsProblem, rounds: Iterable[Round] = ()) -> Draft:
    """Return a draft with these rounds, which must keep the rules."""
    draft = Draft(known=tables(problem), ids=book(problem))
    for tour in rounds:
        put(draft, tour)
    return draft


def put(draft: Draft, tour: Round) -> None:
    """Take a round into the draft in place of its vehicle's."""
    draft.tours[tour.vehicle] = tour
    draft.costs[tour.vehicle] = round_cost(draft.ids, tour)


def drop(draft: Draft, vehicle: str) -> None:
    """Take a vehicle's round out."""
    draft.tours.pop(vehicle, None)
    draft.costs.pop(vehicle, None)


def timed(draft: Draft, vehicle: str, visits: Sequence[str]) -> tuple[Round, float] | None:
    """Return a good feasible round with its cost, ``None`` if none was found."""
    tour = best_round(draft.known, vehicle, visits, quick=True)
    return None if tour is None else (tour, round_cost(draft.ids, tour))
