"""From an engine's answer in positions to a plan: everybody to the best open site, where the engine does not say."""

from __future__ import annotations

import numpy as np

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.answer import Answer
from optimiser.hubs.siting.plan import Opened, SitingPlan
from optimiser.hubs.siting.problem import Aim, Floats, Ints, SitingProblem


def to_plan(problem: SitingProblem, answer: Answer) -> SitingPlan:
    """Return the plan of an answer that has one.

    Without capacities everybody goes to the best open site, whatever the engine says: it does not care where those go
    who do not matter to its sum. That makes nobody worse off; only with money as the aim fairness may need another way.
    """
    assert answer.size is not None
    alone = answer.row is None or answer.column is None or answer.share is None
    if alone or (not tables.capacitated(problem) and not (problem.aim is Aim.COST and problem.fairness)):
        return best_plan(problem, answer.size)
    assert answer.row is not None
    assert answer.column is not None
    assert answer.share is not None
    return SitingPlan(opened=opened(problem, answer.size), row=answer.row, column=answer.column, share=answer.share)


def opened(problem: SitingProblem, size: Ints) -> tuple[Opened, ...]:
    """Return the open sites in the order of the candidates."""
    return tuple(Opened(site=problem.candidates[j].id, size=int(size[j])) for j in np.flatnonzero(size >= 0).tolist())


def preference(problem: SitingProblem) -> Floats:
    """Return what each arc is chosen by, the least first."""
    if problem.aim is Aim.COST:
        return tables.serving_cost(problem)
    if problem.aim is Aim.ATTENDANCE and problem.decay is not None:
        return 1.0 - problem.decay
    return problem.arcs.distance


def best_plan(problem: SitingProblem, size: Ints) -> SitingPlan:
    """Send everybody wholly to the best open site; where money counts, nobody whom to leave unserved is cheaper.

    Capacities are not looked at.
    """
    row, key = tables.rows(problem), preference(problem)
    usable = np.flatnonzero((size >= 0)[problem.arcs.site])
    order = usable[np.lexsort((key[usable], row[usable]))]
    _, first = np.unique(row[order], return_index=True)
    arc = order[first]
    if problem.unserved is not None and problem.aim is Aim.COST:
        arc = arc[key[arc] <= problem.unserved[row[arc]]]
    by_distance = problem.aim not in (Aim.COST, Aim.ATTENDANCE)
    return SitingPlan(
        opened=opened(problem, size),
        row=row[arc],
        column=problem.arcs.site[arc].astype(np.int64),
        share=np.ones(len(arc)),
        closest=by_distance,
    )
