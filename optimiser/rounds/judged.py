"""A plan with what both judges say of it, each asked once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from optimiser.rounds.check import check
from optimiser.rounds.merit import merit_at
from optimiser.rounds.plan import Plan, Price, Violation
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.view import RoundView, views


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A plan of a problem; what is asked of it is worked out when first asked."""

    problem: RoundsProblem
    plan: Plan

    @cached_property
    def price(self) -> Price:
        """What it costs."""
        return price(self.problem, self.plan, tours=self._tours)

    @cached_property
    def merit(self) -> tuple[float, ...]:
        """What it is compared by."""
        return merit_at(self.problem, self.plan, self._tours, self.price)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """Every rule that it breaks."""
        return check(self.problem, self.plan, tours=self._tours)

    @cached_property
    def _tours(self) -> tuple[RoundView, ...]:
        return views(self.problem, self.plan)
