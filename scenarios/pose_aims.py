"""What a scenario prefers beside money, in the optimiser's words."""

from __future__ import annotations

from collections.abc import Sequence

from optimiser.rounds.problem import Aim, Aims, Balance, Measure
from scenarios.choices import AimsChoice
from scenarios.model.work import Stream


def pose_aims(choice: AimsChoice, streams: Sequence[Stream]) -> Aims:
    """Return what is preferred beside money; loads are compared in kilograms."""
    even = (
        Balance(
            measure=Measure(choice.even),
            weights=dict.fromkeys((stream.id for stream in streams), 1.0),
            per_unit=choice.even_price,
            at_most=choice.even_within,
        )
        if choice.even
        else None
    )
    return Aims(
        balance=() if even is None else (even,),
        compact_per_km=choice.compact_price_per_km,
        change_per_stop=choice.change_price_per_stop,
        most_changes=choice.most_changes,
        first=tuple(Aim(name) for name in choice.first),
    )
