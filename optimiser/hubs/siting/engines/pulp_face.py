"""Every siting model in PuLP, solved by HiGHS: the readable face, for problems up to about 10^5 variables."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
import pulp

from optimiser.hubs.siting.answer import Answer, Task
from optimiser.hubs.siting.core import value
from optimiser.hubs.siting.engines.models import MODELS
from optimiser.hubs.siting.engines.parts import Parts, parts
from optimiser.hubs.siting.problem import MAXIMISED, Aim, SitingProblem

NAME = "pulp"
METHOD = "PuLP model, branch and bound of HiGHS"
GAP = 1e-6
LARGEST = 200_000  # arcs: more take minutes to build


def supports(problem: SitingProblem) -> tuple[str, ...]:
    """Return reasons against this engine."""
    return (f"there are more than {LARGEST} arcs",) if len(problem.arcs.site) > LARGEST else ()


def version() -> str:
    """Return the versions that make the answer."""
    return f"HiGHS {highspy.Highs().version()} through PuLP {pulp.__version__}"


def solve(problem: SitingProblem, task: Task) -> Answer:
    """Build the model of the aim and solve it."""
    made = parts(problem)
    made.lp.setObjective(MODELS[problem.aim](made))
    nodes = {} if task.steps is None else {"mip_max_nodes": task.steps}
    solver = pulp.HiGHS(msg=False, threads=1, gapRel=GAP, gapAbs=GAP, random_seed=task.seed, **nodes)
    solver.createAndConfigureSolver(made.lp)
    solver.buildSolverModel(made.lp)
    highs: highspy.Highs = made.lp.solverModel
    highs.setOptionValue("time_limit", task.left_s)
    highs.run()
    return _answer(problem, made, highs)


def _answer(problem: SitingProblem, made: Parts, highs: highspy.Highs) -> Answer:
    info, status, sign = highs.getInfo(), highs.getModelStatus(), -1.0 if problem.aim in MAXIMISED else 1.0
    proven = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
    limit = sign * float(info.mip_dual_bound) + float(made.lp.objective.constant)  # PuLP turns a maximum round
    bound = -sign * np.inf
    if np.isfinite(limit):
        bound = value(problem, limit) if problem.aim is Aim.EDE else limit
    common: dict[str, Any] = {"method": METHOD, "engine": NAME, "version": version(), "proven": proven}
    common |= {"bound": bound, "steps": max(int(info.mip_node_count), 0)}
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(size=None, **common)
    found = np.asarray(highs.getSolution().col_value, dtype=np.float64)
    size = np.full(len(problem.candidates), -1, dtype=np.int64)
    for (j, s), variable in made.o.items():
        if found[variable.index] > 0.5:
            size[j] = s
    arcs = [(i, j, float(found[share.index])) for (i, j), share in made.x.items()]
    kept = [(i, j, min(share, 1.0)) for i, j, share in arcs if share > 1e-7]
    row, column, share = (np.array(part) for part in zip(*kept, strict=True)) if kept else (np.zeros(0),) * 3
    total = np.bincount(row.astype(np.int64), weights=share, minlength=len(problem.demand.ids))
    over = np.maximum(total, 1.0)[row.astype(np.int64)]
    return Answer(size=size, row=row.astype(np.int64), column=column.astype(np.int64), share=share / over, **common)
