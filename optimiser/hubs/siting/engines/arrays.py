"""Any siting problem by HiGHS from arrays: nothing is built in Python objects, so 10^6 variables take about a second.

Strong rows x <= o are all there at once up to ``ALL_STRONG`` arcs. Above that the linear program is solved with those
only that it breaks, which are added until it breaks none; its value is a bound, and those rows stay for the branch and
bound (a relaxation without the others, but with all whole variables, has the same plans: capacities link x to o).
"""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from optimiser.hubs.siting.answer import Answer, Task
from optimiser.hubs.siting.core import value
from optimiser.hubs.siting.model import Model, build
from optimiser.hubs.siting.problem import Aim, Floats, SitingProblem

NAME = "highs"
METHOD = "branch and bound of HiGHS"
GAP = 1e-6  # relative and absolute
ALL_STRONG = 60_000
BROKEN = 1e-6  # a strong row broken by less is kept
ROUNDS = 60
LINEAR = 0.4  # of the time may go into the linear program


def supports(problem: SitingProblem) -> tuple[str, ...]:
    """Return reasons against this engine."""
    return ("the farthest distance is found by thresholds",) if problem.aim is Aim.CENTRE else ()


def version() -> str:
    """Return the version that makes the answer."""
    return f"HiGHS {highspy.Highs().version()}"


def solve(problem: SitingProblem, task: Task, *, farthest: float | None = None) -> Answer:
    """Solve a problem as a mixed-integer program."""
    model = build(problem, farthest=farthest)
    whole = vstack([model.rows, model.strong]).tocsr()
    low = np.concatenate((model.low, np.full(model.strong.shape[0], -np.inf)))
    high = np.concatenate((model.high, np.zeros(model.strong.shape[0])))
    bound = -np.inf
    if model.at.arcs > ALL_STRONG:
        kept, bound = _needed(model, task)
        whole = vstack([model.rows, _linked(model), model.strong[kept]]).tocsr()
        extra = whole.shape[0] - len(model.low)
        low = np.concatenate((model.low, np.full(extra, -np.inf)))
        high = np.concatenate((model.high, np.zeros(extra)))
    solver = loaded(model, whole, low, high, integer=True, seed=task.seed)
    if np.isfinite(task.left_s):
        solver.setOptionValue("time_limit", task.left_s)
    if task.steps is not None:
        solver.setOptionValue("mip_max_nodes", task.steps)
    if task.start is not None:
        _begin(solver, model, task)
    solver.run()
    return _answer(problem, model, solver, bound)


def loaded(model: Model, rows: csr_array, low: Floats, high: Floats, *, integer: bool, seed: int = 1) -> highspy.Highs:
    """Return HiGHS with a program in it."""
    lp, columns = highspy.HighsLp(), csc_array(rows)
    lp.num_col_, lp.num_row_ = model.at.total, rows.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, model.lower, model.upper
    lp.row_lower_, lp.row_upper_ = low, high
    lp.offset_ = model.constant
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = columns.indptr, columns.indices, columns.data
    if integer:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[int(w)] for w in model.whole]
    solver = highspy.Highs()
    options = {"output_flag": False, "threads": 1, "random_seed": seed, "mip_rel_gap": GAP, "mip_abs_gap": GAP}
    for option, setting in options.items():
        solver.setOptionValue(option, setting)
    solver.passModel(lp)
    return solver


def _linked(model: Model) -> csr_array:
    """Return sum_e x_e <= (number of its arcs) o for every site: weak, few, and enough for whole sites."""
    at, site = model.at, model.options.site
    strong = csr_array(model.strong[:, : at.options])
    option = np.asarray(abs(strong).argmax(axis=1)).ravel()
    mine = site[option]
    many = np.bincount(mine, minlength=int(site.max()) + 1).astype(np.float64)
    row = np.concatenate((mine, site))
    column = np.concatenate((at.x + np.arange(at.arcs), np.arange(at.options)))
    factor = np.concatenate((np.ones(at.arcs), -many[site]))
    return csr_array((factor, (row, column)), shape=(len(many), at.total))


def _needed(model: Model, task: Task) -> tuple[np.ndarray, float]:
    """Return the strong rows that the linear program needs, and its value as a bound."""
    kept = np.zeros(model.strong.shape[0], dtype=np.bool_)
    solver = loaded(model, model.rows, model.low, model.high, integer=False, seed=task.seed)
    bound, began, most = -np.inf, time.monotonic(), LINEAR * task.left_s
    for _ in range(ROUNDS):
        left = most - (time.monotonic() - began)
        if left <= 0:
            break
        solver.setOptionValue("time_limit", left + solver.getRunTime())
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            break
        bound = float(solver.getInfo().objective_function_value)
        solution = np.asarray(solver.getSolution().col_value)
        broken = np.flatnonzero((model.strong @ solution > BROKEN) & ~kept)
        if not len(broken):
            break
        kept[broken] = True
        more = csr_array(model.strong[broken])
        solver.addRows(
            len(broken), np.full(len(broken), -np.inf), np.zeros(len(broken)), more.nnz, more.indptr[:-1],
            more.indices, more.data,
        )  # fmt: skip
    return np.flatnonzero(kept), bound


def _begin(solver: highspy.Highs, model: Model, task: Task) -> None:
    """Give the open sites to begin with; HiGHS completes them."""
    assert task.start is not None
    begins = np.zeros(model.at.options)
    largest = np.full(len(task.start), -1)
    for k, j in enumerate(model.options.site):
        if largest[j] < 0 or model.options.capacity[k] > model.options.capacity[largest[j]]:
            largest[j] = k
    begins[largest[task.start]] = 1.0
    solver.setSolution(model.at.options, np.arange(model.at.options, dtype=np.int32), begins)


def _answer(problem: SitingProblem, model: Model, solver: highspy.Highs, bound: float) -> Answer:
    info, status = solver.getInfo(), solver.getModelStatus()
    proven = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
    mip = float(info.mip_dual_bound)
    found = max(bound, mip) if np.isfinite(mip) else bound
    common: dict[str, Any] = {
        "method": "branch and bound of HiGHS",
        "proven": proven,
        "engine": NAME,
        "version": version(),
    }
    common["steps"] = max(int(info.mip_node_count), 0)
    limit = valued(problem, model, found) if np.isfinite(found) else -model.sign * np.inf
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(size=None, bound=limit, **common)
    solution = np.asarray(solver.getSolution().col_value, dtype=np.float64)
    size, row, column, share = plan_of(problem, model, solution)
    return Answer(size=size, row=row, column=column, share=share, bound=limit, **common)


def plan_of(
    problem: SitingProblem, model: Model, solution: Floats
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return sizes, rows, columns and shares of a solution; shares too small to be people are left out."""
    at = model.at
    size = np.full(len(problem.candidates), -1, dtype=np.int64)
    chosen = np.flatnonzero(solution[: at.options] > 0.5)
    size[model.options.site[chosen]] = model.options.size[chosen]
    share = np.clip(solution[at.x : at.z], 0.0, 1.0)
    kept = np.flatnonzero(share > 1e-7)
    row, column, share = model.arc_row[kept], problem.arcs.site[kept].astype(np.int64), share[kept]
    total = np.bincount(row, weights=share, minlength=at.demands)
    lost = np.clip(solution[at.z : at.v], 0.0, 1.0)
    wanted = np.where(lost < 1e-7, 1.0, total)
    share = np.minimum(share * (wanted / np.maximum(total, 1e-300))[row], 1.0)
    return size, row, column, share


def valued(problem: SitingProblem, model: Model, minimised: float) -> float:
    """Return the figure of the aim for a minimised sum."""
    if problem.aim is Aim.EDE:
        return value(problem, minimised)
    return model.sign * minimised
