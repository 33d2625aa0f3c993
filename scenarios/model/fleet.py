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
class FleetVehicle:
    """One vehicle with its crew.

    Parameters
    ----------
    profile
        Street profile: "refuse-truck", "small-truck", "tricycle", "handcart", "foot".
    streams
        What it may collect. More than one: they share payload and volume (no compartments yet).
    payload_kg, volume_m3
        ``None`` for volume: not limited by volume.
    shift_start_s, shift_end_s, max_hours
        When it may be out; the longest paid shift.
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
