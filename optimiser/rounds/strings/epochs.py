"""The search in parts: each epoch divides the plan anew into neighbouring rounds, which are searched side by side.

What comes of an epoch is what all parts come to; the best plan is put together of the best plan of each part, for the
parts have nothing to do with each other. With a budget in iterations nothing depends on the clock or on how many parts
are searched at once: each part has random numbers and a number of iterations of its own.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from optimiser.rounds.deadline import Deadline
from optimiser.rounds.strings.anneal import anneal
from optimiser.rounds.strings.desk import Laid, clear, lay, rings
from optimiser.rounds.strings.heat import Heat
from optimiser.rounds.strings.layout import BEST, NEXT, Work
from optimiser.rounds.strings.neighbourhoods import divided, positions
from optimiser.rounds.strings.news import News
from optimiser.rounds.strings.parts import Part, Share, first_shares, part, shares_of, together
from optimiser.rounds.strings.scene import Stage
from optimiser.rounds.strings.views import table

EPOCHS = 60
LEAST_S_PER_STOP = 1e-4  # of an epoch: dividing and putting together is then a small part of it
LEAST_WIDE_S_PER_STOP = 1e-3  # where each part has its legs worked out anew
LEAST_S = 0.25
FILL = -1  # iterations: stops that are left out are put in
ITERATIONS_PER_STOP = 4  # of an epoch, at least
SLICE_S = 0.02
FIRST_SLICE, MOST_SLICE = 100, 50_000
SLICE = 2_000
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0  # of a turn, from one epoch to the next: no cut comes again soon


class Found(NamedTuple):
    """What a part has come to: its plan, its best plan and what that costs, and its iterations."""

    share: Share
    now: Laid
    best: Laid
    cost: int
    iterations: int


@dataclass(slots=True, kw_only=True)
class Epochs:
    """A search in parts under way.

    Parameters
    ----------
    work
        The whole plan; the best one is in it while news is told and at the end.
    count
        Of parts.
    threads
        How many parts are searched at once.
    """

    stage: Stage
    work: Work
    deadline: Deadline
    most: int | None
    count: int
    threads: int
    seed: int
    heat: Heat
    neighbours: int
    news: News
    iterations: int = 0

    def run(self) -> None:
        """Search until the budget is spent."""
        where = positions(self.stage)
        now = rings(self.stage, self.work.link[:, NEXT], self.work.site)
        best, cost = rings(self.stage, self.work.best_next, self.work.best_site), int(self.work.purse[BEST])
        total_s, epochs = self.deadline.left_s, self._epochs()
        with ThreadPoolExecutor(max_workers=self.threads) as pool:
            if self.stage.wide and not len(now.visits):
                found = list(pool.map(partial(self._filled, now), first_shares(self.stage, where, self.count)))
                now = best = together(self.stage, [(one.share, one.now) for one in found])
                cost = sum(one.cost for one in found)
                self.news.of(cost, partial(self._show, best, cost))
            for epoch in range(epochs):
                if self.deadline.passed:
                    break
                angle = 2.0 * math.pi * math.modf(GOLDEN * (epoch + self.seed))[0]
                part_of = divided(now, where, self.count, angle=angle, halves=epoch % 2 == 1)
                shares = shares_of(self.stage, now, part_of, epoch)
                if self.most is None:
                    found = self._timed(pool, now, shares, epoch, self.deadline.left_s / (epochs - epoch), total_s)
                else:
                    found = self._counted(pool, now, shares, epoch, epochs)
                self.iterations += sum(one.iterations for one in found)
                now = together(self.stage, [(one.share, one.now) for one in found])
                if (least := sum(one.cost for one in found)) < cost:
                    best, cost = together(self.stage, [(one.share, one.best) for one in found]), least
                    self.news.of(cost, partial(self._show, best, cost))
        self._show(best, cost)

    def _filled(self, now: Laid, share: Share) -> Found:
        """Put stops into the rounds of a part, as a start."""
        own = self._part(now, share, 0, int(share.stops[0]))
        anneal(table(own.stage.scene), table(own.work), FILL, 1.0, 1.0, self.neighbours)
        return _found(own, 0)

    def _epochs(self) -> int:
        if self.most is not None:
            return max(1, min(EPOCHS, self.most // (ITERATIONS_PER_STOP * self.stage.scene.n)))
        per_stop = LEAST_WIDE_S_PER_STOP if self.stage.wide else LEAST_S_PER_STOP
        least = max(LEAST_S, per_stop * self.stage.scene.n)
        return max(1, min(EPOCHS, int(self.deadline.left_s / least)))

    def _show(self, best: Laid, cost: int) -> None:
        clear(self.stage, self.work)
        lay(self.stage, self.work, best)
        self.work.purse[BEST] = cost

    def _part(self, now: Laid, share: Share, epoch: int, at: int) -> Part:
        seed = np.random.SeedSequence((self.seed, epoch, at)).generate_state(1, np.uint64)
        return part(self.stage, now, share, int(seed[0]))

    def _counted(
        self, pool: ThreadPoolExecutor, now: Laid, shares: Sequence[Share], epoch: int, epochs: int
    ) -> list[Found]:
        """Give each part its iterations of an epoch, by its number of stops."""
        most, n = self.most or 0, self.stage.scene.n
        first, last = (most * x // epochs for x in (epoch, epoch + 1))
        hot, cold = (self.heat.at(x / max(1, most)) for x in (first, last))
        given = np.diff([(last - first) * x // n for x in np.cumsum([0, *(len(one.stops) for one in shares)]).tolist()])

        def search(at: int) -> Found:
            own, count = self._part(now, shares[at], epoch, at), int(given[at])
            return self._for(own, count, hot, (cold / hot) ** (1.0 / max(1, count)))

        return list(pool.map(search, range(len(shares))))

    def _for(self, own: Part, count: int, hot: float, cooling: float) -> Found:
        """Search a part for so many iterations."""
        scene, work, done = table(own.stage.scene), table(own.work), 0
        while done < count and not self.deadline.passed:
            size = min(SLICE, count - done)
            anneal(scene, work, size, hot * cooling**done, cooling, self.neighbours)
            done += size
        return _found(own, done)

    def _timed(
        self, pool: ThreadPoolExecutor, now: Laid, shares: Sequence[Share], epoch: int, span_s: float, total_s: float
    ) -> list[Found]:
        """Give each thread some parts, and each of these its time of an epoch, by its number of stops."""
        began = time.monotonic()

        def search(mine: Sequence[int]) -> list[Found]:
            ends = np.cumsum([len(shares[at].stops) for at in mine])
            untils = began + span_s * ends / max(1, ends[-1])
            parts = zip(mine, untils.tolist(), strict=True)
            return [self._until(self._part(now, shares[at], epoch, at), until, total_s) for at, until in parts]

        groups = _even([len(one.stops) for one in shares], self.threads)
        return [one for found in pool.map(search, groups) for one in found]

    def _until(self, own: Part, until_s: float, total_s: float) -> Found:
        """Search a part until a moment of the clock."""
        scene, work, done, size = table(own.stage.scene), table(own.work), 0, FIRST_SLICE
        while (began := time.monotonic()) < until_s:
            anneal(scene, work, size, self.heat.at(1.0 - self.deadline.left_s / total_s), 1.0, self.neighbours)
            done += size
            took_s = max(time.monotonic() - began, 1e-6)
            left_s = max(until_s - began - took_s, 0.0)
            wanted = size * min(4.0, max(0.25, min(SLICE_S, left_s) / took_s))
            size = int(min(MOST_SLICE, max(1.0, wanted)))
        return _found(own, done)


def _found(own: Part, iterations: int) -> Found:
    work = own.work
    return Found(
        share=own.share,
        now=rings(own.stage, work.link[:, NEXT], work.site),
        best=rings(own.stage, work.best_next, work.best_site),
        cost=int(work.purse[BEST]),
        iterations=iterations,
    )


def _even(sizes: Sequence[int], count: int) -> list[list[int]]:
    """Return the positions of sizes in so many groups with about equal sums; empty ones are left out."""
    groups: list[list[int]] = [[] for _ in range(count)]
    sums = [0] * count
    for at in sorted(range(len(sizes)), key=lambda x: -sizes[x]):
        least = sums.index(min(sums))
        groups[least].append(at)
        sums[least] += sizes[at]
    return [group for group in groups if group]
