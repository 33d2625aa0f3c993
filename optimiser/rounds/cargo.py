"""What is on board through a round: picked up at stops, unloaded at tips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from optimiser.rounds.problem import Stop, TipSite
from optimiser.rounds.view import RoundView, Step

RELATIVE_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """What is on board before and after a visit, and what was unloaded in it; dimension -> amount."""

    step: Step
    before: Mapping[str, float]
    after: Mapping[str, float]
    unloaded: Mapping[str, float]


def cargo(view: RoundView) -> Iterator[Cargo]:
    """Yield what is on board around each visit.

    The vehicle starts empty. A stop adds its loads; a tip empties every dimension that its site accepts; an unknown
    id changes nothing.
    """
    aboard: dict[str, float] = {}
    for step in view.steps:
        before = aboard
        unloaded: dict[str, float] = {}
        if isinstance(step.work, Stop):
            aboard = dict(before)
            for dimension, amount in step.work.loads.items():
                aboard[dimension] = aboard.get(dimension, 0.0) + amount
        elif isinstance(step.work, TipSite):
            accepts = step.work.accepts
            unloaded = {d: amount for d, amount in before.items() if amount > 0 and d in accepts}
            aboard = {d: amount for d, amount in before.items() if d not in accepts}
        yield Cargo(step=step, before=before, after=aboard, unloaded=unloaded)
