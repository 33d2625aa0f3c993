"""Which engines there are, and which one ``auto`` takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from optimiser.hubs.siting.answer import Answer, Task
from optimiser.hubs.siting.engines import arrays, capacitated, cover, lagrange, pulp_face, threshold
from optimiser.hubs.siting.problem import Aim, SitingProblem


class Engine(Protocol):
    """What the module of an engine has."""

    NAME: str

    def supports(self, problem: SitingProblem) -> tuple[str, ...]:
        """Return reasons against it."""
        ...

    def solve(self, problem: SitingProblem, task: Task) -> Answer:
        """Return a plan and a bound."""
        ...


ENGINES: Mapping[str, Engine] = {
    module.NAME: module for module in (lagrange, capacitated, cover, threshold, arrays, pulp_face)
}


def choose(problem: SitingProblem) -> tuple[str, str]:
    """Return the engine for a problem, and why, for the planner."""
    if problem.aim is Aim.CENTRE:
        return threshold.NAME, "thresholds: the aim is the farthest distance"
    if not cover.supports(problem):
        return cover.NAME, "set covering: everybody is to be reached at least cost"
    against = lagrange.supports(problem)
    if not against:
        return lagrange.NAME, "our own engine: sites have no limits on what they hold"
    if not capacitated.supports(problem):
        return capacitated.NAME, "our own engine for capacities: prices, and HiGHS on what they leave undecided"
    return arrays.NAME, f"HiGHS: {'; '.join(against)}"
