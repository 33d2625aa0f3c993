"""Which rounds are neighbours: rounds by where their stops lie, divided by angles around the depot or by halves.

Where there are no coordinates, they are worked out from the legs to a few landmarks, so that points lie about as far
apart as their ways are long (landmark scaling: de Silva, Tenenbaum 2004, Sparse multidimensional scaling using landmark
points, Stanford). A river without a bridge is then as wide as the way round it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.strings.desk import Laid
from optimiser.rounds.strings.layout import FAR
from optimiser.rounds.strings.scene import Stage

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LANDMARKS = 16


def positions(stage: Stage) -> Floats:
    """Return where the depot of the first kind and then all stops lie, in any unit."""
    s = stage.scene
    places = np.concatenate([s.depot[:1], stage.ways[: s.n, 0]]).astype(np.intp)
    return s.xy[places] if not s.dense else _scaled(stage, places)


def _scaled(stage: Stage, places: NDArray[np.intp]) -> Floats:
    there = _gaps(stage, _landmarks(stage, places), places)
    squares = there**2
    own = np.array([np.flatnonzero(row == 0)[0] for row in there])  # each landmark is one of the places
    among = squares[:, own]
    means = among.mean(axis=1)
    centred = -0.5 * (among - means[:, None] - among.mean(axis=0)[None, :] + among.mean())
    values, axes = np.linalg.eigh(0.5 * (centred + centred.T))
    most = values[-2:]
    scale = np.where(most > 1e-9 * max(1.0, values[-1]), 1.0 / np.sqrt(np.maximum(most, 1e-9)), 0.0)
    found: Floats = -0.5 * ((squares - means[:, None]).T @ (axes[:, -2:] * scale))
    flat: Floats = np.zeros((len(places), 2))
    flat[:, : found.shape[1]] = found
    return flat


def _landmarks(stage: Stage, places: NDArray[np.intp]) -> list[int]:
    """Return the depot and places each of which lies farthest from those before."""
    marks = [int(places[0])]
    gap = _gaps(stage, marks, places)[0]
    while len(marks) < min(LANDMARKS, len(places)) and gap.max() > 0:
        marks.append(int(places[int(gap.argmax())]))
        gap = np.minimum(gap, _gaps(stage, marks[-1:], places)[0])
    return marks


def _gaps(stage: Stage, marks: list[int], places: NDArray[np.intp]) -> Floats:
    """Return the mean ticks there and back between some places and all; where there is no way, the longest there is."""
    a, b = np.repeat(np.array(marks, np.int32), len(places)), np.tile(places.astype(np.int32), len(marks))
    there, back = (stage.legs.pairs(0, *ends)[0].astype(np.float64) for ends in ((a, b), (b, a)))
    gaps: Floats = (0.5 * (there + back)).reshape(len(marks), -1)
    none = gaps >= 0.5 * FAR
    gaps[none] = gaps[~none].max(initial=1.0)
    gaps[np.array(marks)[:, None] == places[None, :]] = 0.0
    return gaps


def divided(laid: Laid, where: Floats, count: int, *, angle: float, halves: bool) -> Ints:
    """Return the part of each round, -1 for one without stops; parts have about as many stops.

    Parameters
    ----------
    where
        See :func:`positions`.
    angle
        Where the first cut is, in radians.
    halves
        Divide by straight lines, again and again, across each other; else by angles around the depot.
    """
    lengths = np.diff(laid.first)
    at, served = np.repeat(np.arange(len(lengths)), lengths), laid.visits >= 0
    stops = np.bincount(at[served], minlength=len(lengths))
    centre = (
        np.stack([np.bincount(at[served], where[1 + laid.visits[served], x], len(lengths)) for x in range(2)], axis=1)
        / np.maximum(stops, 1)[:, None]
    )
    part = np.full(len(lengths), -1, dtype=np.int64)
    busy = np.flatnonzero(stops)
    if halves:
        _halve(part, busy, centre, stops, 0, count, angle)
    else:
        gap = centre[busy] - where[0]
        turned = np.mod(np.arctan2(gap[:, 1], gap[:, 0]) - angle, 2.0 * math.pi)
        part[busy] = _by_key(turned, stops[busy], count)
    return part


def dealt(where: Floats, weight: Floats, count: int) -> Ints:
    """Return the part of each stop of a plan without rounds: parts of about equal weight, by straight lines."""
    part = np.full(len(weight), -1, dtype=np.int64)
    _halve(part, np.arange(len(weight)), where[1:], weight, 0, count, 0.0)
    return part


def _by_key(key: Floats, weight: Ints | Floats, count: int) -> Ints:
    """Return parts 0 to ``count - 1`` of about equal weight, by a key that rises."""
    order = np.argsort(key, kind="stable")
    middle = np.cumsum(weight[order]) - 0.5 * weight[order]
    found = np.empty(len(key), dtype=np.int64)
    found[order] = np.minimum(count - 1, (middle * count / max(1e-300, float(weight.sum()))).astype(np.int64))
    return found


def _halve(
    part: Ints, rounds: Ints, centre: Floats, stops: Ints | Floats, first: int, count: int, angle: float
) -> None:
    """Divide rounds (or stops) among the parts from ``first`` on by a line, and each side by one across."""
    if count <= 1 or len(rounds) <= 1:
        part[rounds] = first
        return
    key = centre[rounds] @ np.array([math.cos(angle), math.sin(angle)])
    left = count // 2
    side = _by_key(key, stops[rounds], count) >= left
    across = angle + 0.5 * math.pi
    _halve(part, rounds[~side], centre, stops, first, left, across)
    _halve(part, rounds[side], centre, stops, first + left, count - left, across)
