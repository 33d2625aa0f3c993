"""Siting with capacities as a flow model: who goes where is decided too, and may be split.

    minimise    sum_j F_j y_j + sum_i w_i U + sum_ij w_i (c_ij - U) x_ij
    subject to  sum_j x_ij <= 1                       for every demand point i
                sum_i kg_i x_ij <= capacity_j y_j     for every candidate with a capacity
                x_ij <= y_j                           for every pair
                sum_j y_j <= at most                  sum_j f_j y_j <= budget
                y_j = 1 where a hub must stay         y_j >= y_k for twins j < k
                y binary, 0 <= x

Only pairs within reach that are better than leaving out have an x. The strong rows ``x_ij <= y_j`` make the linear
relaxation close to the answer (Cornuejols, Sridharan and Thizy 1991, European J. Oper. Res. 50(3)); a pair that a
capacity row binds as tightly (one load that fills the hub) does without. Demand of no weight in the aim is
left to :func:`optimiser.hubs.sharing.fill`.
"""

from __future__ import annotations

import numpy as np
import pulp

from optimiser.hubs.arrays import Bools, Floats, Positions, Shares, capacity, kg_per_day, people
from optimiser.hubs.engines.model import Model, add_limits, combination, site_variables
from optimiser.hubs.problem import HubProblem
from optimiser.hubs.values import Values


def worthwhile(values: Values) -> tuple[Positions, Positions, Floats]:
    """Return the pairs that are better than leaving out, and what all of a demand point saves there."""
    better = np.where(np.isfinite(values.unit), values.left_out - values.unit, 0.0)
    saving = better * values.weight[:, None]
    row, column = np.nonzero(saving > 0)
    return row, column, saving[row, column]


def build(problem: HubProblem, values: Values) -> Model:
    """Build the whole model: sites and flows."""
    row, column, saving = worthwhile(values)
    lp = pulp.LpProblem("hubs", pulp.LpMinimize)
    y = site_variables(lp, problem)
    x = [lp.add_variable(f"x{k}", 0) for k in range(len(row))]
    lp.setObjective(combination([*y, *x], np.r_[values.fixed, -saving]))
    _add_demand(lp, x, row)
    kg, limit = kg_per_day(problem), capacity(problem)
    for group in _groups(column):
        j, load, flow = int(column[group[0]]), kg[row[group]], [x[k] for k in group]
        binds = bool(load.sum() > limit[j])
        if binds:
            lp.addConstraint(combination([*flow, y[j]], np.r_[load, -limit[j]]) <= 0)
        for k in np.flatnonzero((load < limit[j]) | (load == 0) | (not binds)):
            lp.addConstraint(combination([flow[k], y[j]], [1.0, -1.0]) <= 0)
    add_limits(lp, problem, y)
    constant = float(values.weight.sum()) * values.left_out
    return Model(name="flow model", lp=lp, constant=constant, y=y, x=x, row=row, column=column)


def start(model: Model, is_open: Bools, sent: Shares) -> dict[pulp.LpVariable, float]:
    """Return the value of every variable of the whole model for a plan."""
    position = {pair: k for k, pair in enumerate(zip(model.row.tolist(), model.column.tolist(), strict=True))}
    known = {site: float(opened) for site, opened in zip(model.y, is_open, strict=True)}
    known |= dict.fromkeys(model.x, 0.0)
    for i, j, share in zip(sent.row.tolist(), sent.column.tolist(), sent.share.tolist(), strict=True):
        if (k := position.get((i, j))) is not None:
            known[model.x[k]] = share
    return known


def build_given(problem: HubProblem, values: Values, is_open: Bools) -> Model:
    """Build the transport problem that is left when the sites are given: a linear program."""
    row, column, saving = worthwhile(values)
    kept = is_open[column]
    row, column, saving = row[kept], column[kept], saving[kept]
    lp = pulp.LpProblem("flows", pulp.LpMinimize)
    x = [lp.add_variable(f"x{k}", 0) for k in range(len(row))]
    lp.setObjective(combination(x, -saving))
    _add_demand(lp, x, row)
    full = {}
    kg, limit = kg_per_day(problem), capacity(problem)
    for group in _groups(column):
        j, load = int(column[group[0]]), kg[row[group]]
        if load.sum() > limit[j]:
            full[j] = combination([x[k] for k in group], load) <= float(limit[j])
            lp.addConstraint(full[j])
    constant = float(values.weight.sum()) * values.left_out + float(values.fixed[is_open].sum())
    return Model(name="transport", lp=lp, constant=constant, x=x, row=row, column=column, full=full)


def shorten(problem: HubProblem, model: Model, values: Values, saved: float) -> Model:
    """Turn a transport problem into one that walks least among all plans that save as much.

    ``minimise sum_ij people_i d_ij x_ij`` over the same rows and ``sum_ij w_i (U - c_ij) x_ij >= saved``: coverage
    and cost do not mind who walks how far, people do.
    """
    row, column = model.row, model.column
    saving = (values.left_out - values.unit[row, column]) * values.weight[row]
    scale = max(1.0, abs(saved))
    model.lp.setObjective(combination(model.x, people(problem)[row] * problem.distance_m[row, column]))
    model.lp.addConstraint(combination(model.x, saving / scale) >= saved / scale * (1.0 - 1e-9))
    return Model(name="shortest walks", lp=model.lp, constant=0.0, x=model.x, row=row, column=column)


def _add_demand(lp: pulp.LpProblem, x: list[pulp.LpVariable], row: Positions) -> None:
    """Nobody goes more than once."""
    for group in _groups(row):
        lp.addConstraint(combination([x[k] for k in group], [1.0] * len(group)) <= 1)


def _groups(key: Positions) -> list[Positions]:
    """Return positions with the same key, in the order of the keys."""
    order = np.argsort(key, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(key[order])) + 1) if len(key) else []
