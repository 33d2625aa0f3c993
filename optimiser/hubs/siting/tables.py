"""The problem as arrays: options (a candidate in one size) in a row, who stands to be near whom, what people walk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from optimiser.hubs.siting.plan import SitingPlan
from optimiser.hubs.siting.problem import Floats, Ints, SitingProblem, Within

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Every size of every candidate, one after the other: option ``k`` is size ``size[k]`` of candidate ``site[k]``."""

    site: Ints
    size: Ints
    capacity: Floats
    fixed: Floats
    per_load: Floats


def options(problem: SitingProblem) -> Options:
    """Return every size of every candidate."""
    listed = [(j, s, size) for j, c in enumerate(problem.candidates) for s, size in enumerate(c.sizes)]
    return Options(
        site=np.array([j for j, _, _ in listed], dtype=np.int64),
        size=np.array([s for _, s, _ in listed], dtype=np.int64),
        capacity=np.array([size.capacity for _, _, size in listed], dtype=np.float64),
        fixed=np.array([size.fixed_cost for _, _, size in listed], dtype=np.float64),
        per_load=np.array([size.cost_per_load for _, _, size in listed], dtype=np.float64),
    )


def load(problem: SitingProblem) -> Floats:
    """Return what each demand takes of a capacity."""
    return problem.demand.weight if problem.demand.load is None else problem.demand.load


def rows(problem: SitingProblem) -> Ints:
    """Return the demand of each arc."""
    return np.repeat(np.arange(len(problem.demand.ids), dtype=np.int64), np.diff(problem.arcs.start))


def serving_cost(problem: SitingProblem) -> Floats:
    """Return the money to serve the whole demand over each arc."""
    if problem.arcs.cost is not None:
        return problem.arcs.cost
    return problem.demand.weight[rows(problem)] * problem.arcs.distance


def closing(problem: SitingProblem) -> Floats:
    """Return what closing each candidate costs: nothing where none stands."""
    return np.array([c.closing_cost if c.existing else 0.0 for c in problem.candidates], dtype=np.float64)


def existing(problem: SitingProblem) -> Bools:
    """Return which candidates stand already."""
    return np.array([c.existing for c in problem.candidates], dtype=np.bool_)


def mandatory(problem: SitingProblem) -> Bools:
    """Return which candidates have to be open."""
    return np.array([c.mandatory for c in problem.candidates], dtype=np.bool_)


def excluded(problem: SitingProblem) -> Bools:
    """Return which candidates may not be open."""
    return np.array([bool(c.excluded) for c in problem.candidates], dtype=np.bool_)


def members(problem: SitingProblem, group: str | None) -> Bools:
    """Return which demands belong to a group; everybody for ``None``."""
    if group is None:
        return np.ones(len(problem.demand.ids), dtype=np.bool_)
    named = problem.demand.group or ("",) * len(problem.demand.ids)
    return np.array([name == group for name in named], dtype=np.bool_)


def owed(problem: SitingProblem, rule: Within) -> float:
    """Return the weight that a rule wants served near."""
    return rule.share * float(problem.demand.weight[members(problem, rule.group)].sum())


def capacitated(problem: SitingProblem) -> bool:
    """Return whether any capacity could ever bind."""
    held = options(problem)
    return bool((held.capacity < load(problem).sum()).any()) or bool((held.per_load > 0).any())


def too_close(problem: SitingProblem) -> Ints:
    """Return the pairs of candidates (k, 2) that stand nearer than the separation, both allowed."""
    if problem.separation <= 0:
        return np.zeros((0, 2), dtype=np.int64)
    place = np.array([(c.x, c.y) for c in problem.candidates], dtype=np.float64).reshape(-1, 2)
    pairs = cKDTree(place).query_pairs(problem.separation, output_type="ndarray").astype(np.int64)
    apart = np.hypot(*(place[pairs[:, 0]] - place[pairs[:, 1]]).T)
    barred = excluded(problem)
    kept: Ints = pairs[(apart < problem.separation) & ~barred[pairs].any(axis=1)]
    return kept


def arc_matrix(problem: SitingProblem) -> csr_array:
    """Return the position of each arc plus 1, as a sparse matrix of demand by candidate."""
    arcs = problem.arcs
    shape = (len(problem.demand.ids), len(problem.candidates))
    return csr_array((np.arange(1, len(arcs.site) + 1), arcs.site.astype(np.int64), arcs.start), shape=shape)


def arcs_of(problem: SitingProblem, plan: SitingPlan) -> Ints:
    """Return the arc of each assignment, -1 where there is none."""
    if not len(plan.row):
        return np.zeros(0, dtype=np.int64)
    found = arc_matrix(problem)[plan.row, plan.column]
    return np.asarray(found, dtype=np.int64).ravel() - 1


def served_share(problem: SitingProblem, plan: SitingPlan) -> Floats:
    """Return how much of each demand is served, 0 to 1."""
    return np.bincount(plan.row, weights=plan.share, minlength=len(problem.demand.ids)).astype(np.float64)


def experienced(problem: SitingProblem, plan: SitingPlan) -> tuple[Floats, Floats]:
    """Return distances and the weights that have them: of what is served, then of what is not, where that counts."""
    weight, arc = problem.demand.weight, arcs_of(problem, plan)
    distance = np.where(arc >= 0, problem.arcs.distance[arc] if len(problem.arcs.site) else 0.0, np.inf)
    parts = weight[plan.row] * plan.share
    if problem.unserved is None:
        return distance, parts
    left = np.clip(1.0 - served_share(problem, plan), 0.0, 1.0)
    return np.concatenate((distance, problem.unserved)), np.concatenate((parts, weight * left))
