"""The whole search: a greedy start, then annealing whose temperature falls with the share of the budget spent.

Temperatures are in mean legs between neighbours. With a budget in iterations nothing looks at a clock: the same seed
gives the same plan.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from optimiser.rounds.deadline import Deadline
from optimiser.rounds.strings.anneal import anneal
from optimiser.rounds.strings.layout import ABSENT, BEST, I64, Work
from optimiser.rounds.strings.scene import Stage
from optimiser.rounds.strings.views import table

NEIGHBOURS = 40  # looked at for each stop
HOT, COLD = 1.5, 0.03  # first and last temperature, in mean legs
HOT_TIPS, COLD_TIPS = 8.0, 0.08  # where a trip more or less is at stake, moves cost more
FILL = -1  # iterations: stops that are left out are put in
SLICE_S = 0.02
FIRST_SLICE, MOST_SLICE = 50, 50_000
SLICE = 500  # iterations at a time, if they are counted
NEWS_EVERY_S = 1.0


@dataclass(slots=True, kw_only=True)
class Search:
    """A search under way.

    Parameters
    ----------
    on_better
        Called now and then when there is a better plan.
    """

    stage: Stage
    work: Work
    deadline: Deadline
    most: int | None
    on_better: Callable[[], None]
    iterations: int = 0

    @property
    def hot(self) -> float:
        """First temperature in ticks."""
        legs = HOT_TIPS if self.stage.scene.tipped else HOT
        return legs * self.stage.leg

    @property
    def cold(self) -> float:
        """Last temperature in ticks."""
        return (COLD_TIPS if self.stage.scene.tipped else COLD) * self.stage.leg

    def run(self) -> None:
        """Search until the budget is spent; the best plan is then in ``work``."""
        scene, work = table(self.stage.scene), table(self.work)
        neighbours = min(NEIGHBOURS, self.stage.scene.near.shape[1])
        if self.work.purse[ABSENT]:
            anneal(scene, work, FILL, 1.0, 1.0, neighbours)
            self.on_better()
        if self.most is not None:
            self._counted(scene, work, neighbours)
        else:
            self._timed(scene, work, neighbours)

    def _counted(self, scene: I64, work: I64, neighbours: int) -> None:
        most = self.most or 0
        cooling = (self.cold / self.hot) ** (1.0 / max(1, most))
        while self.iterations < most and not self.deadline.passed:
            count = min(SLICE, most - self.iterations)
            before = self.work.purse[BEST]
            anneal(scene, work, count, self.hot * cooling**self.iterations, cooling, neighbours)
            self.iterations += count
            if self.work.purse[BEST] < before and self.iterations % (20 * SLICE) == 0:
                self.on_better()

    def _timed(self, scene: I64, work: I64, neighbours: int) -> None:
        total = max(self.deadline.left_s, 1e-3)
        size, told, told_s = FIRST_SLICE, int(self.work.purse[BEST]), time.monotonic()
        while (left := self.deadline.left_s) > 0:
            spent = 1.0 - left / total
            temperature = self.hot * (self.cold / self.hot) ** min(1.0, max(0.0, spent))
            began = time.monotonic()
            anneal(scene, work, size, temperature, 1.0, neighbours)
            now = time.monotonic()
            self.iterations += size
            wanted = size * min(2.0, max(0.5, SLICE_S / max(now - began, 1e-6)))
            size = int(min(MOST_SLICE, max(1.0, wanted)))
            if self.work.purse[BEST] < told and now - told_s >= NEWS_EVERY_S:
                self.on_better()
                told, told_s = int(self.work.purse[BEST]), time.monotonic()
