"""The round for an order that cannot be kept: earliest times, tips when full, and whatever breaks, broken in the open.

Plans made by hand, today's practice and edits on a map need times too. Nothing here searches; ``check`` says what is
wrong with the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.rounds.clock import FOREVER_MS, closes_ms, opens_ms, to_ms, to_s
from optimiser.rounds.plan import Act, Round, Visit
from optimiser.rounds.problem import Break, Mode, RoundsProblem, Stop, TipSite, Vehicle
from optimiser.rounds.rules.loads import weighed
from optimiser.travel import UNREACHABLE, Travel


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A visit before it has a time: the leg to it, how long it takes, when it may begin."""

    act: Act
    id: str
    mode: int = 0
    leg_ms: int
    service_ms: int
    spans: tuple[tuple[int, int], ...] = ()


def rough_round(problem: RoundsProblem, vehicle: Vehicle, visits: Sequence[str], *, tips: str) -> Round:
    """Return the round that makes these visits as early as it can, feasible or not.

    With free tips it unloads, at the site with the least detour in time, before a stop that would exceed a limit, and
    at the end of the day. A break is taken before the work that would otherwise end after the break's latest start.
    A leg that leads nowhere takes no time. The start is then put off as far as neither the end of the round nor a
    window suffers.
    """
    stops = {stop.id: stop for stop in problem.stops}
    sites = {site.id: site for site in problem.tip_sites}
    wanted: list[Stop | TipSite]
    if tips == "listed":
        wanted = [stops[visit] if visit in stops else sites[visit] for visit in visits]
    else:
        wanted = list(_with_tips(problem, vehicle, [stops[visit] for visit in visits if visit in stops]))
    tasks = list(_tasks(problem.travel[vehicle.profile], vehicle, wanted))
    start = opens_ms(vehicle.shift.start_s)
    tour, put_off = _driven(vehicle, tasks, start)
    return _driven(vehicle, tasks, start + put_off)[0] if put_off else tour


def _with_tips(problem: RoundsProblem, vehicle: Vehicle, wanted: Sequence[Stop]) -> Iterator[Stop | TipSite]:
    """Yield the stops with a tip before each that would not fit, and tips until empty at the end."""
    aboard: dict[str, float] = {}
    here = vehicle.start
    for stop in wanted:
        more = {d: aboard.get(d, 0.0) + stop.loads.get(d, 0.0) for d in {*aboard, *stop.loads}}
        site = None
        if any(weighed(limit, more) > limit.at_most for limit in vehicle.limits):
            site = _nearest_site(problem, vehicle, here, stop.modes[0].arrive, aboard)
        if site is not None:
            yield site
            more = {d: amount for d, amount in more.items() if d not in site.accepts or d in stop.loads}
            more |= {d: stop.loads[d] for d in stop.loads if d in site.accepts}
        yield stop
        aboard, here = more, stop.modes[0].leave
    while vehicle.must_end_empty:
        site = _nearest_site(problem, vehicle, here, vehicle.end, aboard)
        if site is None:
            return
        yield site
        aboard = {d: amount for d, amount in aboard.items() if d not in site.accepts}
        here = site.modes[0].leave


def _nearest_site(
    problem: RoundsProblem, vehicle: Vehicle, leave: str, arrive: str, aboard: Mapping[str, float]
) -> TipSite | None:
    """Return the site that takes something on board with the least time from ``leave`` over it to ``arrive``."""
    travel = problem.travel[vehicle.profile]
    full = {d for d, amount in aboard.items() if amount > 0}
    sites = [
        site
        for site in problem.tip_sites
        if site.accepts & full and (vehicle.tip_sites is None or site.id in vehicle.tip_sites)
    ]
    return min(
        sites,
        key=lambda site: min(
            to_ms(mode.service_s)
            + (_leg_ms(travel, leave, mode.arrive) or FOREVER_MS)
            + (_leg_ms(travel, mode.leave, arrive) or FOREVER_MS)
            for mode in site.modes
        ),
        default=None,
    )


def _leg_ms(travel: Travel, leave: str, arrive: str) -> int | None:
    """Return the travel time, ``None`` if there is no way."""
    row, column = np.array([travel.row(leave)]), np.array([travel.column(arrive)])
    duration, distance = travel.legs(row, column)
    return None if max(duration[0], distance[0]) >= UNREACHABLE else int(duration[0])


def _tasks(travel: Travel, vehicle: Vehicle, wanted: Sequence[Stop | TipSite]) -> Iterator[Task]:
    """Yield the visits in their nearest modes, then the way home."""
    here = vehicle.start
    for work in wanted:
        legs = [_leg_ms(travel, here, mode.arrive) for mode in work.modes]
        chosen = min(range(len(legs)), key=lambda m: FOREVER_MS if legs[m] is None else legs[m] or 0)
        mode: Mode = work.modes[chosen]
        yield Task(
            act=Act.STOP if isinstance(work, Stop) else Act.TIP,
            id=work.id,
            mode=chosen,
            leg_ms=legs[chosen] or 0,
            service_ms=to_ms(mode.service_s),
            spans=tuple((opens_ms(w.open_s), closes_ms(w.close_s)) for w in work.windows),
        )
        here = mode.leave
    yield Task(act=Act.STOP, id="", leg_ms=_leg_ms(travel, here, vehicle.end) or 0, service_ms=0)


def _driven(vehicle: Vehicle, tasks: Sequence[Task], start_ms: int) -> tuple[Round, int]:
    """Return the round from ``start_ms`` on, and how long its start can be put off without harm."""
    now = start_ms
    waited, room = 0, FOREVER_MS
    visits: list[Visit] = []
    rests = [rest for rest in vehicle.breaks if closes_ms(rest.latest_s) >= start_ms]
    for task in tasks:
        while rests and _due(rests[0], task, now):
            rest = _rest(rests.pop(0))
            visits.append(_visit(rest, now, max(now, rest.spans[0][0])))
            waited += to_ms(visits[-1].start_s) - now
            room = min(room, waited + rest.spans[0][1] - to_ms(visits[-1].start_s))
            now = to_ms(visits[-1].end_s)
        now += task.leg_ms
        if not task.id:
            break
        opens, closes = next((s for s in task.spans if s[1] >= now), (0, FOREVER_MS if not task.spans else now))
        visits.append(_visit(task, now, max(now, opens)))
        waited += max(opens - now, 0)
        room = min(room, waited + closes - max(now, opens))
        now = to_ms(visits[-1].end_s)
    tour = Round(vehicle=vehicle.id, start_s=to_s(start_ms), end_s=to_s(now), visits=tuple(visits))
    return tour, min(waited, room)


def _due(rest: Break, task: Task, now: int) -> bool:
    """Return whether the next task would end after the break's latest start, when a break is still possible."""
    latest = closes_ms(rest.latest_s)
    opens = next((s[0] for s in task.spans if s[1] >= now + task.leg_ms), 0)
    return now <= latest < max(now + task.leg_ms, opens) + task.service_ms


def _rest(rest: Break) -> Task:
    return Task(
        act=Act.BREAK,
        id=rest.id,
        leg_ms=0,
        service_ms=to_ms(rest.duration_s),
        spans=((opens_ms(rest.earliest_s), closes_ms(rest.latest_s)),),
    )


def _visit(task: Task, arrive_ms: int, start_ms: int) -> Visit:
    return Visit(
        act=task.act,
        id=task.id,
        mode=task.mode,
        arrive_s=to_s(arrive_ms),
        start_s=to_s(start_ms),
        end_s=to_s(start_ms + task.service_ms),
    )
