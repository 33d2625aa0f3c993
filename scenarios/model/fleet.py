"""Vehicles, crews, and today's rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scenarios.model.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewBreak:
    """A rest the crew takes, beginning between two times of day."""

    duration_s: float
    earliest_s: float
    latest_s: float
    paid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Compartment:
    """A part of the body of its own, for one stream at a time; ``stream`` is ``None`` where any may go."""

    at_most_kg: float
    stream: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetVehicle:
    """One vehicle with its crew.

    Parameters
    ----------
    profile
        Street profile: "refuse-truck", "small-truck", "tricycle", "handcart", "foot".
    streams
        What it may collect. More than one: they share payload and volume, but for compartments.
    payload_kg, volume_m3
        ``None`` for volume: not limited by volume.
    compartments
        Parts of the body that keep streams apart, beside payload and volume.
    compaction
        Stream -> how many times denser it lies on this vehicle than the stream's density says.
    day_kg
        What it may pick up in a whole day; ``None``: not limited.
    skips
        How many skips it can carry; 0: it is no skip truck.
    shift_start_s, shift_end_s, max_hours
        When it may be out; the longest paid shift.
    overtime_hours, overtime_per_hour
        By how much the shift may be exceeded, and what an hour of that costs beyond the wage, whole crew.
    pause
        The shift is split: from the first time of day to the second the vehicle stands at its depot, unpaid.
    rest_after_hours, rest_s
        After so many hours of driving the crew rests so long, unpaid; ``None``: no such rule.
    cost_per_tip
        Money for each unloading, beside the fees of the site.
    max_stops, max_km, max_driving_hours
        In a whole round; ``None``: not limited.
    stays_loaded
        It may stand loaded overnight.
    unloads_at
        Facilities that it may use; empty: all that accept its streams.
    skills
        What its crew can and may do.
    service_factor
        Times at stops are multiplied by it.
    wage_per_hour
        Whole crew, all on-costs, in the scenario's currency.
    fixed_per_day, cost_per_km
        Capital and insurance a day if it goes out; tyres, maintenance and fuel per kilometre.
    fuel
        "diesel", "petrol", "electricity" or "none".
    fuel_per_100km
        Litres (kWh for electricity) per 100 km, all-in on the round; ``None``: default of the profile.
    days
        Weekdays it is available; empty: every planned day.
    """

    id: str
    name: str
    profile: str
    start_depot: str
    end_depot: str
    streams: tuple[str, ...]
    payload_kg: float
    volume_m3: float | None = None
    shift_start_s: float
    shift_end_s: float
    max_hours: float | None = None
    breaks: tuple[CrewBreak, ...] = ()
    crew: int = 1
    wage_per_hour: float
    fixed_per_day: float = 0.0
    cost_per_km: float
    fuel: str = "diesel"
    fuel_per_100km: float | None = None
    days: tuple[str, ...] = ()
    compartments: tuple[Compartment, ...] = ()
    compaction: Mapping[str, float] = field(default_factory=dict)
    day_kg: float | None = None
    skips: int = 0
    overtime_hours: float = 0.0
    overtime_per_hour: float = 0.0
    pause: tuple[float, float] | None = None
    rest_after_hours: float | None = None
    rest_s: float = 0.0
    cost_per_tip: float = 0.0
    max_stops: int | None = None
    max_km: float | None = None
    max_driving_hours: float | None = None
    stays_loaded: bool = False
    unloads_at: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    service_factor: float = 1.0
    own: Mapping[str, str] = field(default_factory=dict)
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayRound:
    """A round as it is driven today: visits in order (collection points and facilities), with what was recorded."""

    vehicle: str
    day: str
    visits: tuple[str, ...]
    recorded_hours: float | None = None
    recorded_km: float | None = None
    origin: Origin
