"""Plain problems of many stops on a plane."""

from __future__ import annotations

import numpy as np

from optimiser.plane import Metric, PlaneTravel
from optimiser.rounds.problem import (
    Limit,
    Mode,
    RoundsProblem,
    Shift,
    Stop,
    TipSite,
    Vehicle,
    VehicleCosts,
)

HOUR = 3600.0


def wide(count: int, *, seed: int = 1, per_round: int = 20, tips: bool = False) -> RoundsProblem:
    """Return a problem with room for about ``per_round`` stops in each round, and vehicles to spare.

    With ``tips`` a vehicle holds half of that at a time.
    """
    rng = np.random.default_rng(seed)
    names = ("depot", "tip", *(f"s{k}" for k in range(count)))
    travel = PlaneTravel(
        names=names, xy=rng.integers(0, 10_000, (len(names), 2)).astype(float), metric=Metric.WHOLE, dm=10.0, ms=60.0
    )
    load = rng.integers(1, 10, count).tolist()
    room = per_round * 5.0 / (2 if tips else 1)
    vehicle_count = 2 * count // per_round + 2
    return RoundsProblem(
        dimensions=("kg",),
        stops=tuple(
            Stop(id=name, modes=(Mode(arrive=name, leave=name, service_s=60.0),), loads={"kg": float(load[k])})
            for k, name in enumerate(names[2:])
        ),
        tip_sites=(
            TipSite(id="tip", modes=(Mode(arrive="tip", leave="tip", service_s=300.0),), accepts=frozenset({"kg"})),
        )
        if tips
        else (),
        vehicles=tuple(
            Vehicle(
                id=f"v{k}",
                profile="truck",
                start="depot",
                end="depot",
                limits=(Limit(name="payload", weights={"kg": 1.0}, at_most=room),),
                shift=Shift(start_s=6 * HOUR, end_s=14 * HOUR),
                costs=VehicleCosts(fixed=10.0, per_km=1.0, per_hour=20.0),
                must_end_empty=tips,
            )
            for k in range(vehicle_count)
        ),
        travel={"truck": travel},
    )
