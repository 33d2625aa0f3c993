"""Compile what the bound needs, once, so that no planner waits for it."""

from __future__ import annotations

import numpy as np

from optimiser.result import Budget
from optimiser.rounds.bound.front import bound
from optimiser.rounds.problem import Limit, Mode, RoundsProblem, Shift, Stop, Vehicle, VehicleCosts
from optimiser.travel import DenseTravel

SIDE = 5


def warm() -> None:
    """Bound a round trip of five stops; whatever is not compiled yet is compiled and kept."""
    names = ("depot", *(f"s{k}" for k in range(SIDE)))
    angle = np.arange(len(names)) * 2 * np.pi / len(names)
    gap = np.hypot(*(np.subtract.outer(part, part) for part in (np.cos(angle), np.sin(angle))))
    apart = np.rint(gap * 1e5).astype(np.int32)
    bound(
        RoundsProblem(
            dimensions=("kg",),
            stops=tuple(
                Stop(id=name, modes=(Mode(arrive=name, leave=name, service_s=0),), loads={"kg": 1.0})
                for name in names[1:]
            ),
            tip_sites=(),
            vehicles=tuple(
                Vehicle(
                    id=f"v{k}",
                    profile="any",
                    start="depot",
                    end="depot",
                    limits=(Limit(name="payload", weights={"kg": 1.0}, at_most=2.0),),
                    shift=Shift(start_s=0, end_s=86_400),
                    costs=VehicleCosts(per_km=1.0),
                    must_end_empty=False,
                )
                for k in range(SIDE)
            ),
            travel={"any": DenseTravel(leaving=names, arriving=names, duration_ms=apart, distance_dm=apart.copy())},
        ),
        budget=Budget(iterations=60),
    )
