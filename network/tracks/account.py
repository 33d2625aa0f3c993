"""What was really driven: how far, how long, on which streets, and where the vehicle was near which place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from network.plane import to_plane, true_metres
from network.streets import StreetNetwork
from network.tracks.match import Matched

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SILENCE_S = 180.0  # between points farther apart in time nobody knows where the vehicle was


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Sums of what was driven.

    Parameters
    ----------
    length_m, duration_s
        Metres on the streets; seconds from the first point to the last, of all tracks together.
    still_s
        How much of that time the vehicle stood on a street.
    streets
        Names and metres, the longest first; ``""`` for streets without a name.
    segments
        Segments that were driven, at least in part, in the order of the network.
    points, matched_points, breaks
        How many there were, how many found their street, and how often the way was lost.
    """

    length_m: float
    duration_s: float
    still_s: float
    streets: tuple[tuple[str, float], ...]
    segments: IntArray
    points: int
    matched_points: int
    breaks: int


def account(network: StreetNetwork, matched: Iterable[Matched]) -> Account:
    """Sum up what was driven."""
    matched = tuple(matched)
    directed = np.concatenate([np.zeros(0, np.int32), *(one.driven.directed for one in matched)])
    metres = np.concatenate([np.zeros(0), *(one.driven.to_m - one.driven.from_m for one in matched)])
    segment = directed.astype(np.int64) >> 1
    code = network.name.codes[segment]
    by_name = np.bincount(code, weights=metres, minlength=len(network.name.values))
    order = np.argsort(-by_name, kind="stable")
    return Account(
        length_m=float(metres.sum()),
        duration_s=float(sum(one.track.time_s[-1] - one.track.time_s[0] for one in matched if len(one.track))),
        still_s=float(sum(one.driven.still_s.sum() for one in matched)),
        streets=tuple((network.name.values[k], float(by_name[k])) for k in order if by_name[k] > 0),
        segments=np.unique(segment[metres > 0]),
        points=sum(len(one.track) for one in matched),
        matched_points=sum(int((one.directed >= 0).sum()) for one in matched),
        breaks=sum(len(one.breaks) for one in matched),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """When a vehicle was near places; one entry for each time it came, in the order of time.

    Parameters
    ----------
    place
        Position of the place.
    arrive_s, depart_s
        From when to when it was within the radius; where no point lies within, both are when it passed nearest.
    near_m
        How near it came.
    stood
        Whether it stood there.
    """

    place: IntArray
    arrive_s: FloatArray
    depart_s: FloatArray
    near_m: FloatArray
    stood: NDArray[np.bool_]

    def __post_init__(self) -> None:
        for array in (self.place, self.arrive_s, self.depart_s, self.near_m, self.stood):
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of visits."""
        return len(self.place)

    def order(self) -> IntArray:
        """Return the places in the order in which they were served, each once: at its first stay, else first passed."""
        by_need = np.lexsort((np.arange(len(self)), ~self.stood))
        first = by_need[np.unique(self.place[by_need], return_index=True)[1]]
        return self.place[np.sort(first)]


def visits(matched: Matched, lon: ArrayLike, lat: ArrayLike, radius_m: float = 25.0) -> Visits:
    """Return when a vehicle came near places, by the lines between its points.

    Parameters
    ----------
    lon, lat
        Places in degrees.
    radius_m
        How near is near. Scatter of the receiver included: 25 m suits places on the kerb and a receiver good to 10 m.
    """
    track = matched.track
    places = np.stack([np.atleast_1d(np.asarray(a, dtype=np.float64)) for a in (lon, lat)], axis=-1)
    true_lat = float(track.lat.mean())
    unit = float(true_metres(track.lat, true_lat).mean())
    points = to_plane(track.lon, track.lat, true_lat) * unit
    spots = to_plane(places[:, 0], places[:, 1], true_lat) * unit
    first = np.flatnonzero(np.diff(track.time_s) <= SILENCE_S)
    ends = np.stack([first, first + 1], axis=-1) if len(first) else np.zeros((0, 2), np.int64)
    ends = np.concatenate([ends, np.repeat(np.setdiff1d(np.arange(len(points)), ends)[:, None], 2, axis=1)])
    ends = ends[np.lexsort((ends[:, 1], ends[:, 0]))]
    tree = shapely.STRtree(list(np.atleast_1d(np.asarray(shapely.linestrings(points[ends])))))
    place, line = tree.query(np.atleast_1d(np.asarray(shapely.points(spots))), predicate="dwithin", distance=radius_m)
    return _visits(matched, points, spots, ends, (place.astype(np.int64), line.astype(np.int64)), radius_m)


def _visits(
    matched: Matched,
    points: FloatArray,
    spots: FloatArray,
    ends: IntArray,
    pairs: tuple[IntArray, IntArray],
    radius_m: float,
) -> Visits:
    """Put together neighbouring lines that are near a place."""
    time = matched.track.time_s
    order = np.lexsort(pairs[::-1])
    place, line = pairs[0][order], pairs[1][order]
    a, b = ends[line].T
    gap = spots[place] - points[a]
    step = points[b] - points[a]
    length2 = np.maximum((step**2).sum(axis=1), 1e-12)
    share = np.clip((gap * step).sum(axis=1) / length2, 0.0, 1.0)
    near = np.hypot(*(gap - share[:, None] * step).T)
    at = time[a] + share * (time[b] - time[a])
    fresh = np.ones(len(place), bool)
    fresh[1:] = (place[1:] != place[:-1]) | (a[1:] != b[:-1])
    group = np.cumsum(fresh) - 1
    count = int(fresh.sum())
    arrive, depart, nearest = np.full(count, np.inf), np.full(count, -np.inf), np.full(count, np.inf)
    stood = np.zeros(count, bool)
    for end in (a, b):
        within = np.hypot(*(spots[place] - points[end]).T) <= radius_m
        for moment in (at, np.where(within, time[end], at)):
            np.minimum.at(arrive, group, moment)
            np.maximum.at(depart, group, moment)
        np.logical_or.at(stood, group, within & matched.stay[end])
    np.minimum.at(nearest, group, near)
    middle = np.zeros(count)
    best = np.flatnonzero(near <= nearest[group])
    middle[group[best][::-1]] = at[best][::-1]
    by_time = np.argsort(middle, kind="stable")
    return Visits(
        place=place[np.flatnonzero(fresh)][by_time],
        arrive_s=arrive[by_time],
        depart_s=depart[by_time],
        near_m=nearest[by_time],
        stood=stood[by_time],
    )
