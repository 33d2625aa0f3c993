"""Street names on a map: one for each street that is long enough, along it, where nothing else stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from network.streets import StreetNetwork
from scenarios.documents.frame import Floats, Frame
from scenarios.documents.map_streets import CLASS, LOCAL, inside
from scenarios.documents.marks import LETTER, Labels, shorten

SIZE = 8.2
MOST = 26  # names on a sheet
ROOM = 1.15  # a street must be so many times as long as its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a name can stand: on a segment, turned along it so that it reads from left to right."""

    text: str
    x: float
    y: float
    turn: float  # degrees, clockwise
    rank: float


def street_names(network: StreetNetwork, frame: Frame, labels: Labels) -> list[Markup]:
    """Write street names, greater streets first, each beside its line and clear of what stands there."""
    drawn: list[Markup] = []
    for spot in sorted(_spots(network, frame), key=lambda spot: -spot.rank)[: 4 * MOST]:
        wide = len(spot.text) * LETTER * SIZE
        if len(drawn) < MOST and labels.reserve_turned(spot.x, spot.y, wide, SIZE + 2, spot.turn):
            drawn.append(
                Markup(
                    '<text transform="translate({:.1f} {:.1f}) rotate({:.1f})" y="-3.4" text-anchor="middle"'
                    ' font-size="{}" fill="#6b6552" stroke="#fbfaf6" stroke-width="2.4" stroke-linejoin="round"'
                    ' paint-order="stroke">{}</text>'
                ).format(spot.x, spot.y, spot.turn, SIZE, spot.text)
            )
    return drawn


def _spots(network: StreetNetwork, frame: Frame) -> list[Spot]:
    named = np.flatnonzero(inside(network, frame) & (network.name.codes > 0))
    if not len(named):
        return []
    x, y, dx, dy = _chords(network, frame, named)
    seen = (x > 0) & (x < frame.width) & (y > 0) & (y < frame.height)
    named, x, y, dx, dy = named[seen], x[seen], y[seen], dx[seen], dy[seen]
    codes, street = np.unique(network.name.codes[named], return_inverse=True)
    chord = np.hypot(dx, dy)
    length = np.asarray(np.bincount(street, weights=chord), dtype=np.float64)
    level = network.tag("highway").map(CLASS, LOCAL)[named]
    middle = _middles(street, x, y, chord, length)
    spots = []
    for k, code in enumerate(codes.tolist()):
        text = shorten(network.name.values[code], 30)
        if length[k] < ROOM * len(text) * LETTER * SIZE:
            continue
        s = middle[k]
        turn = float(np.degrees(np.arctan2(dy[s], dx[s])))
        turn = turn - 180 if turn > 90 else turn + 180 if turn <= -90 else turn
        rank = 1e4 * float(level[s]) + float(length[k])
        spots.append(Spot(text=text, x=float(x[s]), y=float(y[s]), turn=turn, rank=rank))
    return spots


def _chords(network: StreetNetwork, frame: Frame, segments: NDArray[np.intp]) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the middle of each segment's longest straight piece and that piece as a vector."""
    counts = np.diff(network.shape_start)[segments]
    first = np.cumsum(counts) - counts
    at = np.repeat(network.shape_start[:-1][segments] - first, counts) + np.arange(counts.sum())
    x, y = frame.xy(network.shape_lon[at], network.shape_lat[at])
    dx, dy = np.diff(x, append=x[-1:]), np.diff(y, append=y[-1:])
    dx[first + counts - 1] = dy[first + counts - 1] = 0.0
    long = np.hypot(dx, dy)
    order = np.lexsort((-long, np.repeat(np.arange(len(counts)), counts)))
    best = order[first]
    return x[best] + dx[best] / 2, y[best] + dy[best] / 2, dx[best], dy[best]


def _middles(street: NDArray[np.intp], x: Floats, y: Floats, chord: Floats, length: Floats) -> NDArray[np.intp]:
    """Return for each street the segment that is long and near the street's middle."""
    safe = np.where(length > 0, length, 1.0)
    centre_x = np.bincount(street, weights=x * chord) / safe
    centre_y = np.bincount(street, weights=y * chord) / safe
    away = np.hypot(x - centre_x[street], y - centre_y[street]) - 3.0 * chord
    order = np.lexsort((away, street))
    first = np.searchsorted(street[order], np.arange(len(length)))
    return order[first]
