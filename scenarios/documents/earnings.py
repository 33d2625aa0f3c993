"""What a paying round brings in: for a recycler who buys at the stops and sells where the vehicle unloads."""

from __future__ import annotations

from dataclasses import dataclass

from optimiser.rounds.plan import Act
from scenarios.documents.itinerary import Itinerary, Step
from scenarios.model.system import trades
from scenarios.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Earnings:
    """Money of one round, in the scenario's currency.

    Parameters
    ----------
    bought
        Paid at the stops.
    sold
        Received where the load is unloaded.
    running
        What the round costs without wages: fixed, distance, gate fees.
    hours
        Paid: from leaving to coming back, without unpaid breaks.
    """

    bought: float
    sold: float
    running: float
    hours: float
    currency: str

    @property
    def left(self) -> float:
        """What is left for those who did the round, before any wage."""
        return self.sold - self.bought - self.running

    @property
    def per_hour(self) -> float:
        """What is left for each of those hours."""
        return self.left / self.hours if self.hours else 0.0


def earnings(outcome: Outcome, itinerary: Itinerary) -> Earnings | None:
    """Return what a round earns; ``None`` where nobody lives from it, or it neither buys nor sells anything."""
    if not trades(outcome.system):
        return None
    points = [(step.point, step.kg) for step in itinerary.steps if step.visit.act is Act.STOP and step.point]
    prices = {stream.id: stream.sale_price_per_kg for stream in outcome.system.streams}
    traded = any(point.buying_price_per_kg is not None or prices[point.stream] is not None for point, _ in points)
    if not traded:
        return None
    price = itinerary.price
    return Earnings(
        bought=sum((point.buying_price_per_kg or 0.0) * kg for point, kg in points),
        sold=sum((prices[point.stream] or 0.0) * kg for point, kg in points),
        running=price.total - price.wages,
        hours=price.paid_s / 3600.0,
        currency=outcome.scenario.currency,
    )


def to_pay(step: Step) -> float | None:
    """Return what the collector pays at a stop; ``None`` where nothing is bought."""
    if step.point is None or step.point.buying_price_per_kg is None:
        return None
    return step.point.buying_price_per_kg * step.kg
