"""A run that sells what it collects: money in, money out, earnings per hour."""

from __future__ import annotations

import math

from scenarios.evidence.case import EvidenceCase
from scenarios.evidence.figure import Figure
from scenarios.evidence.fleet import HOUR_S, prices_of
from scenarios.evidence.span import exact, figure
from scenarios.kerbside.told import as_points, picked_up
from scenarios.kerbside.work import served_at
from scenarios.model.system import trades

SOURCES = ("plan", "prices of the scenario's own tables")


def figures(case: EvidenceCase) -> tuple[Figure, ...]:
    """Return sales, and where somebody lives from the run purchases and what is left; nothing when no stream is sold.

    earnings = sales - purchases - (costs of the plan without wages); per hour of the round. Wages are what the crew
    earns, so they are not taken off; ``surplus`` is what remains after them.
    """
    sale = {stream.id: stream.sale_price_per_kg for stream in case.system.streams}
    if not any(price is not None for price in sale.values()):
        return ()
    points = {point.id: point for point in case.system.points} | as_points(case.system.kerbside)
    at = served_at(case.system.kerbside)
    bought = [
        (points[stop], picked_up(stop, at, day.loads_kg))
        for day in case.days
        if day.result.plan is not None
        for round_ in day.result.plan.rounds
        for stop in round_.stops
    ]
    sales = math.fsum((sale[point.stream] or 0.0) * kg for point, kg in bought)
    purchases = math.fsum((point.buying_price_per_kg or 0.0) * kg for point, kg in bought)
    prices = prices_of(case)
    costs = math.fsum(price.total - price.wages for price in prices)
    wages = math.fsum(price.wages for price in prices)
    hours = math.fsum(price.paid_s for price in prices) / HOUR_S
    money = case.scenario.currency
    note = "illustration" if "prices" in case.scenario.illustration else ""
    found = [figure("sales", exact(sales, *SOURCES), money, better="higher", note=note)]
    if not trades(case.system):
        return tuple(found)
    found += [
        figure("purchases", exact(purchases, *SOURCES), money, note=note),
        figure("earnings", exact(sales - purchases - costs, *SOURCES), money, better="higher", note=note),
        figure("surplus", exact(sales - purchases - costs - wages, *SOURCES), money, better="higher", note=note),
    ]
    if hours > 0:
        per_hour = exact((sales - purchases - costs) / hours, *SOURCES)
        found.append(figure("earnings-per-hour", per_hour, f"{money}/h", better="higher", note=note))
    return tuple(found)
