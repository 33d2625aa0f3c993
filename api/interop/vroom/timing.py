"""When a tour is done: it ends as early as it can, and sets out as late as it then can (VROOM's rule).

A break may be taken anywhere between two tasks, also half-way: while a vehicle would wait for a break to begin, it
drives on. Both passes are exact: who is earlier (later) at one item is never later (earlier) at the next.
"""

from __future__ import annotations

from collections.abc import Iterable

from api.interop.vroom.nouns import Request, Span, Spot
from api.interop.vroom.tour import TICKS, Moment, Road, Timed, Tour, Work, road, works


def timed(request: Request, tour: Tour) -> Timed | None:
    """Return the times of a tour; ``None`` if it cannot keep its windows."""
    van = request.vans[tour.van]
    opens, closes = van.window or (0, None)
    on, done = road(request, tour.van), works(request, tour)
    first = _forward(on, done, opens * TICKS)
    if first is None or (closes is not None and first[1] > closes * TICKS):
        return None
    start = _latest_start(on, done, first[1])
    packed = _forward(on, done, start)
    assert packed is not None, "who sets out later within the slack still arrives"
    return Timed(tour=tour, start=start, moments=tuple(packed[0]), end=packed[1])


def _forward(on: Road, done: list[Work], start: int) -> tuple[list[Moment], int] | None:
    """Return when each item is done if everything is done as soon as it can be, and when the tour ends."""
    now, moments, here = start, [], on.van.start
    left = _leg(on, done, 0, here)
    for k, work in enumerate(done):
        if work.spot is not None:
            now += left
        window = _next(work.windows, now)
        if window is None:
            return None
        begin = max(now, window[0])
        if work.spot is None:
            driven = min(begin - now, left)
            moments.append(Moment(arrive=now + driven, begin=begin))
            left -= driven
        else:
            moments.append(Moment(arrive=now, begin=begin))
            here = work.spot
            left = _leg(on, done, k + 1, here)
        now = begin + work.ticks
    return moments, now + left


def _leg(on: Road, done: list[Work], first: int, here: Spot | None) -> int:
    """Return how long it takes from here to the next item that has a place, from the item ``first`` on, or home."""
    there = next((work.spot for work in done[first:] if work.spot is not None), on.van.end)
    return on.ticks(here, there)


def _latest_start(on: Road, done: list[Work], end: int) -> int:
    """Return how late a tour may set out and still end at ``end``."""
    now, there = end, on.van.end
    left = _leg_back(on, done, len(done), there)
    for k in range(len(done) - 1, -1, -1):
        work = done[k]
        latest = now - work.ticks - (0 if work.spot is None else left)
        begin = min(latest, _last(work.windows, latest)[1])
        if work.spot is None:
            left -= min(latest - begin, left)
        else:
            there = work.spot
            left = _leg_back(on, done, k, there)
        now = begin
    return now - left


def _leg_back(on: Road, done: list[Work], last: int, there: Spot | None) -> int:
    """Return how long it takes to here from the item before ``last`` that has a place, or from the start."""
    here = next((work.spot for work in reversed(done[:last]) if work.spot is not None), on.van.start)
    return on.ticks(here, there)


def _next(windows: Iterable[Span], now: int) -> Span | None:
    return next((window for window in windows if now <= window[1]), None)


def _last(windows: tuple[Span, ...], now: int) -> Span:
    return next(window for window in reversed(windows) if window[0] <= now)
