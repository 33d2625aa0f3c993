"""Turn by turn: a driven way told as steps in the words of OSRM's HTTP interface.

A step begins with a maneuver and lasts until the next one. A turn's time belongs to the step that leads to it, so
that steps add up to their way exactly. Wording is not made here: a step carries what is done, where, and the names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.crossroads import Crossroads
from network.maneuvers import Kind, Maneuver, Modifier, maneuver, modifier

IntArray = NDArray[np.int64]
ROTARY_RADIUS_M = 15.0  # a named roundabout larger than this is a rotary (OSRM's MAX_ROUNDABOUT_RADIUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intersection:
    """A junction passed.

    Parameters
    ----------
    bearings
        Whole degrees clockwise from north at which the streets leave it, rising.
    entry
        Whether each may be entered on this way.
    arm_in, arm_out
        Positions among them of the street the driver comes from (its bearing points back) and goes to; ``None`` at the
        start and at the end of the way.
    """

    lon: float
    lat: float
    bearings: tuple[int, ...]
    entry: tuple[bool, ...]
    arm_in: int | None
    arm_out: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, and the way until the next.

    Parameters
    ----------
    kind, modifier
        OSRM's words ("turn", "slight left"); the modifier may be ``""`` at the start of a way only. On arrival it is
        the side of the place.
    name, ref
        Of the street driven after the maneuver, ``""`` where there is none; into a roundabout that of the street by
        which it is left.
    roundabout
        Name of a roundabout, on the steps into it and out of it, ``""`` elsewhere or if it has none.
    distance_m, duration_s
        Until the next step, the time of the turn there included.
    first_point, last_point
        Positions in the line of the way.
    bearing_before, bearing_after
        Whole degrees clockwise from north, 0 before the start and after the end.
    lon, lat
        Where.
    exit
        Number of the exit of a roundabout, ``None`` elsewhere (and if the way ends on it).
    left_hand
        Whether traffic keeps to the left.
    intersections
        That of the maneuver, then those passed at which other streets leave.
    """

    kind: Kind
    modifier: Modifier
    name: str
    ref: str
    distance_m: float
    duration_s: float
    first_point: int
    last_point: int
    bearing_before: int
    bearing_after: int
    lon: float
    lat: float
    exit: int | None
    left_hand: bool
    intersections: tuple[Intersection, ...]
    roundabout: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """A way as a sequence of ``k`` >= 1 pieces of directed segments.

    Parameters
    ----------
    directed
        Directed segments in the order driven.
    ms, dm
        Whole milliseconds and decimetres of each piece; the first and last may be parts of their segments.
    turn_ms
        Of the ``k - 1`` turns between them.
    open_start, open_arms
        After piece ``i`` the directed segments ``open_arms[open_start[i]:open_start[i + 1]]`` may be entered.
    point
        ``k + 1`` positions in the line of the way: where each piece begins, and the last point.
    ends
        Longitude and latitude of both ends, rows.
    bearings
        Degrees clockwise from north in which it starts and ends.
    side
        Side of the place at its end, seen by the driver: "left", "right" or "straight".
    """

    directed: NDArray[np.int32]
    ms: IntArray
    dm: IntArray
    turn_ms: IntArray
    open_start: IntArray
    open_arms: NDArray[np.int32]
    point: IntArray
    ends: NDArray[np.float64]
    bearings: tuple[float, float]
    side: Modifier

    def open_after(self, piece: int) -> list[int]:
        """Return the directed segments that may be entered after a piece."""
        arms: list[int] = self.open_arms[self.open_start[piece] : self.open_start[piece + 1]].tolist()
        return arms


class _Mark(NamedTuple):
    """What is done before piece ``piece``; a roundabout has the number of its exit and the piece that leaves it."""

    piece: int
    what: Maneuver
    exit: int | None = None
    off: int | None = None
    ring: int | None = None  # a directed segment of the roundabout


def steps(cross: Crossroads, driven: Driven) -> tuple[Step, ...]:
    """Return the steps of a way: depart first, arrive last.

    Distances and durations of the steps add up to those of the pieces and turns, to the last digit of their whole
    milliseconds and decimetres.
    """
    driven = _trimmed(cross, driven)
    marks = [_Mark(0, Maneuver("depart", "")), *_marks(cross, driven)]
    until = [*(mark.piece for mark in marks[1:]), len(driven.directed)]
    told = [_step(cross, driven, mark, last) for mark, last in zip(marks, until, strict=True)]
    return (*told, _arrival(cross, driven))


def _trimmed(cross: Crossroads, driven: Driven) -> Driven:
    """Leave out ends without length: a place at a junction is not told into a street of which nothing is driven."""
    while len(driven.directed) > 1 and driven.dm[0] == 0:
        ms = driven.ms[1:].copy()
        ms[0] += driven.ms[0] + driven.turn_ms[0]
        driven = replace(
            driven,
            directed=driven.directed[1:],
            ms=ms,
            dm=driven.dm[1:],
            turn_ms=driven.turn_ms[1:],
            open_start=driven.open_start[1:],
            point=np.delete(driven.point, 1),
            bearings=(float(cross.bearing[driven.directed[1]]), driven.bearings[1]),
        )
    while len(driven.directed) > 1 and driven.dm[-1] == 0:
        ms = driven.ms[:-1].copy()
        ms[-1] += driven.ms[-1] + driven.turn_ms[-1]
        driven = replace(
            driven,
            directed=driven.directed[:-1],
            ms=ms,
            dm=driven.dm[:-1],
            turn_ms=driven.turn_ms[:-1],
            open_start=driven.open_start[:-1],
            point=np.delete(driven.point, -2),
            bearings=(driven.bearings[0], float(cross.bearing[driven.directed[-2] ^ 1]) + 180.0),
            side="straight",
        )
    return driven


def _marks(cross: Crossroads, driven: Driven) -> Iterator[_Mark]:
    """Give what the driver has to be told between start and end."""
    network, directed = cross.network, driven.directed.tolist()
    names, codes = network.name.values, network.name.codes
    ring = (cross.ring_m[driven.directed >> 1] > 0).tolist()
    street = names[codes[directed[0] >> 1]]
    exit_ = _exit_ahead(cross, driven, 0)[0] if ring[0] else None
    for piece in range(1, len(directed)):
        before, onward = directed[piece - 1], directed[piece]
        name = names[codes[onward >> 1]]
        if ring[piece - 1] and not ring[piece]:
            what = Maneuver(_leaving(cross, before), _turn(cross, before, onward))
            yield _Mark(piece, what, exit_, ring=before)
            street = name
        elif ring[piece] and not ring[piece - 1]:
            exit_, off = _exit_ahead(cross, driven, piece)
            yield _Mark(piece, Maneuver(_entering(cross, onward), _turn(cross, before, onward)), exit_, off, onward)
        elif not ring[piece]:
            done = maneuver(cross, before, onward, driven.open_after(piece - 1), street, name)
            if done:
                yield _Mark(piece, done)
            street = name if name or done else street


def _turn(cross: Crossroads, before: int, onward: int) -> Modifier:
    """Return the word for the angle of a turn."""
    return "uturn" if onward == before ^ 1 else modifier(cross.turn_deg(before, onward))


def _rotary(cross: Crossroads, directed: int) -> bool:
    """Tell whether a roundabout is large and has a name of its own."""
    segment = directed >> 1
    named = cross.network.name.codes[segment] > 0
    return bool(named and cross.ring_m[segment] / (2 * np.pi) > ROTARY_RADIUS_M)


def _entering(cross: Crossroads, directed: int) -> Kind:
    return "rotary" if _rotary(cross, directed) else "roundabout"


def _leaving(cross: Crossroads, directed: int) -> Kind:
    return "exit rotary" if _rotary(cross, directed) else "exit roundabout"


def _exits(cross: Crossroads, driven: Driven, piece: int) -> tuple[int, int]:
    """Return how many exits leave the roundabout before this piece, and which of them it is (from 1)."""
    before, onward = int(driven.directed[piece - 1]), int(driven.directed[piece])
    leaving = [arm for arm in driven.open_after(piece - 1) if cross.ring_m[arm >> 1] == 0 and arm != before ^ 1]
    near_first = sorted(leaving, key=lambda arm: cross.turn_deg(before, arm), reverse=cross.network.left_hand)
    return len(leaving), near_first.index(onward) + 1 if onward in near_first else 0


def _step(cross: Crossroads, driven: Driven, mark: _Mark, last: int) -> Step:
    """Return the step from a mark to the piece of the next one."""
    network, first = cross.network, mark.piece
    onward = int(driven.directed[first])
    segment = (onward if mark.off is None else int(driven.directed[mark.off])) >> 1
    at = driven.ends[0] if first == 0 else _junction(cross, onward)
    after = driven.bearings[0] if first == 0 else float(cross.bearing[onward])
    before = 0.0 if first == 0 else float(cross.bearing[driven.directed[first - 1] ^ 1]) + 180.0
    return Step(
        kind=mark.what.kind,
        modifier=mark.what.modifier,
        name=network.name.values[network.name.codes[segment]],
        ref=cross.ref.values[cross.ref.codes[segment]],
        distance_m=float(driven.dm[first:last].sum()) / 10,
        duration_s=float(driven.ms[first:last].sum() + driven.turn_ms[first : min(last, len(driven.turn_ms))].sum())
        / 1000,
        first_point=int(driven.point[first]),
        last_point=int(driven.point[last]),
        bearing_before=_whole(before),
        bearing_after=_whole(after),
        lon=float(at[0]),
        lat=float(at[1]),
        exit=mark.exit,
        left_hand=network.left_hand,
        intersections=tuple(_passed(cross, driven, first, last)),
        roundabout="" if mark.ring is None else network.name.values[network.name.codes[mark.ring >> 1]],
    )


def _exit_ahead(cross: Crossroads, driven: Driven, first: int) -> tuple[int | None, int | None]:
    """Return by which exit a roundabout is left that is driven from piece ``first`` on, and on which piece."""
    exits = 0
    for piece in range(first + 1, len(driven.directed)):
        passed, taken = _exits(cross, driven, piece)
        if cross.ring_m[driven.directed[piece] >> 1] == 0:
            return exits + taken, piece
        exits += passed
    return None, None


def _arrival(cross: Crossroads, driven: Driven) -> Step:
    """Return the last step, at the place itself."""
    segment = int(driven.directed[-1]) >> 1
    lon, lat = (float(x) for x in driven.ends[1])
    before, last = driven.bearings[1], int(driven.point[-1])
    behind = _whole(before + 180.0)
    there = Intersection(lon=lon, lat=lat, bearings=(behind,), entry=(True,), arm_in=0, arm_out=None)
    return Step(
        kind="arrive",
        modifier=driven.side,
        name=cross.network.name.values[cross.network.name.codes[segment]],
        ref=cross.ref.values[cross.ref.codes[segment]],
        distance_m=0.0,
        duration_s=0.0,
        first_point=last,
        last_point=last,
        bearing_before=_whole(before),
        bearing_after=0,
        lon=lon,
        lat=lat,
        exit=None,
        left_hand=cross.network.left_hand,
        intersections=(there,),
    )


def _passed(cross: Crossroads, driven: Driven, first: int, last: int) -> Iterator[Intersection]:
    """Give the junction before piece ``first`` and those up to piece ``last`` at which other streets leave."""
    if first == 0:
        lon, lat = (float(x) for x in driven.ends[0])
        leaving = _whole(driven.bearings[0])
        yield Intersection(lon=lon, lat=lat, bearings=(leaving,), entry=(True,), arm_in=None, arm_out=0)
    directed = driven.directed[:last].tolist()
    for piece in range(max(first, 1), last):
        before, onward = directed[piece - 1], directed[piece]
        arms = cross.arms(cross.begin(onward))
        if piece == first or len(arms) > 2:
            lon, lat = _junction(cross, onward)
            enterable = set(driven.open_after(piece - 1))
            yield Intersection(
                lon=lon,
                lat=lat,
                bearings=tuple(_whole(x) for x in cross.bearing[arms].tolist()),
                entry=tuple(arm in enterable for arm in arms),
                arm_in=arms.index(before ^ 1) if before ^ 1 in arms else None,
                arm_out=arms.index(onward) if onward in arms else None,
            )


def _junction(cross: Crossroads, directed: int) -> tuple[float, float]:
    """Return longitude and latitude of the junction at which a directed segment begins."""
    at = cross.begin(directed)
    return float(cross.network.junction_lon[at]), float(cross.network.junction_lat[at])


def _whole(degrees: float) -> int:
    """Return whole degrees, 0 to 359."""
    return round(degrees) % 360
