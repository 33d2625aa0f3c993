"""Fixed places: depots, facilities, candidate hubs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scenarios.model.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """Where vehicles start and end."""

    id: str
    name: str
    lon: float
    lat: float
    own: Mapping[str, str] = field(default_factory=dict)
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """Where vehicles unload: landfill, transfer station, sorting, composting, a buyer's yard.

    Parameters
    ----------
    kind
        "landfill", "transfer", "sorting", "composting", "buyer" ...
    accepts
        Stream ids.
    open_s, close_s
        Opening hours, seconds since midnight.
    unload_s, queue_s
        Time for one tip with the weighbridge, and the wait at the gate before it.
    gate_fee_per_tonne, fee_per_tip
        Money; negative gate fees are not allowed (a buyer's price belongs to the stream).
    onward_cost_per_tonne
        What it costs to haul on and dispose of what is unloaded here (a transfer station), beside the gate fee.
    cap_kg_per_day
        What all vehicles together may unload here in a day; ``None``: not limited.
    controlled
        Control level "basic" or better (SDG 11.6.1); ``None``: not known.
    recovers
        What arrives here is recovered, not disposed of.
    """

    id: str
    name: str
    lon: float
    lat: float
    kind: str
    accepts: tuple[str, ...]
    open_s: float | None = None
    close_s: float | None = None
    unload_s: float
    gate_fee_per_tonne: float = 0.0
    fee_per_tip: float = 0.0
    queue_s: float = 0.0
    onward_cost_per_tonne: float = 0.0
    cap_kg_per_day: float | None = None
    controlled: bool | None = None
    recovers: bool = False
    own: Mapping[str, str] = field(default_factory=dict)
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSite:
    """Where a depot, a place to unload, or both could stand.

    Parameters
    ----------
    depot, facility
        What opens with it; ``None``: it is none. Ids of both are those of places on the streets.
    fixed_cost_per_day
        For a day of the calendar while it is open.
    capacity_kg_per_day
        What the rounds from its depot pick up together on a day; its facility has the same limit. ``None``: no limit.
    vehicles
        Row of the table of vehicles -> how many such vehicles may be based there; empty: those whose depot it is.
    existing, mandatory
        Stands already; has to be open.
    excluded
        Why it may not be open; empty: it may.
    """

    id: str
    name: str
    lon: float
    lat: float
    depot: Depot | None
    facility: Facility | None
    fixed_cost_per_day: float
    capacity_kg_per_day: float | None = None
    vehicles: Mapping[str, int] = field(default_factory=dict)
    existing: bool = False
    mandatory: bool = False
    excluded: str = ""
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSite:
    """A candidate for a recycling hub, or one that exists."""

    id: str
    name: str
    lon: float
    lat: float
    capacity_kg_per_day: float | None = None
    fixed_cost_per_day: float = 0.0
    cost_per_tonne: float = 0.0
    existing: bool = False
    own: Mapping[str, str] = field(default_factory=dict)
    origin: Origin
