"""What comes back from any solve: status, bound, gap, and how it was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

PlanT = TypeVar("PlanT")
PriceT = TypeVar("PriceT")


class Status(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"  # proven: cost equals a valid bound
    FEASIBLE = "feasible"  # all that is required is done and every rule holds
    PARTIAL = "partial"  # every rule holds, but required work is left out, each with its reason
    INFEASIBLE = "infeasible"  # proven: some required work cannot be done by anyone; the rest is planned
    BROKEN = "broken"  # given by hand, not searched for: it breaks rules, which are named
    NO_PLAN = "no-plan"  # the budget ended before the first plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long an engine may work. Reproducible means iterations, not seconds.

    Parameters
    ----------
    seconds
        Wall-clock limit that includes set-up; ``None`` for none.
    iterations
        Limit in the engine's own iterations; ``None`` for none.
    threads
        How many threads may compute at once, in engines that can use several. With iterations alone the plan does not
        depend on it.
    """

    seconds: float | None = None
    iterations: int | None = None
    threads: int = 1

    def __post_init__(self) -> None:
        if self.seconds is None and self.iterations is None:
            raise ValueError("a budget needs seconds, iterations or both")
        if (self.seconds is not None and self.seconds <= 0) or (self.iterations is not None and self.iterations < 0):
            raise ValueError("a budget cannot be negative")
        if self.threads < 1:
            raise ValueError("a budget needs at least one thread")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Generic[PlanT]):
    """One line of news from a running solve.

    ``plan`` is a complete incumbent that passed the checker, or ``None`` when only the clock moved.
    """

    stage: str
    runtime_s: float
    cost: float | None = None
    bound: float | None = None
    plan: PlanT | None = None


OnProgress = Callable[[Progress[PlanT]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A proven lower limit on the cost of any plan (for maximised aims: an upper limit), and how it was proven."""

    value: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Generic[PlanT, PriceT]):
    """A plan with its price and its pedigree.

    Parameters
    ----------
    status
        See :class:`Status`.
    plan, price
        ``None`` only when ``status`` is ``NO_PLAN``. The price is recomputed from first principles.
    bound
        ``None`` means "no bound": nothing is claimed about how far the plan is from the best.
    gap
        ``|cost - bound| / max(|cost|, 1e-9)``, or ``None`` without a bound.
    seed, engine, engine_version, iterations, runtime_s
        How to make it again.
    notes
        Sentences for the planner, for example which relaxation was used.
    """

    status: Status
    plan: PlanT | None
    price: PriceT | None
    bound: Bound | None = None
    gap: float | None = None
    seed: int
    engine: str
    engine_version: str
    iterations: int | None = None
    runtime_s: float
    notes: tuple[str, ...] = ()
