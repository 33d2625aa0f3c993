"""What is weighed on board: limits as rows over classes of waste and of goods, worked out once per kind of vehicle.

Dimensions that the same sites accept travel together and form a *class* of waste: a tip empties whole classes, so the
waste on board is known from the last tip of each class. Dimensions that the same sites supply form a class of *goods*.
A *row* is one limit: those that hold always come first, then those of the loadings, then those of the breaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.rounds.problem import Limit, RoundsProblem, TipSite, Vehicle
from optimiser.rounds.ways import Bools, Floats, Ints

ROUND_OFF = 1e-9  # of sums, a thousandth of what the checker forgives


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Loads, deliveries and shipments (plus where they are fetched, minus where they are brought), stop x dimension."""

    loads: Floats
    deliveries: Floats
    parcels: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """What stops put on the rows.

    ``waste[i, r, k]`` is what stop ``i`` adds to row ``r`` in class ``k`` of waste, ``goods[i, r, g]`` what it takes
    off in class ``g`` of goods, ``parcels[i, r]`` what its shipment adds (less than 0: takes off). ``ceilings[l, r]``
    is how much there may be with loading ``l`` (``inf``: the row is of another loading); ``row_break[r]`` the break
    while which alone the row counts (-1: it counts always). ``day[i, r]`` and ``day_most[r]`` are of the whole day.
    """

    waste: Floats
    goods: Floats
    parcels: Floats
    ceilings: Floats
    row_break: Ints
    day: Floats
    day_most: Floats


def amounts(problem: RoundsProblem) -> Amounts:
    """Return what stops hold, as arrays."""
    shape = len(problem.stops), len(problem.dimensions)
    at = {d: k for k, d in enumerate(problem.dimensions)}
    stop_at = {stop.id: k for k, stop in enumerate(problem.stops)}
    loads, deliveries, parcels = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for k, stop in enumerate(problem.stops):
        for d, amount in stop.loads.items():
            loads[k, at[d]] = amount
        for d, amount in stop.deliveries.items():
            deliveries[k, at[d]] = amount
    for shipment in problem.shipments:
        for d, amount in shipment.loads.items():
            parcels[stop_at[shipment.pickup], at[d]] += amount
            parcels[stop_at[shipment.delivery], at[d]] -= amount
    return Amounts(loads=loads, deliveries=deliveries, parcels=parcels)


def classes(problem: RoundsProblem, sites: Sequence[TipSite], *, goods: bool) -> tuple[Bools, Bools]:
    """Return which site takes (or supplies) which class, and which dimension is in which class (class x dimension)."""
    taken = np.array(
        [[d in (site.supplies if goods else site.accepts) for d in problem.dimensions] for site in sites], dtype=bool
    ).reshape(len(sites), len(problem.dimensions))
    patterns, class_of = np.unique(taken, axis=1, return_inverse=True)
    return patterns, class_of.reshape(1, -1) == np.arange(patterns.shape[1])[:, None]


def scales(problem: RoundsProblem, vehicle: Vehicle, held: Amounts, waste: Bools, goods: Bools) -> Scales:
    """Return what stops put on the rows of a vehicle; ``waste`` and ``goods`` are class x dimension."""
    loadings = vehicle.loadings or ((),)
    rows = [(limit, -1, -1) for limit in vehicle.limits]
    rows += [(limit, number, -1) for number, loading in enumerate(loadings) for limit in loading]
    rows += [(limit, -1, number) for number, rest in enumerate(vehicle.breaks) for limit in rest.limits]
    weights = _weights(problem, [limit for limit, _, _ in rows])
    of_loading = np.array([loading for _, loading, _ in rows], dtype=np.int64)
    mine = (of_loading < 0) | (of_loading == np.arange(len(loadings))[:, None])
    return Scales(
        waste=np.einsum("id,rd,kd->irk", held.loads, weights, waste.astype(np.float64)),
        goods=np.einsum("id,rd,gd->irg", held.deliveries, weights, goods.astype(np.float64)),
        parcels=held.parcels @ weights.T,
        ceilings=np.where(mine, _most([limit for limit, _, _ in rows]), np.inf),
        row_break=np.array([rest for _, _, rest in rows], dtype=np.int64),
        day=held.loads @ _weights(problem, vehicle.day_limits).T,
        day_most=_most(vehicle.day_limits),
    )


def carriable(problem: RoundsProblem, vehicle: Vehicle, held: Amounts, weighed: Scales) -> Bools:
    """Return which stops the vehicle can serve were they alone: nothing foreign, and within its limits."""
    limits = [*vehicle.limits, *(limit for loading in vehicle.loadings for limit in loading)]
    named = {d for limit in limits for d in limit.weights}
    foreign = np.array([d not in named for d in problem.dimensions], dtype=bool)
    most = np.where(weighed.row_break < 0, weighed.ceilings, np.inf)[:, None, :]
    alone = (weighed.waste.sum(axis=2) <= most) & (weighed.goods.sum(axis=2) <= most) & (weighed.parcels <= most)
    any_of = (held.loads > 0) | (held.deliveries > 0) | (held.parcels != 0)
    return np.asarray(
        alone.all(axis=2).any(axis=0) & ~(any_of & foreign).any(axis=1) & (weighed.day <= weighed.day_most).all(axis=1)
    )


def _most(limits: Sequence[Limit]) -> Floats:
    most = np.array([limit.at_most for limit in limits], dtype=np.float64)
    return most + ROUND_OFF * np.maximum(most, 1.0)


def _weights(problem: RoundsProblem, limits: Sequence[Limit]) -> Floats:
    return np.array([[limit.weights.get(d, 0.0) for d in problem.dimensions] for limit in limits]).reshape(
        len(limits), len(problem.dimensions)
    )
