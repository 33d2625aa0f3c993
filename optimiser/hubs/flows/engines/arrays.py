"""The whole form in HiGHS at once: exact where it fits, and a million columns are handed over in about a second.

The model is that of :mod:`optimiser.hubs.flows.form`.
"""

from __future__ import annotations

from optimiser.hubs.flows.build import build
from optimiser.hubs.flows.decode import to_plan
from optimiser.hubs.flows.engines import highs
from optimiser.hubs.flows.engines.answer import Answer
from optimiser.hubs.flows.form import Form
from optimiser.hubs.flows.problem import FlowProblem

NAME = "arrays"

version = highs.version


def supports(_problem: FlowProblem) -> tuple[str, ...]:
    """Return reasons against: none."""
    return ()


def solve(
    problem: FlowProblem,
    *,
    deadline: float | None,
    iterations: int | None,
    seed: int,
    on_bounds: highs.OnBounds | None = None,
    form: Form | None = None,
) -> Answer:
    """Solve by branch and bound; ``iterations`` are nodes."""
    form = build(problem) if form is None else form
    solver = highs.solver(seed=seed, deadline=deadline)
    if iterations is not None:
        solver.setOptionValue("mip_max_nodes", iterations)
    whole = form.at["sizes"] < form.at["members"]
    highs.load(solver, form, whole=whole)
    found = highs.run(solver, whole=whole, on_bounds=on_bounds)
    return Answer(
        plan=None if found.column is None else to_plan(problem, form, found.column),
        minimised=found.minimised,
        bound=found.bound,
        method="branch and bound of HiGHS" if whole else "linear program",
        impossible=found.impossible,
        iterations=found.nodes,
    )
