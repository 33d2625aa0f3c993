"""Fleets for sets that leave the number of vehicles free."""

from __future__ import annotations

import math

from optimiser.rounds.problem import Limit

LOAD = "load"
SLACK_SHARE = 0.5
SLACK = 5
DAY_S = 86_400.0


def enough(least: float, stops: int) -> int:
    """Return so many vehicles that more are not missed: half more than the lower bound, and five; never above stops."""
    bound = math.ceil(least - 1e-9)
    return max(1, min(stops, bound + max(SLACK, math.ceil(SLACK_SHARE * bound))))


def capacity(most: float, dimension: str = LOAD) -> Limit:
    """Return the limit of one load."""
    return Limit(name=dimension, weights={dimension: 1.0}, at_most=most)


def above_all(leg: float, vehicles: float) -> float:
    """Return a price of a vehicle that no saved distance makes good, so that fewer vehicles come first.

    ``leg`` is the dearest leg, ``vehicles`` the lower bound on vehicles: no sensible plan costs as much as the next
    power of ten above three return journeys per vehicle.
    """
    return float(10 ** math.ceil(math.log10(max(6.0 * leg * max(vehicles, 1.0), 10.0))))
