"""A kind of vehicle and its legs as matrices: what the pricing works on.

Rows are ways of leaving: every way of every stop, the unloading sites, the depot. Columns are ways of arriving: the
same, and home last. A *trip* is a path from a site or the depot over stops to a site or home; a round is trips end to
end, the first from the depot and the last home.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.bound import kinds as of_kind
from optimiser.rounds.bound.capacity import Capacity, capacity
from optimiser.rounds.bound.kinds import Kind
from optimiser.rounds.bound.labels import Net
from optimiser.rounds.clock import FOREVER_MS, TOLERANCE_MS, closes_ms, opens_ms, to_ms
from optimiser.rounds.problem import Mode, RoundsProblem, Window

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What one kind of vehicle may do.

    Parameters
    ----------
    stop_of
        Stop (its position in the problem) of every row that is a stop.
    money
        What a leg and the work at its end cost, the least that the stop costs in itself left out; a leg from the depot
        bears the fixed cost.
    shares
        For each limit of a whole round (time, driving, distance, stops, loads of the day): what a leg and the work at
        its end take of it.
    names
        What these limits are called.
    """

    kind: Kind
    stop_of: NDArray[np.int32]
    sites: int
    money: Floats
    shares: tuple[Floats, ...]
    names: tuple[str, ...]
    capacity: Capacity
    net: Net

    @property
    def rows(self) -> int:
        """How many rows are stops."""
        return len(self.stop_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A way of a stop (``stop`` is its position) or of a site, with what the work there costs and how long it takes."""

    mode: Mode
    stop: int
    windows: tuple[Window, ...]
    money: float
    ms: int  # setups at named places not counted
    setup_ms: int
    from_s: float = 0.0  # the trip sets out no earlier


def scene(
    problem: RoundsProblem, kind: Kind, base: Floats, served: NDArray[np.bool_], *, timed: bool, near: int
) -> Scene:
    """Return the scene of a kind.

    Parameters
    ----------
    base
        By stop the least that it costs in itself, whoever serves it.
    served
        By stop whether it is to be looked at and such a vehicle may serve it.
    timed
        Whether windows and the shift are looked at.
    near
        How many stops a stop remembers.
    """
    stops = list(_stops(problem, kind, base, served))
    sites = list(_sites(kind))
    places = [*stops, *sites]
    stop_of = np.array([place.stop for place in stops], dtype=np.int32)
    n = len(stops)
    ms, dm = of_kind.legs(
        kind,
        [*(place.mode.leave for place in places), kind.vehicle.start],
        [*(place.mode.arrive for place in places), kind.vehicle.end],
    )
    ms[:n, :n][stop_of[:, None] == stop_of[None, :]] = inf
    setups = _setups(places)
    money = of_kind.leg_money(kind, ms, dm) + kind.per_service_ms * setups
    money[:, :-1] += np.array([place.money for place in places])
    money[-1, :] += kind.vehicle.costs.fixed
    waste = np.array([any(v > 0 for v in problem.stops[i].loads.values()) for i in stop_of], dtype=bool)
    if kind.vehicle.must_end_empty:
        money[:n, -1][waste] = inf
    held = capacity(problem, kind, served)
    limits = dict(_limits(problem, kind, places, ms, dm, setups))
    return Scene(
        kind=kind,
        stop_of=stop_of,
        sites=len(sites),
        money=money,
        shares=tuple(limits.values()),
        names=tuple(limits),
        capacity=held,
        net=Net(
            stop_of=stop_of,
            use=held.use[stop_of],
            cap=held.cap,
            near=remembered(stop_of, len(problem.stops), nearest(money, stop_of, near)),
            own=bits(stop_of, len(problem.stops)),
            marks=_marks(stop_of, len(problem.stops), waste & kind.vehicle.must_end_empty),
            waste_bit=np.uint64(2**63 if kind.vehicle.must_end_empty else 0),
            **_clock(kind, places, ms, timed=timed),
        ),
    )


def _stops(problem: RoundsProblem, kind: Kind, base: Floats, served: NDArray[np.bool_]) -> Iterator[_Place]:
    for i in np.flatnonzero(served).tolist():
        stop = problem.stops[i]
        for mode, money in zip(stop.modes, of_kind.work_money(problem, kind, stop).tolist(), strict=True):
            yield _Place(
                mode=mode,
                stop=i,
                windows=stop.windows,
                money=money - float(base[i]),
                ms=of_kind.service_ms(kind, mode),
                setup_ms=of_kind.setup_ms(kind, mode),
                from_s=stop.release_s,
            )


def _sites(kind: Kind) -> Iterator[_Place]:
    for site in kind.sites:
        for mode, money in zip(site.modes, of_kind.tip_money(kind, site).tolist(), strict=True):
            ms = of_kind.tip_ms(kind, site, mode)
            yield _Place(mode=mode, stop=-1, windows=site.windows, money=money, ms=ms, setup_ms=0)


def _setups(places: list[_Place]) -> Floats:
    """Return the ms of setup due at the end of every leg; coming from the same named place none is."""
    names = {name: k for k, name in enumerate(sorted({place.mode.place for place in places} - {""}))}
    named = np.array([names.get(place.mode.place, -1) for place in places], dtype=np.int64)
    due = np.array([float(place.setup_ms) for place in places])
    setups = np.zeros((len(places) + 1, len(places) + 1))
    setups[:, :-1] = due
    setups[:-1, :-1][(named[:, None] == named[None, :]) & (named[None, :] >= 0)] = 0.0
    return setups


def _limits(
    problem: RoundsProblem, kind: Kind, places: list[_Place], ms: Floats, dm: Floats, setups: Floats
) -> Iterator[tuple[str, Floats]]:
    """Yield the limits of a whole round, each with the share of it that a leg and the work at its end take."""
    vehicle = kind.vehicle
    work, longest = np.array([*(float(place.ms) for place in places), 0.0]), longest_ms(kind)
    is_stop = np.array([*(place.stop >= 0 for place in places), False])

    def share(amounts: Floats, most: float) -> Floats:
        return np.asarray(np.where(np.isfinite(amounts), amounts, 0.0) / max(most * of_kind.FORGIVEN, 1e-9))

    yield "time", share(ms + setups + work, longest)
    if vehicle.max_driving_s is not None:
        yield "driving", share(ms, vehicle.max_driving_s * 1000.0)
    if vehicle.max_distance_m is not None:
        along = np.array([*(place.mode.distance_m * 10.0 if place.stop >= 0 else 0.0 for place in places), 0.0])
        yield "distance", share(dm + along, vehicle.max_distance_m * 10.0)
    if vehicle.max_stops is not None:
        yield "stops", share(np.where(is_stop, 1.0, np.zeros_like(ms)), float(vehicle.max_stops))
    for limit in vehicle.day_limits:
        amounts = [of_kind.weighed(limit, problem.stops[p.stop].loads) if p.stop >= 0 else 0.0 for p in places]
        yield f"day {limit.name}", share(np.zeros_like(ms) + np.array([*amounts, 0.0]), limit.at_most)


def longest_ms(kind: Kind) -> float:
    """Return how long a round may last, overtime included and rests that are due in any case left out."""
    shift = kind.vehicle.shift
    longest = min(shift.max_duration_s or inf, shift.end_s - shift.start_s) + shift.overtime_s
    due = sum(rest.duration_s for rest in kind.vehicle.breaks if rest.always)
    return max(longest - due, 0.0) * 1000.0 + TOLERANCE_MS


def bits(stop_of: NDArray[np.int32], stops: int) -> NDArray[np.uint64]:
    """Return for each row the set of its own stop; the last bit of the last word stays free."""
    own = np.zeros((len(stop_of), stops // 64 + 1), dtype=np.uint64)
    own[np.arange(len(stop_of)), stop_of // 64] = np.uint64(1) << (stop_of % 64).astype(np.uint64)
    return own


def _marks(stop_of: NDArray[np.int32], stops: int, waste: NDArray[np.bool_]) -> NDArray[np.uint64]:
    marks = bits(stop_of, stops)
    marks[waste, -1] |= np.uint64(2**63)
    return marks


def nearest(money: Floats, stop_of: NDArray[np.int32], count: int) -> dict[int, set[int]]:
    """Return for each stop the stops that are cheapest to go to or to come from."""
    n = len(stop_of)
    known = sorted(set(stop_of.tolist()))
    between = np.minimum(money[:n, :n], money[:n, :n].T)
    lowest = np.full((len(known), len(known)), inf)
    at = np.searchsorted(known, stop_of)
    np.minimum.at(lowest, (at[:, None], at[None, :]), between)
    order = np.argsort(lowest, axis=1, kind="stable")[:, :count]
    return {i: {known[j] for j in order[k] if np.isfinite(lowest[k, j])} | {i} for k, i in enumerate(known)}


def remembered(stop_of: NDArray[np.int32], stops: int, near: dict[int, set[int]]) -> NDArray[np.uint64]:
    """Return for each row the set of stops that it remembers, and the last bit."""
    kept = np.zeros((len(stop_of), stops // 64 + 1), dtype=np.uint64)
    for row, i in enumerate(stop_of.tolist()):
        for j in near[i]:
            kept[row, j // 64] |= np.uint64(1) << np.uint64(j % 64)
    kept[:, -1] |= np.uint64(2**63)
    return kept


def _clock(kind: Kind, places: list[_Place], ms: Floats, *, timed: bool) -> dict[str, Ints]:
    """Return when work may begin by column, and what lies between two beginnings at least."""
    if not timed:
        nothing = np.zeros((0, 0), dtype=np.int64)
        return {"duration": nothing, "opens": nothing, "closes": nothing, "depart": np.zeros(0, dtype=np.int64)}
    shift = kind.vehicle.shift
    start = opens_ms(shift.start_s)
    end = closes_ms(shift.end_s + shift.overtime_s) + TOLERANCE_MS
    before = [place.ms + (0 if place.mode.place or place.stop < 0 else place.setup_ms) for place in places]
    duration = np.where(np.isfinite(ms), ms, FOREVER_MS).astype(np.int64) + np.array([*before, 0])[:, None]
    soonest = np.where(np.isfinite(ms), ms, FOREVER_MS).min(axis=0).astype(np.int64)
    spans = [
        _spans(place.windows, int(to_ms(place.from_s) + near)) for place, near in zip(places, soonest, strict=False)
    ]
    most = max([1, *map(len, spans)])
    opens = np.full((len(places) + 1, most), FOREVER_MS, dtype=np.int64)
    closes = np.full((len(places) + 1, most), -1, dtype=np.int64)
    for k, span in enumerate([*spans, [(0, FOREVER_MS)]]):
        for w, (a, b) in enumerate(span):
            opens[k, w], closes[k, w] = a, min(b, end)
    depart = np.full(len(places) - sum(place.stop >= 0 for place in places) + 1, start, dtype=np.int64)
    return {"duration": duration, "opens": opens, "closes": closes, "depart": depart}


def _spans(windows: tuple[Window, ...], soonest: int) -> list[tuple[int, int]]:
    """Return windows in ms, none of them before ``soonest``."""
    spans = [(opens_ms(w.open_s), closes_ms(w.close_s) + TOLERANCE_MS) for w in windows] or [(0, FOREVER_MS)]
    return [(max(a, soonest), b) for a, b in spans if b >= soonest]
