"""What every engine gives back, and what it is asked with: positions and minimised or maximised figures of the aim."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

from optimiser.hubs.siting.problem import Floats, Ints

News = Callable[[str, float, float], None]  # stage, value of the best plan, bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """How an engine may work: until when, in how many of its own steps, from which plan."""

    deadline: float | None = None  # on the clock of ``time.monotonic``
    steps: int | None = None
    seed: int = 1
    start: NDArray[np.bool_] | None = None
    news: News = field(default=lambda _stage, _value, _bound: None)

    def late(self) -> bool:
        """Return whether time is up."""
        return self.deadline is not None and time.monotonic() >= self.deadline

    @property
    def left_s(self) -> float:
        """Seconds left, a little at least."""
        return inf if self.deadline is None else max(self.deadline - time.monotonic(), 0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A plan in positions, and a bound in the aim's own figure.

    Parameters
    ----------
    size
        Of each candidate the size it opens in, -1 where it stays closed; ``None`` without a plan.
    row, column, share
        Who goes where; ``None``: everybody to the best open site.
    bound
        No plan is better, in the figure of the aim; infinite (or minus infinity) where nothing is known.
    proven
        Nothing better than the plan is left; without a plan: there is none.
    prices
        Of each demand, where the engine has them.
    """

    size: Ints | None
    row: Ints | None = None
    column: Ints | None = None
    share: Floats | None = None
    bound: float = -inf
    method: str = ""
    proven: bool = False
    steps: int = 0
    prices: Floats | None = None
    engine: str = ""
    version: str = ""
