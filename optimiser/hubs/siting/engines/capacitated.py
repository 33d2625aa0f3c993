"""Our own engine for capacities, :mod:`optimiser.hubs.siting.capacitated`; HiGHS decides what prices leave open."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.answer import Answer, Task
from optimiser.hubs.siting.capacitated.branch import branched
from optimiser.hubs.siting.capacitated.posed import I8, Bools, Posed, posed
from optimiser.hubs.siting.capacitated.search import State, begun, fixed, raised, roamed, root, taken
from optimiser.hubs.siting.core import CLOSED, FREE, OPEN
from optimiser.hubs.siting.engines import rest
from optimiser.hubs.siting.engines.sets import improved
from optimiser.hubs.siting.problem import Aim, SitingProblem

NAME = "capacitated"
VERSION = "1"
METHOD = (
    "prices on demand rows with a knapsack a site (Lagrange), sites and pairs fixed, branches, HiGHS on what is left"
)
LARGEST = 20_000_000  # pairs of demand and candidate
STEPS = 30  # climbs at the root
USED = 0.96  # of the time: the rest is for judging the plan
LEAF, SPLIT = 800, 3_000  # pairs that HiGHS takes at once to prove, with a single source and split
FEW = (1_500, 4_000)  # pairs among which it looks for plans and for a bound
DIVIDED = 0.6  # of the time left after the first climb, for sets of sites where demand may be split
ROAMED, LOOKS, LOOK = 0.25, 2, 0.3  # of the time for plans by exchange; looks, and of the time for each
LONGEST = 10.0  # seconds of a leaf that could be divided further


def supports(problem: SitingProblem) -> tuple[str, ...]:
    """Return reasons against this engine."""
    pairs = len(problem.demand.ids) * len(problem.candidates)
    left = problem.unserved is not None
    against = {
        "the aim is neither way nor cost": problem.aim not in (Aim.MEDIAN, Aim.COST),
        "sites have no capacities": not tables.capacitated(problem),
        "sites come in several sizes": any(len(c.sizes) > 1 for c in problem.candidates),
        "somebody may be left out": left,
        "there is a budget": problem.budget is not None,
        "new or closed sites are limited": problem.at_most_new is not None or problem.at_most_closed is not None,
        "sites must keep a separation": problem.separation > 0,
        "fairness is a constraint": bool(problem.fairness),
        "what stands costs something to close, and sites are counted": problem.at_most is not None
        and bool(tables.closing(problem).any()),
        "there are too many pairs": pairs > LARGEST or not pairs,
    }
    return tuple(reason for reason, holds in against.items() if holds)


@dataclass(slots=True)
class Best:
    """The best split plan so far."""

    found: rest.Found | None = None


def solve(problem: SitingProblem, task: Task) -> Answer:
    """Solve a problem with capacities; its bound is valid whenever it ends."""
    own = posed(problem)
    common: dict[str, Any] = {"engine": NAME, "version": VERSION, "method": METHOD}
    if _impossible(own):
        return Answer(size=None, proven=True, **common)
    began = time.monotonic()
    end = np.inf if task.deadline is None else began + USED * (task.deadline - began)
    state = begun(own, task.seed, task.start)

    def news(stage: str) -> None:
        task.news(stage, state.cost + own.constant, state.bound + own.constant)

    share = began + 0.35 * (end - began)
    steps = STEPS if task.steps is None else min(task.steps, STEPS)
    made = root(state, lambda: time.monotonic() >= share, steps, news)
    best = Best()
    if not own.single:
        _split(state, best, end, task)
    if not state.proven and (task.steps is None or made < task.steps):
        _finished(state, best, end, task)
    return _answer(state, best, made, common)


def _impossible(own: Posed) -> bool:
    """Return whether nothing can serve everybody, as far as sums say."""
    room = np.sort(own.room[own.status != CLOSED])[::-1][: own.most]
    nowhere = ~np.isfinite(own.cost).any(axis=1)
    return bool(nowhere.any() or room.sum() < own.load.sum() * (1 - 1e-9) or (own.status == OPEN).sum() > own.most)


def _split(state: State, best: Best, end: float, task: Task) -> None:
    """Divide demand exactly between sites: those of the plan, those that prices favour, those to begin with."""
    own = state.posed
    must = own.status == OPEN
    used = (np.bincount(state.site, minlength=len(own.room)) > 0) | must
    favoured = must.copy()
    order = np.argsort(np.where(must | (own.status == CLOSED), np.inf, -state.share), kind="stable")
    free = order[: max(own.most - int(must.sum()), 0)]
    favoured[free[own.status[free] == FREE]] = True
    sets = (used, favoured) if task.start is None else (used, favoured, (task.start & (own.status != CLOSED)) | must)
    until = time.monotonic() + DIVIDED * (end - time.monotonic())
    found = improved(own, sets, end=until, seed=task.seed, rounds=task.steps)
    if found is not None:
        _noted(state, best, found)


def _noted(state: State, best: Best, found: rest.Found) -> None:
    """Keep a plan that is better."""
    if found.row is None or found.column is None or found.cost >= state.cost - 1e-9:
        return
    if state.posed.single:
        site = state.site.copy()
        site[found.row] = found.column
        taken(state, site, found.cost)
    else:
        state.cost, best.found = found.cost, found


def _finished(state: State, best: Best, end: float, task: Task) -> None:
    """Look for plans among few pairs, then prove what is left: by HiGHS where it is little, else site by site."""
    own = state.posed
    if not np.isfinite(state.cost):
        left = end - time.monotonic()
        found = rest.solve(own, own.status, np.isfinite(own.cost), seconds=left, seed=task.seed, nodes=task.steps)
        _noted(state, best, found)
        raised(state, _safe(found.bound))
        return
    status, usable = _looked(state, best, end, task)

    def leaf(sites: I8, pairs: Bools) -> float | None:
        free, limit = int((sites == FREE).sum()), LEAF if own.single else SPLIT
        if free and pairs.sum() > limit:
            return None
        seconds = min(LONGEST if free else 3 * LONGEST, end - time.monotonic())
        cut, start = state.cutoff, state.site if own.single else None
        found = rest.solve(own, sites, pairs, seconds=seconds, seed=task.seed, start=start, nodes=task.steps)
        _noted(state, best, found)
        return state.cost if _safe(found.bound) >= cut else (_safe(found.bound) if found.done or not free else None)

    below = leaf(status, usable)
    if below is not None:
        raised(state, below)
    if not state.proven:
        branched(state, status, leaf, lambda: time.monotonic() >= end, task.steps)


def _safe(bound: float) -> float:
    """Return a bound of HiGHS less what it may be wrong by."""
    return bound - 1e-7 * abs(bound) if np.isfinite(bound) else bound


def _looked(state: State, best: Best, end: float, task: Task) -> tuple[I8, Bools]:
    """Look for plans, at last among few pairs, and for a bound there; return the sites, and the pairs that are left.

    A plan that uses another pair costs at least the cut that those few were chosen by.
    """
    status, usable, pair = fixed(state)
    if not state.posed.single or usable.sum() <= LEAF:
        return status, usable
    until = time.monotonic() + ROAMED * (end - time.monotonic())
    while task.steps is None and time.monotonic() < until and not state.proven:
        roamed(state)
    for look in range(LOOKS):
        status, usable, pair = fixed(state)
        if state.proven or usable.sum() <= FEW[look]:
            break
        cut = float(np.partition(pair[usable], FEW[look])[FEW[look]])
        sites, few, _ = fixed(state, cut=cut)
        seconds = LOOK * (end - time.monotonic())
        found = rest.solve(state.posed, sites, few, seconds=seconds, seed=task.seed, start=state.site, nodes=task.steps)
        _noted(state, best, found)
        raised(state, min(_safe(found.bound), cut, state.cost))
        roamed(state)
    return fixed(state)[:2]


def _answer(state: State, best: Best, steps: int, common: dict[str, Any]) -> Answer:
    own, n = state.posed, len(state.posed.load)
    bound = min(state.bound, state.cost) + own.constant
    if not np.isfinite(state.cost):
        return Answer(size=None, proven=state.bound == np.inf, steps=steps, **common)
    if best.found is not None and best.found.row is not None and best.found.column is not None:
        found = best.found
        row, column, share, is_open = found.row, found.column, found.share, found.is_open
        assert is_open is not None
    else:
        row, column, share = np.arange(n, dtype=np.int64), state.site.astype(np.int64), np.ones(n)
        is_open = np.bincount(column, minlength=len(own.room)) > 0
    is_open = is_open | (own.status == OPEN)
    size = np.where(is_open, 0, -1).astype(np.int64)
    answer = Answer(size=size, row=row, column=column, share=share, bound=bound, proven=state.proven, **common)
    return replace(answer, steps=steps, prices=state.u)
