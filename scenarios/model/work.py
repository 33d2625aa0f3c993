"""What there is to collect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from scenarios.model.origin import Origin


class PointKind(StrEnum):
    """What stands at a collection point."""

    CONTAINER = "container"
    BRING_POINT = "bring-point"
    CUSTOMER = "customer"  # a pick-up at somebody's door: shop, household, small business
    BULKY = "bulky"  # furniture and the like, put out on call
    MARKET = "market"
    SKIP = "skip"  # the full skip is taken away and an empty one left


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A kind of waste that is kept apart on the truck.

    Parameters
    ----------
    id, name
        "residual", "Residual waste".
    density_kg_m3
        On the vehicle, after any compaction.
    sale_price_per_kg
        What a buyer pays for it at the facility; ``None``: not sold.
    """

    id: str
    name: str
    density_kg_m3: float
    sale_price_per_kg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPoint:
    """A container, bring point or customer with what it generates.

    Parameters
    ----------
    kg_per_day
        Waste generated a day (before the share brought to hubs is taken off).
    kg_now
        What lies there now, if the planner says so; overrides rate x days since the last collection.
    containers
        How many stand there; service time is ``set-up + containers x lift``, unless ``service_s`` is given.
    open_s, close_s, open2_s, close2_s
        When it may be served; ``None``: any time. A second span of the day may follow.
    days
        Weekdays on which it is collected ("mon" ... "sun"); empty: every planned day.
    buying_price_per_kg
        What the collector pays for it (selective, paying runs).
    optional
        Serve only if it pays.
    prize
        What serving it is worth, beside any sale: the cost of an overflow times its risk, say. Makes it optional.
    priority
        How much leaving it out counts for each kilogram, against others.
    needs
        Skills and permits that the vehicle must have.
    vehicles
        Ids of the vehicles that may serve it; empty: all.
    group, apart
        Points with the same word go on one vehicle; on different ones.
    usual_vehicle
        Who serves it today, if the table of today's rounds does not say.
    people
        How many people use it.
    kerb
        ``"near"``: served from its own side of the street only; ``"any"``: from the other side too, where the crew of
        the vehicle may cross that street.
    own
        The planner's own columns, kept for the answer.
    estimated
        The amount is an estimate, not a count; said everywhere it is shown.
    """

    id: str
    name: str
    lon: float
    lat: float
    kind: PointKind = PointKind.CONTAINER
    stream: str
    kg_per_day: float = 0.0
    kg_now: float | None = None
    containers: int = 1
    service_s: float | None = None
    open_s: float | None = None
    close_s: float | None = None
    open2_s: float | None = None
    close2_s: float | None = None
    days: tuple[str, ...] = ()
    buying_price_per_kg: float | None = None
    optional: bool = False
    prize: float | None = None
    priority: float = 1.0
    needs: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()
    group: str = ""
    apart: str = ""
    usual_vehicle: str = ""
    people: float = 0.0
    kerb: Literal["near", "any"] = "any"
    estimated: bool = False
    own: Mapping[str, str] = field(default_factory=dict)
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Residents:
    """People at a place (a building, or a piece of street), whose access and walking are measured.

    ``kerbside`` is the id of the kerbside street from which their waste is fetched, if it is.
    """

    id: str
    lon: float
    lat: float
    people: float
    kg_per_day: float
    kerbside: str = ""
    estimated: bool = False
    origin: Origin
