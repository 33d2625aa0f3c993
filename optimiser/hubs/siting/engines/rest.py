"""What prices leave undecided of a capacitated problem, as a mixed-integer program for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from optimiser.hubs.siting.capacitated.posed import I8, I32, Bools, Posed
from optimiser.hubs.siting.core import CLOSED, OPEN
from optimiser.hubs.siting.problem import Floats, Ints

GAP = 1e-7  # relative
SHARE = 1e-9  # less of a demand is nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A plan (rows, columns, shares, open sites; ``None``: none), what it costs, a bound, and whether all was seen."""

    row: Ints | None
    column: Ints | None
    share: Floats | None
    is_open: Bools | None
    cost: float
    bound: float
    done: bool


def solve(
    posed: Posed, status: I8, usable: Bools, *, seconds: float, seed: int, start: I32 | None = None,
    nodes: int | None = None,
) -> Found:  # fmt: skip
    """Solve the problem over the usable pairs; ``start`` is who goes where to begin with."""
    row, column = np.nonzero(usable & (status != CLOSED)[None, :])
    solver = _loaded(posed, status, row, column, seed)
    if np.isfinite(seconds):
        solver.setOptionValue("time_limit", max(seconds, 0.01))
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    if start is not None:
        _begin(solver, posed, status, row, column, start)
    solver.run()
    state, info = solver.getModelStatus(), solver.getInfo()
    done = state in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
    limit = float(info.mip_dual_bound)
    bound = np.inf if state == highspy.HighsModelStatus.kInfeasible else limit if np.isfinite(limit) else -np.inf
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Found(row=None, column=None, share=None, is_open=None, cost=np.inf, bound=bound, done=done)
    solution = np.asarray(solver.getSolution().col_value)
    m, x = len(posed.room), solution[len(posed.room) :]
    x = np.round(x) if posed.single else np.where(x > SHARE, np.minimum(x, 1.0), 0.0)
    kept = np.flatnonzero(x > 0)
    share = x[kept] / np.bincount(row[kept], weights=x[kept], minlength=len(posed.load))[row[kept]]
    is_open = solution[:m] > 0.5
    cost = float(posed.fixed[is_open].sum() + posed.cost[row[kept], column[kept]] @ share)
    return Found(
        row=row[kept], column=column[kept], share=share, is_open=is_open, cost=cost, bound=bound, done=done
    )  # fmt: skip


def _loaded(posed: Posed, status: I8, row: Ints, column: Ints, seed: int) -> highspy.Highs:
    """Return HiGHS with the program: y of every site, then x of every usable pair."""
    n, m, many = len(posed.load), len(posed.room), len(row)
    x = m + np.arange(many)
    total = m + many
    served = csr_array((np.ones(many), (row, x)), shape=(n, total))
    held = csr_array(
        (np.concatenate((posed.load[row], -posed.room)), (np.concatenate((column, np.arange(m))), np.r_[x, :m])),
        shape=(m, total),
    )
    strong = csr_array(
        (np.r_[np.ones(many), -np.ones(many)], (np.r_[:many, :many], np.concatenate((x, column)))), shape=(many, total)
    )
    alone = csr_array(
        (np.r_[posed.room, np.ones(m)], (np.r_[np.zeros(m, np.int64), np.ones(m, np.int64)], np.r_[:m, :m])),
        shape=(2, total),
    )
    columns = csc_array(vstack([served, held, strong, alone]))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = total, columns.shape[0]
    lp.col_cost_ = np.concatenate((posed.fixed, posed.cost[row, column]))
    lp.col_lower_ = np.concatenate((status == OPEN, np.zeros(many))).astype(np.float64)
    lp.col_upper_ = np.concatenate((status != CLOSED, np.ones(many))).astype(np.float64)
    lp.row_lower_ = np.r_[np.ones(n), np.full(m + many, -np.inf), posed.load.sum() * (1 - 1e-9), 0.0]
    lp.row_upper_ = np.r_[np.ones(n), np.zeros(m + many), np.inf, float(posed.most)]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = columns.indptr, columns.indices, columns.data
    whole, part = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    lp.integrality_ = [whole] * m + [whole if posed.single else part] * many
    solver = highspy.Highs()
    options = {"output_flag": False, "threads": 1, "random_seed": seed, "mip_rel_gap": GAP, "mip_abs_gap": 1e-6}
    for option, setting in options.items():
        solver.setOptionValue(option, setting)
    solver.passModel(lp)
    return solver


def _begin(solver: highspy.Highs, posed: Posed, status: I8, row: Ints, column: Ints, start: I32) -> None:
    """Give the plan to begin with, as far as its pairs are usable."""
    m = len(posed.room)
    used = np.zeros(m)
    used[start] = 1.0
    used[status == OPEN] = 1.0
    begins = np.concatenate((used, (start[row] == column).astype(np.float64)))
    solver.setSolution(len(begins), np.arange(len(begins), dtype=np.int32), begins)
