"""How engines that search on a simpler model end: exact times, repair, and improvement on the true rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from optimiser.result import Budget, OnProgress, Progress
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, fresh, standing
from optimiser.rounds.finish import polish, settle, take_on
from optimiser.rounds.improve import improve
from optimiser.rounds.level import level
from optimiser.rounds.plan import Plan

FINISH_SHARE = 0.1  # of the seconds, kept for exact timing and repair
IMPROVE_SHARE = 0.3  # of the seconds, kept for these and improvement if the model does not see all the rules
MOST_SHARE = 0.4
FINISH_S_PER_STOP = 0.002
POLISH_SHARE = 0.1  # of what is kept
FEW_ITERATIONS, MOST_ITERATIONS = 10, 50  # of improvement after an exact model and another, if the budget counts them


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What the end of a solve needs to know about its beginning; ``exact``: its model saw all the rules."""

    name: str
    budget: Budget
    deadline: Deadline
    seed: int
    initial: Plan | None
    on_progress: OnProgress[Plan]
    exact: bool


def kept_s(budget: Budget, stops: int, *, exact: bool) -> float:
    """Return the seconds to keep for the end; more if the model is not ``exact``, which leaves rules to it."""
    if budget.seconds is None:
        return 0.0
    wanted = max((FINISH_SHARE if exact else IMPROVE_SHARE) * budget.seconds, FINISH_S_PER_STOP * stops)
    return min(wanted, MOST_SHARE * budget.seconds)


def end(draft: Draft, orders: Sequence[tuple[str, Sequence[str]]], ending: Ending) -> tuple[Plan, int]:
    """Return the plan that keeps these orders as far as the rules let it, made better while there is time.

    It goes on from the initial plan if that stands better. Returned too is how many stops did not fit where the model
    had put them.
    """
    deadline = ending.deadline
    given_up = settle(draft, orders, deadline=deadline)
    if ending.initial is not None:
        other = fresh(draft)
        take_on(other, ending.initial)
        if standing(other) < standing(draft):
            draft = other
    spare = POLISH_SHARE * max(deadline.left_s, 0.0) if deadline.seconds is not None else 0.0
    most = ending.budget.iterations
    improve(
        draft,
        deadline=deadline.sooner(spare),
        iterations=None if most is None else min(most, FEW_ITERATIONS if ending.exact else MOST_ITERATIONS),
        rng=Random(ending.seed),
        on_better=lambda better: ending.on_progress(
            Progress(stage=ending.name, runtime_s=deadline.spent_s, plan=better.plan())
        ),
    )
    polish(draft, deadline)
    level(draft, deadline)
    return draft.plan(), given_up
