"""Where things come from, where they are handled, where they end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Arising:
    """What one source has of one stream in the period.

    Parameters
    ----------
    least_share
        Share (0 to 1) that must be taken away.
    unserved_cost_per_kg, unserved_ghg_kg_per_kg
        What a kilogram costs and emits that nobody takes (litter, open burning, dumping).
    baseline_ghg_kg_per_kg
        What a kilogram emits today; avoided methane is counted from there.
    deposit_per_kg
        Paid back to whoever returns it.
    """

    stream: str
    kg: float
    least_share: float = 0.0
    unserved_cost_per_kg: float = 0.0
    unserved_ghg_kg_per_kg: float = 0.0
    baseline_ghg_kg_per_kg: float = 0.0
    deposit_per_kg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where waste arises; it waits up to ``wait_h`` until it is fetched."""

    id: str
    arisings: tuple[Arising, ...]
    wait_h: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One way of building a site.

    Parameters
    ----------
    fixed_cost
        Per period: annualised building and land, staff that is there anyway.
    capacity_kg
        Input of all processes together in the period; ``None`` for no limit.
    kg_per_h
        Input per hour open; with the site's hours a second limit. ``None`` for none.
    process_kg
        Limits of single processes; a process not named has none of its own.
    jobs
        Full-time jobs that come with it.
    """

    id: str
    fixed_cost: float = 0.0
    capacity_kg: float | None = None
    kg_per_h: float | None = None
    process_kg: Mapping[str, float] = field(default_factory=dict)
    jobs: float = 0.0

    def limit_kg(self, hours: float | None) -> float:
        """Return what it can take when open for so many hours; ``inf`` without a limit."""
        by_hour = inf if self.kg_per_h is None or hours is None else self.kg_per_h * hours
        return min(inf if self.capacity_kg is None else self.capacity_kg, by_hour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where processes can run: hub, transfer station, sorting plant, compost site.

    Parameters
    ----------
    sizes
        In which sizes it could be built; at most one is.
    processes
        Ids of the processes it may run.
    hours
        Hours open in the period.
    wait_h
        How long things wait there at most before they are handled, and again before they leave.
    must_open, may_open
        Whether it exists and stays, or is forbidden.
    """

    id: str
    sizes: tuple[Size, ...]
    processes: tuple[str, ...]
    hours: float | None = None
    wait_h: float = 0.0
    must_open: bool = False
    may_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What an outlet takes.

    Parameters
    ----------
    price_per_kg, gate_fee_per_kg
        What it pays, what it charges.
    at_most_kg
        In the period; ``None`` for no limit.
    ghg_kg_per_kg
        Emitted there: methane of a landfill.
    credit_ghg_kg_per_kg
        Saved elsewhere because this replaces something new; always shown apart.
    diverted
        Whether it counts as kept out of landfill.
    """

    stream: str
    price_per_kg: float = 0.0
    gate_fee_per_kg: float = 0.0
    at_most_kg: float | None = None
    ghg_kg_per_kg: float = 0.0
    credit_ghg_kg_per_kg: float = 0.0
    diverted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where things leave the system: a buyer, a bottler that takes its bottles back, a landfill."""

    id: str
    offers: tuple[Offer, ...]
    wait_h: float = 0.0
