"""Which engines plan a problem when nobody says which: one after the other, each from the best plan so far.

The first engine of ``AUTO`` (of ``AUTO_LARGE`` for more than ``SMALL`` stops) that can take the problem searches.
Small problems are given to several: the first one finds most, but its moves are on a model that leaves some rules out;
the others see more of them, and for a few dozen stops there is time for all. With a budget in iterations there is one
engine only: iterations of two engines cannot be compared.

Measured on problems of 24 stops: with windows and breaks nobody found anything better than 1,000 iterations of PyVRP.
With shipments ``ruin`` gained 1.3 % on PyVRP's plan in two of five cases, and from the greedy plan it was once 6.8 %
better, once equal and once 3 % worse; in five seconds it did better first than last, so it goes first there.
"""

from __future__ import annotations

from dataclasses import dataclass

from optimiser.result import Budget
from optimiser.rounds.engines.registry import AUTO, AUTO_LARGE, ENGINES
from optimiser.rounds.problem import RoundsProblem

SMALL = 60  # stops up to which other engines go on from the first one's plan
SHARES = (0.6, 0.5, 1.0)  # of the seconds that are left, for each engine in its turn
EXACT = "ruin"
MANY_SPLIT = 15  # stops with several windows that OR-Tools still gets through in time
HURRY_S = 1.0  # below, there are two engines at most


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
    names = AUTO_LARGE if len(problem.stops) > SMALL else AUTO
    against = {name: ENGINES[name].supports(problem) for name in names}
    first = next(name for name in names if not against[name])
    notes = tuple(f"{name} was not used: {'; '.join(against[name])}." for name in names[: names.index(first)])
    able = [name for name in names if not against[name] and name != "nearest"]
    if problem.shipments and EXACT in able:
        able = [EXACT, *(name for name in able if name != EXACT)]
    if "ortools" in able and first != "ortools" and _ends_late(problem):
        able.remove("ortools")
        notes = (*notes, "ortools was not used: where many stops have several windows it does not end in time.")
    seconds = None if budget.iterations is not None else budget.seconds
    if len(problem.stops) > SMALL or seconds is None or len(able) < 2:
        return Chosen(stages=(Stage(engine=first),), notes=notes)
    if seconds < HURRY_S and len(able) > 1:
        able = [able[0], EXACT if able[0] != EXACT and EXACT in able else able[1]]
    shares = (*SHARES[: len(able) - 1], 1.0)
    stages = tuple(Stage(engine=name, share=share) for name, share in zip(able, shares, strict=False))
    more = f"{' then '.join(able)} searched, each from the best plan so far: small problems are given to all."
    return Chosen(stages=stages, notes=(*notes, more))


def _ends_late(problem: RoundsProblem) -> bool:
    """Return whether OR-Tools would overrun: with several windows each, 50 stops took it 13 s of a budget of 3 s."""
    return sum(len(stop.windows) > 1 for stop in problem.stops) > MANY_SPLIT
