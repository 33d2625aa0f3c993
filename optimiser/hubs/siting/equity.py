"""How evenly distances are spread: measures over weighted distances, and none of them knows how a plan was made.

Kolm-Pollak equally-distributed-equivalent distance (used for siting in arXiv 2401.15452): with
aversion e < 0 to unequal distances, ``a = sum w z / sum w z^2`` and ``kappa = -a e > 0``,

    K(z) = (1 / kappa) ln( sum_i w_i exp(kappa z_i) / sum_i w_i ),

the distance which, if everybody had it, were as bad as what people really have. It lies between the mean and the
greatest distance, and rises with kappa. Two plans compare at an equal kappa only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimiser.hubs.siting.problem import Floats


def kappa_for(distance: Floats, weight: Floats, aversion: float) -> float:
    """Return the kappa of an aversion (0.5, 1 and 2 are usual) for distances people have today.

    Raises
    ------
    ValueError
        When the aversion is not above 0, or nobody has any distance.
    """
    squares = float(weight @ distance**2)
    if not aversion > 0 or not squares > 0:
        raise ValueError("kappa needs an aversion above 0 and somebody with a distance")
    return aversion * float(weight @ distance) / squares


def ede(distance: Floats, weight: Floats, kappa: float) -> float:
    """Return the equally-distributed-equivalent distance; 0 for nobody."""
    crowd = weight > 0
    if not crowd.any():
        return 0.0
    top = float(distance[crowd].max())  # so that no power is too large
    mean = float(weight[crowd] @ np.exp(kappa * (distance[crowd] - top))) / float(weight[crowd].sum())
    return top + float(np.log(mean)) / kappa


def worst_mean(distance: Floats, weight: Floats, share: float) -> float:
    """Return the mean distance of the worst-off ``share`` of the weight, the last one counted in part; 0 for nobody."""
    order = np.argsort(-distance, kind="stable")
    wanted = share * float(weight.sum())
    if not wanted > 0:
        return 0.0
    before = np.concatenate(([0.0], np.cumsum(weight[order])[:-1]))
    taken = np.clip(wanted - before, 0.0, weight[order])
    return float(taken @ distance[order]) / wanted


def farthest(distance: Floats, weight: Floats) -> float:
    """Return the greatest distance of anybody; 0 for nobody."""
    return float(distance[weight > 0].max(initial=0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a group fares: weight, mean and farthest distance, and the share of it that is served within a distance."""

    weight: float
    mean: float
    farthest: float
    within: float


def by_group(
    distance: Floats, weight: Floats, group: tuple[str, ...], served: Floats, within: float
) -> Mapping[str, Standing]:
    """Return how each group fares, in the order of their names.

    Parameters
    ----------
    served
        Share of each demand that somebody serves.
    within
        Distance that is still thought near.
    """
    names, position = np.unique(np.array(group), return_inverse=True)
    found = {}
    for k, name in enumerate(names.tolist()):
        mine = position == k
        total = float(weight[mine].sum())
        near = float((weight * served)[mine & (distance <= within)].sum())
        found[name] = Standing(
            weight=total,
            mean=float(weight[mine] @ distance[mine]) / max(total, 1e-300),
            farthest=farthest(distance[mine], weight[mine]),
            within=near / max(total, 1e-300),
        )
    return found
