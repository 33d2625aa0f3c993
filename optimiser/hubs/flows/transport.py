"""Who carries what from where to where: vehicles, cooperatives, and the ways there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

EVERY = -1  # a link for every stream that leaves the one place and is taken at the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A kind of vehicle; it goes full, so a kilogram pays its share of a trip there and back.

    Parameters
    ----------
    payload_kg, payloads_kg
        What it carries, and of single streams (bulky ones: less).
    cost_per_km, cost_per_h
        Money for running and for time.
    handling_s
        Loading and unloading, by trip.
    ghg_kg_per_km
        Carbon dioxide equivalent.
    jobs_per_h
        Full-time jobs by hour of work: crew over the paid hours of a period.
    reach_m
        Longest way one way; ``None`` for no limit.
    cooperative
        Id of the cooperative whose members drive it; their hours limit it.
    """

    id: str
    payload_kg: float
    payloads_kg: Mapping[str, float] = field(default_factory=dict)
    cost_per_km: float = 0.0
    cost_per_h: float = 0.0
    handling_s: float = 0.0
    ghg_kg_per_km: float = 0.0
    jobs_per_h: float = 0.0
    reach_m: float | None = None
    cooperative: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What a cooperative may be paid for a stream: between ``least`` and ``most`` per kilogram; the plan decides."""

    stream: str
    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooperative:
    """Waste pickers who carry for a price; how many work and what they are paid are decisions.

    Parameters
    ----------
    members
        How many could work; part of a member is part-time.
    hours
        Work of one member in the period.
    earnings_floor
        Every working member earns at least this in the period.
    fees
        Limits of the price by stream; streams without a fee are carried for nothing.
    """

    id: str
    members: float
    hours: float
    earnings_floor: float = 0.0
    fees: tuple[Fee, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Ways that may be used, sparse; one entry each in every array.

    Parameters
    ----------
    tail, head
        Positions in the problem's places: sources, then sites, then outlets.
    vehicle
        Position in the problem's vehicles.
    distance_m, duration_s
        One way, loaded.
    back_distance_m, back_duration_s
        The way back, empty; ``None`` for the same as there. Zero where a vehicle goes back anyway (return flows).
    stream
        Position in the problem's streams, ``EVERY`` for all; ``None`` for ``EVERY`` throughout.
    at_most_kg
        By stream, in the period; ``None`` for no limits.
    """

    tail: Positions
    head: Positions
    vehicle: Positions
    distance_m: Floats
    duration_s: Floats
    back_distance_m: Floats | None = None
    back_duration_s: Floats | None = None
    stream: Positions | None = None
    at_most_kg: Floats | None = None

    def __len__(self) -> int:
        """Return how many ways there are."""
        return len(self.tail)

    def driven_m(self) -> Floats:
        """Return metres of a whole trip."""
        back = self.distance_m if self.back_distance_m is None else self.back_distance_m
        return self.distance_m + back

    def driven_s(self) -> Floats:
        """Return seconds of a whole trip without handling."""
        back = self.duration_s if self.back_duration_s is None else self.back_duration_s
        return self.duration_s + back

    def streams(self) -> Positions:
        """Return the stream of each."""
        return np.full(len(self), EVERY, dtype=np.intp) if self.stream is None else self.stream

    def limits(self) -> Floats:
        """Return the limit of each."""
        return np.full(len(self), np.inf) if self.at_most_kg is None else self.at_most_kg
