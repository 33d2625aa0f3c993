"""Kilometres, hours, tips, vehicles."""

from __future__ import annotations

import math

from optimiser.rounds.plan import Price
from scenarios.evidence.case import EvidenceCase
from scenarios.evidence.figure import Figure
from scenarios.evidence.span import exact, figure

HOUR_S = 3600.0


def figures(case: EvidenceCase) -> tuple[Figure, ...]:
    """Return what the fleet does over all planned days; ``vehicles`` is the most on one day."""
    prices = prices_of(case)
    km = math.fsum(price.distance_m for price in prices) / 1000.0
    tonnes = math.fsum(row.collected_kg for row in case.balance) / 1000.0
    plans = [day.result.plan for day in case.days if day.result.plan is not None]
    found = [
        figure("distance", exact(km, "plan", "streets"), "km", better="lower"),
        figure("paid-hours", exact(math.fsum(p.paid_s for p in prices) / HOUR_S, "plan"), "h", better="lower"),
        figure("driving-hours", exact(math.fsum(p.driving_s for p in prices) / HOUR_S, "plan"), "h", better="lower"),
        figure("tips", exact(float(sum(p.tips for p in prices)), "plan"), "tips"),
        figure(
            "vehicles", exact(float(max((len(p.rounds) for p in plans), default=0)), "plan"), "vehicles", better="lower"
        ),
    ]
    if tonnes > 0:
        found.append(figure("distance-per-tonne", exact(km / tonnes, "plan"), "km/t", better="lower"))
    return tuple(found)


def prices_of(case: EvidenceCase) -> list[Price]:
    """Return the prices of the days that have a plan."""
    return [day.result.price for day in case.days if day.result.price is not None]
