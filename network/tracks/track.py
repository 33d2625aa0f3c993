"""Where a vehicle was, and when: the noun, and what is odd about the points of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faults import Fault
from network.geometry import metres_between

FloatArray = NDArray[np.float64]
FASTEST_M_S = 60.0  # 216 km/h: faster than anything that collects; between two points it is a jump of the receiver
JUMP_M = 200.0  # shorter ones are the scatter of a receiver that stands between houses
SHOWN = 5  # rows named in one doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Points of one vehicle in the order of time.

    Parameters
    ----------
    id
        Name of the track, or of the vehicle.
    time_s
        Seconds since 1970-01-01 00:00 UTC, rising.
    lon, lat
        Degrees.
    row
        Where each point stands in its file: row of a table, line of a GPX file.
    """

    id: str
    time_s: FloatArray
    lon: FloatArray
    lat: FloatArray
    row: NDArray[np.int64]

    def __post_init__(self) -> None:
        arrays = (self.time_s, self.lon, self.lat, self.row)
        if any(len(array) != len(self.time_s) for array in arrays):
            raise ValueError("track arrays differ in length")
        if not all(np.isfinite(array).all() for array in (self.time_s, self.lon, self.lat)):
            raise ValueError("every point of a track has a finite time, longitude and latitude")
        if (np.diff(self.time_s) <= 0).any():
            raise ValueError("the times of a track rise")
        for array in arrays:
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.time_s)


def in_order(
    name: str, time_s: FloatArray, lon: FloatArray, lat: FloatArray, row: NDArray[np.int64], *, file: str, word: str
) -> tuple[Track, list[Fault]]:
    """Put points into the order of time, one for each time, and say what was odd.

    Returns
    -------
    tuple
        The track; doubts ``track-backwards``, ``track-double`` (the first of those with one time is kept),
        ``track-jump`` (kept: the matching leaves out what no vehicle can have driven).
    """
    where = f"{file}, track {name}"
    doubts = []
    back = np.flatnonzero(np.diff(time_s) < 0) + 1
    if len(back):
        cause = f"time runs backwards at {_rows(row[back], word)}"
        action = "nothing is to be done if rows were merely out of order: they were sorted; else check the clock"
        doubts.append(Fault(code="track-backwards", place=where, cause=cause, action=action))
    order = np.argsort(time_s, kind="stable")
    double = np.flatnonzero(np.diff(time_s[order]) == 0) + 1
    if len(double):
        cause = f"the time of the point before comes again at {_rows(np.sort(row[order[double]]), word)}"
        action = "the first point of each time was kept; if vehicles are mixed up, add a column that tells them apart"
        doubts.append(Fault(code="track-double", place=where, cause=cause, action=action))
    order = np.delete(order, double)
    track = Track(id=name, time_s=time_s[order], lon=lon[order], lat=lat[order], row=row[order])
    step = metres_between(track.lon[:-1], track.lat[:-1], track.lon[1:], track.lat[1:])
    jump = np.flatnonzero((step > JUMP_M) & (step > FASTEST_M_S * np.diff(track.time_s))) + 1
    if len(jump):
        cause = f"no vehicle is as fast as this one would be before {_rows(track.row[jump], word)}"
        action = "nothing is to be done: such points are left out where they fit no way"
        doubts.append(Fault(code="track-jump", place=where, cause=cause, action=action))
    return track, doubts


def _rows(rows: NDArray[np.int64], word: str) -> str:
    return listed(np.unique(rows).tolist(), word)


def listed(rows: Sequence[int], word: str) -> str:
    """Name rows as people do: the first few, and how many there are."""
    names = ", ".join(map(str, rows[:SHOWN]))
    if len(rows) == 1:
        return f"{word} {names}"
    return f"{word}s {names}" + (f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else "")
