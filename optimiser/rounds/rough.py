"""The round for an order that cannot be kept: earliest times, tips when full, and whatever breaks, broken in the open.

Plans made by hand, today's practice and edits on a map need times too. Nothing here searches; ``check`` says what is
wrong with the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from optimiser.rounds.clock import FOREVER_MS, closes_ms, opens_ms, to_ms, to_s
from optimiser.rounds.plan import Act, Round, Visit
from optimiser.rounds.problem import Break, Mode, RoundsProblem, Stop, TipSite, Vehicle
from optimiser.rounds.roads import Roads, roads
from optimiser.rounds.rules.loads import weighed
from optimiser.rounds.view import service_ms, setup_ms
from optimiser.travel import UNREACHABLE, Travel


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A visit before it has a time: its mode (``None``: where the vehicle stands), how long, when it may begin.

    The leg to it sets out at ``hold_ms`` or later; ``resets`` says that gathered driving or work is counted anew.
    """

    act: Act
    id: str
    number: int = 0
    mode: Mode | None = None
    service_ms: int
    spans: tuple[tuple[int, int], ...] = ()
    hold_ms: int = 0
    resets: bool = False


def rough_round(problem: RoundsProblem, vehicle: Vehicle, visits: Sequence[str], *, tips: str) -> Round:
    """Return the round that makes these visits as early as it can, feasible or not.

    With free tips it unloads, at the site with the least detour in time, before a stop that would exceed a limit, and
    at the end of the day. A break is taken before the work that would otherwise end after the break's latest start (one
    that is always due, before the vehicle drives home at the latest), a driving rest before more gathers than may. A
    leg that leads nowhere takes no time. The start is then put off as far as neither the end of the round nor a window
    suffers; not if legs take longer at some times of the day.
    """
    stops = {stop.id: stop for stop in problem.stops}
    sites = {site.id: site for site in problem.tip_sites}
    wanted: list[Stop | TipSite]
    if tips == "listed":
        wanted = [stops[visit] if visit in stops else sites[visit] for visit in visits]
    else:
        wanted = list(_with_tips(problem, vehicle, [stops[visit] for visit in visits if visit in stops]))
    tasks = _held(list(_tasks(problem.travel[vehicle.profile], vehicle, wanted)), wanted)
    way, start = roads(problem, vehicle.profile), opens_ms(vehicle.shift.start_s)
    tour, put_off = _driven(way, vehicle, tasks, start)
    return _driven(way, vehicle, tasks, start + put_off)[0] if put_off and len(way.travels) == 1 else tour


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
            service_ms(mode, vehicle)
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
    """Yield the visits in their nearest modes."""
    here, place = vehicle.start, ""
    for work in wanted:
        legs = [_leg_ms(travel, here, mode.arrive) for mode in work.modes]
        chosen = min(range(len(legs)), key=lambda m: FOREVER_MS if legs[m] is None else legs[m] or 0)
        mode = work.modes[chosen]
        due = not mode.place or mode.place != place
        queue = to_ms(work.queue_s) if isinstance(work, TipSite) else 0
        yield Task(
            act=Act.STOP if isinstance(work, Stop) else Act.TIP,
            id=work.id,
            number=chosen,
            mode=mode,
            service_ms=(setup_ms(mode, vehicle) if due else 0) + queue + service_ms(mode, vehicle),
            spans=tuple((opens_ms(w.open_s), closes_ms(w.close_s)) for w in work.windows),
        )
        here, place = mode.leave, mode.place


def _held(tasks: list[Task], wanted: Sequence[Stop | TipSite]) -> list[Task]:
    """Return the tasks, the first of each trip held until the latest release of its stops."""
    first = 0
    for n, work in enumerate(wanted):
        if isinstance(work, Stop):
            tasks[first] = replace(tasks[first], hold_ms=max(tasks[first].hold_ms, opens_ms(work.release_s)))
        else:
            first = n + 1
    return tasks


@dataclass(slots=True, kw_only=True)
class _Drive:
    """A round on its way: what was done, where and when it is; what it waited and could have; what has gathered."""

    way: Roads
    vehicle: Vehicle
    here: str
    now: int
    visits: list[Visit] = field(default_factory=list)
    waited: int = 0
    room: int = FOREVER_MS
    driven: int = 0
    since: int = 0

    def leg_ms(self, arrive: str, depart: int) -> int:
        """Return what a leg takes that sets out then."""
        leg = self.way.legs([(self.here, arrive)], [depart])[0]
        return 0 if leg is None else leg.duration_ms


def _driven(way: Roads, vehicle: Vehicle, tasks: Sequence[Task], start_ms: int) -> tuple[Round, int]:
    """Return the round from ``start_ms`` on, and how long its start can be put off without harm."""
    drive = _Drive(way=way, vehicle=vehicle, here=vehicle.start, now=start_ms, since=start_ms)
    rests = [rest for rest in vehicle.breaks if rest.always or closes_ms(rest.spans[-1].close_s) >= start_ms]
    for task in tasks:
        hold = task.hold_ms
        while rests and _due(drive, rests[0], task):
            pause = _pause(drive, rests.pop(0), hold)
            hold = 0 if pause.mode else hold
            _do(drive, pause)
        if _gathered(drive, task):
            _do(drive, _rest(vehicle))
        _do(drive, replace(task, hold_ms=hold))
    for rest in rests:
        if rest.always:
            _do(drive, _pause(drive, rest, 0))
    end = drive.now + drive.leg_ms(vehicle.end, drive.now)
    tour = Round(vehicle=vehicle.id, start_s=to_s(start_ms), end_s=to_s(end), visits=tuple(drive.visits))
    return tour, min(drive.waited, drive.room)


def _do(drive: _Drive, task: Task) -> None:
    """Drive to a task and do it, as early as can be."""
    depart = max(drive.now, task.hold_ms) if task.mode else drive.now
    arrive = depart + (drive.leg_ms(task.mode.arrive, depart) if task.mode else 0)
    opens, closes = next((s for s in task.spans if s[1] >= arrive), (0, arrive if task.spans else FOREVER_MS))
    begin = max(arrive, opens)
    drive.waited += depart - drive.now + begin - arrive
    drive.room = min(drive.room, drive.waited + closes - begin)
    drive.driven += arrive - depart
    drive.now = begin + task.service_ms
    drive.here = task.mode.leave if task.mode else drive.here
    drive.visits.append(
        Visit(
            act=task.act,
            id=task.id,
            mode=task.number,
            arrive_s=to_s(arrive),
            start_s=to_s(begin),
            end_s=to_s(drive.now),
        )
    )
    if task.resets:
        drive.driven, drive.since = 0, drive.now


def _due(drive: _Drive, rest: Break, task: Task) -> bool:
    """Return whether the next task would end after the break's latest start, when a break is still possible."""
    latest = closes_ms(rest.spans[-1].close_s)
    if drive.now > latest:
        return False
    depart = max(drive.now, task.hold_ms)
    arrive = depart + (drive.leg_ms(task.mode.arrive, depart) if task.mode else 0)
    opens = next((s[0] for s in task.spans if s[1] >= arrive), 0)
    return latest < max(arrive, opens) + task.service_ms


def _gathered(drive: _Drive, task: Task) -> bool:
    """Return whether the next task would gather more driving or work than may be before a rest."""
    rest = drive.vehicle.driving_rest
    if rest is None or task.mode is None:
        return False
    leg = drive.leg_ms(task.mode.arrive, drive.now)
    if rest.of == "driving":
        return drive.driven > 0 and drive.driven + leg > to_ms(rest.after_s)
    return drive.since < drive.now and drive.now + leg + task.service_ms - drive.since > to_ms(rest.after_s)


def _pause(drive: _Drive, rest: Break, hold_ms: int) -> Task:
    """Return a break as a task, at the nearest of its places."""
    legs = [drive.leg_ms(mode.arrive, drive.now) for mode in rest.modes]
    chosen = legs.index(min(legs)) if legs else 0
    again = drive.vehicle.driving_rest
    return Task(
        act=Act.BREAK,
        id=rest.id,
        number=chosen,
        mode=rest.modes[chosen] if legs else None,
        service_ms=to_ms(rest.duration_s),
        spans=tuple((opens_ms(span.open_s), closes_ms(span.close_s)) for span in rest.spans),
        hold_ms=hold_ms,
        resets=again is not None and rest.duration_s >= again.duration_s,
    )


def _rest(vehicle: Vehicle) -> Task:
    rest = vehicle.driving_rest
    assert rest is not None
    return Task(act=Act.BREAK, id=rest.id, service_ms=to_ms(rest.duration_s), resets=True)
