"""What all siting models have in common, in PuLP: sites and sizes, who goes where, limits, fairness.

o_js in {0, 1}       candidate j opens in size s;   y_j = sum_s o_js <= 1
x_ij in [0, 1]       share of demand i that goes to j, for every arc (i, j); whole with a single source
z_i  in [0, 1]       share of demand i that is unserved; 0 where that may not be
sum_j x_ij + z_i = 1               for every demand
x_ij <= y_j                        for every arc
sum_i load_i x_ij <= sum_s capacity_js o_js                       for every candidate that has a capacity
sum_i load_i x_ij  = sum_s v_js,   v_js <= capacity_js o_js       where sizes handle at different costs
y_j = 1 mandatory,  y_j = 0 excluded
sum_j y_j <= p;   sum of new y_j <= new;   sum of existing (1 - y_j) <= closed
sum_js f_js o_js + sum of existing closing_j (1 - y_j) <= budget
y_j + y_k <= 1                     for j and k nearer to each other than the separation
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pulp

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.felt import OVER, strain
from optimiser.hubs.siting.felt import felt as weighed
from optimiser.hubs.siting.problem import MAXIMISED, Floats, SitingProblem

Arc = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The program and its variables; ``d`` and ``w`` are distances by arc and weights by demand."""

    problem: SitingProblem
    lp: pulp.LpProblem
    o: Mapping[Arc, pulp.LpVariable]  # by candidate and size
    y: Mapping[int, pulp.LpAffineExpression]
    x: Mapping[Arc, pulp.LpVariable]
    z: Mapping[int, pulp.LpVariable]
    v: Mapping[Arc, pulp.LpVariable]
    d: Mapping[Arc, float]
    w: list[float]
    lost: list[float]  # distance or money of being unserved, 0 where it may not be
    position: Mapping[Arc, int]  # of each arc in the problem


def parts(problem: SitingProblem, *, farthest: float | None = None) -> Parts:
    """Return the program with everything but its objective."""
    lp = pulp.LpProblem("siting", pulp.LpMaximize if problem.aim in MAXIMISED else pulp.LpMinimize)
    rows, sites = tables.rows(problem).tolist(), problem.arcs.site.tolist()
    d = dict(zip(zip(rows, sites, strict=True), problem.arcs.distance.tolist(), strict=True))
    whole = pulp.LpInteger if problem.single_source or _worst(problem) else pulp.LpContinuous
    n = len(problem.demand.ids)
    sizes = [(j, s) for j, c in enumerate(problem.candidates) for s in range(len(c.sizes))]
    barred = tables.excluded(problem)
    o = {(j, s): lp.add_variable(f"o_{j}_{s}", 0, 0 if barred[j] else 1, pulp.LpInteger) for j, s in sizes}
    x = {(i, j): lp.add_variable(f"x_{i}_{j}", 0, 1, whole) for i, j in d}
    may = problem.unserved is not None or problem.aim in MAXIMISED
    z = {i: lp.add_variable(f"z_{i}", 0, 1 if may else 0, whole) for i in range(n)}
    handled = any(size.cost_per_load > 0 for c in problem.candidates for size in c.sizes)
    v = {key: lp.add_variable(f"v_{key[0]}_{key[1]}", 0) for key in sizes} if handled else {}
    made = Parts(
        problem=problem,
        lp=lp,
        o=o,
        y={j: pulp.lpSum(o[j, s] for s in range(len(c.sizes))) for j, c in enumerate(problem.candidates)},
        x=x,
        z=z,
        v=v,
        d=d,
        w=problem.demand.weight.tolist(),
        lost=[0.0] * n if problem.unserved is None else problem.unserved.tolist(),
        position={key: k for k, key in enumerate(d)},
    )
    _serve(made)
    _hold(made)
    _limit(made)
    _cap(made, farthest)
    _fair(made)
    return made


def _worst(problem: SitingProblem) -> bool:
    wanted = problem.aim == "worst" or problem.fairness.worst_at_most is not None
    return wanted and tables.capacitated(problem)


def _serve(made: Parts) -> None:
    lp, x, y = made.lp, made.x, made.y
    terms: dict[int, list[pulp.LpVariable]] = {i: [made.z[i]] for i in made.z}
    for (i, j), share in x.items():
        terms[i].append(share)
        lp.addConstraint(share <= y[j])
    for listed in terms.values():
        lp.addConstraint(pulp.lpSum(listed) == 1)
    for j, candidate in enumerate(made.problem.candidates):
        lp.addConstraint(y[j] == 1 if candidate.mandatory else y[j] <= 1)


def _hold(made: Parts) -> None:
    if not tables.capacitated(made.problem):
        return
    load = tables.load(made.problem).tolist()
    brought: dict[int, list[pulp.LpAffineExpression]] = {j: [] for j in made.y}
    for (i, j), share in made.x.items():
        brought[j].append(load[i] * share)
    total = sum(load)
    for j, candidate in enumerate(made.problem.candidates):
        room = [(s, min(size.capacity, total)) for s, size in enumerate(candidate.sizes)]
        if made.v:
            made.lp.addConstraint(pulp.lpSum(brought[j]) == pulp.lpSum(made.v[j, s] for s, _ in room))
            for s, most in room:
                made.lp.addConstraint(made.v[j, s] <= most * made.o[j, s])
        else:
            made.lp.addConstraint(pulp.lpSum(brought[j]) <= pulp.lpSum(most * made.o[j, s] for s, most in room))


def spent(made: Parts) -> pulp.LpAffineExpression:
    """Return sum_js f_js o_js + sum of existing closing_j (1 - y_j)."""
    sites = enumerate(made.problem.candidates)
    return pulp.lpSum(
        pulp.lpSum(size.fixed_cost * made.o[j, s] for s, size in enumerate(c.sizes))
        + (c.closing_cost * (1 - made.y[j]) if c.existing else 0)
        for j, c in sites
    )


def _limit(made: Parts) -> None:
    problem, y = made.problem, made.y
    stands = tables.existing(problem).tolist()
    if problem.at_most is not None:
        made.lp.addConstraint(pulp.lpSum(y.values()) <= problem.at_most)
    if problem.at_most_new is not None:
        made.lp.addConstraint(pulp.lpSum(y[j] for j in y if not stands[j]) <= problem.at_most_new)
    if problem.at_most_closed is not None:
        made.lp.addConstraint(pulp.lpSum(1 - y[j] for j in y if stands[j]) <= problem.at_most_closed)
    if problem.budget is not None:
        made.lp.addConstraint(spent(made) <= problem.budget)
    for j, k in tables.too_close(problem).tolist():
        made.lp.addConstraint(y[j] + y[k] <= 1)


def _cap(made: Parts, farthest: float | None) -> None:
    """x_ij = 0 where d_ij is beyond what anybody may go."""
    caps = [limit for limit in (farthest, made.problem.fairness.farthest_at_most) if limit is not None]
    for (i, _), share in made.x.items() if caps else ():
        if made.w[i] > 0 and made.d[i, _] > min(caps) * (1 + 1e-12):
            share.upBound = 0
    for i, none in made.z.items() if caps else ():
        beyond = farthest is not None and made.w[i] > 0 and made.lost[i] > farthest
        if made.problem.fairness.farthest_at_most is not None or beyond:
            none.upBound = 0


def felt(made: Parts) -> pulp.LpAffineExpression:
    """Return sum w_i e^(kappa (d_ij - R)) x_ij + sum w_i e^(kappa (u_i - R)) z_i: see the module ``felt`` for R."""
    return _summed(made, *weighed(made.problem))


def _summed(made: Parts, near: Floats, gone: Floats) -> pulp.LpAffineExpression:
    part, left = near.tolist(), gone.tolist()
    return pulp.lpSum(
        [part[made.position[arc]] * share for arc, share in made.x.items()]
        + [left[i] * none for i, none in made.z.items()]
    )


def worst(made: Parts) -> pulp.LpAffineExpression:
    """Return t + sum_i w_i s_i / (share W) with s_i >= sum_j d_ij x_ij + lost_i z_i - t, s_i >= 0.

    At its least this is the mean distance of the worst-off share (Rockafellar and Uryasev 2000).
    """
    t = made.lp.add_variable("t", 0)
    walked: dict[int, list[pulp.LpAffineExpression]] = {i: [made.lost[i] * none] for i, none in made.z.items()}
    for (i, j), share in made.x.items():
        walked[i].append(made.d[i, j] * share)
    beyond = {i: made.lp.add_variable(f"s_{i}", 0) for i in made.z}
    for i, s in beyond.items():
        made.lp.addConstraint(s >= pulp.lpSum(walked[i]) - t)
    crowd = made.problem.worst_share * max(sum(made.w), 1e-300)
    return t + pulp.lpSum(made.w[i] / crowd * s for i, s in beyond.items())


def _fair(made: Parts) -> None:
    owes = made.problem.fairness
    if owes.ede_at_most is not None:  # sum w_i e^(kappa (d_ij - E)) x_ij + sum w_i e^(kappa (u_i - E)) z_i <= sum w_i
        near, gone = strain(made.problem, owes.ede_at_most)
        made.lp.addConstraint(_summed(made, np.where(near > OVER, 0.0, near), np.where(gone > OVER, 0.0, gone)) <= 1)
        for arc, share in made.x.items():
            if near[made.position[arc]] > OVER:
                share.upBound = 0
        for i, none in made.z.items():
            if gone[i] > OVER:
                none.upBound = 0
    if owes.worst_at_most is not None:
        made.lp.addConstraint(worst(made) <= owes.worst_at_most)
    for rule in owes.within:
        mine = tables.members(made.problem, rule.group)
        served = [made.w[i] * x for (i, j), x in made.x.items() if mine[i] and made.d[i, j] <= rule.distance]
        made.lp.addConstraint(pulp.lpSum(served) >= tables.owed(made.problem, rule))
