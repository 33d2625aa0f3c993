"""Set covering: what one demand or one candidate makes needless is taken out, HiGHS does the rest.

    minimise    sum_j f_j y_j
    subject to  sum of y_j over the candidates in reach of i >= 1      for every demand i
                sum_j y_j <= p                                         where there is a limit

A demand is needless if all that reach another one reach it too; a candidate, if another one that costs no more reaches
all that it reaches (Beasley 1987, EJOR 31, 85-93). With ``enough`` the question is only whether so much suffices.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csr_array

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.answer import Answer, Task
from optimiser.hubs.siting.core import core
from optimiser.hubs.siting.engines import lagrange
from optimiser.hubs.siting.problem import Aim, Floats, SitingProblem

NAME = "cover"
METHOD = "set covering without what is needless, branch and bound of HiGHS"
LARGEST = 6_000  # demands or candidates that are compared with each other
PASSES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Sites that cover everybody, or ``None``; a lower limit of what they cost; whether nothing better is left."""

    chosen: tables.Bools | None
    bound: float
    proven: bool


def supports(problem: SitingProblem) -> tuple[str, ...]:
    """Return reasons against this engine."""
    against = list(lagrange.supports(problem))
    if problem.aim is not Aim.COVER:
        against.append("the aim is not to cover everybody at least cost")
    if problem.unserved is not None:
        against.append("somebody may be left out at a price")
    return tuple(against)


def solve(problem: SitingProblem, task: Task) -> Answer:
    """Find the cheapest sites that reach everybody."""
    posed = core(problem)
    n, m = len(posed.far), len(posed.fixed)
    reach = csr_array((np.ones(len(posed.site)), posed.site, posed.start), shape=(n, m))
    version = f"HiGHS {highspy.Highs().version()}"
    found = covered(reach, posed.fixed, posed.status, posed.most, task)
    bound = found.bound + posed.constant
    if found.chosen is None:
        return Answer(size=None, method=METHOD, engine=NAME, version=version, proven=found.proven)
    size = np.where(found.chosen, lagrange.cheapest(problem), -1)
    return Answer(size=size, bound=bound, method=METHOD, engine=NAME, version=version, proven=found.proven)


def covered(
    reach: csr_array, price: Floats, status: np.ndarray, most: int, task: Task, *, enough: float | None = None
) -> Found:
    """Return the cheapest set of candidates that reaches every row, or any that costs no more than ``enough``."""
    m = reach.shape[1]
    chosen = (status == 1) | ((price < 0) & (status == 0) & (most >= m))
    rows = np.flatnonzero(csr_array(reach[:, chosen]).sum(axis=1) == 0)
    columns = np.flatnonzero((status == 0) & ~chosen)
    left = csr_array(reach[rows][:, columns])
    if len(rows) and (left.sum(axis=1) == 0).any():
        return Found(chosen=None, bound=np.inf, proven=True)
    needed, useful = _needed(left, price[columns])
    small, columns = csr_array(left[needed][:, useful]), columns[useful]
    paid, room = float(price[chosen].sum()), most - int(chosen.sum())
    if not len(needed):
        return Found(chosen=chosen if room >= 0 else None, bound=paid, proven=True)
    solver = _posed(small, price[columns], room, task)
    if enough is not None:
        solver.setOptionValue("objective_target", enough - paid + 1e-6)
        solver.addRow(-np.inf, enough - paid + 1e-6, len(columns), np.arange(len(columns)), price[columns])
    solver.run()
    info, done = solver.getInfo(), solver.getModelStatus()
    impossible = done == highspy.HighsModelStatus.kInfeasible
    bound = np.inf if impossible else float(info.mip_dual_bound) + paid
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Found(chosen=None, bound=bound, proven=impossible)
    chosen[columns[np.asarray(solver.getSolution().col_value) > 0.5]] = True
    return Found(chosen=chosen, bound=bound, proven=done == highspy.HighsModelStatus.kOptimal)


def _needed(reach: csr_array, price: Floats) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and columns that are not needless."""
    rows, columns = np.arange(reach.shape[0]), np.arange(reach.shape[1])
    if max(reach.shape) > LARGEST:
        return rows, columns
    for _ in range(PASSES):
        now = reach[rows][:, columns]
        fewer = rows[_least(csr_array(now), np.zeros(len(rows)))]
        now = reach[fewer][:, columns]
        kept = columns[_least(csr_array(now.T), -price[columns], larger=True)]
        if len(fewer) == len(rows) and len(kept) == len(columns):
            break
        rows, columns = fewer, kept
    return rows, columns


def _least(sets: csr_array, worth: Floats, *, larger: bool = False) -> np.ndarray:
    """Return which sets to keep: no other one lies in them (or, ``larger``, holds them and is worth as much)."""
    size = np.asarray(sets.sum(axis=1)).ravel()
    if not len(size):
        return np.zeros(0, dtype=np.int64)
    both = np.asarray((sets.astype(np.float32) @ sets.T.astype(np.float32)).todense())
    other, order = (both == size[:, None]), np.arange(len(size))  # [i, k]: set i lies in set k
    if larger:
        beaten = other & (worth[None, :] >= worth[:, None])
        same = beaten & beaten.T
        return np.flatnonzero(~(beaten & ~(same & (order[:, None] <= order[None, :]))).any(axis=1))
    beaten = other.T  # [k, i]: set i lies in set k, so k is needless
    same = beaten & beaten.T
    return np.flatnonzero(~(beaten & ~(same & (order[:, None] <= order[None, :]))).any(axis=1))


def _posed(reach: csr_array, price: Floats, most: int, task: Task) -> highspy.Highs:
    """Return HiGHS with a set covering in it."""
    n, m = reach.shape
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = m, n + 1
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = price, np.zeros(m), np.ones(m)
    lp.row_lower_ = np.concatenate((np.ones(n), [0.0]))
    lp.row_upper_ = np.concatenate((np.full(n, np.inf), [float(min(most, m))]))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate((reach.indptr, [reach.nnz + m]))
    lp.a_matrix_.index_ = np.concatenate((reach.indices, np.arange(m)))
    lp.a_matrix_.value_ = np.ones(reach.nnz + m)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * m
    solver = highspy.Highs()
    settings = {"output_flag": False, "threads": 1, "random_seed": task.seed, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-6}
    for option, setting in settings.items():
        solver.setOptionValue(option, setting)
    if np.isfinite(task.left_s):
        solver.setOptionValue("time_limit", task.left_s)
    if task.steps is not None:
        solver.setOptionValue("mip_max_nodes", task.steps)
    solver.passModel(lp)
    return solver
