"""Vehicles with their crews: what they carry, when they work and rest, what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from optimiser.rounds.sites import Limit
from optimiser.rounds.work import Mode, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A rest of ``duration_s`` that must begin between ``earliest_s`` and ``latest_s``.

    It is due only when the round reaches past ``latest_s``: a round that starts later or ends before needs none.

    Parameters
    ----------
    modes
        Where it may be taken (the depot, for a split shift); empty: where the vehicle stands, between two visits.
    always
        Due in every round, whenever it starts and ends.
    more
        Further spans in which it may begin, after the first, in order and apart; ``latest_s`` is then that of the last
        one wherever it decides whether the break is due.
    limits
        What may be on board while it lasts.
    """

    id: str
    duration_s: float
    earliest_s: float
    latest_s: float
    paid: bool = True
    modes: tuple[Mode, ...] = ()
    always: bool = False
    more: tuple[Window, ...] = ()
    limits: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        if self.duration_s < 0 or not 0 <= self.earliest_s <= self.latest_s:
            raise ValueError(f"break {self.id} is not a span of time")
        closes = [self.latest_s, *(span.close_s for span in self.more)]
        if any(close >= span.open_s for close, span in zip(closes, self.more, strict=False)):
            raise ValueError(f"windows of break {self.id} must be in order and apart")

    @property
    def spans(self) -> tuple[Window, ...]:
        """All spans in which it may begin, in order."""
        return (Window(open_s=self.earliest_s, close_s=self.latest_s), *self.more)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivingRest:
    """A rest of ``duration_s`` before more than ``after_s`` of driving (or of work) have gathered.

    It is taken where the vehicle stands, between two visits, as often as needed; a visit of kind *break* with this id.
    Any break or rest of at least ``duration_s`` starts the count anew.

    Parameters
    ----------
    of
        What gathers. ``"driving"``: travel between visits. ``"work"``: all time since the last rest ended or the round
        started, waiting included.
    """

    id: str
    duration_s: float
    after_s: float
    of: Literal["driving", "work"] = "driving"
    paid: bool = False

    def __post_init__(self) -> None:
        if self.duration_s <= 0 or self.after_s <= 0:
            raise ValueError(f"rest {self.id} must last, and come after some time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """When a vehicle may be out: not before ``start_s``, back by ``end_s``, at most ``max_duration_s`` in all.

    ``overtime_s`` is by how much a round may be back later, or last longer; overtime worked is the larger of the two
    excesses, and is paid at :attr:`VehicleCosts.overtime_per_hour`.
    """

    start_s: float
    end_s: float
    max_duration_s: float | None = None
    overtime_s: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.start_s < self.end_s:
            raise ValueError("a shift must end after it starts")
        if self.max_duration_s is not None and self.max_duration_s <= 0:
            raise ValueError("max_duration_s must be positive")
        if self.overtime_s < 0:
            raise ValueError("overtime_s cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleCosts:
    """What a round costs: once if used, per paid hour (whole crew), per kilometre, per tip.

    ``per_driving_hour`` and ``per_service_hour`` are for travel and for work at stops and sites alone, beside
    ``per_hour``; ``overtime_per_hour`` is paid on top of it.
    """

    fixed: float = 0.0
    per_hour: float = 0.0
    per_km: float = 0.0
    per_tip: float = 0.0
    per_driving_hour: float = 0.0
    per_service_hour: float = 0.0
    overtime_per_hour: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One vehicle with its crew for one day.

    Parameters
    ----------
    id
        Unique among vehicles.
    profile
        Key into :attr:`RoundsProblem.travel`.
    start, end
        Row id it starts from and column id it must come back to (its depots).
    limits
        What it can carry at any moment. A dimension in no limit (nor in a loading) cannot be carried at all.
    loadings
        Ways to divide it up (which stream goes into which compartment): one of them holds for the whole round, beside
        ``limits``. Empty: nothing to choose.
    day_limits
        What it may pick up in the whole day.
    shift, breaks, driving_rest
        Breaks in order of time, not overlapping.
    tip_sites
        Where it may unload; ``None`` means everywhere that accepts.
    max_stops, max_driving_s, max_distance_m
        In the whole round: stops (tips not counted), travel time, distance (driven at work included).
    must_end_empty
        The vehicle ends its day empty: a tip is needed before the depot (unless it carries nothing).
    skills
        What its crew can and may do; see :attr:`Stop.needs`.
    service_type
        Key into :attr:`Mode.service_by` and :attr:`Mode.setup_by`.
    """

    id: str
    profile: str
    start: str
    end: str
    limits: tuple[Limit, ...]
    loadings: tuple[tuple[Limit, ...], ...] = ()
    day_limits: tuple[Limit, ...] = ()
    shift: Shift
    breaks: tuple[Break, ...] = ()
    driving_rest: DrivingRest | None = None
    costs: VehicleCosts = VehicleCosts()
    tip_sites: frozenset[str] | None = None
    max_stops: int | None = None
    max_driving_s: float | None = None
    max_distance_m: float | None = None
    must_end_empty: bool = True
    skills: frozenset[str] = frozenset()
    service_type: str = ""
