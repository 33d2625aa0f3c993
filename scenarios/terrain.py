"""The ground of each day: streets made ready once, then weighed for the hour, the closures and the speeds of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median

import numpy as np
from numpy.typing import NDArray

from faults import Fault
from network.conditional import DAYS, Moment
from network.drive import Prepared
from network.streets import StreetNetwork
from scenarios.ground import Ground, lay_ground, prepare_streets
from scenarios.hazards import Hazard, closures_on, differ_by_day
from scenarios.loads import planned_days
from scenarios.model.system import WasteSystem
from scenarios.scenario import Scenario

CONDITIONAL = ":conditional"


@dataclass(frozen=True, kw_only=True)
class Terrain:
    """What the ground of every day is laid on.

    Parameters
    ----------
    hazards
        What is closed or slowed beside what the map says.
    kmh
        Profile -> speeds of directed segments as they were driven, NaN where they are not known.
    """

    system: WasteSystem
    network: StreetNetwork
    scenario: Scenario
    hazards: tuple[Hazard, ...] = ()
    kmh: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    _laid: dict[tuple[str, float], Ground] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def prepared(self) -> dict[str, Prepared]:
        """The streets made ready for each kind of movement in the fleet."""
        return prepare_streets(self.network, {vehicle.profile for vehicle in self.system.vehicles})

    @cached_property
    def differs_by_hour(self) -> bool:
        """Whether the map allows or forbids anything at certain hours only."""
        keys = [key for key in self.network.tags if key.endswith(CONDITIONAL)]
        keys += [key for key in self.network.junction_tags if key.endswith(CONDITIONAL)]
        return bool(keys) or bool(self.network.restrictions.when.codes.any())

    def ground(self, day: str, speed_factor: float = 1.0) -> Ground:
        """Return the ground of a day; the same one for days on which nothing differs."""
        moment = self._moment(day)
        key = day if moment is not None or differ_by_day(self.hazards) else ""
        if (key, speed_factor) not in self._laid:
            for known in [known for known in self._laid if known[1] != speed_factor]:
                del self._laid[known]
            self._laid[key, speed_factor] = lay_ground(
                self.system,
                self.network,
                limit_m=self.scenario.snap_limit_m,
                speed_factor=speed_factor,
                moment=moment,
                closures=(lambda profile: closures_on(self.hazards, self.network, profile, day))
                if self.hazards
                else None,
                kmh=self.kmh,
                prepared=self.prepared,
                like=tuple(self._laid.values()),
                shares=len(planned_days(self.scenario)) if key else 1,
            )
        return self._laid[key, speed_factor]

    def doubts(self, days: Iterable[str], speed_factor: float) -> tuple[Fault, ...]:
        """Return what is doubtful on any of some days, each thing once."""
        return tuple(dict.fromkeys(doubt for day in days for doubt in self.ground(day, speed_factor).doubts))

    def _moment(self, day: str) -> Moment | None:
        """Return the middle of the shifts of a weekday, where the hour makes a difference."""
        if day not in DAYS or not self.differs_by_hour or not self.system.vehicles:
            return None
        middle_s = median((v.shift_start_s + v.shift_end_s) / 2 for v in self.system.vehicles)
        return Moment(day=day, time_s=middle_s)
