"""Small random siting problems, and what is best by trying every set of sites."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from optimiser.hubs.siting.answer import Answer
from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.assign import to_plan
from optimiser.hubs.siting.check import check
from optimiser.hubs.siting.price import price
from optimiser.hubs.siting.problem import MAXIMISED, Aim, Candidate, Demand, SitingProblem, Size


def problem(seed: int, aim: Aim, *, n: int = 12, m: int = 6, **changes: Any) -> SitingProblem:
    """Return a problem on a square of 10 x 10; fixed costs, existing sites and decay are always there."""
    g = np.random.default_rng(seed)
    here, there = g.uniform(0, 10, (n, 2)), g.uniform(0, 10, (m, 2))
    way = here[:, None] - there[None]
    distance = np.round(np.sqrt(np.sum(way**2, axis=2)), 2)
    reach = changes.pop("reach", np.inf)
    capacity = changes.pop("capacity", np.inf)
    arcs = from_matrix(distance, reach)
    weight = g.integers(1, 9, n).astype(float)
    costs = g.integers(20, 60, m)
    sizes = changes.pop("sizes", None)
    given: dict[str, Any] = {
        "demand": Demand(
            ids=tuple(f"d{i}" for i in range(n)), weight=weight, group=tuple("ab"[i % 2] for i in range(n))
        ),
        "candidates": tuple(
            Candidate(
                id=f"c{j}",
                sizes=sizes or (Size(capacity=capacity, fixed_cost=float(costs[j])),),
                existing=j == 0,
                closing_cost=5.0 if j == 0 else 0.0,
                x=float(there[j, 0]),
                y=float(there[j, 1]),
            )
            for j in range(m)
        ),
        "arcs": arcs,
        "aim": aim,
        "at_most": 2,
        "decay": np.exp(-arcs.distance / 4),
        "kappa": 0.3,
        "worst_share": 0.25,
        "unserved": np.full(n, 200.0 if aim in (Aim.COST, Aim.COVER) else 20.0),
    }
    return SitingProblem(**given | changes)


def best(posed: SitingProblem) -> float:
    """Return the best objective over every set of sites and sizes; for problems without binding capacities only."""
    sign = -1.0 if posed.aim in MAXIMISED else 1.0
    found = [np.inf]
    for sizes in product(*(range(-1, len(c.sizes)) for c in posed.candidates)):
        plan = to_plan(posed, Answer(size=np.array(sizes)))
        if not check(posed, plan):
            found.append(sign * price(posed, plan).objective)
    return sign * min(found)
