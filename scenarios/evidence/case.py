"""What there is to measure: a scenario with its plans, and how far its people have to walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scenarios.model.system import WasteSystem
from scenarios.scenario import Scenario

if TYPE_CHECKING:  # an outcome holds figures, so it imports this package
    from scenarios.outcome import BalanceRow, DayPlan, HubOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceCase:
    """All that figures are measured from.

    Parameters
    ----------
    days, hubs, balance
        What was planned, and where the waste went.
    people
        People at each place whose access is measured: the residents, or the points with their people.
    walk_to_service_m
        Metres on the walking streets from each of those places to the nearest collection point that the plan
        serves; ``inf`` where there is no way.
    walk_to_hub_m
        The same to the nearest open hub; ``None`` when the scenario asks for no hubs.
    cpu_s
        CPU seconds the run has taken, for the energy of the computation.

    Raises
    ------
    ValueError
        When the arrays are not aligned, not a number or negative.
    """

    scenario: Scenario
    system: WasteSystem
    days: tuple[DayPlan, ...]
    hubs: HubOutcome | None
    balance: tuple[BalanceRow, ...]
    people: NDArray[np.float64]
    walk_to_service_m: NDArray[np.float64]
    walk_to_hub_m: NDArray[np.float64] | None = None
    cpu_s: float = 0.0

    def __post_init__(self) -> None:
        for name, array in (
            ("people", self.people),
            ("walk_to_service_m", self.walk_to_service_m),
            ("walk_to_hub_m", self.walk_to_hub_m),
        ):
            if array is None:
                continue
            if array.shape != self.people.shape or np.isnan(array).any() or (array < 0).any():
                raise ValueError(f"{name} must be aligned with people, not negative and not NaN")
            array.setflags(write=False)
        if not np.isfinite(self.people).all():
            raise ValueError("people must be finite")
