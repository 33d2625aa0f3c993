"""The bound of a search while it climbs, and what it excludes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from optimiser.hubs.flows import relax
from optimiser.hubs.flows.form import Form
from optimiser.hubs.flows.scene import Flags
from optimiser.hubs.flows.transport import Floats, Positions


@dataclass(slots=True, kw_only=True)
class Bounds:
    """The bound so far, the prices that make it, and the sizes that it does not exclude."""

    relaxed: relax.Relaxation
    form: Form
    price: Floats
    value: float = -np.inf
    dual: relax.Dual | None = None
    mean: Floats = field(init=False)
    open_sizes: Flags = field(init=False)
    may_close: Flags = field(init=False)

    def __post_init__(self) -> None:
        self.open_sizes = self.form.upper[self.form.block("sizes")] > 0
        self.may_close = ~self.relaxed.must
        self.mean = np.zeros(self.form.at["end"])

    def climb(self, target: float, over: Callable[[], bool], steps: int | None) -> None:
        """Raise the bound towards the cost of a plan."""
        climbed = relax.climb(
            self.relaxed,
            self.price,
            self.open_sizes,
            self.may_close,
            target=target,
            over=lambda made: over() or (steps is not None and made >= steps),
        )
        self.price, self.dual, self.mean = climbed.price, climbed.dual, climbed.mean
        self.value = max(self.value, climbed.dual.value)

    def exclude(self, upper: float) -> None:
        """Exclude what no plan that is better than ``upper`` can have."""
        dual = self.dual
        if dual is None:
            return
        for h, (first, last) in enumerate(_pairs(self.relaxed.size_first)):
            worth = np.where(self.open_sizes[first:last], dual.worth[first:last], np.inf)
            closed = 0.0 if self.may_close[h] else np.inf
            best = min(closed, float(worth.min(initial=np.inf)))
            self.open_sizes[first:last] &= dual.value + worth - best < upper
            self.may_close[h] &= bool(dual.value + closed - best < upper)


def _pairs(first: Positions) -> Iterator[tuple[int, int]]:
    return zip(first[:-1].tolist(), first[1:].tolist(), strict=True)
