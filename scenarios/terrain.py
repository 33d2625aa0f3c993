"""The ground of each day: streets made ready once, then weighed for the hour, the closures and the speeds of a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median

import numpy as np
from numpy.typing import NDArray

from faults import Fault
from network.conditional import DAYS, Moment
from network.drive import Prepared
from network.streets import StreetNetwork
from optimiser.travel import Travel
from scenarios.ground import Ground, lay_ground, prepare_streets
from scenarios.hazards import Hazard, closures_on, differ_by_day
from scenarios.loads import planned_days
from scenarios.model.system import WasteSystem
from scenarios.scenario import Scenario
from scenarios.schema_choices import seconds

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
            like = tuple(self._laid.values())
            laid = self._lay(day, moment, speed_factor, like)
            if self.scenario.periods and laid not in like:
                laid = replace(laid, paces=tuple(self._paces(day, moment, speed_factor, laid)))
            self._laid[key, speed_factor] = laid
        return self._laid[key, speed_factor]

    def _lay(self, day: str, moment: Moment | None, speed_factor: float, like: Sequence[Ground] = ()) -> Ground:
        days = len(planned_days(self.scenario)) if moment is not None or differ_by_day(self.hazards) else 1
        speeds = {1.0, *(period.speed for period in self.scenario.periods)}
        return lay_ground(
            self.system,
            self.network,
            limit_m=self.scenario.snap_limit_m,
            speed_factor=speed_factor,
            moment=moment,
            closures=(lambda profile: closures_on(self.hazards, self.network, profile, day)) if self.hazards else None,
            kmh=self.kmh,
            prepared=self.prepared,
            like=like,
            shares=days * len(speeds),
        )

    def _paces(
        self, day: str, moment: Moment | None, speed_factor: float, usual: Ground
    ) -> Iterator[tuple[float, Mapping[str, Travel]]]:
        """Yield from when on which travel holds; before the first period that of the map's own speeds."""
        travel: dict[float, Mapping[str, Travel]] = {1.0: usual.travel}
        periods = [(seconds(period.start), period.speed) for period in self.scenario.periods]
        for from_s, speed in periods if periods[0][0] == 0 else [(0.0, 1.0), *periods]:
            if speed not in travel:
                travel[speed] = self._lay(day, moment, speed_factor * speed).travel
            yield from_s, travel[speed]

    def doubts(self, days: Iterable[str], speed_factor: float) -> tuple[Fault, ...]:
        """Return what is doubtful on any of some days, each thing once."""
        return tuple(dict.fromkeys(doubt for day in days for doubt in self.ground(day, speed_factor).doubts))

    def _moment(self, day: str) -> Moment | None:
        """Return the middle of the shifts of a weekday, where the hour makes a difference."""
        if day not in DAYS or not self.differs_by_hour or not self.system.vehicles:
            return None
        middle_s = median((v.shift_start_s + v.shift_end_s) / 2 for v in self.system.vehicles)
        return Moment(day=day, time_s=middle_s)
