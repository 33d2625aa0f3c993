"""Every siting model, to be read: one function an aim, its formulation above it.

d_ij are distances, w_i weights, u_i what being unserved counts for; x_ij, z_i, y_j, o_js and all constraints that the
models share (capacities, limits, fairness) are those of :mod:`optimiser.hubs.siting.engines.parts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pulp

from optimiser.hubs.siting import tables
from optimiser.hubs.siting.engines.parts import Parts, felt, spent, worst
from optimiser.hubs.siting.price import costs
from optimiser.hubs.siting.problem import Aim

Objective = Callable[[Parts], pulp.LpAffineExpression]


def median(made: Parts) -> pulp.LpAffineExpression:
    """p-median (Hakimi 1964; ReVelle and Swain 1970); with capacities the capacitated p-median.

    minimise  sum_ij w_i d_ij x_ij + sum_i w_i u_i z_i
    """
    near = [made.w[i] * made.d[i, j] * share for (i, j), share in made.x.items()]
    return pulp.lpSum(near + [made.w[i] * made.lost[i] * none for i, none in made.z.items()])


def centre(made: Parts) -> pulp.LpAffineExpression:
    """p-centre (Hakimi 1965).

    minimise  r   subject to  r >= d_ij x_ij for every arc and r >= u_i z_i for every demand, of those with a weight
    (with whole x: r >= sum_j d_ij x_ij + u_i z_i, which is tighter)
    """
    r = made.lp.add_variable("r", 0)
    walked: dict[int, list[pulp.LpAffineExpression]] = {i: [] for i in made.z}
    capacitated = tables.capacitated(made.problem) and not made.problem.single_source
    for (i, j), share in made.x.items():
        if made.w[i] <= 0:
            continue
        if capacitated:  # whoever goes there at all counts: g = 1 if x > 0
            goes = made.lp.add_variable(f"g_{i}_{j}", 0, 1, pulp.LpInteger)
            made.lp.addConstraint(share <= goes)
            made.lp.addConstraint(r >= made.d[i, j] * goes)
        else:
            walked[i].append(made.d[i, j] * share)
    for i, none in made.z.items():
        if made.w[i] > 0 and not capacitated:
            made.lp.addConstraint(r >= pulp.lpSum([*walked[i], made.lost[i] * none]))
        elif made.w[i] > 0 and made.lost[i] > 0:
            left = made.lp.add_variable(f"g_{i}", 0, 1, pulp.LpInteger)
            made.lp.addConstraint(none <= left)
            made.lp.addConstraint(r >= made.lost[i] * left)
    return 1 * r


def cover(made: Parts) -> pulp.LpAffineExpression:
    """Set covering, LSCP (Toregas and others 1971): arcs are what lies within reach.

    minimise  sum_js f_js o_js + sum of existing closing_j (1 - y_j) + sum_i u_i z_i
    (where no site costs anything: sum_j y_j instead of the money)
    """
    sites = spent(made) if costs(made.problem) else pulp.lpSum(made.y.values())
    return sites + pulp.lpSum(made.lost[i] * none for i, none in made.z.items())


def max_cover(made: Parts) -> pulp.LpAffineExpression:
    """Maximal covering, MCLP (Church and ReVelle 1974): arcs are what lies within reach.

    maximise  sum_ij w_i x_ij
    """
    return pulp.lpSum(made.w[i] * share for (i, _), share in made.x.items())


def cost(made: Parts) -> pulp.LpAffineExpression:
    """Fixed charge: uncapacitated, capacitated, single source, in sizes; keep, close or move what stands.

    minimise  sum_js f_js o_js + sum of existing closing_j (1 - y_j)
              + sum_ij c_ij x_ij + sum_js h_js v_js + sum_i u_i z_i

    c_ij is the money to serve all of i from j. Larger sizes that cost less for each unit of capacity are economies
    of scale. (Balinski 1965; single source: Holmberg, Ronnqvist and Yuan 1999.)
    """
    paid = tables.serving_cost(made.problem).tolist()
    serving = [paid[made.position[arc]] * share for arc, share in made.x.items()]
    sizes = {(j, s): size for j, c in enumerate(made.problem.candidates) for s, size in enumerate(c.sizes)}
    handling = [sizes[key].cost_per_load * load for key, load in made.v.items()]
    leaving = [made.lost[i] * none for i, none in made.z.items()]
    return spent(made) + pulp.lpSum(serving + handling + leaving)


def attendance(made: Parts) -> pulp.LpAffineExpression:
    """Maximal attendance with decay (Holmes, Williams and Brown 1972): from farther away fewer come.

    maximise  sum_ij w_i decay_ij x_ij
    """
    decay = [] if made.problem.decay is None else made.problem.decay.tolist()
    return pulp.lpSum(made.w[i] * decay[made.position[i, j]] * share for (i, j), share in made.x.items())


def ede(made: Parts) -> pulp.LpAffineExpression:
    """Kolm-Pollak equally-distributed-equivalent distance (arXiv 2401.15452).

    minimise  (1/kappa) ln( sum_i w_i e^(kappa distance_i) / W ),  which is least where the sum is:
    minimise  sum_ij w_i e^(kappa (d_ij - R)) x_ij + sum_i w_i e^(kappa (u_i - R)) z_i
    """
    return felt(made)


MODELS: Mapping[Aim, Objective] = {
    Aim.MEDIAN: median,
    Aim.CENTRE: centre,
    Aim.COVER: cover,
    Aim.MAX_COVER: max_cover,
    Aim.COST: cost,
    Aim.ATTENDANCE: attendance,
    Aim.EDE: ede,
    Aim.WORST: worst,  # minimise the mean distance of the worst-off share
}
