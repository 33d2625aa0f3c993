"""The whole search: a greedy start, then annealing whose temperature falls with the share of the budget spent.

Temperatures are in mean legs between neighbours. With a budget in iterations nothing looks at a clock: the same seed
gives the same plan, on however many cores. Large plans are searched in parts: see ``epochs.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from optimiser.rounds.deadline import Deadline
from optimiser.rounds.strings.anneal import anneal
from optimiser.rounds.strings.epochs import FILL, Epochs
from optimiser.rounds.strings.heat import Heat
from optimiser.rounds.strings.layout import ABSENT, BEST, I64, STOPS, Work
from optimiser.rounds.strings.news import News
from optimiser.rounds.strings.scene import Stage
from optimiser.rounds.strings.views import table

NEIGHBOURS = 40  # looked at for each stop
HOT, COLD = 4.0, 0.05  # first and last temperature, in mean legs
HOT_TIMED, COLD_TIMED = 1.5, 0.03  # with windows or limits of time few changes are possible, and heat undoes the order
HOT_TIPS, COLD_TIPS = 8.0, 0.08  # where a trip more or less is at stake, moves cost more
SLICE_S = 0.02
FIRST_SLICE, MOST_SLICE = 50, 50_000
SLICE = 500  # iterations at a time, if they are counted
PART, LEAST_PART, IN_PARTS_FROM = 1_500, 500, 2_000  # stops: of a part about, at least, and of a plan in parts
CLOCKED_PART, LEAST_CLOCKED_PART, CLOCKED_FROM = 250, 100, 400  # the same with a clock and no tips: tables are larger
TOGETHER = 2  # parts are as many as a multiple of this, so that cores end together
LEAST_ROUNDS = 2  # with work in a part, on average


@dataclass(slots=True, kw_only=True)
class Search:
    """A search under way.

    Parameters
    ----------
    on_better
        Called now and then when there is a better plan.
    seed
        Of the parts; the whole plan has its random numbers in ``work``.
    threads
        How many parts may be searched at once. With ``most`` the plan does not depend on it.
    """

    stage: Stage
    work: Work
    deadline: Deadline
    most: int | None
    on_better: Callable[[], None]
    seed: int = 1
    threads: int = 1
    iterations: int = 0

    @property
    def heat(self) -> Heat:
        """How the temperature falls."""
        scene, hot, cold = self.stage.scene, HOT, COLD
        if scene.tipped:
            hot, cold = HOT_TIPS, COLD_TIPS
        elif scene.timed:
            hot, cold = HOT_TIMED, COLD_TIMED
        return Heat(hot=hot * self.stage.leg, cold=cold * self.stage.leg)

    def run(self) -> None:
        """Search until the budget is spent; the best plan is then in ``work``."""
        scene, work = table(self.stage.scene), table(self.work)
        neighbours = min(NEIGHBOURS, self.stage.scene.near.shape[1])
        if self.work.purse[ABSENT] and not self.stage.wide:
            anneal(scene, work, FILL, 1.0, 1.0, neighbours)
            self.on_better()
        news = News(tell=self.on_better, deadline=self.deadline, told=int(self.work.purse[BEST]))
        if (count := self.parts) > 1 or self.stage.wide:
            epochs = Epochs(
                stage=self.stage, work=self.work, deadline=self.deadline, most=self.most, count=count,
                threads=self.threads, seed=self.seed, heat=self.heat, neighbours=neighbours, news=news,
            )  # fmt: skip
            epochs.run()
            self.iterations += epochs.iterations
        elif self.most is not None:
            self._counted(scene, work, neighbours, self.most)
        else:
            self._timed(scene, work, neighbours, news)

    @property
    def parts(self) -> int:
        """Into how many parts the plan is divided; with ``most`` it depends on nothing but the plan."""
        n, busy = self.stage.scene.n, int((self.work.tour[:, STOPS] > 0).sum()) or len(self.stage.vehicles)
        size, least, limit = PART, LEAST_PART, IN_PARTS_FROM
        if self.stage.scene.timed and not self.stage.scene.tipped:
            size, least, limit = CLOCKED_PART, LEAST_CLOCKED_PART, CLOCKED_FROM
        if n < limit:
            return 1
        step = TOGETHER if self.most is not None else max(TOGETHER, self.threads)
        wanted = step * -(-n // (step * size))
        return max(1, min(wanted, n // least, busy // LEAST_ROUNDS))

    def _counted(self, scene: I64, work: I64, neighbours: int, most: int) -> None:
        heat = self.heat
        cooling = heat.at(1.0 / max(1, most)) / heat.hot
        while self.iterations < most and not self.deadline.passed:
            count = min(SLICE, most - self.iterations)
            before = self.work.purse[BEST]
            anneal(scene, work, count, heat.hot * cooling**self.iterations, cooling, neighbours)
            self.iterations += count
            if self.work.purse[BEST] < before and self.iterations % (20 * SLICE) == 0:
                self.on_better()

    def _timed(self, scene: I64, work: I64, neighbours: int, news: News) -> None:
        total, heat, size = max(self.deadline.left_s, 1e-3), self.heat, FIRST_SLICE
        while (left := self.deadline.left_s) > 0:
            began = time.monotonic()
            anneal(scene, work, size, heat.at(1.0 - left / total), 1.0, neighbours)
            took_s = max(time.monotonic() - began, 1e-6)
            self.iterations += size
            wanted = size * min(2.0, max(0.5, SLICE_S / took_s))
            size = int(min(MOST_SLICE, max(1.0, wanted)))
            news.of(int(self.work.purse[BEST]))
