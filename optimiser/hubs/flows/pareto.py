"""Exact fronts of two aims, and what the next tonne diverted costs.

Epsilon-constraint (Haimes, Lasdon, Wismer 1971; lexicographic as in Mavrotas 2009, Applied Math. and Computation
213): the best of the first aim for each limit on the second, then the best of the second for that value of the first,
so no point is merely as good as another. Each point carries the gap of its solve: with gaps of 0 the front is exact at
its limits, whether or not the aims are convex.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

from optimiser.hubs.flows.plan import FlowPlan, FlowPrice
from optimiser.hubs.flows.problem import Aim, FlowProblem, Limit
from optimiser.hubs.flows.solve import FlowResult, solve
from optimiser.result import Budget

SLACK = 1e-6  # relative: how much worse the first aim may be while the second is improved
SAME = 1e-5  # relative: points nearer than this are one


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A plan of the front: the two aims, the price, and how far from the best it may be (gap of the first aim)."""

    first: float
    second: float
    plan: FlowPlan
    price: FlowPrice
    gap: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontProgress:
    """News of a front: how many of how many limits are done, and the latest point (``None`` if nothing kept it)."""

    done: int
    of: int
    point: Point | None
    runtime_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From one point of the zero-waste frontier to the next: kilograms more diverted and what each of them costs."""

    diverted_kg: float
    cost: float

    @property
    def cost_per_kg(self) -> float:
        """Return the cost of a kilogram diverted in this step."""
        return self.cost / self.diverted_kg if self.diverted_kg else inf


def front(
    problem: FlowProblem,
    first: Aim,
    second: Aim,
    *,
    points: int,
    budget: Budget,
    engine: str = "auto",
    seed: int = 1,
    on_progress: Callable[[FrontProgress], None] | None = None,
) -> tuple[Point, ...]:
    """Return plans that are best in one aim for what they are in the other, cheapest in the first aim first.

    Parameters
    ----------
    points
        How many limits on the second aim, from its value when only the first counts to its best; 2 or more.
    budget
        Of every single solve.
    on_progress
        Told of each limit that is done.
    """
    began, tell = time.monotonic(), on_progress or (lambda _: None)
    if points < 2:
        raise ValueError("a front has two points or more")

    def news(done: int, point: Point | None) -> None:
        tell(FrontProgress(done=done, of=points, point=point, runtime_s=time.monotonic() - began))

    run = _Solver(problem=problem, first=first, second=second, budget=budget, engine=engine, seed=seed)
    ends = run.best(None), run.lowest()
    news(1, ends[0])
    if ends[0] is None or ends[1] is None:
        return ()
    found, low, high = [ends[0]], ends[1].second, ends[0].second
    for k in range(1, points):
        limit = high + (low - high) * k / (points - 1)
        point = ends[1] if k == points - 1 else run.best(limit)
        news(k + 1, point)
        if point is not None:
            found.append(point)
    return tuple(_undominated(found))


def zero_waste(
    problem: FlowProblem,
    *,
    points: int,
    budget: Budget,
    engine: str = "auto",
    seed: int = 1,
    on_progress: Callable[[FrontProgress], None] | None = None,
) -> tuple[tuple[Point, ...], tuple[Step, ...]]:
    """Return the front of cost against what is landfilled, and the cost of the next tonne between its points."""
    found = front(
        problem,
        Aim.COST,
        Aim.LANDFILLED,
        points=points,
        budget=budget,
        engine=engine,
        seed=seed,
        on_progress=on_progress,
    )
    steps = tuple(
        Step(diverted_kg=here.second - there.second, cost=there.first - here.first) for here, there in pairwise(found)
    )
    return found, steps


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solver:
    problem: FlowProblem
    first: Aim
    second: Aim
    budget: Budget
    engine: str
    seed: int

    def best(self, limit: float | None) -> Point | None:
        """Return the best of the first aim within a limit on the second, and then the best of the second."""
        limits = () if limit is None else (Limit(aim=self.second, at_most=limit),)
        return self._lexicographic(self.first, self.second, limits)

    def lowest(self) -> Point | None:
        """Return the best of the second aim, and then of the first."""
        return self._lexicographic(self.second, self.first, ())

    def _lexicographic(self, one: Aim, other: Aim, limits: tuple[Limit, ...]) -> Point | None:
        found = self._solve(one, limits)
        if found is None or found.price is None:
            return None
        reached = value(found.price, one)
        held = Limit(aim=one, at_most=reached + SLACK * max(1.0, abs(reached)))
        then = self._solve(other, (*limits, held))
        best = then if then is not None and then.price is not None else found
        if best.plan is None or best.price is None:
            return None
        return Point(
            first=value(best.price, self.first),
            second=value(best.price, self.second),
            plan=best.plan,
            price=best.price,
            gap=found.gap,
        )

    def _solve(self, aim: Aim, limits: tuple[Limit, ...]) -> FlowResult | None:
        problem = replace(self.problem, aim=aim, limits=(*self.problem.limits, *limits))
        engine = "auto" if problem.limits else self.engine
        found = solve(problem, budget=self.budget, engine=engine, seed=self.seed)
        return found if found.plan is not None and found.status in {"optimal", "feasible"} else None


def value(price: FlowPrice, aim: Aim) -> float:
    """Return what a price is in an aim (minimised)."""
    return {
        Aim.COST: price.cost,
        Aim.GHG: price.ghg_kg,
        Aim.NET_GHG: price.ghg_kg - price.credit_kg,
        Aim.LANDFILLED: price.landfilled_kg,
        Aim.JOBS: -price.jobs,
    }[aim]


def _undominated(found: list[Point]) -> Iterator[Point]:
    """Yield points in the order of the first aim, each strictly better in the second than those before."""
    lowest = inf
    for point in sorted(found, key=lambda each: (each.first, each.second)):
        if point.second < lowest - SAME * max(1.0, abs(lowest) if lowest < inf else 0.0):
            lowest = point.second
            yield point
