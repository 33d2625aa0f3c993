"""From a PuLP model to HiGHS and back: in this process, one thread, silent, with the best bound."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
import pulp

from optimiser.hubs.arrays import Bools, Floats, Shares, tally
from optimiser.hubs.engines.model import Model

GAP = 1e-6  # relative and absolute: below this a plan counts as proven
SMALLEST = 1e-7  # a share below this is rounding, not people
OnBounds = Callable[[float, float], None]  # minimised sum so far, lower bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What HiGHS found.

    Parameters
    ----------
    column
        Value of every variable by its index; ``None`` without a plan that keeps the rows.
    minimised
        Objective with the model's constant.
    bound
        Proven lower limit of it; ``-inf`` without one.
    proven
        The plan is the best, within ``GAP``.
    row_dual
        Shadow price of every row by its index (linear programs).
    nodes
        Branch-and-bound nodes.
    """

    column: Floats | None
    minimised: float
    bound: float
    proven: bool
    row_dual: Floats
    nodes: int


def version() -> str:
    """Return the versions that make the answer."""
    return f"HiGHS {highspy.Highs().version()} through PuLP {pulp.__version__}"


def run(
    model: Model,
    *,
    deadline: float | None,
    seed: int,
    nodes: int | None = None,
    gap: float = GAP,
    start: dict[pulp.LpVariable, float] | None = None,
    on_bounds: OnBounds | None = None,
) -> Found:
    """Solve a model.

    Parameters
    ----------
    deadline
        On the clock of ``time.monotonic``; ``None`` for no limit.
    nodes
        Limit of branch-and-bound nodes.
    gap
        Relative gap at which to stop.
    start
        Value of every variable of a plan to begin with.
    """
    options = {"random_seed": seed} | ({} if nodes is None else {"mip_max_nodes": nodes})
    solver = pulp.HiGHS(msg=False, threads=1, gapRel=gap, gapAbs=GAP, **options)
    solver.createAndConfigureSolver(model.lp)
    solver.buildSolverModel(model.lp)
    highs: highspy.Highs = model.lp.solverModel
    if deadline is not None:
        highs.setOptionValue("time_limit", max(deadline - time.monotonic(), 0.01))
    if start is not None:
        begun = highspy.HighsSolution()
        begun.col_value = [start[variable] for variable in model.lp.variables()]
        highs.setSolution(begun)
    if on_bounds is not None:
        highs.cbMipLogging += _teller(on_bounds, model.constant)
    highs.run()
    return _found(highs, model)


def sites(model: Model, found: Floats) -> Bools:
    """Return which sites open."""
    chosen: Bools = found[[site.index for site in model.y]] > 0.5
    return chosen


def flows(model: Model, found: Floats) -> Shares:
    """Return who goes where; nobody more than once in all."""
    share = np.clip(found[[variable.index for variable in model.x]], 0.0, 1.0)
    kept = share > SMALLEST
    row, column, share = model.row[kept], model.column[kept], share[kept]
    total = tally(row, share, 1)
    return Shares(row=row, column=column, share=share / np.maximum(total[row], 1.0))


def _found(highs: highspy.Highs, model: Model) -> Found:
    info, solution = highs.getInfo(), highs.getSolution()
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    bound = float(info.mip_dual_bound) + model.constant
    return Found(
        column=np.asarray(solution.col_value, dtype=np.float64) if feasible else None,
        minimised=float(info.objective_function_value) + model.constant,
        bound=bound if np.isfinite(bound) else -np.inf,
        proven=highs.getModelStatus() == highspy.HighsModelStatus.kOptimal,
        row_dual=np.asarray(solution.row_dual, dtype=np.float64),
        nodes=max(int(info.mip_node_count), 0),
    )


def _teller(on_bounds: OnBounds, constant: float) -> Callable[[highspy.HighsCallbackEvent], None]:
    def tell(event: highspy.HighsCallbackEvent) -> None:
        on_bounds(event.data_out.mip_primal_bound + constant, event.data_out.mip_dual_bound + constant)

    return tell
