"""What the pieces of the PyVRP model are made from, and how money and moments become whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.rounds.clock import FOREVER_MS
from optimiser.rounds.engines.cut_clock import CutClock
from optimiser.rounds.engines.pyvrp_arcs import TICK_MS, Arcs, ticks
from optimiser.rounds.engines.pyvrp_loads import Loads
from optimiser.rounds.engines.pyvrp_places import Places
from optimiser.rounds.tables import Tables

HORIZON_TICKS = 4 * 864_000
LEFT_OUT = 2  # what leaving out a required stop costs, in times the dearest way to serve one stop
LIGHT, HEAVY = 0.5, 8.0  # how far weights of stops, in times the median, change that


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What clients, depots and vehicle types are made from; ``common`` is ``None`` if the fleet's breaks differ."""

    known: Tables
    spots: Places
    ways: Arcs
    dimensions: Loads
    common: CutClock | None

    def tick(self, moment_ms: int, *, up: bool) -> int:
        """Return a moment of the true day in ticks of the model's clock."""
        if moment_ms >= FOREVER_MS:
            return HORIZON_TICKS
        cut = self.common.cut(moment_ms) if self.common else moment_ms
        return min(ticks(cut) if up else cut // TICK_MS, HORIZON_TICKS)

    def span(self, opens_ms: int, closes_ms: int) -> tuple[int, int]:
        """Return a span of the true day in ticks; never an empty one."""
        early = self.tick(opens_ms, up=True)
        return early, max(self.tick(closes_ms, up=False), early)

    def coins(self, money: float) -> int:
        """Return money in whole cost units."""
        return round(money * self.ways.unit)


def dearest_service(parts: Parts) -> int:
    """Return what no vehicle exceeds that serves one stop alone: out, unload, home, and a whole day's wages."""
    return 3 * parts.ways.dearest + max(
        parts.coins(
            kind.vehicle.costs.fixed
            + kind.wage_per_ms * min(kind.longest_ms, kind.shift[1] - kind.shift[0])
            + kind.overtime_per_ms * kind.overtime_ms
        )
        for kind in parts.known.kinds
    )


def prizes(parts: Parts) -> list[int]:
    """Return what serving each stop brings in, in cost units; for a required one, more than serving it can cost.

    Heavier stops bring more, within bounds: prizes that differ by orders of magnitude drown all other costs.
    """
    stops = parts.known.problem.stops
    weights = np.array([stop.weight for stop in stops if stop.prize is None and stop.weight > 0] or [1.0])
    median = float(np.median(weights))
    base = LEFT_OUT * dearest_service(parts)
    most = max((parts.coins(stop.prize) for stop in stops if stop.prize), default=0)
    return [
        round(base * min(max(stop.weight / median, LIGHT), HEAVY)) + most
        if stop.prize is None
        else max(parts.coins(stop.prize - _least_fee(parts, k)), 0)
        for k, stop in enumerate(stops)
    ]


def _least_fee(parts: Parts, k: int) -> float:
    """Return the gate fees that the load of a stop costs at the cheapest sites."""
    sites = parts.known.problem.tip_sites
    return sum(
        amount * min((s.fees.get(d, 0.0) for s in sites if d in s.accepts), default=0.0)
        for d, amount in parts.known.problem.stops[k].loads.items()
    )
