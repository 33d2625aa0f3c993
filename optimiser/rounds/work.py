"""Work to do: stops with their modes, windows and loads; what belongs together and what excludes each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From ``open_s`` to ``close_s``, both ends included; service may *begin* inside it."""

    open_s: float
    close_s: float

    def __post_init__(self) -> None:
        if not 0 <= self.open_s <= self.close_s:
            raise ValueError(f"window {self.open_s} to {self.close_s} is not a span of time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A way to do a piece of work: arrive in this street state, leave in that one, take so long.

    Parameters
    ----------
    arrive, leave
        A column id and a row id of every :class:`~optimiser.travel.Travel` of the problem.
    service_s, distance_m
        How long the work takes, and how far the vehicle drives while at it (a street side, from end to end).
    service_by
        Service type of a vehicle -> seconds, in place of ``service_s``.
    setup_s, setup_by
        Before the work, once for visits to the same ``place`` that follow each other (breaks between do not count);
        always, if ``place`` is empty.
    """

    arrive: str
    leave: str
    service_s: float
    distance_m: float = 0.0
    service_by: Mapping[str, float] = field(default_factory=dict)
    setup_s: float = 0.0
    setup_by: Mapping[str, float] = field(default_factory=dict)
    place: str = ""

    def __post_init__(self) -> None:
        if min(self.service_s, self.setup_s, *self.service_by.values(), *self.setup_by.values()) < 0:
            raise ValueError("service_s cannot be negative")
        if self.distance_m < 0:
            raise ValueError("distance_m cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Work to do at a place: a container, a bring point, a street side, a skip to exchange.

    Parameters
    ----------
    id
        Unique among stops and tip sites.
    modes
        One or more ways to do it; the plan says which was used.
    loads
        Dimension id -> amount picked up; it stays on board until a tip that accepts it.
    deliveries
        Dimension id -> amount brought. It is on board from the start of the round, or from the last tip at a site that
        supplies the dimension. It is never tipped.
    windows
        When service may begin; empty means any time.
    prize
        ``None``: required. A number: optional, worth that much money when served.
    weight
        How much leaving it out counts, if it is required: kilograms, people, a priority.
    vehicles
        Ids of the vehicles that may serve it; ``None`` means all.
    needs
        Skills and permits that the vehicle must have.
    release_s
        The trip that serves it sets out (from the depot, or from the tip before) no earlier.
    usual
        The vehicle that serves it today; ``None`` if nobody does.
    at
        Where it stands, x and y in metres; for compact rounds.
    """

    id: str
    modes: tuple[Mode, ...]
    loads: Mapping[str, float] = field(default_factory=dict)
    deliveries: Mapping[str, float] = field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    prize: float | None = None
    weight: float = 1.0
    vehicles: frozenset[str] | None = None
    needs: frozenset[str] = frozenset()
    release_s: float = 0.0
    usual: str | None = None
    at: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not self.modes:
            raise ValueError(f"stop {self.id} has no mode")
        if any(amount < 0 for amount in (*self.loads.values(), *self.deliveries.values())):
            raise ValueError(f"stop {self.id} has a negative load")
        if self.weight < 0 or self.release_s < 0:
            raise ValueError(f"stop {self.id} has a negative weight or release")
        if any(a.close_s >= b.open_s for a, b in zip(self.windows, self.windows[1:], strict=False)):
            raise ValueError(f"windows of stop {self.id} must be in order and apart")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """Something fetched at one stop and brought to another by the same vehicle, in this order; never tipped.

    Both stops are served or neither. ``loads`` is on board between them: dimension id -> amount.
    """

    id: str
    pickup: str
    delivery: str
    loads: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.pickup == self.delivery:
            raise ValueError(f"shipment {self.id} ends where it begins")
        if any(amount < 0 for amount in self.loads.values()):
            raise ValueError(f"shipment {self.id} has a negative load")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Ways to do the same work: of one option all stops are served, of the others none.

    "Both sides of the street in one pass, or each side apart" is ``options=(("both",), ("left", "right"))``. A plan
    that leaves all of it out has left out the stops of the first option; one that serves a part of an option has left
    out the rest of that option.
    """

    id: str
    options: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        named = [stop for option in self.options for stop in option]
        if len(self.options) < 2 or not all(self.options) or len(set(named)) != len(named):
            raise ValueError(f"choice {self.id} needs two options or more, each of its own stops")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a planner has fixed by hand: this vehicle serves these stops in this order.

    Parameters
    ----------
    adjacent
        No other stop comes between them (tips and breaks may).
    first
        They are the first stops of the round.
    """

    vehicle: str
    stops: tuple[str, ...]
    adjacent: bool = False
    first: bool = False
