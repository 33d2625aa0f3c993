"""Other programs on siting instances: what one would write by hand with PuLP and CBC, CP-SAT or spopt.

Each gets the same problem and the same seconds, model building included. What a peer claims is not believed: of its
answer only the open sites count, and where nothing limits the sites everybody goes to the cheapest; with capacities its
flows are checked and priced like ours.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pulp

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.answer import Answer
from optimiser.hubs.siting.problem import Aim, SitingProblem

SPOPT = Path(__file__).with_name("spopt_child.py")
MOST_BOOLEANS = 300_000  # CP-SAT holds them in memory several times
WHOLE = 1_000  # CP-SAT counts in whole numbers: costs times this


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """How a peer may work: for how long, and with which interpreter where it lives in an environment of its own."""

    seconds: float
    seed: int
    python: str = sys.executable


Peer = Callable[[SitingProblem, Ask], Answer]
NOTHING = Answer(size=None)


def cbc(problem: SitingProblem, ask: Ask) -> Answer:
    """Solve the readable PuLP model with CBC, as ``pip install pulp`` brings it."""
    from optimiser.hubs.siting.engines.models import MODELS
    from optimiser.hubs.siting.engines.parts import parts

    began = time.monotonic()
    made = parts(problem)
    made.lp.setObjective(MODELS[problem.aim](made))
    left = ask.seconds - (time.monotonic() - began)
    if left <= 0:
        return NOTHING
    with warnings.catch_warnings():  # PuLP 4 will bring no CBC
        warnings.simplefilter("ignore", DeprecationWarning)
        solver = pulp.PULP_CBC_CMD(
            msg=False, timeLimit=left, threads=1, gapRel=1e-6, options=[f"randomSeed {ask.seed}"]
        )
    made.lp.solve(solver)
    if made.lp.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return NOTHING
    size = np.full(len(problem.candidates), -1, dtype=np.int64)
    for (j, s), variable in made.o.items():
        if (variable.value() or 0.0) > 0.5:
            size[j] = s
    proven = made.lp.sol_status == pulp.LpSolutionOptimal
    if not tables.capacitated(problem):
        return Answer(size=size, proven=proven)
    arcs = [(i, j, min(x.value() or 0.0, 1.0)) for (i, j), x in made.x.items() if (x.value() or 0.0) > 1e-7]
    row, column, share = (np.array(part) for part in zip(*arcs, strict=True))
    total = np.bincount(row, weights=share, minlength=len(problem.demand.ids))
    return Answer(size=size, row=row, column=column, share=share / np.maximum(total, 1.0)[row], proven=proven)


def cp_sat(problem: SitingProblem, ask: Ask) -> Answer:
    """Solve with CP-SAT of OR-Tools: a boolean a pair; it cannot split demand."""
    from ortools.sat.python import cp_model

    began = time.monotonic()
    arcs, n, m = problem.arcs, len(problem.demand.ids), len(problem.candidates)
    model = cp_model.CpModel()
    y = [model.new_bool_var(f"y{j}") for j in range(m)]
    x = [model.new_bool_var("") for _ in range(len(arcs.site))]
    site, start = arcs.site.tolist(), arcs.start.tolist()
    for i in range(n):
        model.add_exactly_one(x[start[i] : start[i + 1]])
    for pair, j in zip(x, site, strict=True):
        model.add_implication(pair, y[j])
    if problem.at_most is not None:
        model.add(sum(y) <= problem.at_most)
    _rooms(problem, model, x, y)
    cost = np.round(WHOLE * tables.serving_cost(problem)).astype(np.int64).tolist()
    fixed = np.round(WHOLE * _fixed(problem)).astype(np.int64).tolist()
    model.minimize(sum(c * v for c, v in zip(cost, x, strict=True)) + sum(f * v for f, v in zip(fixed, y, strict=True)))
    solver = cp_model.CpSolver()
    left = ask.seconds - (time.monotonic() - began)
    if left <= 0:
        return NOTHING
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = left, 1
    solver.parameters.random_seed = ask.seed
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return NOTHING
    size = np.array([0 if solver.value(v) else -1 for v in y], dtype=np.int64)
    answer = Answer(size=size, proven=status == cp_model.OPTIMAL, bound=solver.best_objective_bound / WHOLE)
    if not tables.capacitated(problem):
        return answer
    row = np.repeat(np.arange(n), np.diff(arcs.start))
    taken = np.array([bool(solver.value(v)) for v in x])
    return replace(
        answer, row=row[taken].astype(np.int64), column=arcs.site[taken].astype(np.int64), share=np.ones(taken.sum())
    )


def spopt(problem: SitingProblem, ask: Ask) -> Answer:
    """Solve a p-median with spopt (PySAL) in an environment of its own; its solver is PuLP's CBC."""
    n, m = len(problem.demand.ids), len(problem.candidates)
    cost = np.full((n, m), np.inf)
    cost[np.repeat(np.arange(n), np.diff(problem.arcs.start)), problem.arcs.site] = tables.serving_cost(problem)
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "cost.npy", cost)
        words = [ask.python, str(SPOPT), folder, str(problem.at_most), str(ask.seconds)]
        try:
            subprocess.run(words, check=True, capture_output=True, timeout=2 * ask.seconds + 60)
        except subprocess.TimeoutExpired:
            return NOTHING
        said = json.loads((Path(folder) / "said.json").read_text(encoding="utf-8"))
    if not said["open"]:
        return NOTHING
    size = np.where(np.isin(np.arange(m), said["open"]), 0, -1).astype(np.int64)
    return Answer(size=size, proven=said["proven"])


def against(name: str, problem: SitingProblem) -> str:
    """Say why a peer cannot state a problem; empty where it can."""
    capacities = tables.capacitated(problem)
    if name == "spopt" and (problem.aim is not Aim.MEDIAN or capacities):
        return "only p-median without capacities here"
    if name == "cp-sat" and capacities and not problem.single_source:
        return "it cannot split demand"
    if name == "cp-sat" and len(problem.arcs.site) > MOST_BOOLEANS:
        return f"more than {MOST_BOOLEANS} pairs"
    return ""


def _fixed(problem: SitingProblem) -> np.ndarray:
    by_money = problem.aim is Aim.COST
    return np.array([candidate.sizes[0].fixed_cost if by_money else 0.0 for candidate in problem.candidates])


def _rooms(problem: SitingProblem, model: Any, x: list[Any], y: list[Any]) -> None:
    """Add the capacities of sites, in whole units of load."""
    load = tables.load(problem)[tables.rows(problem)]
    for j, candidate in enumerate(problem.candidates):
        room = candidate.sizes[0].capacity
        if np.isfinite(room):
            pairs = np.flatnonzero(problem.arcs.site == j).tolist()
            model.add(sum(round(float(load[k])) * x[k] for k in pairs) <= int(room) * y[j])


PEERS: Mapping[str, Peer] = {"cbc": cbc, "cp-sat": cp_sat, "spopt": spopt}
