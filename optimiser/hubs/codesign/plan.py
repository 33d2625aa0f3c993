"""What opens, who drives which round, and what both cost."""

from __future__ import annotations

from dataclasses import dataclass

from optimiser.rounds.plan import Plan, Price


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesignPlan:
    """Ids of the open sites, in the order of the problem, and the rounds from and to them."""

    open: tuple[str, ...]
    rounds: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesignPrice:
    """What a plan costs: ``total = opening + rounds.total`` is paid; ``net = opening + rounds.net`` is minimised."""

    opening: float
    rounds: Price
    total: float
    net: float
