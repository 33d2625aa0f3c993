"""Why something is left out, why a site stays closed, and the cheapest change that was tried and helps.

What is left out is sifted in this order; the reason is the first sieve that holds it back:

1. ``nobody-takes``   no site and no outlet takes the stream
2. ``no-way``         no link leads from the source to one that does: an island
3. ``too-far``        links lead there, but farther than their vehicles go
4. ``too-old``        it would be too old on arrival
5. ``no-end``         it could be brought, but from there nothing leads on to an outlet
6. ``full``           whatever opens, not all of it can be taken beside what is taken of the rest
7. ``not-worth-it``   it can be taken, and leaving it is cheaper

A change is told only after planning with it: the arising is then taken in full, and the cost is the difference.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

import numpy as np

from optimiser.hubs.flows.engines import arrays
from optimiser.hubs.flows.lanes import Bools, dealings, sieves
from optimiser.hubs.flows.materials import outputs
from optimiser.hubs.flows.plan import FlowPlan, LeftOut
from optimiser.hubs.flows.price import price
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.remedies import Change, changes, promised

WHOLE = 1e-6  # share of an arising: less is rounding


class Why(StrEnum):
    """Why something is left out."""

    NOBODY_TAKES = "nobody-takes"
    NO_WAY = "no-way"
    TOO_FAR = "too-far"
    TOO_OLD = "too-old"
    NO_END = "no-end"
    FULL = "full"
    NOT_WORTH_IT = "not-worth-it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A change that was planned with: what it is, and how much the aim grows (falls, if negative)."""

    change: Change
    costs: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyLeft:
    """Why so much of a stream is left at a source."""

    source: str
    stream: str
    kg: float
    why: Why
    remedy: Remedy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyClosed:
    """Why a site is closed: it may not open, nothing comes of it, or opening it costs so much more."""

    site: str
    told: str
    costs: float


def orphans(problem: FlowProblem) -> tuple[str, ...]:
    """Return the streams that arise or are made and that nobody takes."""
    leaves, taken = dealings(problem)
    return tuple(s.id for k, s in enumerate(problem.streams) if leaves[:, k].any() and not taken[:, k].any())


def why_left(
    problem: FlowProblem, plan: FlowPlan, *, seconds: float, most: int = 20, seed: int = 1
) -> tuple[WhyLeft, ...]:
    """Return the reason of what is left out, largest first, each with its cheapest verified change.

    Parameters
    ----------
    seconds
        For all plans that are tried; when they are over, changes are missing and reasons are not.
    most
        How many to look at with plans; for the others only the first five sieves and, past them, ``not-worth-it``
        are told.
    """
    deadline = time.monotonic() + seconds
    today = price(problem, plan).objective
    sifted, kept, found = _Sieves(problem), _kept(problem, plan), list[WhyLeft]()
    for k, left in enumerate(sorted(plan.left_out, key=lambda each: -each.kg)):
        why = sifted.why(left)
        remedy = None
        if k < most and time.monotonic() < deadline:
            if why is None:
                why = Why.FULL if _full(kept, left, deadline, seed) else Why.NOT_WORTH_IT
            remedy = _cheapest(kept if why is Why.FULL else problem, left, why, today, deadline, seed)
        reason = why or Why.NOT_WORTH_IT
        found.append(WhyLeft(source=left.source, stream=left.stream, kg=left.kg, why=reason, remedy=remedy))
    return tuple(found)


def why_closed(problem: FlowProblem, plan: FlowPlan, *, seconds: float, seed: int = 1) -> tuple[WhyClosed, ...]:
    """Return for each closed site what it would cost to open it; ``inf`` when it may not, or cannot in the budget."""
    deadline, found = time.monotonic() + seconds, []
    today = price(problem, plan).objective
    for site in (site for site in problem.sites if site.id not in plan.open):
        if not site.may_open or not site.sizes:
            found.append(WhyClosed(site=site.id, told="it may not open", costs=inf))
            continue
        if time.monotonic() >= deadline:
            break
        sites = tuple(replace(each, must_open=True) if each.id == site.id else each for each in problem.sites)
        answer = arrays.solve(replace(problem, sites=sites), deadline=deadline, iterations=None, seed=seed)
        if answer.plan is not None:
            told = f"opening it changes the aim by {answer.minimised - today:+.6g} in the period"
            found.append(WhyClosed(site=site.id, told=told, costs=answer.minimised - today))
        elif answer.impossible:
            found.append(WhyClosed(site=site.id, told="with it open the other rules cannot be kept", costs=inf))
    return tuple(found)


class _Sieves:
    """The sieves that need no plan."""

    def __init__(self, problem: FlowProblem) -> None:
        self.problem = problem
        self.wanted, self.near, self.fresh = sieves(problem)
        self.taken = dealings(problem)[1]
        self.alive = _alive(problem, self.wanted & self.near[:, None] & self.fresh)

    def why(self, left: LeftOut) -> Why | None:
        """Return the first sieve that holds something back, ``None`` if none does."""
        row = [source.id for source in self.problem.sources].index(left.source)
        stream = [each.id for each in self.problem.streams].index(left.stream)
        mine = (self.problem.links.tail == row) & self.wanted[:, stream]
        fresh = mine & self.near & self.fresh[:, stream]
        for why, stuck in (
            (Why.NOBODY_TAKES, not self.taken[:, stream].any()),
            (Why.NO_WAY, not mine.any()),
            (Why.TOO_FAR, not (mine & self.near).any()),
            (Why.TOO_OLD, not fresh.any()),
            (Why.NO_END, not self.alive[self.problem.links.head[fresh], stream].any()),
        ):
            if stuck:
                return why
        return None


def _alive(problem: FlowProblem, lanes: Bools) -> Bools:
    """Return by place and stream whether what is brought there can end at an outlet, if all sites open that may."""
    first, last = len(problem.sources), len(problem.sources) + len(problem.sites)
    number = {stream.id: k for k, stream in enumerate(problem.streams)}
    process = {each.id: each for each in problem.processes}
    alive = dealings(problem)[1].copy()
    alive[:last] = False
    link, stream = np.nonzero(lanes)
    tail, head = problem.links.tail[link], problem.links.head[link]
    while True:
        leaves = np.zeros_like(alive)
        good = alive[head, stream]
        leaves[tail[good], stream[good]] = True
        before = int(alive.sum())
        for row, site in enumerate(problem.sites, start=first):
            for each in (process[name] for name in site.processes if site.may_open):
                for name in each.takes:
                    made = outputs(each, problem.streams[number[name]])
                    alive[row, number[name]] |= all(leaves[row, number[out]] for out in made)
        if int(alive.sum()) == before:
            return alive


def _kept(problem: FlowProblem, plan: FlowPlan) -> FlowProblem:
    """Return the problem in which everything must be taken as far as the plan takes it."""
    left: dict[tuple[str, str], float] = {}
    for each in plan.left_out:
        left[each.source, each.stream] = left.get((each.source, each.stream), 0.0) + each.kg
    return replace(
        problem,
        sources=tuple(
            replace(
                source,
                arisings=tuple(
                    replace(a, least_share=max(0.0, 1.0 - left.get((source.id, a.stream), 0.0) / a.kg - WHOLE))
                    if a.kg
                    else a
                    for a in source.arisings
                ),
            )
            for source in problem.sources
        ),
    )


def _full(kept: FlowProblem, left: LeftOut, deadline: float, seed: int) -> bool:
    """Return whether not all of it can be taken beside the rest, whatever it costs."""
    asked = promised(replace(kept, limits=(), fixed_budget=None, duties=()), left)
    return arrays.solve(asked, deadline=deadline, iterations=None, seed=seed).impossible


def _cheapest(problem: FlowProblem, left: LeftOut, why: Why, today: float, deadline: float, seed: int) -> Remedy | None:
    best: Remedy | None = None
    for change, changed in _tried(problem, left, why):
        if time.monotonic() >= deadline:
            break
        answer = arrays.solve(promised(changed, left), deadline=deadline, iterations=None, seed=seed)
        if answer.plan is None or (best is not None and answer.minimised - today >= best.costs):
            continue
        best = Remedy(change=change, costs=answer.minimised - today)
    return best


def _tried(problem: FlowProblem, left: LeftOut, why: Why) -> Iterator[tuple[Change, FlowProblem]]:
    if why is Why.NOT_WORTH_IT:
        yield Change(kind="take-it", place=left.source, amount=left.kg, told="take all of it all the same"), problem
    yield from changes(problem, left, why.value)
