"""The nearest stop next, a tip when full, then the cheapest insertion of what is left: no library, the warm start.

Each vehicle in turn leaves its depot and goes to the stop that costs least to reach, as long as it can still unload
and be home in time; when nothing more fits on board it unloads at the nearest site. The exact timing pass then places
tips and breaks; stops at the end that do not fit after all go back. Optional stops come in only where they pay. In
large problems it looks among the nearest few first, and at all only where none of these will do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version as installed

import numpy as np
from numpy.typing import NDArray

from optimiser.result import Budget, OnProgress
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, Entry, candidate, fresh, new_draft, put, remember, restore, standing
from optimiser.rounds.engines import EngineAnswer
from optimiser.rounds.finish import prune
from optimiser.rounds.ground import NO_WAY, Ground
from optimiser.rounds.level import level
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem, Stop
from optimiser.rounds.repair import insert
from optimiser.rounds.tables import Bools, Floats
from optimiser.rounds.weighed import weighed

NAME = "nearest"
MOST_INSERTIONS = 100  # timed at most, so that the first plan of a large problem is there within seconds
EACH_BOUND = 4  # more for each stop that is not a unit of its own


def version() -> str:
    """Return the version of this project."""
    return installed("mzunguko")


def supports(_problem: RoundsProblem) -> tuple[str, ...]:
    """Return no reasons: it takes every problem."""
    return ()


def solve(
    problem: RoundsProblem,
    *,
    budget: Budget,
    seed: int,  # noqa: ARG001 (nothing is drawn at random)
    initial: Plan | None,  # noqa: ARG001 (it builds from nothing)
    on_progress: OnProgress[Plan],  # noqa: ARG001 (one plan only, at the end)
) -> EngineAnswer:
    """Return the greedy plan; ``iterations`` counts rounds timed."""
    deadline = Deadline(seconds=budget.seconds)
    draft = new_draft(weighed(problem))
    timings = _build(draft, deadline, optional=False)
    if any(stop.prize is not None for stop in problem.stops) and not deadline.passed:
        required, everything = remember(draft), fresh(draft)
        timings += _build(everything, deadline, optional=True)
        if standing(everything) < standing(draft):
            required = remember(everything)
        restore(draft, required)
    return EngineAnswer(plan=draft.plan(), iterations=timings)


def _build(draft: Draft, deadline: Deadline, *, optional: bool) -> int:
    """Fill the draft and return how many rounds were timed.

    Locked stops come first, each to its vehicle; work that goes together or excludes other work is brought in last.
    """
    timings = insert(draft, [stop for stop in draft.left() if stop in draft.bonds.locked], deadline=deadline)
    wanted = np.array([_plain(draft, stop, optional=optional) for stop in draft.problem.stops], dtype=bool)
    for vehicle in draft.problem.vehicles:
        if not wanted.any() or deadline.passed:
            break
        if vehicle.id in draft.entries:
            continue
        visits = _walk(draft.ground(vehicle.id), wanted & draft.admits(vehicle.id))
        found, tried = _longest_start(draft, vehicle.id, [draft.problem.stops[k].id for k in visits], deadline)
        timings += tried
        if found is not None:
            put(draft, found)
            wanted[[draft.known.stop_at[stop] for stop in found.tour.stops]] = False
    left = [stop for stop in draft.left() if optional or draft.prize(stop) is None]
    bound = sum(not _plain(draft, draft.stop(stop), optional=True) for stop in left)
    timings += insert(draft, left, deadline=deadline, most=MOST_INSERTIONS + EACH_BOUND * bound)
    timings += insert(draft, draft.left(), deadline=deadline, most=MOST_INSERTIONS)
    timings += prune(draft, deadline)
    level(draft, deadline)
    return timings


def _plain(draft: Draft, stop: Stop, *, optional: bool) -> bool:
    """Return whether a stop is a unit of its own that nothing ties to others."""
    known = draft.bonds
    alone = len(known.units[known.unit_of[stop.id]].stops) == 1
    tied = stop.id in known.together or stop.id in known.apart or stop.id in known.locked
    return alone and not tied and (optional or stop.prize is None)


@dataclass(slots=True, kw_only=True)
class _Walker:
    """Where a vehicle stands, when, what was picked up and brought by limit, and how many breaks are behind."""

    place: int
    now: float
    aboard: Floats
    brought: Floats
    rests: int = 0
    carrying: bool = False


def _walk(ground: Ground, wanted: Bools) -> list[int]:
    """Return the stops that a vehicle takes one after the other, nearest first."""
    kind = ground.kind
    most = len(wanted) if kind.vehicle.max_stops is None else kind.vehicle.max_stops
    nothing = np.zeros(len(ground.limits))
    here = _Walker(place=ground.depot, now=float(kind.shift[0]), aboard=nothing, brought=nothing)
    todo, visits = wanted.copy(), list[int]()
    while len(visits) < most and todo.any():
        in_time = False
        for stops in _looked_at(ground, here.place, todo):
            step, in_time = _next(ground, here, stops)
            if step is not None:
                break
        if step is None:
            if not (in_time and here.carrying and _tip(ground, here)):
                break
            continue
        stop, end = step
        _serve(ground, here, stop, end)
        visits.append(stop)
        todo[stop] = False
    return visits


def _looked_at(ground: Ground, place: int, todo: Bools) -> Iterator[NDArray[np.intp]]:
    """Yield the stops among which to look for the next one: the nearest few, if those are known, then all."""
    if ground.near is not None and place < ground.stops:
        few = ground.near[place]
        few = few[(few >= 0) & todo[few]]
        if len(few):
            yield few.astype(np.intp)
    yield np.flatnonzero(todo)


def _next(ground: Ground, here: _Walker, stops: NDArray[np.intp]) -> tuple[tuple[int, float] | None, bool]:
    """Return which of these stops costs least to reach, and when its work would end; ``None`` if nothing fits.

    With it comes whether there is time for any of them.
    """
    kind = ground.kind
    latest = min(kind.shift[1], kind.shift[0] + kind.longest_ms) + kind.overtime_ms
    money, drive = ground.legs(here.place, stops)
    begin = _begin(ground, here.now + drive, stops)
    end = begin + ground.service_ms[stops]
    home = end + ground.home_ms[stops]
    for rest in kind.rests[here.rests :]:
        home = home + np.where(home > rest.latest_ms, rest.duration_ms, 0)
    in_time = home <= latest
    fits = in_time & (here.aboard + ground.use[stops] <= ground.limits).all(axis=1)
    fits &= (here.brought + ground.bring[stops] <= ground.limits).all(axis=1)
    if not fits.any():
        return None, bool(in_time.any())
    toll = money + kind.wage_per_ms * np.where(fits, begin - here.now - drive, np.inf)
    chosen = int(np.argmin(toll))
    return (int(stops[chosen]), float(end[chosen])), True


def _begin(ground: Ground, arrive: Floats, stops: NDArray[np.intp]) -> Floats:
    """Return when service can begin, ``inf`` once the last window has closed."""
    begins = np.maximum(arrive[:, None], ground.opens[stops])
    return np.asarray(np.where(begins <= ground.closes[stops], begins, np.inf).min(axis=1))


def _serve(ground: Ground, here: _Walker, stop: int, end: float) -> None:
    here.place, here.now = stop, end
    here.aboard, here.brought = here.aboard + ground.use[stop], here.brought + ground.bring[stop]
    here.carrying |= bool(ground.kind.holds[stop].any())
    _rest(ground, here)


def _tip(ground: Ground, here: _Walker) -> bool:
    """Go to the nearest useful site and unload; ``False`` if there is none."""
    sites = ground.useful
    if not len(sites) or ground.time_ms[here.place, sites].min() >= NO_WAY:
        return False
    site = int(sites[np.argmin(ground.time_ms[here.place, sites])])
    here.now += float(ground.time_ms[here.place, site] + ground.service_ms[site])
    here.place, here.carrying = site, False
    here.aboard = np.zeros_like(here.aboard)
    if ground.kind.sites[site - ground.stops].supplies.any():
        here.brought = np.zeros_like(here.brought)
    _rest(ground, here)
    return True


def _rest(ground: Ground, here: _Walker) -> None:
    """Take the breaks whose time has come."""
    for rest in ground.kind.rests[here.rests :]:
        if here.now < rest.earliest_ms:
            return
        here.now += rest.duration_ms
        here.rests += 1


def _longest_start(draft: Draft, vehicle: str, visits: list[str], deadline: Deadline) -> tuple[Entry | None, int]:
    """Return the round over as many of the first visits as can be timed, and how many were tried."""
    low, high, tried = 0, len(visits), 0
    best: Entry | None = None
    size = high
    while low < high and not deadline.passed:
        found = candidate(draft, vehicle, visits[:size])
        tried += 1
        if found is not None:
            best, low = found, size
        else:
            high = size - 1
        size = (low + high + 1) // 2
    return best, tried
