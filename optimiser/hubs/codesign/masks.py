"""Search over sets of open sites, ranked by an estimate of what their rounds cost.

The estimate of a set ``Y`` is ``sum of opening costs over Y + ratio x rounds(Y)``, where ``rounds(Y)`` is what a short
run of the quick search comes to with the sites of ``Y``, capacities kept, and ``ratio`` is the median of real cost /
quick cost over the sets that have been judged so far. Neighbours of a set: one site more, one less, one for another.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import median

from optimiser.hubs.codesign.pose import mask_of, opened, tips_of
from optimiser.hubs.codesign.problem import CodesignProblem, within_limits
from optimiser.hubs.codesign.rough.cooling import cool
from optimiser.hubs.codesign.rough.layout import Tours, nothing
from optimiser.hubs.codesign.rough.scene import Ground

STEPS_PER_STOP = 15
LEAST_STEPS = 300


@dataclass(slots=True, kw_only=True)
class Estimates:
    """Estimates made so far, and what was learned from sets that were judged; it is never a price."""

    problem: CodesignProblem
    known: Ground
    seed: int
    rough: dict[int, float] = field(default_factory=dict)
    tours: dict[int, Tours] = field(default_factory=dict)
    seen: list[float] = field(default_factory=list)

    @property
    def must(self) -> int:
        """Sites that have to be open."""
        return sum(1 << j for j, site in enumerate(self.problem.sites) if site.mandatory)

    @property
    def ratio(self) -> float:
        """What a unit of quick cost has turned out to be."""
        return median(self.seen) if self.seen else 1.0

    def opening(self, mask: int) -> float:
        """Return what the sites of a mask cost to open."""
        return sum(site.opening_cost for j, site in enumerate(self.problem.sites) if mask >> j & 1)

    def of(self, mask: int) -> float:
        """Return the estimate of a mask."""
        if mask not in self.rough:
            land = self.known.masked(mask)
            steps = max(LEAST_STEPS, STEPS_PER_STOP * len(land.miss))
            best, _ = cool(land, nothing(land, self.known.rounds), seed=self.seed, steps=steps)
            self.keep(mask, best)
        return self.opening(mask) + self.ratio * self.rough[mask]

    def keep(self, mask: int, tours: Tours) -> None:
        """Remember rounds of a mask, priced without its opening costs, if they are the best so far."""
        if mask not in self.rough or tours.purse[0] < self.rough[mask]:
            self.rough[mask], self.tours[mask] = float(tours.purse[0]), tours

    def learn(self, mask: int, judged: float) -> None:
        """Learn from the real cost of the rounds of a mask."""
        if self.rough.get(mask, 0.0) > 0 and judged > 0:
            self.seen.append(judged / self.rough[mask])

    def ranked(self) -> list[int]:
        """Return all masks estimated so far, the most promising first."""
        return sorted(self.rough, key=lambda mask: (self.of(mask), mask))

    def fits(self, mask: int) -> bool:
        """Return whether the sites of a mask may be open together."""
        return within_limits(self.problem, opened(self.problem, mask))

    def adopt(self, tours: Tours) -> int:
        """Take in rounds that paid for opening their sites; return their mask, or one within the limits."""
        used = mask_of(self.known, tours)
        mask = used | tips_of(self.known, tours) | self.must
        tours.purse[0] -= self.opening(used)
        if self.fits(mask):
            self.keep(mask, tours)
            return mask
        return self.fitted(mask)

    def fitted(self, mask: int) -> int:
        """Return a mask within the limits: one site after the other is left out, each time the one missed least."""
        while not self.fits(mask):
            less = [mask ^ (1 << j) for j in range(len(self.problem.sites)) if (mask & ~self.must) >> j & 1]
            mask = min(less, key=lambda one: (self.of(one), one))
        return mask


def neighbours(mask: int, sites: int, must: int) -> Iterator[int]:
    """Yield masks with one site more, one less, one for another."""
    inside = [j for j in range(sites) if mask >> j & 1 and not must >> j & 1]
    outside = [j for j in range(sites) if not mask >> j & 1]
    yield from (mask ^ (1 << j) for j in inside)
    yield from (mask | 1 << j for j in outside)
    yield from ((mask ^ (1 << i)) | 1 << j for i in inside for j in outside)


def descend(estimates: Estimates, start: int, *, late: Callable[[], bool], draw: random.Random) -> int:
    """Return the mask at which no neighbour is estimated cheaper, or where time was up."""
    best, cost = start, estimates.of(start)
    sites, better = len(estimates.problem.sites), True
    while better and not late():
        better = False
        around = list(neighbours(best, sites, estimates.must))
        draw.shuffle(around)
        for mask in around:
            if late():
                break
            if mask and estimates.fits(mask) and estimates.of(mask) < cost:
                best, cost, better = mask, estimates.of(mask), True
                break
    return best
