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

LATE_MS = 1.0  # for the rounding of times
Segments = tuple[Floats, Floats, Floats]


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
    head, tail
        By leg: the time segments (duration, earliest, latest start; see ``labels.py``) of all that comes before it and
        of all that comes after it, breaks on the leg with what comes before, in ms.
    lasts_ms
        How long the round lasts at least, in this order and with these windows.
    room
        By leg and limit: what more could be on board from there to the next tip.
    spare
        By leg and limit: what more could be on board on the leg.
    longest_ms
        How long the round may last.
    middle
        Mean position of its stops, if any has one.
    """

    before: NDArray[np.intp]
    after: NDArray[np.intp]
    stops_before: NDArray[np.intp]
    ready: Floats
    latest: Floats
    head: Segments
    tail: Segments
    lasts_ms: float
    room: Floats
    spare: Floats
    longest_ms: float
    middle: tuple[float, float] | None


def path_of(ids: Book, stop_at: Mapping[str, int], ground: Ground, tour: Round) -> Path:
    """Return the path of a round."""
    visits = [visit for visit in tour.visits if visit.act is not Act.BREAK]
    sites = {site.id: place for site, place in zip(ground.kind.sites, ground.sites, strict=True)}
    places = np.array([stop_at[v.id] if v.act is Act.STOP else sites[v.id] for v in visits], dtype=np.intp)
    stop_count = np.cumsum([0, *(visit.act is Act.STOP for visit in visits)])
    before, after, whole = _segments(ids, ground, tour)
    head, tail = _columns(before), _columns(after)
    room, spare = _loads(ground, visits, places)
    spots = [ids.stops[stop].at for stop in tour.stops]
    known = [spot for spot in spots if spot is not None]
    shift = ground.kind.vehicle.shift
    longest = inf if shift.max_duration_s is None else 1000.0 * (shift.max_duration_s + shift.overtime_s)
    return Path(
        before=np.concatenate(([ground.depot], places)),
        after=np.concatenate((places, [ground.depot])),
        stops_before=stop_count.astype(np.intp),
        ready=head[0] + head[1],
        latest=tail[2],
        head=head,
        tail=tail,
        lasts_ms=1000.0 * whole[0],
        room=room,
        spare=spare,
        longest_ms=longest,
        middle=(sum(x for x, _ in known) / len(known), sum(y for _, y in known) / len(known)) if known else None,
    )


Segment = tuple[float, float, float]  # duration, earliest and latest start without waiting longer, in seconds


def _segments(ids: Book, ground: Ground, tour: Round) -> tuple[list[Segment], list[Segment], Segment]:
    """Return the time segments before and after each leg, and that of the whole round."""
    shift = ground.kind.vehicle.shift
    late = shift.end_s + shift.overtime_s
    works = [(v.end_s - v.start_s, *_span(ids, tour.vehicle, v)) for v in tour.visits]
    ends = [tour.start_s, *(visit.end_s for visit in tour.visits)]
    legs = [visit.arrive_s - end for visit, end in zip(tour.visits, ends, strict=False)] + [tour.end_s - ends[-1]]
    head: list[Segment] = [(0.0, shift.start_s, late)]
    for leg, work in zip(legs, works, strict=False):
        head.append(_joined(head[-1], leg, work))
    home: Segment = (0.0, -inf, late)
    tail = [home]
    for leg, work in zip(reversed(legs), reversed(works), strict=False):
        tail.append(_joined(work, leg, tail[-1]))
    tail.reverse()
    ahead = [*(n for n, visit in enumerate(tour.visits) if visit.act is not Act.BREAK), len(tour.visits)]
    return [head[n] for n in ahead], [tail[n] for n in ahead], _joined(head[-1], legs[-1], home)


def _joined(one: Segment, leg: float, other: Segment) -> Segment:
    at = one[0] + leg
    wait = max(other[1] - at - one[2], 0.0)
    return at + wait + other[0], max(other[1] - at, one[1]) - wait, min(other[2] - at, one[2])


def join(one: Segments, leg: Floats | float, other: Segments) -> Segments:
    """Return the segments of one after the other with these legs between; see ``labels.py``.

    Where the second cannot be reached in time, the duration is ``inf``.
    """
    at = one[0] + leg
    wait = np.maximum(other[1] - at - one[2], 0.0)
    lasts = np.where(one[1] + at <= other[2] + LATE_MS, at + wait + other[0], inf)
    return lasts, np.maximum(other[1] - at, one[1]) - wait, np.minimum(other[2] - at, one[2])


def _columns(segments: list[Segment]) -> Segments:
    table = 1000.0 * np.array(segments)
    return table[:, 0], table[:, 1], table[:, 2]


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
