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
TRIES = 4  # segments tried for a name
ALONG = (0.0, -0.25, 0.25)  # places tried on each, as shares of its length from its middle
ROOM = 1.15  # a street must be so many times as long as its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A street with the places where its name can stand, best first: x, y, and the turn in degrees, clockwise."""

    text: str
    rank: float
    spots: tuple[tuple[float, float, float], ...]


def street_names(network: StreetNetwork, frame: Frame, labels: Labels) -> list[Markup]:
    """Write street names, greater streets first, each beside its line and clear of what stands there."""
    drawn: list[Markup] = []
    for street in sorted(_streets(network, frame), key=lambda street: -street.rank)[: 4 * MOST]:
        wide = len(street.text) * LETTER * SIZE
        free = (spot for spot in street.spots if labels.reserve_turned(spot[0], spot[1], wide, SIZE + 2, spot[2]))
        spot = next(free, None)
        if spot is not None:
            drawn.append(
                Markup(
                    '<text transform="translate({:.1f} {:.1f}) rotate({:.1f})" y="-3.4" text-anchor="middle"'
                    ' font-size="{}" fill="#6b6552" stroke="#fbfaf6" stroke-width="2.4" stroke-linejoin="round"'
                    ' paint-order="stroke">{}</text>'
                ).format(*spot, SIZE, street.text)
            )
        if len(drawn) == MOST:
            break
    return drawn


def _streets(network: StreetNetwork, frame: Frame) -> list[Named]:
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
    order, first = _best(street, x, y, chord, length)
    turn = np.degrees(np.arctan2(dy, dx))
    turn = np.where(turn > 90, turn - 180, np.where(turn <= -90, turn + 180, turn))  # never upside down
    found = []
    for k, code in enumerate(codes.tolist()):
        text = shorten(network.name.values[code], 30)
        if length[k] >= ROOM * len(text) * LETTER * SIZE:
            at = order[first[k] : first[k + 1]][:TRIES]
            rank = 1e4 * float(level[at[0]]) + float(length[k])
            spots = tuple(
                (float(x[s] + share * dx[s]), float(y[s] + share * dy[s]), float(turn[s]))
                for s in at
                for share in ALONG
            )
            found.append(Named(text=text, rank=rank, spots=spots))
    return found


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


def _best(
    street: NDArray[np.intp], x: Floats, y: Floats, chord: Floats, length: Floats
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Order segments by street, those long and near its middle first; return where each street begins, and the end."""
    safe = np.where(length > 0, length, 1.0)
    centre_x = np.bincount(street, weights=x * chord) / safe
    centre_y = np.bincount(street, weights=y * chord) / safe
    away = np.hypot(x - centre_x[street], y - centre_y[street]) - 3.0 * chord
    order = np.lexsort((away, street))
    return order, np.searchsorted(street[order], np.arange(len(length) + 1))
