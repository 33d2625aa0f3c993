"""Solve for all shocks at once, or see what a given choice of sites is worth in them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from faults import Fault, SolverError
from optimiser.hubs.flows.check import check
from optimiser.hubs.flows.engines import highs
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.shocks import Expected, Shock, several, told
from optimiser.result import Budget


def expected(
    problem: FlowProblem,
    shocks: Sequence[Shock],
    *,
    budget: Budget,
    opened: Mapping[str, str] | None = None,
    seed: int = 1,
) -> Expected | None:
    """Return the best sites for what may happen, with the flows in each shock.

    Parameters
    ----------
    opened
        Sites with their sizes, if they are given: then only the flows are chosen. An empty mapping opens nothing.

    Returns
    -------
    Expected
        With a bound on the mean of the aim; ``None`` when the budget ended first or limits cannot be kept.
    """
    posed = problem if opened is None else given(problem, opened)
    form, hits, forms = several(posed, shocks)
    deadline = None if budget.seconds is None else time.monotonic() + budget.seconds
    solver = highs.solver(seed=seed, deadline=deadline)
    if budget.iterations is not None:
        solver.setOptionValue("mip_max_nodes", budget.iterations)
    whole = form.at["members"] > 0
    highs.load(solver, form, whole=whole)
    found = highs.run(solver, whole=whole)
    if found.column is None:
        return None
    result = told(shocks, hits, forms, found.column, found.bound)
    for name, hit in zip(result.plans, hits, strict=True):
        if broken := check(hit, result.plans[name]):
            raise SolverError(
                Fault(
                    code="flow-plan-broken",
                    place=f"flows in shock {name}",
                    cause=f"the plan breaks {len(broken)} rules, first {broken[0]}",
                    action="report this with the scenario: it is a defect of the program",
                )
            )
    return result


def given(problem: FlowProblem, opened: Mapping[str, str]) -> FlowProblem:
    """Return the problem with just these sites, in these sizes."""
    return replace(
        problem,
        sites=tuple(
            replace(site, sizes=tuple(size for size in site.sizes if size.id == opened[site.id]), must_open=True)
            if site.id in opened
            else replace(site, may_open=False, must_open=False)
            for site in problem.sites
        ),
    )
