"""Where a part of a unit might go in, and what that would about cost: the estimates that insertion looks at first.

The estimate of an insertion between two visits, tips included, is the detour with the crew's time and the preferences
that concern the stops. It misses what only the exact timing knows (another tip, a break pushed aside, waiting), so it
is nearly always too low. Whether there is time and room is looked at for the round as it was timed; an insertion for
which there is none is *unlikely*, not impossible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.bonds import Part, keeps_locks
from optimiser.rounds.draft import MOST_SPOTS, Draft, Entry, Spots, joins
from optimiser.rounds.ground import NO_WAY, Ground
from optimiser.rounds.path import Path, join
from optimiser.rounds.tables import Floats

PLACES_PER_ROUND = 2
UNLIKELY = NO_WAY / 1e3  # added to an estimate: far above any cost, far below no way


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A vehicle's round with a part in it, and what that would about cost more."""

    vehicle: str
    visits: tuple[str, ...]
    estimate: float


def places(draft: Draft, part: Part) -> Iterator[Place]:
    """Yield the places in each round where the part would cost least, and one new round per kind of vehicle."""
    at = [draft.known.stop_at[stop] for stop in part]
    opened: set[int] = set()
    usual = {draft.stop(stop).usual for stop in part}
    for vehicle in draft.problem.vehicles:
        new = vehicle.id not in draft.entries
        kind = draft.known.kind_of[vehicle.id]
        if new and kind in opened and vehicle.id not in usual:
            continue
        if not (draft.admits(vehicle.id)[at].all() and all(joins(draft, vehicle.id, stop) for stop in part)):
            continue
        ground = draft.ground(vehicle.id)
        wishes = _changes(draft, vehicle.id, part) + float(ground.kind.wage_per_ms * ground.service_ms[at].sum())
        if not new:
            yield from _within(draft, ground, vehicle.id, part, wishes)
            continue
        opened.add(kind)
        legs = [ground.depot, *at]
        out = float(ground.cost[legs[:-1], at].sum())
        time_ms = float((ground.time_ms[legs[:-1], at] + ground.service_ms[at]).sum() + ground.home_ms[at[-1]])
        if time_ms <= _longest_ms(ground):
            yield Place(vehicle=vehicle.id, visits=tuple(part), estimate=vehicle.costs.fixed + out + wishes)


def _changes(draft: Draft, vehicle: str, part: Part) -> float:
    usual = (draft.stop(stop).usual for stop in part)
    return draft.problem.aims.change_per_stop * sum(one not in {None, vehicle} for one in usual)


def _longest_ms(ground: Ground) -> float:
    """Return how long the day may last, overtime included."""
    shift = ground.kind.vehicle.shift
    longest = shift.end_s - shift.start_s if shift.max_duration_s is None else shift.max_duration_s
    return 1000.0 * (min(shift.end_s - shift.start_s, longest) + shift.overtime_s)


def _within(draft: Draft, ground: Ground, vehicle: str, part: Part, wishes: float) -> Iterator[Place]:
    """Yield the best places in a round."""
    entry = draft.entries[vehicle]
    visits, most = entry.tour.stops, ground.kind.vehicle.max_stops
    if most is not None and len(visits) + len(part) > most:
        return
    way = draft.path(vehicle)
    wishes += _compact(draft, way, part) + _unevenness(draft, entry, part)
    for cost, legs in _spots(draft, ground, vehicle, part):
        spots = [int(way.stops_before[n]) for n in legs]
        yield Place(vehicle=vehicle, visits=_with(visits, part, spots), estimate=cost + wishes)


def _spots(draft: Draft, ground: Ground, vehicle: str, part: Part) -> Spots:
    """Return where a part would cost least in a vehicle's round, from memory if that was asked before."""
    entry, way = draft.entries[vehicle], draft.path(vehicle)
    key = id(entry), part
    if key not in draft.spots:
        if len(draft.spots) >= MOST_SPOTS:
            draft.spots.clear()
        closed = [_closed(draft, vehicle, way, entry.tour.stops, stop) for stop in part]
        look = _pairs if len(part) == 2 else _blocks
        draft.spots[key] = entry, tuple(look(draft, ground, way, part, closed))
    return draft.spots[key][1]


def _closed(draft: Draft, vehicle: str, way: Path, visits: Sequence[str], stop: str) -> NDArray[np.bool_]:
    """Return the legs on which a stop would break a lock of the vehicle."""
    known = draft.bonds
    if vehicle not in known.locks:
        return np.zeros(len(way.before), dtype=bool)
    broken = [not keeps_locks(known, vehicle, _with(visits, (stop,), (spot,))) for spot in range(len(visits) + 1)]
    return np.array(broken, dtype=bool)[way.stops_before]


def _with(visits: Sequence[str], part: Part, spots: Sequence[int]) -> tuple[str, ...]:
    """Return the visits with the stops of a part put in before these positions."""
    order = list(visits)
    for spot, stop in reversed(list(zip(spots, part, strict=True))):
        order.insert(spot, stop)
    return tuple(order)


def _compact(draft: Draft, way: Path, part: Part) -> float:
    per_km = draft.problem.aims.compact_per_km
    if not per_km or way.middle is None:
        return 0.0
    spots = (draft.stop(stop).at for stop in part)
    x, y = way.middle
    return per_km * sum(hypot(spot[0] - x, spot[1] - y) for spot in spots if spot is not None) / 1000.0


def _unevenness(draft: Draft, entry: Entry, part: Part) -> float:
    """Return a hint at what a longer round counts in evenness: money for each stop more than the rounds have."""
    weights = [balance.per_unit for balance in draft.problem.aims.balance]
    if not weights or len(draft.entries) < 2:
        return 0.0
    mean = sum(one.measure.stops for one in draft.entries.values()) / len(draft.entries)
    return sum(weights) * max(0.0, entry.measure.stops + len(part) - mean) * 0.1


def _blocks(
    draft: Draft, ground: Ground, way: Path, part: Part, closed: Sequence[NDArray[np.bool_]]
) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Yield estimate and legs of the best places for stops that follow each other."""
    at = [draft.known.stop_at[stop] for stop in part]
    first, last = at[0], at[-1]
    inner_ms = float((ground.time_ms[at[:-1], at[1:]] + ground.service_ms[at[:-1]]).sum())
    inner = float(ground.cost[at[:-1], at[1:]].sum())
    cost = ground.cost[way.before, first] + inner + ground.cost[last, way.after] - ground.cost[way.before, way.after]
    there, onward = ground.time_ms[way.before, first], ground.time_ms[last, way.after]
    work = float(inner_ms + ground.service_ms[last])
    lasts = _lasting(ground, way, first, (there, work, onward))
    longer = there + work + onward - ground.time_ms[way.before, way.after]
    use, bring = ground.use[at].sum(axis=0), ground.bring[at].sum(axis=0)
    fits = (lasts <= way.longest_ms) & (use <= way.room).all(axis=1)
    cost = cost + ground.kind.wage_per_ms * (np.where(lasts < np.inf, lasts - way.lasts_ms, longer) - longer)
    if bring.any():
        fits &= (bring <= way.spare).all(axis=1)
    cost = np.where(fits, cost, cost + UNLIKELY)
    cost[closed[0]] = NO_WAY
    for n in _least(cost):
        yield float(cost[n]), (n,) * len(part)


def _lasting(ground: Ground, way: Path, stop: int, times: tuple[Floats, float, Floats]) -> Floats:
    """Return how long the round lasts with work that begins at ``stop`` on each leg; ``inf`` where it is too late.

    ``times``: the way there, the work, the way on. Exact where tips, breaks and windows stay as they are.
    """
    there, work, onward = times
    best = np.full(len(there), np.inf)
    for opens, closes in zip(ground.opens[stop], ground.closes[stop], strict=True):
        if opens < np.inf:
            own = np.array([work]), np.array([opens]), np.array([closes])
            best = np.minimum(best, join(join(way.head, there, own), onward, way.tail)[0])
    return best


def _pairs(
    draft: Draft, ground: Ground, way: Path, part: Part, closed: Sequence[NDArray[np.bool_]]
) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Yield estimate and legs of the best places for a pickup and its delivery."""
    p, d = (draft.known.stop_at[stop] for stop in part)
    count = len(way.before)
    direct = ground.cost[way.before, way.after]
    pick = ground.cost[way.before, p] + ground.cost[p, way.after] - direct
    give = ground.cost[way.before, d] + ground.cost[d, way.after] - direct
    cost = pick[:, None] + give[None, :]
    both = ground.cost[way.before, p] + ground.cost[p, d] + ground.cost[d, way.after] - direct
    cost[np.arange(count), np.arange(count)] = both
    fits = _pair_fits(ground, way, p, d)
    cost = np.where(fits, cost, cost + UNLIKELY)
    cost[closed[0], :] = NO_WAY
    cost[:, closed[1]] = NO_WAY
    cost[np.tril_indices(count, -1)] = NO_WAY
    flat = cost.ravel()
    for n in _least(flat, PLACES_PER_ROUND + 1):
        yield float(flat[n]), (n // count, n % count)


def _pair_fits(ground: Ground, way: Path, p: int, d: int) -> NDArray[np.bool_]:
    """Return whether there seems to be time and room for a pickup (rows) and its delivery (columns), by leg."""
    count = len(way.before)
    time, service = ground.time_ms, ground.service_ms
    leg = time[way.before, way.after]
    begin = _begin(ground, way.ready + time[way.before, p], p)
    after_pick = begin + service[p]
    delay = after_pick + time[p, way.after] - way.ready - leg  # by which the next visit is reached later
    pick_ok = after_pick + time[p, way.after] <= way.latest
    arrive = way.ready[None, :] + np.maximum(delay, 0.0)[:, None] + time[way.before, d][None, :]
    here = np.arange(count)
    arrive[here, here] = after_pick + time[p, d]
    done = _begin(ground, arrive.ravel(), d).reshape(count, count) + service[d] + time[d, way.after][None, :]
    fits = done <= way.latest[None, :]
    fits &= pick_ok[:, None] | np.eye(count, dtype=bool)
    load = ground.haul[p]
    if load.any():
        tight = (load > way.spare).any(axis=1)
        before = np.concatenate(([0], np.cumsum(tight)))
        fits &= before[None, 1:] - before[:-1, None] == 0
    return np.asarray(fits, dtype=bool)


def _begin(ground: Ground, arrive: Floats, stop: int) -> Floats:
    """Return when service can begin, ``inf`` once the last window has closed."""
    begins = np.maximum(arrive[:, None], ground.opens[stop])
    return np.asarray(np.where(begins <= ground.closes[stop], begins, np.inf).min(axis=1))


def _least(cost: Floats, most: int = PLACES_PER_ROUND) -> list[int]:
    """Return the positions of the least costs, those without a way left out."""
    if len(cost) > 4 * most:
        few = np.sort(np.argpartition(cost, most)[:most])
        order = few[np.argsort(cost[few], kind="stable")]
    else:
        order = np.argsort(cost, kind="stable")[:most]
    return [n for n in order.tolist() if cost[n] < NO_WAY / 2]
