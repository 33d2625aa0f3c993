"""Engines for the rounds problem: one module each, all under one contract.

An engine is a module with ``NAME``, ``version()``, ``supports(problem)`` and ``solve(...)``; ``registry.py`` names them
all, and mypy refuses a module whose signatures differ. Whatever an engine claims, ``optimiser.rounds.solve`` lets
``check`` and ``price`` speak before anybody sees it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from optimiser.result import Bound, Budget, OnProgress
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineAnswer:
    """What an engine found: a plan that lists every stop it does not serve, and how much work it took.

    ``bound`` only if it is valid for the problem as posed. ``notes`` are sentences for the planner.
    """

    plan: Plan
    iterations: int
    bound: Bound | None = None
    notes: tuple[str, ...] = ()


class Engine(Protocol):
    """What a module must offer to be an engine."""

    NAME: str

    def version(self) -> str:
        """Return the version of the library behind the engine, or of this project."""
        ...

    def supports(self, problem: RoundsProblem, /) -> tuple[str, ...]:
        """Return the reasons why the engine cannot take the problem; empty if it can."""
        ...

    def solve(
        self,
        problem: RoundsProblem,
        /,
        *,
        budget: Budget,
        seed: int,
        initial: Plan | None,
        on_progress: OnProgress[Plan],
    ) -> EngineAnswer:
        """Return the best plan within the budget; the same seed and iterations give the same plan.

        ``initial`` is a plan to start from, which may be used or not. Complete incumbents may be announced through
        ``on_progress``. The problem is left as it is.
        """
        ...
