"""Which side of which street a building belongs to: by the name in its address, else by the nearest frontage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.grid import Pieces, project
from network.snap import Candidates, Nearby, nearby, nearest_k, on_pieces, planar
from network.streets import StreetNetwork
from network.tagcolumn import TagColumn

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
AT_ONCE = 2**21  # pairs of buildings and pieces of their streets worked out at a time: about 200 MB


@dataclass(frozen=True, kw_only=True)
class Fronts:
    """Where places front, aligned with them.

    Parameters
    ----------
    segment, along_m, side, distance_m
        As in :class:`network.snap.Snapped`: -1, NaN, 0 and infinite where there is no street in reach.
    named
        Whether it was found by its name.
    """

    segment: NDArray[np.int32]
    along_m: Floats
    side: NDArray[np.int8]
    distance_m: Floats
    named: Bools


def fronts(
    network: StreetNetwork,
    chosen: Bools,
    lon: Floats,
    lat: Floats,
    street: TagColumn | None,
    *,
    limit_m: float,
    named_limit_m: float,
) -> Fronts:
    """Return the chosen segment that each place fronts.

    Parameters
    ----------
    street
        Name of the street of each place, ``""`` where none is known; capitals and spaces do not matter.
    limit_m
        The nearest street no farther than this counts for places without a name, or whose name no street near has.
    named_limit_m
        The nearest stretch of the street of its name no farther than this counts before it.
    """
    near = nearest_k(network, chosen, lon, lat, 1, limit_m)
    segment, along = near.segment[:, 0].copy(), near.along_m[:, 0].copy()
    side, metres = near.side[:, 0].copy(), near.distance_m[:, 0].copy()
    named = np.zeros(len(segment), bool)
    if street is not None and len(segment):
        place, found = _by_name(nearby(network, chosen), lon, lat, street, named_limit_m)
        segment[place], along[place] = found.segment[:, 0], found.along_m[:, 0]
        side[place], metres[place], named[place] = found.side[:, 0], found.distance_m[:, 0], True
    return Fronts(segment=segment, along_m=along, side=side, distance_m=metres, named=named)


def plain(name: str) -> str:
    """Return a street name without capitals and doubled spaces, for comparing."""
    return " ".join(name.casefold().split())


def _by_name(streets: Nearby, lon: Floats, lat: Floats, street: TagColumn, limit_m: float) -> tuple[Ints, Candidates]:
    """Return the places whose street is within the limit, and where they are on it."""
    pieces = streets.pieces
    number = {plain(name): k for k, name in enumerate(streets.network.name.values) if name}
    own = np.array([number.get(plain(name), -1) for name in streets.network.name.values])
    wanted = np.array([number.get(plain(name), -1) if name else -1 for name in street.values])[street.codes]
    kind = own[streets.network.name.codes[pieces.segment]]
    order = np.argsort(kind, kind="stable")
    low, high = (np.searchsorted(kind[order], wanted, side=side) for side in ("left", "right"))
    count = np.where(wanted >= 0, high - low, 0)
    asked = np.flatnonzero(count)
    nearest = np.full(len(wanted), -1, np.int64)
    x, y, unit = planar(streets, lon, lat)
    total = np.cumsum(count[asked])
    for some in np.split(asked, np.searchsorted(total, np.arange(AT_ONCE, total[-1], AT_ONCE)) if len(asked) else []):
        if len(some):
            nearest[some] = _nearest(pieces, order, (low[some], count[some]), x[some], y[some], limit_m / unit[some])
    there = np.flatnonzero(nearest >= 0)
    return there, on_pieces(streets, nearest[there], lon[there], lat[there])


def _nearest(pieces: Pieces, order: Ints, span: tuple[Ints, Ints], x: Floats, y: Floats, limit: Floats) -> Ints:
    """Return for each place the nearest of the pieces ``order[low:low + count]``, -1 beyond its limit."""
    low, count = span
    start = np.cumsum(count) - count
    place = np.repeat(np.arange(len(count)), count)
    piece = order[np.repeat(low - start, count) + np.arange(len(place))]
    _, metres = project(pieces, piece, x[place], y[place])
    least = np.minimum.reduceat(metres, start)
    best = np.flatnonzero(metres == least[place])
    first = best[np.r_[True, place[best][1:] != place[best][:-1]]]
    return np.where(least <= limit, piece[first], -1)
