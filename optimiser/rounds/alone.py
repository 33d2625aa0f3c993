"""Which stops can surely be served by a vehicle that does nothing else all day, many at a time.

The plain round: it starts with the shift, goes to the stop in its first mode, to a site that takes all of it if the
vehicle must end empty, and home. If that round keeps every rule, and is over before any break or rest is due, the
stop can be served. Where it does not, another round still might: see ``reasons.py``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.clock import FOREVER_MS, closes_ms
from optimiser.rounds.tables import Bools, Ints, Kind, Site, Spans, Tables
from optimiser.travel import UNREACHABLE


def surely_possible(known: Tables, stops: Ints) -> Bools:
    """Return which of these stops (positions) some vehicle serves in the plain round; no says nothing."""
    plain = np.array([known.problem.stops[k].vehicles is None for k in stops.tolist()], dtype=bool)
    plain &= (known.partner[stops] < 0) & (known.release_ms[stops] == 0)
    found = np.zeros(len(stops), dtype=bool)
    for kind in known.kinds:
        open_ = np.flatnonzero(plain & ~found & kind.carries[stops])
        if len(open_) and _plain(kind):
            found[open_] = _served(known, kind, stops[open_])
    return found


def _plain(kind: Kind) -> bool:
    most = kind.vehicle.max_stops
    return len(kind.travels) == 1 and (most is None or most > 0) and not any(rest.always for rest in kind.rests)


def _served(known: Tables, kind: Kind, stops: Ints) -> Bools:
    """Return which stops the vehicle serves in the plain round, without a site or over one of its sites."""
    tipping = kind.holds[stops].any(axis=1) & kind.vehicle.must_end_empty
    found = np.zeros(len(stops), dtype=bool)
    for some, site in ((~tipping, None), *((tipping, site) for site in kind.sites)):
        at = np.flatnonzero(some & ~found)
        if site is not None:
            at = at[~(kind.holds[stops[at]] & ~site.accepts).any(axis=1)]
        if len(at):
            found[at] = _in_time(kind, _Trip(known, kind, stops[at]), site)
    return found


class _Trip:
    """Vehicles on their way, one for each stop: where and when they are, what they have driven."""

    def __init__(self, known: Tables, kind: Kind, stops: Ints) -> None:
        self.kind = kind
        self.now: Ints = np.full(len(stops), kind.shift[0], dtype=np.int64)
        self.driven_ms, self.driven_dm = np.zeros((2, len(stops)), dtype=np.int64)
        self.fits: Bools = np.ones(len(stops), dtype=bool)
        ways = [kind.ways[k][0] for k in stops.tolist()]
        self.drive(np.array([kind.start_row]), np.array([way.column for way in ways]))
        self.rows: NDArray[np.intp] = np.array([way.row for way in ways], dtype=np.intp)
        self.wait([known.spans[k] for k in stops.tolist()])
        self.now += np.array([way.setup_ms + way.service_ms for way in ways], dtype=np.int64)
        self.driven_dm += np.array([way.distance_dm for way in ways], dtype=np.int64)

    def drive(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> None:
        """Drive on; one of the two ends may be the same for all."""
        duration, distance = (part.ravel().astype(np.int64) for part in self.kind.travel.block(rows, columns))
        self.fits &= (duration < UNREACHABLE) & (distance < UNREACHABLE)
        self.now = self.now + duration
        self.driven_ms = self.driven_ms + duration
        self.driven_dm = self.driven_dm + distance

    def wait(self, spans: Sequence[Spans]) -> None:
        """Wait for the first window that has not closed."""
        widest = max(map(len, spans))
        opens, closes = np.full((2, len(spans), widest), FOREVER_MS, dtype=np.int64)
        closes[:] = -1
        for k, some in enumerate(spans):
            opens[k, : len(some)], closes[k, : len(some)] = zip(*some, strict=True)
        begin = np.maximum(self.now[:, None], opens)
        begin = np.where(begin <= closes, begin, FOREVER_MS).min(axis=1)
        self.fits &= begin < FOREVER_MS
        self.now = begin


def _in_time(kind: Kind, trip: _Trip, site: Site | None) -> Bools:
    """Return which rounds are over in time."""
    rows = trip.rows
    if site is not None:
        way = site.ways[0]
        trip.drive(rows, np.array([way.column], dtype=np.intp))
        trip.wait([site.spans] * len(rows))
        trip.now += way.setup_ms + way.service_ms
        trip.driven_dm += way.distance_dm
        trip.drive(np.array([way.row], dtype=np.intp), np.full(len(rows), kind.end_column))
    else:
        trip.drive(rows, np.array([kind.end_column], dtype=np.intp))
    start, rest = kind.shift[0], kind.vehicle.driving_rest
    latest = min(kind.shift[1], start + kind.longest_ms, *(pause.latest_ms for pause in kind.rests))
    if rest is not None:
        latest = min(latest, start + closes_ms(rest.after_s))
    fits = trip.fits & (trip.now <= latest)
    return fits & (trip.driven_ms <= kind.most_driving_ms) & (trip.driven_dm <= kind.most_dm)
