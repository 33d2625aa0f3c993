"""From points to observations: standing vehicles once, moving ones where they have come far enough to tell.

While a vehicle stands, its receiver wanders; taken one by one such points look like small drives to and fro. They are
gathered into one observation, the *stay*, at their mean. Of points on the move those within two standard deviations of
the last observation are left out, as Newson and Krumm do (2009, section 4.1): they say nothing about the way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.kernel import inner, kernel
from network.plane import to_plane, true_metres
from network.tracks.track import Track

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
STILL_SIGMAS = 3.5  # a standing vehicle's points lie so near their mean, in standard deviations of the receiver
CREEP_SIGMAS = 2.0  # and the means of their first and second half so near each other; else it creeps along
NEAR_SIGMAS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """What is matched, in the order of time.

    Parameters
    ----------
    lon, lat, x, y
        Where: degrees, and metres in the plane.
    arrive_s, depart_s
        When: one time on the move, first and last of a stay.
    stay
        Whether the vehicle stood.
    owner
        For each point of the track its observation.
    """

    lon: FloatArray
    lat: FloatArray
    x: FloatArray
    y: FloatArray
    arrive_s: FloatArray
    depart_s: FloatArray
    stay: NDArray[np.bool_]
    owner: IntArray

    def __len__(self) -> int:
        """Return the number of observations."""
        return len(self.lon)


def observe(track: Track, *, sigma_m: float, still_s: float) -> Observations:
    """Gather the points of a track.

    Parameters
    ----------
    sigma_m
        Standard deviation of the receiver along each axis.
    still_s
        A vehicle that does not leave its place for so long stands.
    """
    middle = float(track.lat.mean()) if len(track) else 0.0
    x, y = np.ascontiguousarray((to_plane(track.lon, track.lat, middle) * true_metres(track.lat, middle)[:, None]).T)
    x, y = x - x[:1], y - y[:1]
    owner, stay = _gather(x, y, track.time_s.copy(), sigma_m, still_s)
    first = np.flatnonzero(np.r_[len(owner) > 0, owner[1:] != owner[:-1]])
    part = stay.copy()  # what an observation is made of: the points of a stay, or the first point on the move
    part[first] = True
    count = np.bincount(owner[part], minlength=len(first))
    lon, lat, mean_x, mean_y = (
        np.bincount(owner[part], weights=values[part], minlength=len(first)) / count
        for values in (track.lon, track.lat, x, y)
    )
    depart = track.time_s[first].copy()
    np.maximum.at(depart, owner[part], track.time_s[part])
    return Observations(
        lon=lon,
        lat=lat,
        x=mean_x,
        y=mean_y,
        arrive_s=track.time_s[first],
        depart_s=depart,
        stay=stay[first],
        owner=owner,
    )


@kernel
def _gather(
    x: FloatArray, y: FloatArray, time: FloatArray, sigma: float, still_s: float
) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return the observation of each point, and whether the point is one of those of a stay."""
    owner, stay = np.zeros(len(x), np.int64), np.zeros(len(x), np.bool_)
    count, last_x, last_y = 0, np.inf, np.inf
    done = 0
    for p in range(len(x)):
        if p < done:
            continue
        end = _standing(x, y, p, STILL_SIGMAS * sigma)
        if time[end - 1] - time[p] >= still_s and _creep(x, y, p, end) <= CREEP_SIGMAS * sigma:
            count += 1
            for q in range(p, end):
                owner[q], stay[q] = count - 1, True
            last_x, last_y = _mean(x, p, end), _mean(y, p, end)
            done = end
            continue
        if math.hypot(x[p] - last_x, y[p] - last_y) > NEAR_SIGMAS * sigma:
            count += 1
            last_x, last_y = x[p], y[p]
        owner[p] = count - 1
    return owner, stay


@inner
def _standing(x: FloatArray, y: FloatArray, begin: int, within: float) -> int:
    """Return the end of the points from one on of which each is near the mean of those before."""
    sum_x, sum_y, end = x[begin], y[begin], begin + 1
    while end < len(x):
        n = end - begin
        if math.hypot(x[end] - sum_x / n, y[end] - sum_y / n) > within:
            break
        sum_x, sum_y, end = sum_x + x[end], sum_y + y[end], end + 1
    return end


@inner
def _creep(x: FloatArray, y: FloatArray, begin: int, end: int) -> float:
    """Return how far the second half of points has come from the first."""
    half = (begin + end) // 2
    if half == begin:
        return 0.0
    return math.hypot(
        _mean(x, half, end) - _mean(x, begin, half),
        _mean(y, half, end) - _mean(y, begin, half),
    )


@inner
def _mean(values: FloatArray, begin: int, end: int) -> float:
    """Return the mean of some values."""
    total = 0.0
    for k in range(begin, end):
        total += values[k]
    return total / (end - begin)
