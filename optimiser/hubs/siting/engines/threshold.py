"""p-centre by thresholds: the least distance at which enough sites cover everybody (Minieka 1970, SIAM Review 12).

    least r  such that  sum_j y_j <= p,  sum_(j: d_ij <= r) y_j >= 1 for everybody,  y whole

r is one of the distances. Each question is a set covering: a few steps of our own
engine answer most, and where they do not, HiGHS does without what is needless
(:mod:`optimiser.hubs.siting.engines.cover`). With side constraints the whole model answers instead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.answer import Answer, Task
from optimiser.hubs.siting.core import OPEN, Core
from optimiser.hubs.siting.engines import arrays, lagrange
from optimiser.hubs.siting.engines.cover import covered
from optimiser.hubs.siting.lagrange.search import search
from optimiser.hubs.siting.problem import Aim, Floats, SitingProblem

NAME = "threshold"
UNCOVERED = 1.5  # sites: more than the one it takes to cover somebody
QUICK = 12  # steps of our own engine before HiGHS is asked
METHOD = "thresholds of distance, set covering at each"


def supports(problem: SitingProblem) -> tuple[str, ...]:
    """Return reasons against this engine."""
    return () if problem.aim is Aim.CENTRE else ("the aim is not the farthest distance",)


def solve(problem: SitingProblem, task: Task) -> Answer:
    """Find the least threshold by halving; with time short, the best one known and a bound below it."""
    levels = _levels(problem)
    plain = not lagrange.supports(replace(problem, aim=Aim.MEDIAN))
    low, high, best, steps = 0, len(levels), None, 0  # below low nothing is possible; at high something is, or unknown
    at = len(levels) - 1
    if plain and len(levels):
        at = min(at, _greedy(problem, levels))
    while low < high and len(levels):
        answer, decided = (_covered if plain else _allowed)(problem, float(levels[at]), task)
        steps += 1
        if answer is not None:
            best, high = answer, min(at, _reached(problem, answer, levels))
            task.news("threshold", float(levels[high]), float(levels[low]) if low < len(levels) else np.inf)
        elif decided:
            low = at + 1
        else:
            break
        at = (low + min(high, len(levels) - 1)) // 2
    bound = float(levels[min(low, len(levels) - 1)]) if len(levels) else 0.0
    common: dict[str, Any] = {
        "method": METHOD,
        "engine": NAME,
        "version": arrays.version(),
    }
    if best is None:
        nobody = len(levels) == 0 and plain
        size = np.where(tables.mandatory(problem), 0, -1) if nobody else None
        return Answer(size=size, bound=bound if size is not None else np.inf, proven=low >= high, steps=steps, **common)
    return replace(best, bound=bound, proven=low >= high, steps=steps, **common)


def _levels(problem: SitingProblem) -> Floats:
    """Return the distances that the farthest can have, none below what somebody's nearest candidate asks for."""
    counts = problem.demand.weight > 0
    row, distance = tables.rows(problem), problem.arcs.distance
    usable = counts[row] & ~tables.excluded(problem)[problem.arcs.site]
    nearest = np.full(len(counts), np.inf)
    np.minimum.at(nearest, row[usable], distance[usable])
    lost = np.zeros(0) if problem.unserved is None else problem.unserved[counts]
    if problem.unserved is not None:
        nearest = np.minimum(nearest, problem.unserved)
    least = float(nearest[counts].max(initial=0.0))
    levels = np.unique(np.concatenate((distance[usable], lost)))
    levels = levels[levels >= least]
    if problem.fairness.farthest_at_most is not None:
        levels = levels[levels <= problem.fairness.farthest_at_most]
    return levels if counts.any() else np.zeros(0)


def _greedy(problem: SitingProblem, levels: Floats) -> int:
    """Return a level that is enough: who is farthest gets the nearest candidate, again and again (Gonzalez)."""
    arcs, row, counts = problem.arcs, tables.rows(problem), problem.demand.weight > 0
    size = np.where(tables.mandatory(problem), 0, -1).astype(np.int64)
    allowed = ~tables.excluded(problem)
    most = len(size) if problem.at_most is None else problem.at_most
    now = np.full(len(counts), np.inf) if problem.unserved is None else problem.unserved.astype(np.float64)
    usable = (size >= 0)[arcs.site]
    np.minimum.at(now, row[usable], arcs.distance[usable])
    for _ in range(most - int((size >= 0).sum())):
        i = int(np.argmax(np.where(counts, now, -1.0)))
        mine = slice(arcs.start[i], arcs.start[i + 1])
        near = np.where(allowed[arcs.site[mine]], arcs.distance[mine], np.inf)
        if not len(near) or not np.isfinite(near.min()):
            break
        opens = arcs.site[mine][int(near.argmin())]
        if size[opens] >= 0:
            break
        size[opens] = 0
        usable = arcs.site == opens
        np.minimum.at(now, row[usable], arcs.distance[usable])
    return int(np.searchsorted(levels, now[counts].max(initial=0.0)))


def _reached(problem: SitingProblem, answer: Answer, levels: Floats) -> int:
    """Return the level that a plan really has: it may be better than was asked."""
    if answer.row is not None or answer.size is None:
        return len(levels)
    usable = (answer.size >= 0)[problem.arcs.site]
    row = tables.rows(problem)[usable]
    nearest = np.full(len(problem.demand.ids), np.inf)
    np.minimum.at(nearest, row, problem.arcs.distance[usable])
    if problem.unserved is not None:
        nearest = np.minimum(nearest, problem.unserved)
    return int(np.searchsorted(levels, nearest[problem.demand.weight > 0].max(initial=0.0)))


def _covered(problem: SitingProblem, radius: float, task: Task) -> tuple[Answer | None, bool]:
    """Return sites that cover everybody within a radius, or none and whether that is proven."""
    counts = problem.demand.weight > 0
    if problem.unserved is not None:
        counts &= problem.unserved > radius
    row = tables.rows(problem)
    near = counts[row] & (problem.arcs.distance <= radius)
    size = int(counts.sum())
    place = np.cumsum(counts) - 1
    start = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(place[row[near]], minlength=size), out=start[1:])
    sites = len(problem.candidates)
    status = np.zeros(sites, dtype=np.int8)
    status[tables.excluded(problem)] = -1
    status[tables.mandatory(problem)] = OPEN
    most = sites if problem.at_most is None else problem.at_most
    posed = Core(
        start=start, site=problem.arcs.site[near], cost=np.zeros(int(near.sum())), far=np.full(size, UNCOVERED),
        fixed=np.ones(sites), status=status, most=sites, constant=0.0, step=0.5, forbidden=True,
    )  # fmt: skip
    known = {"bound": -np.inf}

    def news(_stage: str, _cost: float, bound: float) -> None:
        known["bound"] = bound

    quick = search(
        posed,
        late=lambda: task.late() or known["bound"] > most + 1e-9,
        steps=QUICK,
        seed=task.seed,
        enough=float(most),
        news=news,
    )
    if quick.cost <= most:
        return Answer(size=np.where(quick.open, 0, -1).astype(np.int64)), True
    if quick.bound > most + 1e-9 or task.late():
        return None, quick.bound > most + 1e-9
    reach = csr_array((np.ones(int(near.sum())), problem.arcs.site[near], start), shape=(size, sites))
    found = covered(reach, np.ones(sites), status, most, task, enough=float(most))
    if found.chosen is not None and found.chosen.sum() <= most:
        return Answer(size=np.where(found.chosen, 0, -1).astype(np.int64)), True
    return None, found.proven


def _allowed(problem: SitingProblem, radius: float, task: Task) -> tuple[Answer | None, bool]:
    """Return a plan in which nobody goes farther than a radius, by HiGHS, or none and whether that is proven."""
    answer = arrays.solve(problem, task, farthest=radius)
    return (answer, True) if answer.size is not None else (None, answer.proven)
