"""The way itself: where a vehicle drives between two stances, on which streets, and what its driver is told.

The same states and weights as the matrix: durations and distances agree with it to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from network.crossroads import LOOK_M, bearing_deg
from network.ends import Ends, Legs, arriving_ends, come_round, leaving_ends, legs
from network.hierarchy import search
from network.instructions import Driven, Step, steps
from network.lines import along_lines, points_at
from network.maneuvers import Modifier
from network.snap import Snapped
from network.stances import Stances

if TYPE_CHECKING:
    from network.drive import Drive

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
FloatArray = NDArray[np.float64]
SIDES: dict[int, Modifier] = {-1: "left", 0: "straight", 1: "right"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way through the streets.

    Parameters
    ----------
    lon, lat
        Its line, degrees, from the point on the street where it leaves to the one where it arrives.
    distance_m, duration_s
        Equal to the matrix entry: decimetres / 10 and milliseconds / 1000.
    names
        Street names in the order driven, without blanks and without the same name twice in a row.
    driven
        Its pieces, one for each segment.
    steps
        What the driver is told, if asked for.
    """

    lon: FloatArray
    lat: FloatArray
    distance_m: float
    duration_s: float
    names: tuple[str, ...]
    driven: Driven | None = None
    steps: tuple[Step, ...] = ()


def ways(
    drive: Drive, snapped: Snapped, leaving: Stances, arriving: Stances, pairs: ArrayLike, *, tell: bool = True
) -> list[Way]:
    """Return the way of each pair of stances.

    Parameters
    ----------
    snapped
        Places snapped for the same network and profile.
    leaving, arriving
        Stances at these places.
    pairs
        Shape (k, 2): positions into ``leaving`` and ``arriving``.
    tell
        Whether the steps for the driver are wanted.

    Raises
    ------
    ValueError
        If there is no way between the stances of a pair.
    """
    wanted = np.asarray(pairs, dtype=np.intp).reshape(-1, 2)
    if not len(wanted):
        return []
    rows = leaving_ends(drive, snapped, leaving).take(wanted[:, 0])
    cols = arriving_ends(drive, snapped, arriving).take(wanted[:, 1])
    chosen = legs(drive, rows, cols)
    lost = np.flatnonzero(~np.isfinite(chosen.total))
    if len(lost):
        first, last = wanted[lost[0]]
        raise ValueError(f"there is no way from {leaving.ids[first]} to {arriving.ids[last]}")
    places = leaving.place[wanted[:, 0]], arriving.place[wanted[:, 1]]
    pieces = _pieces(drive, rows, cols, chosen)
    return list(_told(drive, snapped, places, pieces, tell=tell))


class _Pieces(NamedTuple):
    """Pieces of all ways one after the other: those of way k are ``start[k]:start[k + 1]``.

    ``turn`` leads to a piece from the one before it, -1 for the first of a way.
    """

    start: Int64
    directed: Int32
    turn: Int64
    ms: Int64
    dm: Int64


def _pieces(drive: Drive, rows: Ends, cols: Ends, chosen: Legs) -> _Pieces:
    """Return what is driven, with the parts of the first and last segments only."""
    graph = drive.prepared.graph
    turn_start, turns = _turns(drive, rows, cols, chosen)
    count = np.diff(turn_start) + 1
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    state = np.empty(start[-1], np.int32)
    turn = np.full(start[-1], -1, np.int64)
    state[start[:-1]] = rows.state[chosen.row]
    inner = np.ones(start[-1], bool)
    inner[start[:-1]] = False
    state[inner], turn[inner] = graph.turn_to[turns], turns
    real = ~inner | (graph.junction[turn] >= 0)  # a step of no length leads to another state of the same street
    start = np.concatenate([[0], np.cumsum(real)])[start].astype(np.int64)
    state, turn = state[real], turn[real]
    directed = 2 * graph.segment[state] + graph.against[state]
    ms, dm = drive.weights.ms[state].copy(), drive.weights.dm[state].copy()
    first, last = start[:-1], start[1:] - 1
    ms[last], dm[last] = (part.astype(np.int64) for part in drive.split(cols.at[chosen.col]))
    from_ms, from_dm = drive.split(rows.at[chosen.row])
    ms[first] -= from_ms
    dm[first] -= from_dm
    return _Pieces(start, directed.astype(np.int32), turn, ms, dm)


def _turns(drive: Drive, rows: Ends, cols: Ends, chosen: Legs) -> tuple[Int64, Int64]:
    """Return the turns of each way; one that has to come round begins with the turn that leads back best."""
    graph = drive.prepared.graph
    source = rows.state[chosen.row].copy()
    first = np.full(len(source), -1, np.int64)
    if chosen.round.any():
        first[chosen.round] = come_round(drive, rows.directed[chosen.row[chosen.round]])[1]
        source[chosen.round] = graph.turn_to[first[chosen.round]]
    start, turns = search.paths(drive.metric, source, cols.state[chosen.col])
    more = np.concatenate([[0], np.cumsum(chosen.round)])
    whole = np.empty(len(turns) + more[-1], np.int64)
    leads = (start[:-1] + more[:-1])[chosen.round]
    follows = np.ones(len(whole), bool)
    follows[leads] = False
    whole[leads], whole[follows] = first[chosen.round], turns
    return start + more, whole


def _told(drive: Drive, snapped: Snapped, places: tuple[Int32, Int32], pieces: _Pieces, *, tell: bool) -> Iterator[Way]:
    """Put lines, sums, names and steps to the pieces."""
    network = drive.prepared.network
    from_m, to_m = _metres(drive, snapped, places, pieces)
    lines, line_start = along_lines(network, (pieces.directed >> 1).astype(np.int64), from_m, to_m)
    onward = np.ones(len(lines), bool)
    onward[line_start[:-1]] = False  # where a piece starts, the one before has ended
    lines, line_start = lines[onward], line_start - np.arange(len(line_start))
    ends = np.stack([np.stack([snapped.lon[p], snapped.lat[p]], axis=-1) for p in places], axis=1)
    turn_ms = np.where(pieces.turn >= 0, drive.weights.turn_ms[pieces.turn], 0)
    open_start, open_arms = _open(drive, pieces.turn)
    bearings = _bearings(drive, from_m, to_m, pieces)
    side = np.where(pieces.directed[pieces.start[1:] - 1] & 1, -1, 1) * snapped.side[places[1]]
    code = network.name.codes[pieces.directed >> 1]
    for k, (first, last) in enumerate(zip(pieces.start[:-1], pieces.start[1:], strict=True)):
        line = np.concatenate([ends[k, :1], lines[line_start[first] : line_start[last]]])
        line[-1] = ends[k, 1]
        arms = slice(open_start[first + 1], open_start[last])
        driven = Driven(
            directed=pieces.directed[first:last],
            ms=pieces.ms[first:last],
            dm=pieces.dm[first:last],
            turn_ms=turn_ms[first + 1 : last],
            open_start=open_start[first + 1 : last + 1] - open_start[first + 1],
            open_arms=open_arms[arms],
            point=line_start[first : last + 1] - line_start[first],
            ends=ends[k],
            bearings=(float(bearings[0, k]), float(bearings[1, k])),
            side=SIDES[int(side[k])],
        )
        yield Way(
            lon=line[:, 0],
            lat=line[:, 1],
            distance_m=float(driven.dm.sum()) / 10,
            duration_s=float(driven.ms.sum() + driven.turn_ms.sum()) / 1000,
            names=_names(network.name.values, code[first:last]),
            driven=driven,
            steps=steps(drive.crossroads, driven) if tell else (),
        )


def _metres(
    drive: Drive, snapped: Snapped, places: tuple[Int32, Int32], pieces: _Pieces
) -> tuple[FloatArray, FloatArray]:
    """Return where each piece begins and ends, in metres from the tail of its segment."""
    length = drive.prepared.network.length_m[pieces.directed >> 1]
    against = (pieces.directed & 1).astype(bool)
    from_m, to_m = np.where(against, length, 0.0), np.where(against, 0.0, length)
    from_m[pieces.start[:-1]] = snapped.along_m[places[0]]
    to_m[pieces.start[1:] - 1] = snapped.along_m[places[1]]
    return from_m, to_m


def _open(drive: Drive, turn: Int64) -> tuple[Int64, Int32]:
    """Return which directed segments may be entered where each of these turns is made (none for -1).

    Closed ones among them: whoever is to leave a street before its barrier has to be told.
    """
    graph, weights = drive.prepared.graph, drive.seen
    state = graph.turn_from[turn]
    count = np.where(turn >= 0, np.diff(graph.turn_start)[state], 0)
    owner = np.repeat(np.arange(len(turn)), count)
    other = np.repeat(graph.turn_start[state] - np.cumsum(count) + count, count) + np.arange(len(owner))
    to = graph.turn_to[other]
    may = (graph.junction[other] >= 0) & (weights.turn_ms[other] >= 0) & weights.usable[to]
    owner, to = owner[may], to[may]
    key = np.unique(owner * (2 * drive.prepared.network.segments) + 2 * graph.segment[to] + graph.against[to])
    owner, arm = np.divmod(key, 2 * drive.prepared.network.segments)
    return np.searchsorted(owner, np.arange(len(turn) + 1)).astype(np.int64), arm.astype(np.int32)


def _bearings(drive: Drive, from_m: FloatArray, to_m: FloatArray, pieces: _Pieces) -> FloatArray:
    """Return in which direction each way starts and ends, degrees clockwise from north."""
    network = drive.prepared.network
    result = []
    for at, along in ((pieces.start[:-1], from_m), (pieces.start[1:] - 1, to_m)):
        directed = pieces.directed[at]
        segment = (directed >> 1).astype(np.int64)
        low = np.clip(along[at] - LOOK_M / 2, 0, np.maximum(network.length_m[segment] - LOOK_M, 0))
        a, b = (points_at(network, segment, x) for x in (low, low + LOOK_M))
        ahead = bearing_deg(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
        result.append(np.where(directed & 1, (ahead + 180.0) % 360.0, ahead))
    return np.stack(result)


def _names(values: tuple[str, ...], codes: Int32) -> tuple[str, ...]:
    """Return names in order, without blanks and without repeats side by side."""
    codes = codes[codes > 0]
    changes = np.flatnonzero(np.diff(codes, prepend=0))
    return tuple(values[code] for code in codes[changes])
