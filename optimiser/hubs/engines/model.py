"""What the models of the mixed-integer engine have in common: the sites and the limits on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pulp

from optimiser.hubs.arrays import (
    NOBODY,
    Floats,
    Positions,
    capacity,
    fixed_cost,
    handling_cost,
    must_stay,
)
from optimiser.hubs.problem import HubProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model ready to be solved.

    Parameters
    ----------
    name
        For the method of a bound.
    lp
        The PuLP problem.
    constant
        What its objective leaves out because no decision changes it.
    y
        Site variables in the order of the candidates; none when the sites are given.
    x, row, column
        Flow variables with their demand point and candidate; none when the sites say it all.
    full
        Site -> its capacity row.
    """

    name: str
    lp: pulp.LpProblem
    constant: float
    y: list[pulp.LpVariable] = field(default_factory=list)
    x: list[pulp.LpVariable] = field(default_factory=list)
    row: Positions = field(default_factory=lambda: NOBODY.row)
    column: Positions = field(default_factory=lambda: NOBODY.column)
    full: Mapping[int, pulp.LpConstraint] = field(default_factory=dict)


def combination(variables: list[pulp.LpVariable], factors: Floats | list[float]) -> pulp.LpAffineExpression:
    """Return ``sum factors[k] * variables[k]``."""
    return pulp.LpAffineExpression(list(zip(variables, [float(f) for f in factors], strict=True)))


def site_variables(lp: pulp.LpProblem, problem: HubProblem) -> list[pulp.LpVariable]:
    """Return ``y_j``, fixed to 1 where a hub must stay."""
    stays = must_stay(problem)
    return [lp.add_variable(f"y{j}", int(stays[j]), 1, pulp.LpInteger) for j in range(len(stays))]


def add_limits(lp: pulp.LpProblem, problem: HubProblem, y: list[pulp.LpVariable]) -> None:
    """Add the limits on number and money, and put twins in order."""
    if problem.at_most is not None:
        lp.addConstraint(combination(y, [1.0] * len(y)) <= problem.at_most)
    if problem.budget_per_day is not None:
        lp.addConstraint(combination(y, fixed_cost(problem)) <= problem.budget_per_day)
    for first, second in twins(problem):
        lp.addConstraint(combination([y[first], y[second]], [1.0, -1.0]) >= 0)


def twins(problem: HubProblem) -> list[tuple[int, int]]:
    """Return pairs of neighbours among candidates that nothing tells apart: the first in the list opens first."""
    described = np.vstack(
        [problem.distance_m, capacity(problem), fixed_cost(problem), handling_cost(problem), must_stay(problem)]
    )
    last: dict[bytes, int] = {}
    pairs = []
    for j, column in enumerate(np.ascontiguousarray(described.T)):
        key = column.tobytes()
        if key in last:
            pairs.append((last[key], j))
        last[key] = j
    return pairs
