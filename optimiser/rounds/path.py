"""A round as places on the ground with the slack between them: what an insertion is estimated by.

Times are those of the round as it was timed, moved as early and as late as its windows let them; tips and breaks stay
between the stops that they are between. So the slack is that of this timing: another one may have more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.ground import Ground
from optimiser.rounds.plan import Act, Round, Visit
from optimiser.rounds.problem import Stop, TipSite
from optimiser.rounds.tables import Floats
from optimiser.rounds.view import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Legs of a round, from depot to depot, breaks where the vehicle stands left out.

    Parameters
    ----------
    before, after
        By leg: the places it leads between.
    stops_before
        By leg: how many stops lie before it.
    ready, latest
        By leg: when it can set out at the earliest, and must arrive at the latest, in ms.
    room
        By leg and limit: what more could be on board from there to the next tip.
    spare
        By leg and limit: what more could be on board on the leg.
    free_ms
        By how much the round could last longer.
    middle
        Mean position of its stops, if any has one.
    """

    before: NDArray[np.intp]
    after: NDArray[np.intp]
    stops_before: NDArray[np.intp]
    ready: Floats
    latest: Floats
    room: Floats
    spare: Floats
    free_ms: float
    middle: tuple[float, float] | None


def path_of(ids: Book, stop_at: Mapping[str, int], ground: Ground, tour: Round) -> Path:
    """Return the path of a round."""
    visits = [visit for visit in tour.visits if visit.act is not Act.BREAK]
    sites = {site.id: place for site, place in zip(ground.kind.sites, ground.sites, strict=True)}
    places = np.array([stop_at[v.id] if v.act is Act.STOP else sites[v.id] for v in visits], dtype=np.intp)
    stop_count = np.cumsum([0, *(visit.act is Act.STOP for visit in visits)])
    ready, latest = _times(ids, ground, tour)
    room, spare = _loads(ground, visits, places)
    spots = [ids.stops[stop].at for stop in tour.stops]
    known = [spot for spot in spots if spot is not None]
    shift = ground.kind.vehicle.shift
    longest = inf if shift.max_duration_s is None else 1000.0 * (shift.max_duration_s + shift.overtime_s)
    waiting = sum(visit.start_s - visit.arrive_s for visit in tour.visits)
    return Path(
        before=np.concatenate(([ground.depot], places)),
        after=np.concatenate((places, [ground.depot])),
        stops_before=stop_count.astype(np.intp),
        ready=ready,
        latest=latest,
        room=room,
        spare=spare,
        free_ms=longest - 1000.0 * (tour.end_s - tour.start_s - waiting),
        middle=(sum(x for x, _ in known) / len(known), sum(y for _, y in known) / len(known)) if known else None,
    )


def _times(ids: Book, ground: Ground, tour: Round) -> tuple[Floats, Floats]:
    """Return when each leg can set out and must arrive; a break's time is that of the leg that it is on."""
    vehicle = ground.kind.vehicle
    spans = [_span(ids, tour.vehicle, visit) for visit in tour.visits]
    ends = [tour.start_s, *(visit.end_s for visit in tour.visits)]
    legs = [visit.arrive_s - end for visit, end in zip(tour.visits, ends, strict=False)] + [tour.end_s - ends[-1]]
    now = vehicle.shift.start_s
    ready = [now]
    for visit, leg, (opens, _) in zip(tour.visits, legs, spans, strict=False):
        now = max(now + leg, opens) + visit.end_s - visit.start_s
        ready.append(now)
    late = vehicle.shift.end_s + vehicle.shift.overtime_s
    latest = [late]
    for visit, leg, (_, closes) in reversed(list(zip(tour.visits, legs[1:], spans, strict=True))):
        late = min(late - leg - (visit.end_s - visit.start_s), closes)
        latest.append(late)
    latest.reverse()
    moving = [n for n, visit in enumerate(tour.visits) if visit.act is not Act.BREAK]
    # a leg sets out after the visit before it and arrives at the next one; breaks between are taken on the way
    firsts = [0, *(n + 1 for n in moving)]
    lasts = [*moving, len(tour.visits)]
    set_out = np.array([ready[n] for n in firsts])
    rests = [
        sum(tour.visits[k].end_s - tour.visits[k].start_s for k in range(first, last))
        for first, last in zip(firsts, lasts, strict=True)
    ]
    return 1000.0 * (set_out + np.array(rests)), 1000.0 * np.array([latest[n] for n in lasts])


def _span(ids: Book, vehicle: str, visit: Visit) -> tuple[float, float]:
    """Return the window that a visit begins in."""
    if visit.act is Act.BREAK:
        rests = ids.vehicles[vehicle].breaks
        windows = next((rest.spans for rest in rests if rest.id == visit.id), ())
    else:
        work: Stop | TipSite = (ids.stops if visit.act is Act.STOP else ids.sites)[visit.id]
        windows = work.windows
    for window in windows:
        if visit.start_s <= window.close_s + 0.002:
            return window.open_s, window.close_s
    return -inf, inf


def _loads(ground: Ground, visits: list[Visit], places: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return, by leg and limit, the room until the next tip and the room on the leg."""
    count, limits = len(visits), ground.limits
    aboard = np.zeros((count + 1, len(limits)))
    tips = [n for n, visit in enumerate(visits) if visit.act is Act.TIP]
    begin = 0
    for end in [*tips, count]:
        trip = places[begin:end]
        if len(trip):
            aboard[begin + 1 : end + 1] += np.cumsum(ground.use[trip], axis=0)
        begin = end + 1
    stops = places < ground.stops
    bring, haul = np.zeros((count, len(limits))), np.zeros((count, len(limits)))
    bring[stops], haul[stops] = ground.bring[places[stops]], ground.haul[places[stops]]
    aboard[1:] += np.cumsum(haul, axis=0)
    aboard[:-1] += np.cumsum(bring[::-1], axis=0)[::-1]
    spare = limits - aboard
    room = spare.copy()
    ends = {n for n, visit in enumerate(visits) if visit.act is Act.TIP}
    for n in range(count - 1, -1, -1):
        if n not in ends:
            room[n] = np.minimum(room[n], room[n + 1])
    return room, spare
