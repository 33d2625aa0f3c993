"""How a vehicle drives along a part of a street: in which of its two directions, how long, and where it turns round.

A part may be driven in a direction if each of its pieces may, the turns between them are open, its beginning can be
come to and its end be left. It has one way of standing at each end and for each direction: who serves it *ahead*
arrives at its beginning and leaves at its end, who serves it *back* the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from network.lines import points_at
from network.parts import Pieces
from network.snap import Snapped
from network.stances import AHEAD, BACK, Stances
from network.streets import StreetNetwork

if TYPE_CHECKING:
    from network.drive import Drive

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BEYOND = "x"  # after the mark of a direction: for those only who serve the far side of the street


@dataclass(frozen=True, kw_only=True)
class Runs:
    """How one drive may run along parts of streets; two columns: ahead and back.

    Parameters
    ----------
    open_
        Whether it can: come to its one end, drive it, and leave at the other.
    ms
        Milliseconds of driving from end to end, turns included; 0 where it cannot.
    round_ms
        What turning round at the end costs (-1: it cannot there).
    one_way
        Whether it may not drive any of it the other way.
    crossing
        Whether the crew may cross the street all along; one column.
    """

    open_: Bools
    ms: Ints
    round_ms: Ints
    one_way: Bools
    crossing: Bools


def runs(drive: Drive, pieces: Pieces) -> Runs:
    """Return how a drive may run along parts."""
    ways = [_run(drive, pieces), _run(drive, reversed_(pieces))]
    one_way, crossing = np.zeros((0, 2), bool), np.zeros(0, bool)
    if len(pieces):
        crossing = np.logical_and.reduceat(drive.crossing[pieces.directed >> 1], pieces.start[:-1])
        driven = np.stack([_whole_ms(drive)[pieces.directed ^ flip] > 0 for flip in (0, 1)], axis=-1)
        one_way = ~np.logical_or.reduceat(driven, pieces.start[:-1], axis=0)[:, ::-1]
    return Runs(
        open_=np.stack([way[0] for way in ways], axis=-1),
        ms=np.stack([way[1] for way in ways], axis=-1),
        round_ms=np.stack([way[2] for way in ways], axis=-1),
        one_way=one_way,
        crossing=crossing,
    )


def reversed_(pieces: Pieces) -> Pieces:
    """Return the same parts driven back."""
    part = pieces.part
    nth = np.arange(len(part)) - pieces.start[:-1][part]
    order = pieces.start[1:][part] - 1 - nth
    return Pieces(
        start=pieces.start,
        directed=pieces.directed[order] ^ 1,
        from_m=pieces.to_m[order],
        to_m=pieces.from_m[order],
    )


def _run(drive: Drive, pieces: Pieces) -> tuple[Bools, Ints, Ints]:
    """Return whether each part can be driven in its direction, how long it takes, and what turning round costs."""
    if not len(pieces):
        return np.zeros(0, bool), np.zeros(0, np.int64), np.zeros(0, np.int64)
    weights, graph, directed = drive.weights, drive.prepared.graph, pieces.directed
    whole = _whole_ms(drive)
    share = np.abs(pieces.to_m - pieces.from_m) / np.maximum(drive.prepared.network.length_m[directed >> 1], 1e-9)
    first, last = pieces.start[:-1], pieces.start[1:] - 1
    inner = np.ones(len(directed), bool)
    inner[first] = False
    turn = np.zeros(len(directed), np.int64)
    turn[inner] = turning(drive, directed[:-1][inner[1:]], directed[1:][inner[1:]])
    ms = np.rint(whole[directed] * share) + np.maximum(turn, 0)
    come = np.append(weights.arrive & weights.usable, False)[graph.arriving[directed[first]]]
    left = np.append(weights.leave & weights.usable, False)[graph.leaving[directed[last]]]
    driven = np.logical_and.reduceat((whole[directed] > 0) & (turn >= 0), first)
    open_ = driven & come & left
    ends = np.isclose(
        pieces.to_m[last], np.where(directed[last] & 1, 0.0, drive.prepared.network.length_m[directed[last] >> 1])
    )
    around = np.where(ends, turning(drive, directed[last], directed[last] ^ 1), -1)
    return open_, np.where(open_, np.add.reduceat(ms, first), 0).astype(np.int64), around


def _whole_ms(drive: Drive) -> Ints:
    """Return the milliseconds of each directed segment from end to end, 0 where it cannot be driven."""
    weights, graph = drive.weights, drive.prepared.graph
    used = np.flatnonzero(weights.usable)
    whole = np.zeros(2 * drive.prepared.network.segments, np.int64)
    whole[graph.directed[used]] = np.maximum(weights.ms[used], 1)
    return whole


def turning(drive: Drive, before: Ints, after: Ints) -> Ints:
    """Return the milliseconds of the turn from one directed segment straight into another, -1 where it is not open."""
    weights, graph = drive.weights, drive.prepared.graph
    turn = np.flatnonzero(graph.real & (weights.turn_ms >= 0))
    span = 2 * drive.prepared.network.segments
    key = graph.directed[graph.turn_from[turn]] * span + graph.directed[graph.turn_to[turn]]
    order = np.argsort(key, kind="stable")
    wanted = np.asarray(before, np.int64) * span + after
    at = np.searchsorted(key[order], wanted)
    found = at < len(key)
    found[found] = key[order][at[found]] == wanted[found]
    ms = np.full(len(wanted), -1, np.int64)
    ms[found] = weights.turn_ms[turn[order[at[found]]]]
    return ms


def ends(network: StreetNetwork, pieces: Pieces) -> Snapped:
    """Return the two ends of each part as places on the streets: all beginnings, then all ends."""
    first, last = pieces.start[:-1], pieces.start[1:] - 1
    segment = np.concatenate([pieces.directed[first], pieces.directed[last]]) >> 1
    along = np.concatenate([pieces.from_m[first], pieces.to_m[last]])
    point = points_at(network, segment, along)
    return Snapped(
        segment=segment.astype(np.int32),
        along_m=along,
        side=np.zeros(len(segment), np.int8),
        lon=point[:, 0].copy(),
        lat=point[:, 1].copy(),
        distance_m=np.zeros(len(segment)),
        problem=("",) * len(segment),
    )


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Ways of serving parts: the part, whether it is driven back, and whether only by who serves the far side."""

    part: Ints
    back: Bools
    far: Bools


def names(ways: Ways, parts: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of ways: rows and columns have the same ones."""
    marks = np.where(ways.back, BACK, AHEAD)
    tails = np.where(ways.far, BEYOND, "")
    return tuple(f"{parts[k]}{mark}{tail}" for k, mark, tail in zip(ways.part.tolist(), marks, tails, strict=True))


def standing(pieces: Pieces, ways: Ways, ids: Sequence[str], may: Bools, first_place: int) -> tuple[Stances, Stances]:
    """Return the stances in which ways are left (rows), and those in which they are arrived at (columns).

    Parameters
    ----------
    may
        Which of the ways this drive can go; the others look in no direction and lead nowhere.
    first_place
        Position of the first of the places that :func:`ends` gives among all that are snapped.
    """
    begins, ends_ = pieces.start[:-1][ways.part], pieces.start[1:][ways.part] - 1
    found = []
    for at_end in (~ways.back, ways.back):  # left where it ends, arrived at where it begins
        directed = pieces.directed[np.where(at_end, ends_, begins)] ^ ways.back
        place = first_place + ways.part + np.where(at_end, len(pieces), 0)
        against = (directed & 1).astype(bool)
        found.append(Stances(ids=tuple(ids), place=place.astype(np.int32), ahead=may & ~against, back=may & against))
    return found[0], found[1]


def joined(one: Stances, other: Stances) -> Stances:
    """Return stances at places that are snapped together, one after the other."""
    return Stances(
        ids=(*one.ids, *other.ids),
        place=np.concatenate([one.place, other.place]),
        ahead=np.concatenate([one.ahead, other.ahead]),
        back=np.concatenate([one.back, other.back]),
        across=np.concatenate([one.across, other.across]),
    )


def joined_places(one: Snapped, other: Snapped) -> Snapped:
    """Return places on the streets, one after the other."""
    return Snapped(
        segment=np.concatenate([one.segment, other.segment]),
        along_m=np.concatenate([one.along_m, other.along_m]),
        side=np.concatenate([one.side, other.side]),
        lon=np.concatenate([one.lon, other.lon]),
        lat=np.concatenate([one.lat, other.lat]),
        distance_m=np.concatenate([one.distance_m, other.distance_m]),
        problem=(*one.problem, *other.problem),
    )
