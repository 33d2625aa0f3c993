"""What the plan costs, in the scenario's own currency, by part and per tonne."""

from __future__ import annotations

import math

from scenarios.evidence.case import EvidenceCase
from scenarios.evidence.figure import Figure
from scenarios.evidence.fleet import prices_of
from scenarios.evidence.span import exact, figure
from scenarios.loads import period_days

SOURCES = ("plan", "wages and prices of the scenario's own tables")


def figures(case: EvidenceCase) -> tuple[Figure, ...]:
    """Return cost of collection over all planned days, and of open hubs over the period."""
    money, prices = case.scenario.currency, prices_of(case)
    total = math.fsum(price.total for price in prices)
    tonnes = math.fsum(row.collected_kg for row in case.balance) / 1000.0
    parts = {
        "cost": total,
        "cost-wages": math.fsum(price.wages for price in prices),
        "cost-distance": math.fsum(price.distance for price in prices),
        "cost-vehicles": math.fsum(price.fixed for price in prices),
        "cost-gate-fees": math.fsum(price.gate_fees for price in prices),
    }
    if case.hubs is not None and case.hubs.result.price is not None:
        a_day = case.hubs.result.price.fixed_cost_per_day + case.hubs.result.price.handling_cost_per_day
        parts["cost-hubs"] = a_day * period_days(case.scenario)
    note = "illustration" if "prices" in case.scenario.illustration else ""
    found = [figure(name, exact(value, *SOURCES), money, better="lower", note=note) for name, value in parts.items()]
    if tonnes > 0:
        found.insert(
            1, figure("cost-per-tonne", exact(total / tonnes, *SOURCES), f"{money}/t", better="lower", note=note)
        )
    return tuple(found)
