"""The load dimensions of the PyVRP model.

One for each distinct set of limit weights, scaled so that the mean stop counts ``TYPICAL_PICKUP`` and rounded up. One
for each group of stops that the same vehicles may serve: such a stop weighs one, and others have no room for it. One
that counts stops, if a vehicle may only make so many: it starts anew after each tip, so that is a relaxation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from optimiser.rounds.problem import Limit, Stop
from optimiser.rounds.tables import Tables

TYPICAL_PICKUP = 1_000
MOST_RESTRICTIONS = 30

Weighting = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """Weightings with their load units to a unit, who may serve each restricted group, whether stops are counted."""

    weightings: tuple[tuple[Weighting, float], ...]
    restrictions: tuple[tuple[bool, ...], ...]
    counted: bool


def loads(known: Tables, stops: Sequence[int]) -> Loads:
    """Return the load dimensions of a problem with these stops."""
    distinct: dict[Weighting, None] = {}
    for kind in known.kinds:
        distinct |= dict.fromkeys(weighting(limit) for limit in kind.vehicle.limits)
    factors = []
    for weights in distinct:
        amounts = [amount for k in stops if (amount := weighed(weights, known.problem.stops[k])) > 0]
        if amounts:
            factors.append((weights, TYPICAL_PICKUP * len(amounts) / sum(amounts)))
    groups = dict.fromkeys(who_may(known, k) for k in stops)
    return Loads(
        weightings=tuple(factors),
        restrictions=tuple(allowed for allowed in groups if not all(allowed)),
        counted=any(vehicle.max_stops is not None for vehicle in known.problem.vehicles),
    )


def pickup(known: Tables, dimensions: Loads, k: int) -> list[int]:
    """Return what a stop adds to each load dimension."""
    stop, allowed = known.problem.stops[k], who_may(known, k)
    weights = [math.ceil(factor * weighed(weights, stop) - 1e-6) for weights, factor in dimensions.weightings]
    return weights + [int(group == allowed) for group in dimensions.restrictions] + [1] * dimensions.counted


def capacity(known: Tables, dimensions: Loads, vehicle: str, stops: int) -> list[int]:
    """Return the room of a vehicle in each load dimension; plenty where it has no limit."""
    kind = known.kind(vehicle).vehicle
    limits = {weighting(limit): limit.at_most for limit in kind.limits}
    plenty = 100 * TYPICAL_PICKUP * (stops + 1)
    position = [v.id for v in known.problem.vehicles].index(vehicle)
    room = [
        min(math.floor(factor * limits[weights] + 1e-6), plenty) if weights in limits else plenty
        for weights, factor in dimensions.weightings
    ]
    room += [stops if group[position] else 0 for group in dimensions.restrictions]
    return room + [stops if kind.max_stops is None else kind.max_stops] * dimensions.counted


def who_may(known: Tables, k: int) -> tuple[bool, ...]:
    """Return for each vehicle whether it may serve the stop and can carry it."""
    return tuple(known.allows(vehicle.id, k) for vehicle in known.problem.vehicles)


def weighting(limit: Limit) -> Weighting:
    """Return a limit's weights in a form that can be compared."""
    return tuple(sorted((d, weight) for d, weight in limit.weights.items() if weight > 0))


def weighed(weights: Weighting, stop: Stop) -> float:
    """Return what a stop weighs."""
    return sum(weight * stop.loads.get(dimension, 0.0) for dimension, weight in weights)
