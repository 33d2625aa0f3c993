"""What vehicles can carry and who may serve what, as engines with one set of limits for each vehicle can state it.

An engine that knows no alternatives of limits (``Vehicle.loadings``) is given one for each kind of vehicle: the one
that the mix of all the kind may carry fills least. Amounts become whole numbers; where all amounts are decimals of a
few places the scale keeps them exact, so that what just fits does fit.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.problem import Limit
from optimiser.rounds.scales import Amounts
from optimiser.rounds.tables import Bools, Floats, Kind, Tables

Weighting = tuple[tuple[str, float], ...]

DECIMALS = (1, 10, 100, 1_000, 10_000)


def weighting(limit: Limit) -> Weighting:
    """Return a limit's weights in a form that can be compared."""
    return tuple(sorted((d, weight) for d, weight in limit.weights.items() if weight > 0))


def chosen_limits(kind: Kind) -> dict[Weighting, float]:
    """Return what a kind of vehicle can carry at any moment, with the loading that suits its work best."""
    limits = list(kind.vehicle.limits)
    if kind.vehicle.loadings:
        limits += kind.vehicle.loadings[_best_loading(kind)]
    found: dict[Weighting, float] = {}
    for limit in limits:
        key = weighting(limit)
        found[key] = min(found.get(key, np.inf), limit.at_most)
    return found


def _best_loading(kind: Kind) -> int:
    """Return the loading whose fullest row is least full when it holds all that the kind may carry, shared alike."""
    scales, may = kind.scales, kind.carries
    all_of = scales.waste[may].sum(axis=(0, 2)) + scales.goods[may].sum(axis=(0, 2))
    all_of = all_of + np.maximum(scales.parcels[may], 0.0).sum(axis=0)
    fullness = np.where(scales.row_break < 0, all_of / np.maximum(scales.ceilings, 1e-9), 0.0)
    return int(np.argmin(fullness.max(axis=1, initial=0.0)))


def day_limits(kind: Kind) -> dict[Weighting, float]:
    """Return what a kind of vehicle may pick up in the whole day."""
    found: dict[Weighting, float] = {}
    for limit in kind.vehicle.day_limits:
        key = weighting(limit)
        found[key] = min(found.get(key, np.inf), limit.at_most)
    return found


def weighed(known: Tables, amounts: Floats, weights: Weighting) -> Floats:
    """Return what each row of amounts (by dimension) comes to."""
    by_dimension = dict(weights)
    return np.asarray(amounts @ np.array([by_dimension.get(d, 0.0) for d in known.problem.dimensions]))


def on_board(known: Tables, held: Amounts, weights: Weighting) -> Floats:
    """Return the amounts of loads, deliveries and parcels under a weighting, a row each."""
    return np.array([weighed(known, amounts, weights) for amounts in (held.loads, held.deliveries, held.parcels)])


def finest(amounts: Floats, target: float) -> float:
    """Return a scale near ``target`` that makes whole numbers of the amounts, or ``target`` if none does."""
    for decimals in DECIMALS:
        whole = amounts * decimals
        if (np.abs(whole - np.rint(whole)) <= 1e-9 * np.maximum(np.abs(whole), 1.0)).all():
            return decimals * max(1.0, float(np.rint(target / decimals)))
    return target


def groups_of(may: Bools) -> int:
    """Return how many different rows there are."""
    return len({row.tobytes() for row in np.packbits(may, axis=1)})


def who_may(known: Tables, *, locks: bool = True) -> Bools:
    """Return for each stop and vehicle whether it may serve it, has the skills, and can carry it.

    A stop of a shipment goes only where its other end may go; a locked stop only to its vehicle.
    """
    problem = known.problem
    may = np.array([known.kind(vehicle.id).carries for vehicle in problem.vehicles], dtype=bool)
    may = may.reshape(len(problem.vehicles), len(problem.stops)).T.copy()
    ids = [vehicle.id for vehicle in problem.vehicles]
    locked = {stop: lock.vehicle for lock in problem.locks for stop in lock.stops} if locks else {}
    for k, stop in enumerate(problem.stops):
        if stop.vehicles is not None:
            may[k] &= [vehicle in stop.vehicles for vehicle in ids]
        if stop.id in locked:
            may[k] &= [vehicle == locked[stop.id] for vehicle in ids]
    paired = np.flatnonzero(known.partner >= 0)
    may[paired] &= may[known.partner[paired]].copy()
    return may
