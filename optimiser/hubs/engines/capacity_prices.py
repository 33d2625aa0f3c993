"""Bounds and plans for large problems with capacities: cross decomposition.

Put a price ``l_j >= 0`` on every kilogram brought to candidate j instead of its capacity row. For any prices

    L(l) = min  sum_j (F_j - l_j capacity_j) y_j + sum_i w_i [ sum_j (c_ij + l_j kg_i / w_i) x_ij + U (1 - sum x_ij) ]

is a lower bound of the siting problem with capacities (Lagrangian relaxation), and it is a problem without
capacities, which the radius model solves fast. Its sites, kept, leave a transport problem, whose shadow prices of
full hubs are the next prices: dual and primal subproblems feed each other (Van Roy 1986, A cross decomposition
algorithm for capacitated facility location, Operations Research 34(1)). Prices are averaged over the rounds, so that
they settle. Every plan keeps the capacities; the best bound and the best plan are kept.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from optimiser.hubs.arrays import Bools, Floats, Shares, capacity, kg_per_day, must_stay
from optimiser.hubs.engines import flow_model, highs, nearest_model
from optimiser.hubs.problem import HubProblem
from optimiser.hubs.values import Values

ROUGH = 2e-3  # relative gap at which a priced problem is left: the next prices do more for the bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round: a lower bound (``-inf``: none), and a plan worth ``minimised`` when there was time for its flows."""

    bound: float
    is_open: Bools | None
    sent: Shares | None
    minimised: float


NOTHING = Round(bound=-np.inf, is_open=None, sent=None, minimised=np.inf)


def rounds(problem: HubProblem, values: Values, *, deadline: float | None, seed: int) -> Iterator[Round]:
    """Yield rounds until the time is over; the first has no prices and is the problem without capacities."""
    prices = np.zeros(len(problem.candidates))
    count = 0
    while deadline is None or time.monotonic() < deadline:
        is_open, bound = _priced(problem, values, prices, deadline, seed)
        if is_open is None:
            yield replace(NOTHING, bound=bound)
            return
        model = flow_model.build_given(problem, values, is_open)
        found = highs.run(model, deadline=deadline, seed=seed)
        if found.column is None or not found.proven:
            yield replace(NOTHING, bound=bound, is_open=is_open)
            return
        sent = highs.flows(model, found.column)
        yield Round(bound=bound, is_open=is_open, sent=sent, minimised=found.minimised)
        count += 1
        shadow = np.zeros(len(prices))
        for j, row in model.full.items():
            shadow[j] = max(-found.row_dual[row.index], 0.0)
        prices = prices + (shadow - prices) / count


def _priced(
    problem: HubProblem, values: Values, prices: Floats, deadline: float | None, seed: int
) -> tuple[Bools | None, float]:
    """Solve the problem without capacities under prices; return its sites and its bound."""
    kg, limit = kg_per_day(problem), capacity(problem)
    per_weight = np.divide(kg, values.weight, out=np.zeros_like(kg), where=values.weight > 0)
    unit = values.unit + prices[None, :] * per_weight[:, None]
    unit = np.where(unit <= values.left_out, unit, np.inf)
    credit = np.where(prices > 0, prices * np.where(np.isfinite(limit), limit, 0.0), 0.0)
    model = nearest_model.build(problem, replace(values, unit=unit, fixed=values.fixed - credit))
    found = highs.run(model, deadline=deadline, seed=seed, gap=ROUGH)
    if found.column is None:
        return None, found.bound
    return highs.sites(model, found.column) | must_stay(problem), found.bound
