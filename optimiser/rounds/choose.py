"""Which engines plan a problem when nobody says which: one after the other, each from the best plan so far.

The first engine of ``AUTO`` that can take the problem searches. Small problems are given to two: the first one's moves
are on a model that leaves some rules out, the other one sees them all but is slower, and for a few dozen stops there is
time for both. With a budget in iterations there is one engine only: iterations of two engines cannot be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

from optimiser.result import Budget
from optimiser.rounds.engines.registry import AUTO, ENGINES
from optimiser.rounds.problem import RoundsProblem

SMALL = 60  # stops up to which a second engine goes on from the first one's plan
SECOND = "ruin"
FIRST_SHARE = 0.5  # of the seconds that are left after the first plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An engine and its share of the seconds that are left."""

    engine: str
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Engines in their order, and why, in sentences for the planner."""

    stages: tuple[Stage, ...]
    notes: tuple[str, ...] = ()


def choose(problem: RoundsProblem, budget: Budget) -> Chosen:
    """Return which engines are to plan a problem."""
    against = {name: ENGINES[name].supports(problem) for name in AUTO}
    first = next(name for name in AUTO if not against[name])
    notes = tuple(f"{name} was not used: {'; '.join(against[name])}." for name in AUTO[: AUTO.index(first)])
    small = len(problem.stops) <= SMALL and budget.seconds is not None and budget.iterations is None
    if not small or first in {SECOND, "nearest"} or SECOND not in AUTO or against[SECOND]:
        return Chosen(stages=(Stage(engine=first),), notes=notes)
    more = f"{first} searched first, {SECOND} went on from the best plan: small problems are given to both."
    return Chosen(stages=(Stage(engine=first, share=FIRST_SHARE), Stage(engine=SECOND)), notes=(*notes, more))
