"""Tracks onto the streets: what was driven, segment by segment, with its times.

The model is that of Newson and Krumm (:mod:`network.tracks.viterbi`), on the states of the turn graph: one-ways,
forbidden turns, barriers and closures are kept, and turning round has its price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.geometry import metres_between
from network.lines import points_at
from network.snap import Nearby, candidates, nearby
from network.states import END
from network.tracks.driven import Driven, driven
from network.tracks.observe import Observations, observe
from network.tracks.reach import Desk, Reach, desk_of, reach_of
from network.tracks.track import Track
from network.tracks.viterbi import GAP, MATCHED, NO_STREET, NO_WAY, OUTLIER, Found, Limits, Rows, trace, viterbi
from network.weigh import Weights

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ALONE = 3
REASONS = {MATCHED: "", NO_STREET: "no-street", OUTLIER: "outlier", ALONE: "alone"}
BREAKS = {GAP: "gap", NO_WAY: "no-way"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """The numbers of the model.

    Parameters
    ----------
    sigma_m
        Standard deviation of the receiver along each axis. Newson and Krumm measured 4.07 m with a good one; 10 m suits
        phones and trackers between houses (van Diggelen and Enge 2015 give 4.9 m for phones under open sky).
    beta_m
        How much longer than the crow's flight ways between two observations are, on average. Newson and Krumm fit it to
        the sampling, from under 1 m at one second to hundreds at minutes; 15 m was best at 5 to 30 seconds on the
        networks of the tests (``docs/tracks.md``).
    limit_m
        Streets farther from an observation are no candidates.
    candidates
        At most so many segments an observation, in both directions.
    u_turn_m
        Turning round counts as so many metres more.
    slip_m
        So far backwards on one and the same directed segment is scatter, and the vehicle stood.
    still_s
        A vehicle that does not leave its place for so long stands.
    gap_s, gap_m
        The track is broken where observations are farther apart than both.
    detour, extra_m
        Ways longer than ``detour`` times the crow's flight and ``extra_m`` more are not looked for.
    fastest_kmh
        Nor are ways that would ask for a higher speed, but for ``extra_m``.
    """

    sigma_m: float = 10.0
    beta_m: float = 15.0
    limit_m: float = 50.0
    candidates: int = 8
    u_turn_m: float = 50.0
    slip_m: float = 40.0
    still_s: float = 30.0
    gap_s: float = 180.0
    gap_m: float = 300.0
    detour: float = 3.0
    extra_m: float = 300.0
    fastest_kmh: float = 130.0

    def __post_init__(self) -> None:
        numbers = [getattr(self, name) for name in self.__slots__]
        if not all(0 < number < np.inf for number in numbers) or self.candidates != int(self.candidates):
            raise ValueError("the numbers of the matching are above 0")


@dataclass(frozen=True, kw_only=True)
class Matched:
    """A track on the streets; arrays of points are aligned with the points of the track.

    Parameters
    ----------
    track
        What was matched.
    directed
        Directed segment of each point, -1 where it has none.
    along_m
        Metres along the directed segment, as it is driven; NaN without one.
    off_m
        Metres from the point to there; NaN without one.
    sure
        How probable it is that the vehicle was on that directed segment there, by the model; 0 without one.
    reason
        ``""``; or why a point has no street: ``no-street`` (none of those that can be driven is near enough),
        ``outlier`` (no vehicle can have come there and gone on), ``alone`` (the track is broken before and after it).
    stay
        Whether the vehicle stood.
    driven
        What was driven, in the order of time.
    breaks
        Points at which the track is broken, and why: ``gap`` (too long a silence) or ``no-way`` (no way that the
        vehicle may drive leads on).
    """

    track: Track
    directed: NDArray[np.int32]
    along_m: FloatArray
    off_m: FloatArray
    sure: FloatArray
    reason: tuple[str, ...]
    stay: NDArray[np.bool_]
    driven: Driven
    breaks: tuple[tuple[int, str], ...]

    def __post_init__(self) -> None:
        for array in (self.directed, self.along_m, self.off_m, self.sure, self.stay):
            array.setflags(write=False)


class Ground(NamedTuple):
    """Streets made ready for matching one track after another."""

    weights: Weights
    manner: Manner
    streets: Nearby
    directed: IntArray  # of each state
    first: IntArray  # states by directed segment: ``state[first[d]:first[d + 1]]``
    state: NDArray[np.int32]
    length_m: FloatArray  # of each directed segment
    reach: Reach
    desk: Desk


def ground(weights: Weights, manner: Manner | None = None) -> Ground:
    """Make the streets of a vehicle ready, all that it can drive, also those that are cut off from the rest."""
    manner = manner or Manner()
    graph = weights.graph
    usable = np.flatnonzero(weights.usable & (graph.kind != END))
    directed = graph.directed.copy()
    order = usable[np.argsort(directed[usable], kind="stable")]
    first = np.searchsorted(directed[order], np.arange(2 * graph.network.segments + 1)).astype(np.int64)
    allowed: NDArray[np.bool_] = np.logical_or(*(np.diff(first) > 0).reshape(-1, 2).T)
    reach = reach_of(weights, manner.u_turn_m)
    length = np.repeat(graph.network.length_m, 2)
    streets = nearby(graph.network, allowed)
    return Ground(weights, manner, streets, directed, first, order.astype(np.int32), length, reach, desk_of(reach))


def match(weights: Weights, tracks: Sequence[Track], manner: Manner | None = None) -> tuple[Matched, ...]:
    """Find what was driven.

    Parameters
    ----------
    weights
        The vehicle's turn graph: what it may not do, it is taken not to have done.
    manner
        The numbers of the model.
    """
    ready = ground(weights, manner)
    return tuple(match_one(ready, track) for track in tracks)


def match_one(ready: Ground, track: Track) -> Matched:
    """Find what was driven on one track."""
    manner = ready.manner
    seen = observe(track, sigma_m=manner.sigma_m, still_s=manner.still_s)
    rows = _rows(ready, seen)
    limits = Limits(
        manner.sigma_m,
        manner.beta_m,
        manner.slip_m,
        manner.detour,
        manner.extra_m,
        manner.fastest_kmh / 3.6,
        manner.gap_s,
        manner.gap_m,
    )
    found = viterbi(rows, ready.reach, ready.desk, ready.directed, limits)
    start, way = trace(rows, ready.reach, ready.desk, ready.directed, limits, found)
    reason = _reasons(found, seen)
    on = reason == MATCHED
    at = np.arange(len(seen)), found.chosen
    directed = np.where(on, np.append(ready.directed, -1)[rows.state[at]], -1).astype(np.int32)
    along = np.where(on, rows.at_m[at], np.nan)
    point_directed, point_along, point_off = _points(ready, track, seen, (directed, along), (start, way))
    return Matched(
        track=track,
        directed=point_directed,
        along_m=point_along,
        off_m=point_off,
        sure=np.where(on, found.sure, 0.0)[seen.owner],
        reason=tuple(REASONS[int(code)] for code in reason[seen.owner]),
        stay=seen.stay[seen.owner],
        driven=driven(seen, directed, along, found.previous, start, way, ready.length_m),
        breaks=_breaks(found, seen),
    )


def _rows(ready: Ground, seen: Observations) -> Rows:
    """Return the candidates of each observation: every state on the segments near it."""
    manner = ready.manner
    near = candidates(ready.streets, seen.lon, seen.lat, int(manner.candidates), manner.limit_m)
    place, rank = np.nonzero(near.segment >= 0)
    segment, along, far = (array[place, rank] for array in (near.segment, near.along_m, near.distance_m))
    both = np.repeat(2 * segment.astype(np.int64), 2) + np.tile([0, 1], len(segment))
    many = ready.first[both + 1] - ready.first[both]
    entry = np.repeat(np.arange(len(both)), many)
    state = ready.state[ready.first[both[entry]] + np.arange(len(entry)) - np.repeat(np.cumsum(many) - many, many)]
    of = entry // 2  # position in segment, along, far
    at = np.where(both[entry] & 1, ready.length_m[both[entry]] - along[of], along[of])
    row = place[of]
    column = np.arange(len(row)) - np.searchsorted(row, row)
    width = max(int(column.max(initial=0)) + 1, 1)
    shape = len(seen), width
    states, at_m, far_m = np.full(shape, -1, np.int64), np.zeros(shape), np.full(shape, np.inf)
    states[row, column], at_m[row, column], far_m[row, column] = state, at, far[of]
    return Rows(seen.x, seen.y, seen.arrive_s, seen.depart_s, states, at_m, far_m)


def _reasons(found: Found, seen: Observations) -> NDArray[np.int8]:
    """Return why observations have no street; nor has one alone between two breaks, unless the vehicle stood there."""
    reason = found.reason.copy()
    followed = np.zeros(len(reason), bool)
    followed[found.previous[found.previous >= 0]] = True
    alone = (reason == MATCHED) & (found.previous < 0) & ~followed & ~seen.stay
    reason[alone] = ALONE
    return reason


def _breaks(found: Found, seen: Observations) -> tuple[tuple[int, str], ...]:
    """Return the points at which a piece begins that is not the first."""
    begin = np.flatnonzero((found.begun > 0) & (found.reason == MATCHED) & (found.previous < 0))
    first = np.searchsorted(seen.owner, begin)
    return tuple((int(point), BREAKS[int(found.begun[at])]) for point, at in zip(first, begin, strict=True))


def _points(
    ready: Ground,
    track: Track,
    seen: Observations,
    places: tuple[NDArray[np.int32], FloatArray],
    ways: tuple[IntArray, IntArray],
) -> tuple[NDArray[np.int32], FloatArray, FloatArray]:
    """Return where each point is: its observation's place, or, left out on the move, the nearest on the way driven."""
    directed, along = places[0][seen.owner], places[1][seen.owner]
    off = np.full(len(track), np.nan)
    start, way = ways
    between = np.flatnonzero((directed >= 0) & ~seen.stay[seen.owner])
    near = candidates(
        ready.streets, track.lon[between], track.lat[between], ready.manner.candidates, ready.manner.limit_m
    )
    count = 2 * len(ready.length_m)
    onward = np.repeat(np.arange(len(seen)), np.diff(start))
    follows = np.unique(np.concatenate([(onward - 1) * count + way, np.arange(len(seen)) * count + places[0]]))
    done = np.zeros(len(between), bool)
    for rank in range(near.segment.shape[1]):
        for against in (0, 1):
            at = 2 * near.segment[:, rank].astype(np.int64) + against
            ok = ~done & (near.segment[:, rank] >= 0) & np.isin(seen.owner[between] * count + at, follows)
            point = between[ok]
            directed[point], off[point] = at[ok], near.distance_m[ok, rank]
            ahead = near.along_m[ok, rank]
            along[point] = ready.length_m[at[ok]] - ahead if against else ahead
            done |= ok
    rest = np.setdiff1d(np.flatnonzero(directed >= 0), between[done])
    segment, ahead = directed[rest].astype(np.int64) >> 1, along[rest]
    ahead = np.where(directed[rest] & 1, ready.length_m[directed[rest]] - ahead, ahead)
    at_lon, at_lat = points_at(ready.weights.graph.network, segment, ahead).T
    off[rest] = metres_between(at_lon, at_lat, track.lon[rest], track.lat[rest])
    return directed, along, off
