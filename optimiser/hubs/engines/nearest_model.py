"""Siting without capacities as a radius model: everybody uses the best open hub.

For demand i let ``c_i1 < c_i2 < ...`` be the different unit costs of its candidates and ``S_ik`` the candidates with
one of the first k of them. With ``z_S`` = 1 when nobody in S opens,

    minimise    sum_j F_j y_j + sum_i w_i [ c_i1 + sum_k (c_i,k+1 - c_ik) z_{S_ik} ],    c_{i,K+1} = U
    subject to  z_S + sum_{j in S, not in P} y_j >= z_P    for every S, P the S before it (z = 1 where there is none)
                sum_j y_j <= at most               sum_j f_j y_j <= budget
                y_j = 1 where a hub must stay      y_j >= y_k for twins j < k
                y binary, z >= 0

The radius form is that of Cornuejols, Nemhauser and Wolsey (1980), SIAM J. Alg. Disc. Meth. 1(3), with the chained
rows of Elloumi (2010), J. Comb. Optim. 19(1). Many people share the same nearest few candidates, so one z serves all
of them (Church 2003, COBRA, European J. Oper. Res. 147(2)): the model grows with the number of different
neighbourhoods, not with the number of people. ``z`` needs no upper bound and no integrality. Coverage has one unit
cost, hence one S for each demand point, and is Church and ReVelle's maximal covering model (1974).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pulp
from numpy.typing import NDArray

from optimiser.hubs.arrays import Bools, Floats, Positions, tally
from optimiser.hubs.engines.model import Model, add_limits, combination, site_variables
from optimiser.hubs.problem import HubProblem
from optimiser.hubs.values import Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhoods:
    """The different sets S.

    Parameters
    ----------
    members
        Shape (sets, candidates).
    cost
        By set: what it costs when nobody in it opens.
    before
        By set: position of a set that is part of it, the next smaller one on somebody's way; -1 without one.
    constant
        What is paid whatever opens.
    """

    members: Bools
    cost: Floats
    before: Positions
    constant: float


def build(problem: HubProblem, values: Values) -> Model:
    """Build the model; whoever has no candidate at all is a constant of it."""
    near = neighbourhoods(values)
    lp = pulp.LpProblem("hubs", pulp.LpMinimize)
    y = site_variables(lp, problem)
    z = [lp.add_variable(f"z{k}", 0) for k in range(len(near.cost))]
    lp.setObjective(combination([*y, *z], np.r_[values.fixed, near.cost]))
    for k, before in enumerate(near.before.tolist()):
        known = near.members[before] if before >= 0 else np.zeros(len(y), np.bool_)
        row = [z[k], *(y[j] for j in np.flatnonzero(near.members[k] & ~known))]
        if before >= 0:
            lp.addConstraint(combination([*row, z[before]], [*[1.0] * len(row), -1.0]) >= 0)
        else:
            lp.addConstraint(combination(row, [1.0] * len(row)) >= 1)
    add_limits(lp, problem, y)
    return Model(name="radius model", lp=lp, constant=near.constant, y=y)


def neighbourhoods(values: Values) -> Neighbourhoods:
    """Return the sets that occur; equal ones are added up.

    The candidates of all demand points are taken up in step, nearest first. A set is noted where the next candidate
    costs more than the last.
    """
    some = np.flatnonzero((values.weight > 0) & np.isfinite(values.unit).any(axis=1))
    constant = float(values.weight.sum() - values.weight[some].sum()) * values.left_out
    unit, weight = values.unit[some], values.weight[some]
    order = np.argsort(unit, axis=1, kind="stable")
    ranked = np.take_along_axis(unit, order, axis=1)
    constant += float(weight @ ranked[:, 0]) if len(some) else 0.0
    inside = np.zeros(unit.shape, dtype=np.bool_)
    latest = np.full(len(some), -1, dtype=np.intp)
    packed: list[NDArray[np.uint8]] = []
    gaps: list[Floats] = []
    before: list[Positions] = []
    for k in range(unit.shape[1] if len(some) else 0):
        known = np.isfinite(ranked[:, k])
        inside[known, order[known, k]] = True
        gap = np.where(known, weight * _step(ranked, k, values.left_out), 0.0)
        noted = np.flatnonzero(gap > 0)
        packed.append(np.packbits(inside[noted], axis=1))
        gaps.append(gap[noted])
        before.append(latest[noted])
        latest[noted] = sum(map(len, gaps[:-1])) + np.arange(len(noted))
    return _distinct(packed, gaps, before, unit.shape[1], constant)


def _step(ranked: Floats, k: int, left_out: float) -> Floats:
    """Return how much more the candidate after the k-th costs; leaving out comes after the last."""
    here = np.where(np.isfinite(ranked[:, k]), ranked[:, k], left_out)
    if k + 1 == ranked.shape[1]:
        return left_out - here
    return np.where(np.isfinite(ranked[:, k + 1]), ranked[:, k + 1], left_out) - here


def _distinct(
    packed: list[NDArray[np.uint8]], gaps: list[Floats], before: list[Positions], width: int, constant: float
) -> Neighbourhoods:
    if not sum(map(len, gaps)):
        nothing = np.zeros((0, width), np.bool_)
        return Neighbourhoods(members=nothing, cost=np.zeros(0), before=np.zeros(0, np.intp), constant=constant)
    sets, first, back = np.unique(np.concatenate(packed), axis=0, return_index=True, return_inverse=True)
    number = back.ravel()
    previous = np.concatenate(before)[first]
    return Neighbourhoods(
        members=np.unpackbits(sets, axis=1, count=width).astype(np.bool_),
        cost=tally(number, np.concatenate(gaps), len(sets)),
        before=np.where(previous >= 0, number[previous], -1),
        constant=constant,
    )
