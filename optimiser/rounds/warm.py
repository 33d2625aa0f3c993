"""Compile the timing pass once, by timing rounds of a problem of two stops."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.problem import Limit, Mode, Period, RoundsProblem, Shift, Stop, TipSite, Vehicle
from optimiser.rounds.tables import tables
from optimiser.rounds.timing import best_round
from optimiser.travel import DenseTravel


def warm() -> None:
    """Compile every kernel of the timing pass that is not compiled yet, and keep it for later runs."""
    names = ("depot", "a", "b", "tip")
    legs = np.full((4, 4), 60_000, dtype=np.int32)
    travel = DenseTravel(leaving=names, arriving=names, duration_ms=legs, distance_dm=legs)
    mode = {name: (Mode(arrive=name, leave=name, service_s=60.0),) for name in names}
    vehicle = Vehicle(
        id="v",
        profile="truck",
        start="depot",
        end="depot",
        limits=(Limit(name="payload", weights={"kg": 1.0}, at_most=1.0),),
        shift=Shift(start_s=21_600.0, end_s=43_200.0),
    )
    problem = RoundsProblem(
        dimensions=("kg",),
        stops=tuple(Stop(id=name, modes=mode[name], loads={"kg": 1.0}) for name in "ab"),
        tip_sites=(TipSite(id="tip", modes=mode["tip"], accepts=frozenset({"kg"})),),
        vehicles=(vehicle,),
        travel={"truck": travel},
        periods={"truck": (Period(from_s=0.0, travel="truck"), Period(from_s=25_000.0, travel="truck"))},
    )
    best_round(tables(problem), "v", ["a", "b"])
