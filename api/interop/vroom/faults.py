"""What a given route breaks, in VROOM's causes."""

from __future__ import annotations

from collections.abc import Sequence

from api.interop.vroom.answer import EARLY, LATE, Broken, Faults, on_board
from api.interop.vroom.nouns import Amount, Request, Span, Van
from api.interop.vroom.tour import TICKS, Timed, Tour, road, works


def faults(request: Request, timed: Timed, held: Sequence[Span | None]) -> Faults:
    """Return what is broken at each step.

    Parameters
    ----------
    held
        The window in seconds that each item is held to, ``None`` where any time is right.
    """
    tour, van = timed.tour, request.vans[timed.tour.van]
    loads = on_board(request, tour)
    over = [{"load"} if not _fits(load, van.capacity) else set[str]() for load in loads]
    shift, begins, ends = van.window, timed.start // TICKS, timed.end // TICKS
    early = max(shift[0] - begins, 0) if shift else 0
    late = max(ends - shift[1], 0) if shift else 0
    causes = [a | b | c for a, b, c in zip(_order(request, tour), _limits(request, timed), over[1:], strict=False)]
    items = []
    for k, (moment, window) in enumerate(zip(timed.moments, held, strict=True)):
        item, begin = tour.items[k], moment.begin // TICKS
        soon, after = (max(window[0] - begin, 0), max(begin - window[1], 0)) if window else (0, 0)
        if item.kind == "break":
            most = van.breaks[item.rank].max_load
            causes[k] |= {"max_load"} if most is not None and not _fits(loads[k + 1], most) else set()
        items.append(_broken(causes[k], soon, after))
    taken = {item.rank for item in tour.items if item.kind == "break"}
    missing = {"missing_break"} if len(taken) < len(van.breaks) else set[str]()
    return Faults(
        start=_broken(over[0], early, 0),
        items=tuple(items),
        end=_broken(over[-1] | _limits(request, timed)[-1], 0, late),
        route=frozenset(missing),
    )


def _broken(causes: set[str], early: int, late: int) -> Broken:
    timed = ({EARLY} if early else set()) | ({LATE} if late else set())
    return Broken(causes=frozenset(causes | timed), lead_time=early, delay=late)


def _limits(request: Request, timed: Timed) -> list[set[str]]:
    """Return which limits of the vehicle are passed at each item, and at the end."""
    tour, van, on = timed.tour, request.vans[timed.tour.van], road(request, timed.tour.van)
    done = works(request, tour)
    found, ticks, metres, tasks, here = [], 0, 0, 0, van.start
    ready = timed.start
    moments = [*((moment.arrive, moment.begin) for moment in timed.moments), (timed.end, timed.end)]
    for k, (arrive, begin) in enumerate(moments):
        ticks += arrive - ready
        work = done[k] if k < len(done) else None
        place = van.end if work is None else work.spot
        metres += on.metres(here, place)
        here = place or here
        item = tour.items[k] if work is not None else None
        is_task = item is not None and item.kind == "task"
        tasks += is_task
        found.append(_over(van, tasks if is_task else 0, ticks, metres))
        if item is not None and item.kind == "task" and not request.tasks[item.rank].skills <= van.skills:
            found[-1].add("skills")
        ready = begin + (0 if work is None else work.ticks)
    return found


def _over(van: Van, tasks: int, ticks: int, metres: int) -> set[str]:
    limits = (
        ("max_tasks", tasks, van.max_tasks),
        ("max_travel_time", ticks // TICKS, van.max_travel_time),
        ("max_distance", metres, van.max_distance),
    )
    return {cause for cause, value, most in limits if most is not None and value > most}


def _order(request: Request, tour: Tour) -> list[set[str]]:
    """Return where a delivery comes without or before its pickup, or a pickup without its delivery."""
    at = {item.rank: k for k, item in enumerate(tour.items) if item.kind == "task"}
    found = [set[str]() for _ in tour.items]
    for rank, k in at.items():
        other = {"pickup": rank + 1, "delivery": rank - 1}.get(request.tasks[rank].kind)
        if other is None:
            continue
        follows = request.tasks[rank].kind == "delivery"
        if other not in at or (at[other] > k) == follows:
            found[k].add("precedence")
    return found


def _fits(load: Amount, capacity: Amount) -> bool:
    return all(part <= most for part, most in zip(load, capacity, strict=True))
