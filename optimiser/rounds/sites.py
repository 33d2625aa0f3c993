"""Where vehicles unload, and limits on what is carried or taken in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optimiser.rounds.work import Mode, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """``sum(weights[d] * load[d])`` may not exceed ``at_most``; dimensions not named weigh nothing."""

    name: str
    weights: Mapping[str, float]
    at_most: float

    def __post_init__(self) -> None:
        if self.at_most < 0 or any(weight < 0 for weight in self.weights.values()):
            raise ValueError(f"limit {self.name} is negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class TipSite:
    """Where a vehicle may unload. The act of unloading is a *tip*; it empties every accepted dimension on board.

    Parameters
    ----------
    id
        Unique among stops and tip sites.
    modes
        Ways to arrive and leave; ``service_s`` is unloading and weighbridge.
    queue_s
        Wait at the gate before each tip, within opening hours; counts as service.
    accepts
        Dimension ids that may be unloaded here.
    supplies
        Dimension ids that may be loaded here for the deliveries that follow.
    windows
        Opening hours, in which a tip (its queue first) may begin; empty means always.
    fee_per_tip
        Money for each tip.
    fees
        Dimension id -> money per unit unloaded (gate fee).
    caps
        Limits on what all vehicles together unload here in the day.
    """

    id: str
    modes: tuple[Mode, ...]
    queue_s: float = 0.0
    accepts: frozenset[str]
    supplies: frozenset[str] = frozenset()
    windows: tuple[Window, ...] = ()
    fee_per_tip: float = 0.0
    fees: Mapping[str, float] = field(default_factory=dict)
    caps: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        if not self.modes:
            raise ValueError(f"tip site {self.id} has no mode")
        if self.queue_s < 0:
            raise ValueError(f"tip site {self.id} has a negative queue")
