"""Who does what in which order, and when: a route between the plan of an engine and the JSON that is answered.

Times inside are hundredths of a second, as VROOM keeps them: a leg takes its whole seconds times ``round(100 / speed
factor)``. What is answered are whole seconds, each time rounded down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from api.interop.vroom.nouns import Request, Span, Spot, Tables, Van

TICKS = 100  # in a second
FOR_EVER = 2**62
Kind = Literal["task", "break", "tip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A task, a break or a tip of a tour, by its position in the request or in its vehicle."""

    kind: Kind
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When an item is arrived at and when it begins, in ticks."""

    arrive: int
    begin: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """What a vehicle does in order."""

    van: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A tour with its times: when it sets out, a moment for each item, when it ends."""

    tour: Tour
    start: int
    moments: tuple[Moment, ...]
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What an item takes, where, and when it may begin, in ticks; breaks have no place."""

    spot: Spot | None
    setup: int
    service: int
    windows: tuple[Span, ...]

    @property
    def ticks(self) -> int:
        """How long it takes."""
        return self.setup + self.service


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """The matrices as one vehicle drives them."""

    van: Van
    tables: Tables

    @property
    def factor(self) -> int:
        """Ticks to a second of the matrix."""
        return int(TICKS / self.van.speed_factor + 0.5)

    def ticks(self, a: Spot | None, b: Spot | None) -> int:
        """How long a leg takes; nothing where the route is open."""
        if a is None or b is None:
            return 0
        assert self.tables.durations is not None
        return self.factor * int(self.tables.durations[a.index, b.index])

    def metres(self, a: Spot | None, b: Spot | None) -> int:
        """How long a leg is."""
        if a is None or b is None:
            return 0
        assert self.tables.distances is not None
        return int(self.tables.distances[a.index, b.index])

    def cost(self, a: Spot | None, b: Spot | None) -> int:
        """What a leg costs by the matrix of costs."""
        if a is None or b is None or self.tables.costs is None:
            return 0
        return int(self.tables.costs[a.index, b.index])


def road(request: Request, van: int) -> Road:
    """Return the matrices as a vehicle drives them."""
    return Road(van=request.vans[van], tables=request.tables[request.vans[van].profile])


def works(request: Request, tour: Tour) -> list[Work]:
    """Return what each item of a tour takes; setup is left out where the vehicle stands there already."""
    van = request.vans[tour.van]
    here, found = van.start, []
    for item in tour.items:
        match item.kind:
            case "break":
                rest = van.breaks[item.rank]
                work = Work(spot=None, setup=0, service=rest.service * TICKS, windows=_ticked(rest.windows))
            case "tip":
                tip = request.tips[item.rank]
                service = (tip.service + tip.queue) * TICKS
                work = Work(spot=tip.spot, setup=0, service=service, windows=_ticked(tip.windows))
            case "task":
                work = _task(request, van, item.rank, here)
        here = work.spot or here
        found.append(work)
    return found


def _task(request: Request, van: Van, rank: int, here: Spot | None) -> Work:
    task = request.tasks[rank]
    there = here is not None and here.index == task.spot.index
    return Work(
        spot=task.spot,
        setup=0 if there else TICKS * task.setup_by.get(van.type, task.setup),
        service=TICKS * task.service_by.get(van.type, task.service),
        windows=_ticked(task.windows),
    )


def _ticked(windows: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple((opens * TICKS, closes * TICKS) for opens, closes in windows) or ((0, FOR_EVER),)
