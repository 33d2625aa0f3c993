"""Forms handed to HiGHS as arrays: in this process, one thread, silent."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from optimiser.hubs.flows.form import Form
from optimiser.hubs.flows.transport import Floats

GAP = 1e-6  # relative and absolute: below this a plan counts as proven
OnBounds = Callable[[float, float], None]  # minimised so far, lower bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What HiGHS found.

    Parameters
    ----------
    column
        Value by column; ``None`` without a plan that keeps the rows.
    minimised
        Objective, constants included.
    bound
        Proven lower limit of it; ``-inf`` without one.
    proven
        The best within ``GAP``.
    impossible
        Proven that nothing keeps the rows.
    row_dual, reduced
        Prices of rows, reduced costs of columns (linear programs).
    nodes
        Branch-and-bound nodes, or simplex iterations.
    """

    column: Floats | None
    minimised: float
    bound: float
    proven: bool
    impossible: bool
    row_dual: Floats
    reduced: Floats
    nodes: int


def version() -> str:
    """Return the version that makes the answer."""
    return f"HiGHS {highspy.Highs().version()}"


def solver(*, seed: int = 1, deadline: float | None = None, gap: float = GAP) -> highspy.Highs:
    """Return a silent HiGHS of one thread."""
    highs = highspy.Highs()
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", seed),
        ("mip_rel_gap", gap),
        ("mip_abs_gap", GAP),
    ):
        highs.setOptionValue(name, value)
    limit_time(highs, deadline)
    return highs


def limit_time(highs: highspy.Highs, deadline: float | None) -> None:
    """Let a solver stop at a time on the clock of ``time.monotonic``; its own clock goes on from earlier runs."""
    if deadline is not None:
        highs.setOptionValue("time_limit", highs.getRunTime() + max(deadline - time.monotonic(), 0.01))


def load(highs: highspy.Highs, form: Form, *, whole: bool) -> None:
    """Hand a form over; ``whole`` for sizes that are built or not, else the linear relaxation."""
    rows, columns = form.matrix.shape
    kinds = np.zeros(columns, dtype=np.int32)
    if whole:
        kinds[form.block("sizes")] = int(highspy.HighsVarType.kInteger)
    highs.passModel(
        columns,
        rows,
        form.matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        form.constant,
        form.cost,
        np.zeros(columns),
        form.upper,
        form.low,
        form.high,
        form.matrix.indptr.astype(np.int32),
        form.matrix.indices.astype(np.int32),
        form.matrix.data,
        kinds,
    )


def run(highs: highspy.Highs, *, whole: bool, on_bounds: OnBounds | None = None) -> Found:
    """Solve what is loaded."""
    if on_bounds is not None and whole:
        highs.cbMipLogging += lambda event: on_bounds(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)
    highs.run()
    info, solution, status = highs.getInfo(), highs.getSolution(), highs.getModelStatus()
    empty = status == highspy.HighsModelStatus.kModelEmpty  # nothing to decide: that is done
    feasible = empty or info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    optimal = empty or status == highspy.HighsModelStatus.kOptimal
    value = float(info.objective_function_value)
    bound = float(info.mip_dual_bound) if whole and not empty else (value if optimal else -np.inf)
    return Found(
        column=np.asarray(solution.col_value, dtype=np.float64) if feasible else None,
        minimised=value if feasible else np.inf,
        bound=bound if np.isfinite(bound) else -np.inf,
        proven=optimal,
        impossible=status == highspy.HighsModelStatus.kInfeasible,
        row_dual=np.asarray(solution.row_dual, dtype=np.float64),
        reduced=np.asarray(solution.col_dual, dtype=np.float64),
        nodes=max(int(info.mip_node_count if whole else info.simplex_iteration_count), 0),
    )
