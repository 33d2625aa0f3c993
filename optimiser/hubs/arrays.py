"""A hub problem and its plans as arrays: positions instead of ids, for judges and engines alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.hubs.plan import HubPlan
from optimiser.hubs.problem import HubProblem

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Who goes where: entry k sends ``share[k]`` of demand ``row[k]`` to candidate ``column[k]``."""

    row: Positions
    column: Positions
    share: Floats


NOBODY = Shares(row=np.zeros(0, np.intp), column=np.zeros(0, np.intp), share=np.zeros(0))


def tally(position: Positions, amount: Floats, length: int) -> Floats:
    """Return the sum of amounts by position (``numpy.bincount`` gives whole numbers when there is nothing)."""
    return np.bincount(position, weights=amount, minlength=length).astype(np.float64)


def people(problem: HubProblem) -> Floats:
    """Return people by demand point."""
    return np.array([point.people for point in problem.demand], dtype=np.float64)


def kg_per_day(problem: HubProblem) -> Floats:
    """Return kg a day by demand point."""
    return np.array([point.kg_per_day for point in problem.demand], dtype=np.float64)


def capacity(problem: HubProblem) -> Floats:
    """Return kg a day by candidate, ``inf`` where there is no limit."""
    return np.array(
        [np.inf if c.capacity_kg_per_day is None else c.capacity_kg_per_day for c in problem.candidates],
        dtype=np.float64,
    )


def fixed_cost(problem: HubProblem) -> Floats:
    """Return money a day by candidate."""
    return np.array([candidate.fixed_cost_per_day for candidate in problem.candidates], dtype=np.float64)


def handling_cost(problem: HubProblem) -> Floats:
    """Return money a tonne by candidate."""
    return np.array([candidate.cost_per_tonne for candidate in problem.candidates], dtype=np.float64)


def must_stay(problem: HubProblem) -> Bools:
    """Return which candidates exist and may not close."""
    return np.array([c.existing and not c.may_close for c in problem.candidates], dtype=np.bool_)


def within_reach(problem: HubProblem) -> Bools:
    """Return who may be sent where, shape (demand, candidates)."""
    return problem.distance_m <= problem.reach_m


def shares(problem: HubProblem, plan: HubPlan) -> Shares:
    """Return the assignments of a plan as positions.

    Raises
    ------
    ValueError
        When the plan names demand points or candidates that the problem does not have.
    """
    rows = {point.id: k for k, point in enumerate(problem.demand)}
    columns = {candidate.id: k for k, candidate in enumerate(problem.candidates)}
    unknown = {a.demand for a in plan.assignments} - rows.keys()
    unknown |= ({a.hub for a in plan.assignments} | set(plan.open)) - columns.keys()
    if unknown:
        raise ValueError(f"the plan names what the problem does not have: {sorted(unknown)}")
    return Shares(
        row=np.array([rows[a.demand] for a in plan.assignments], dtype=np.intp),
        column=np.array([columns[a.hub] for a in plan.assignments], dtype=np.intp),
        share=np.array([a.share for a in plan.assignments], dtype=np.float64),
    )
