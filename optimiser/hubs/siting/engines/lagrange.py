"""Our own engine, :mod:`optimiser.hubs.siting.lagrange`, behind the contract: sites that hold whatever comes."""

from __future__ import annotations

from typing import Any

import numpy as np

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.answer import Answer, Task
from optimiser.hubs.siting.core import core, value
from optimiser.hubs.siting.lagrange.search import search
from optimiser.hubs.siting.problem import MAXIMISED, Aim, SitingProblem

NAME = "lagrange"
VERSION = "1"
METHOD = "prices on demand rows (Lagrange), sites fixed by reduced cost, branch and bound"


def supports(problem: SitingProblem) -> tuple[str, ...]:
    """Return reasons against this engine."""
    against = {
        "the aim is no sum over demands": problem.aim in (Aim.CENTRE, Aim.WORST),
        "sites have capacities or handling costs": tables.capacitated(problem),
        "there is a budget": problem.budget is not None,
        "new or closed sites are limited": problem.at_most_new is not None or problem.at_most_closed is not None,
        "sites must keep a separation": problem.separation > 0,
        "fairness is a constraint": bool(problem.fairness),
    }
    return tuple(reason for reason, holds in against.items() if holds)


def solve(problem: SitingProblem, task: Task) -> Answer:
    """Solve a problem without side constraints; its bound is valid whenever it ends."""
    posed = core(problem)
    must, most = int((posed.status == 1).sum()), posed.most
    common: dict[str, Any] = {"method": METHOD, "engine": NAME, "version": VERSION}
    if must > most:
        return Answer(size=None, proven=True, **common)

    def news(stage: str, cost: float, bound: float) -> None:
        task.news(stage, value(problem, cost), value(problem, bound) if np.isfinite(bound) else -np.inf)

    found = search(posed, late=task.late, steps=task.steps, seed=task.seed, start=task.start, news=news)
    least = float(posed.far.min(initial=np.inf))
    common |= {"steps": found.steps, "prices": found.prices}
    if posed.forbidden and found.cost >= least > 0:  # somebody is left out, which costs more than any whole plan
        return Answer(size=None, proven=found.bound >= least, **common)
    bound = value(problem, found.bound)
    proven = found.bound >= found.cost - 1e-6 * max(1.0, abs(found.cost))
    size = np.where(found.open, cheapest(problem), -1)
    worst = np.inf if problem.aim in MAXIMISED else -np.inf
    return Answer(size=size, bound=bound if np.isfinite(bound) else worst, proven=proven, **common)


def cheapest(problem: SitingProblem) -> np.ndarray:
    """Return the cheapest size of each candidate."""
    return np.array([int(np.argmin([s.fixed_cost for s in c.sizes])) for c in problem.candidates], dtype=np.int64)
