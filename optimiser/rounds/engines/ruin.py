"""Ruin and recreate on exact timings: the engine that takes every rule.

It relaxes nothing: each change is timed exactly and keeps every rule before it counts (see ``improve.py``). It starts
from the initial plan, or from a greedy one, and is slower than engines that search on a simpler model: its strength is
problems with rules that those cannot state, and what is left of their budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version as installed
from random import Random

from optimiser.result import Budget, OnProgress, Progress
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, new_draft
from optimiser.rounds.engines import EngineAnswer
from optimiser.rounds.finish import polish, prune, take_on
from optimiser.rounds.improve import improve
from optimiser.rounds.level import level
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.repair import insert
from optimiser.rounds.weighed import weighed

NAME = "ruin"
FINISH_SHARE = 0.05  # of the seconds, kept for the exact timing of the best plan
NEWS_EVERY_S = 0.5


def version() -> str:
    """Return the version of this project."""
    return installed("mzunguko")


def supports(problem: RoundsProblem) -> tuple[str, ...]:
    """Return no reasons, unless there is nothing to plan."""
    return () if problem.vehicles and problem.stops else ("there is nothing to plan",)


def solve(
    problem: RoundsProblem,
    *,
    budget: Budget,
    seed: int,
    initial: Plan | None,
    on_progress: OnProgress[Plan],
) -> EngineAnswer:
    """Return the best plan that was found; ``iterations`` counts how often a draft was ruined and recreated."""
    deadline = Deadline(seconds=budget.seconds)
    finish = 0.0 if budget.seconds is None else FINISH_SHARE * budget.seconds
    search_end = deadline.sooner(finish)
    draft = new_draft(weighed(problem))
    if initial is not None:
        take_on(draft, initial)
    insert(draft, draft.left(), deadline=search_end)
    prune(draft, search_end)
    news = _News(deadline=deadline, on_progress=on_progress, often=budget.seconds is None)
    made = improve(draft, deadline=search_end, iterations=budget.iterations, rng=Random(seed), on_better=news.tell)
    polish(draft, deadline)
    level(draft, deadline)
    return EngineAnswer(plan=draft.plan(), iterations=made)


@dataclass(slots=True, kw_only=True)
class _News:
    """Tells of better drafts, now and then when the budget is in seconds."""

    deadline: Deadline
    on_progress: OnProgress[Plan]
    often: bool
    next_s: float = 0.0

    def tell(self, draft: Draft) -> None:
        """Tell of a draft, unless there was news just now."""
        now = self.deadline.spent_s
        if self.often or now >= self.next_s:
            self.on_progress(Progress(stage=NAME, runtime_s=now, plan=draft.plan()))
            self.next_s = now + NEWS_EVERY_S
