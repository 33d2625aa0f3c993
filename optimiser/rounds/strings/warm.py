"""Compile the search once, on a problem of four stops with tips and hours."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.problem import Limit, Mode, RoundsProblem, Shift, Stop, TipSite, Vehicle, VehicleCosts
from optimiser.rounds.strings.anneal import anneal
from optimiser.rounds.strings.desk import empty
from optimiser.rounds.strings.scene import stage
from optimiser.rounds.strings.views import table
from optimiser.rounds.tables import tables
from optimiser.travel import DenseTravel


def warm() -> None:
    """Compile every kernel of the search that is not compiled yet, and keep it for later runs."""
    names = ("depot", "a", "b", "c", "tip")
    legs = np.full((5, 5), 60_000, dtype=np.int32)
    problem = RoundsProblem(
        dimensions=("kg",),
        stops=tuple(
            Stop(id=name, modes=(Mode(arrive=name, leave=name, service_s=60.0),), loads={"kg": 1.0}) for name in "abc"
        ),
        tip_sites=(
            TipSite(id="t", modes=(Mode(arrive="tip", leave="tip", service_s=60.0),), accepts=frozenset({"kg"})),
        ),
        vehicles=(
            Vehicle(
                id="v",
                profile="truck",
                start="depot",
                end="depot",
                limits=(Limit(name="payload", weights={"kg": 1.0}, at_most=2.0),),
                shift=Shift(start_s=0.0, end_s=43_200.0),
                costs=VehicleCosts(per_km=1.0),
            ),
        ),
        travel={"truck": DenseTravel(leaving=names, arriving=names, duration_ms=legs, distance_dm=legs.copy())},
    )
    posed = stage(tables(problem))
    work = empty(posed, 1)
    scene, desk = table(posed.scene), table(work)
    for iterations in (-1, 5):
        anneal(scene, desk, iterations, 1.0, 1.0, posed.scene.near.shape[1])
