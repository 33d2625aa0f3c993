"""A published instance as we pose it: one problem or several, and what a plan costs in the set's own convention."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One problem of an instance: all of it, or a day of a period.

    Parameters
    ----------
    name
        Which part: empty, or the day.
    cost
        Plan -> its cost in the set's convention, from the numbers of the file and not from our price.
    unit, offset
        ``cost = unit * (price.net - per_round * rounds) + offset`` for a plan that leaves nothing out, up to the
        rounding of the travel.
    per_round
        What makes fewer vehicles come first, in the price alone.
    """

    problem: RoundsProblem
    cost: Callable[[Plan], float]
    name: str = ""
    unit: float = 1.0
    offset: float = 0.0
    per_round: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A published instance.

    Parameters
    ----------
    format, objective
        Names of the reader and of the aim.
    digits
        Of the cost, as the set gives it; ``None`` keeps all.
    notes
        What a reader had to decide.
    """

    name: str
    format: str
    objective: str
    parts: tuple[Part, ...]
    digits: int | None = 0
    notes: tuple[str, ...] = ()

    def rounded(self, cost: float) -> float:
        """Return a cost with the digits that the set gives."""
        return cost if self.digits is None else round(cost, self.digits)
