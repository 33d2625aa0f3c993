"""Set covering: what one demand or one candidate makes needless is taken out, our own engine and HiGHS do the rest.

    minimise    sum_j f_j y_j
    subject to  sum of y_j over the candidates in reach of i >= 1      for every demand i
                sum_j y_j <= p                                         where there is a limit

A demand is needless if all that reach another one reach it too; a candidate, if another one that costs no more reaches
all that it reaches (Beasley 1987, EJOR 31, 85-93). Of what is left our own engine finds a plan and a bound first; if
they do not meet, HiGHS begins with that plan, or our own goes on where there are too many arcs for HiGHS. With
``enough`` the question is only whether so much suffices, and our own engine has been asked before.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy.sparse import csr_array

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.answer import Answer, Task
from optimiser.hubs.siting.core import Core, core
from optimiser.hubs.siting.engines import lagrange
from optimiser.hubs.siting.lagrange.search import search
from optimiser.hubs.siting.problem import Aim, Floats, SitingProblem

NAME = "cover"
METHOD = "set covering without what is needless, prices on demand rows (Lagrange), branch and bound of HiGHS"
LARGEST, PAIRS = 6_000, 5e7  # demands or candidates that are compared with each other, and what they reach in common
PASSES = 6
OWN_STEPS, OWN_SHARE = 12, 0.3  # of our own engine before HiGHS begins, and of the time
ARCS = 100_000  # more than these HiGHS does not get through
USED = 0.95  # of the time: the rest is for judging the plan


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
    if task.deadline is not None:
        now = time.monotonic()
        task = replace(task, deadline=now + USED * max(task.deadline - now, 0.0))
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
    done = _by_own(small, price[columns], room, task) if enough is None else None
    if done is None or not (done.proven or small.nnz > ARCS or task.late()):
        done = _by_highs(small, price[columns], room, task, known=done, enough=enough, paid=paid)
    if done.chosen is None:
        return replace(done, bound=done.bound + paid)
    chosen[columns[done.chosen]] = True
    return Found(chosen=chosen, bound=done.bound + paid, proven=done.proven)


def _by_own(reach: csr_array, price: Floats, most: int, task: Task) -> Found:
    """Return what our own engine finds in a few steps; in all the time where HiGHS would not get through."""
    dear = 4.0 * (float(np.abs(price).sum()) + 1.0)
    n, m = reach.shape
    posed = Core(
        start=reach.indptr.astype(np.int64), site=reach.indices.astype(np.int32), cost=np.zeros(reach.nnz),
        far=np.full(n, dear), fixed=price, status=np.zeros(m, np.int8), most=min(most, m), constant=0.0,
        step=1.0 if (price == np.round(price)).all() else 0.0, forbidden=True,
    )  # fmt: skip
    alone = reach.nnz > ARCS
    end = np.inf if task.deadline is None else time.monotonic() + (1.0 if alone else OWN_SHARE) * task.left_s
    steps = task.steps if alone else min(OWN_STEPS, np.inf if task.steps is None else task.steps)
    found = search(
        posed, late=lambda: time.monotonic() >= end, steps=None if steps is None else int(steps), seed=task.seed
    )
    whole = found.cost < dear
    proven = found.bound >= (found.cost if whole else dear) - 1e-6
    bound = found.bound if whole or not proven else np.inf
    return Found(chosen=found.open if whole else None, bound=bound, proven=proven)


def _by_highs(
    reach: csr_array, price: Floats, most: int, task: Task, *, known: Found | None, enough: float | None, paid: float
) -> Found:
    """Return what HiGHS finds, or what is known if that is better; ``paid`` is what the other sites cost."""
    solver, m = _posed(reach, price, most, task), len(price)
    if enough is not None:
        solver.setOptionValue("objective_target", enough - paid + 1e-6)
        solver.addRow(-np.inf, enough - paid + 1e-6, m, np.arange(m), price)
    if known is not None and known.chosen is not None:
        solver.setSolution(m, np.arange(m, dtype=np.int32), known.chosen.astype(np.float64))
    solver.run()
    info, done = solver.getInfo(), solver.getModelStatus()
    impossible = done == highspy.HighsModelStatus.kInfeasible
    bound = np.inf if impossible else max(float(info.mip_dual_bound), -np.inf if known is None else known.bound)
    best = None if known is None else known.chosen
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        found = np.asarray(solver.getSolution().col_value) > 0.5
        best = found if best is None or price[found].sum() <= price[best].sum() else best
    if best is None:
        return Found(chosen=None, bound=bound, proven=impossible)
    return Found(chosen=best, bound=bound, proven=done == highspy.HighsModelStatus.kOptimal)


def _needed(reach: csr_array, price: Floats) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and columns that are not needless."""
    rows, columns = np.arange(reach.shape[0]), np.arange(reach.shape[1])
    pairs = sum(float((np.asarray(reach.sum(axis=k)) ** 2).sum()) for k in (0, 1))
    if max(reach.shape) > LARGEST or pairs > PAIRS:
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
