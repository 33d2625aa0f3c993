"""What a scenario chooses about a day: hours, paces, preferences, and what is fixed by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRef:
    """Hours of the day in which points may be served: quiet nights, school streets, markets first.

    Parameters
    ----------
    name
        What it is called where it leaves a point unserved.
    open, close
        Times of day ("06:00"); service may begin between them. A second span is a rule of its own with the same name.
    file
        GeoJSON with the areas in which it holds; none: everywhere.
    kinds
        Kinds of points for which it holds ("market", "container" ...); none: all, and kerbside streets.
    days
        Weekdays on which it holds; none: always.
    """

    name: str
    open: str = "00:00"
    close: str = "24:00"
    file: str | None = None
    kinds: tuple[str, ...] = ()
    days: tuple[Weekday, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRef:
    """From a time of day on, all driving is so many times as fast: rush hours.

    Parameters
    ----------
    start
        Time of day ("07:00"); it holds until the next period starts, the last one until midnight and, before the first
        one starts, the map's own speeds hold.
    speed
        What the speeds are multiplied by.
    """

    start: str
    speed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AimsChoice:
    """What makes a plan better beside money; each weight is in the scenario's currency.

    Parameters
    ----------
    even
        What is to be even among the rounds that go out: paid "hours", "load" (kg) or "stops"; empty: nothing.
    even_price
        Money for each hour, kg or stop between the largest and the smallest round.
    even_within
        The largest may exceed the smallest by so many at most.
    compact_price_per_km
        Money for each km between a stop and the middle of its round, summed over stops.
    change_price_per_stop
        Money for each stop that goes to another vehicle than its usual one.
    most_changes
        At most so many stops may.
    first
        What is compared before money, in this order: "vehicles", "hours", "distance", "spread", "changes".
    """

    even: Literal["", "hours", "load", "stops"] = ""
    even_price: float = 0.0
    even_within: float | None = None
    compact_price_per_km: float = 0.0
    change_price_per_stop: float = 0.0
    most_changes: int | None = None
    first: tuple[Literal["vehicles", "hours", "distance", "spread", "changes"], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StartChoice:
    """What becomes of the rounds in the table ``start``, which were planned before or changed by hand.

    Parameters
    ----------
    keep
        ``"everything"``: they are timed, judged and priced as they stand, and nothing is planned. ``"order"``: each
        vehicle serves its stops in this order, others may come between. ``"vehicles"``: each stop keeps its vehicle.
        ``"nothing"``: planning starts from them.
    """

    keep: Literal["everything", "order", "vehicles", "nothing"] = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRef:
    """What is fixed by hand: this vehicle serves these points.

    Parameters
    ----------
    in_order
        In the order given.
    adjacent
        With no other stop between them.
    first
        As the first stops of its round.
    days
        Weekdays on which it holds; none: always.
    """

    vehicle: str
    points: tuple[str, ...]
    in_order: bool = False
    adjacent: bool = False
    first: bool = False
    days: tuple[Weekday, ...] = ()
