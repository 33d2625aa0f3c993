"""Speeds as they were really driven, by directed segment, and by class of street where one has been driven too little.

A *pass* is a directed segment driven through once. Its speed is that of its metres over its time without the stays
(:mod:`network.tracks.observe`): a vehicle that stands to serve, at a gate or in the yard is not slow. Shorter halts, at
signals and crossings, are part of the speed.

Of a directed segment with enough passes the median is taken, which a few wrong ones do not move. Elsewhere the speed
that map and profile give is scaled by the class's ratio, the median over all its passes of driven to given, weighted by
metres: what a surface or a sign slows down stays slower than the rest of its class.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from network.profiles import VehicleProfile
from network.tracks.clock import zone_of
from network.tracks.match import Matched
from network.weigh import Weights

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
LEAST_PASSES = 3
LEAST_CLASS_PASSES = 20
LEAST_SHARE = 0.5  # of a segment, for a pass to count: at the ends of a track times are uncertain
FASTEST_KMH = 150.0  # faster than this no pass was driven
LOW, HIGH = 0.15, 0.85  # the share of metres driven slower than the low, and than the high speed of a class
QUARTER_S = 900  # clocks are changed at full quarters of an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassSpeed:
    """How a class of street was driven.

    Parameters
    ----------
    highway
        The class.
    passes, km
        What it rests on.
    kmh, low_kmh, high_kmh
        Median, and the speeds below which 15 % and 85 % of the metres were driven.
    ratio
        Median of driven to given speed.
    enough
        Whether there are enough passes to be used.
    """

    highway: str
    passes: int
    km: float
    kmh: float
    low_kmh: float
    high_kmh: float
    ratio: float
    enough: bool


@dataclass(frozen=True, kw_only=True)
class Speeds:
    """Learnt speeds.

    Parameters
    ----------
    kmh
        By directed segment, for ``weigh(..., kmh=)``; NaN where nothing is known.
    passes
        How often each directed segment was driven.
    own
        Whether its speed is its own, and not its class's.
    classes
        By class, the longest driven first.
    """

    kmh: FloatArray
    passes: IntArray
    own: NDArray[np.bool_]
    classes: tuple[ClassSpeed, ...]

    def __post_init__(self) -> None:
        for array in (self.kmh, self.passes, self.own):
            array.setflags(write=False)


def learn(
    weights: Weights,
    matched: Iterable[Matched],
    *,
    least_passes: int = LEAST_PASSES,
    least_class_passes: int = LEAST_CLASS_PASSES,
    hours: tuple[float, float] | None = None,
    zone: str = "UTC",
) -> Speeds:
    """Learn speeds from what was driven.

    Parameters
    ----------
    weights
        Those the tracks were matched with, which give the speeds of map and profile.
    least_passes, least_class_passes
        Fewer are too few.
    hours
        Only what was driven from one hour of the day to another, as clocks show them in ``zone``; over midnight if the
        second is the smaller one.
    """
    network = weights.graph.network
    directed, metres, seconds, at_s = _passes(network.length_m, matched)
    if hours is not None:
        during = within_hours(at_s, hours, zone)
        directed, metres, seconds = directed[during], metres[during], seconds[during]
    kmh = 3.6 * metres / seconds
    given = given_kmh(weights)
    names = network.tag("highway").strings()
    highway = names[directed >> 1]
    ratio = kmh / given[directed]
    classes = [
        _class_speed(
            str(name), kmh[highway == name], metres[highway == name], ratio[highway == name], least_class_passes
        )
        for name in np.unique(highway)
    ]
    passes = np.bincount(directed, minlength=len(given))
    learnt = given * network.tag("highway").map({c.highway: c.ratio for c in classes if c.enough}, np.nan).repeat(2)
    own = passes >= least_passes
    learnt[own] = _medians(directed, kmh, len(given))[own]
    return Speeds(kmh=learnt, passes=passes, own=own, classes=tuple(sorted(classes, key=lambda c: -c.km)))


def profile_with(profile: VehicleProfile, speeds: Speeds) -> VehicleProfile:
    """Return a profile with the median speeds of the classes that it may use and that were driven enough."""
    learnt = {c.highway: c.kmh for c in speeds.classes if c.enough and c.highway in profile.speed_kmh}
    return replace(profile, speed_kmh={**profile.speed_kmh, **learnt})


def given_kmh(weights: Weights) -> FloatArray:
    """Return the speed of each directed segment by its weights, NaN where it is closed."""
    given = np.full(2 * weights.graph.network.segments, np.nan)
    open_ = np.flatnonzero(weights.usable & (weights.ms > 0))
    given[weights.graph.directed[open_]] = 360.0 * weights.dm[open_] / weights.ms[open_]
    return given


def within_hours(time_s: FloatArray, hours: tuple[float, float], zone: str) -> NDArray[np.bool_]:
    """Return which times lie between two hours of the day, as clocks show them in a zone."""
    there = zone_of(zone)
    quarter, which = np.unique(np.floor(time_s / QUARTER_S), return_inverse=True)
    ahead = [datetime.fromtimestamp(q * QUARTER_S, UTC).astimezone(there).utcoffset() for q in quarter.tolist()]
    offset = np.array([0.0 if shift is None else shift.total_seconds() for shift in ahead])
    hour = (time_s + offset[which]) / 3600 % 24 if len(time_s) else time_s
    first, last = hours
    within: NDArray[np.bool_] = (hour >= first) & (hour < last) if first <= last else (hour >= first) | (hour < last)
    return within


def _passes(length_m: FloatArray, matched: Iterable[Matched]) -> tuple[IntArray, FloatArray, FloatArray, FloatArray]:
    """Return directed segment, metres, seconds on the move and time of each pass that counts."""
    parts = [
        np.stack([d.directed, d.to_m - d.from_m, d.to_s - d.from_s - d.still_s, (d.from_s + d.to_s) / 2])
        for d in (one.driven for one in matched)
    ]
    directed, metres, seconds, at_s = np.concatenate(parts, axis=1) if parts else np.zeros((4, 0))
    on = directed.astype(np.int64)
    counts = (metres > 0) & (metres >= LEAST_SHARE * length_m[on >> 1]) & (metres * 3.6 <= FASTEST_KMH * seconds)
    return on[counts], metres[counts], seconds[counts], at_s[counts]


def _medians(group: IntArray, values: FloatArray, count: int) -> FloatArray:
    """Return the median of each group, NaN where it is empty."""
    order = np.lexsort((values, group))
    many = np.bincount(group, minlength=count)
    start = np.cumsum(many) - many
    medians = np.full(count, np.nan)
    some = np.flatnonzero(many)
    low, high = start[some] + (many[some] - 1) // 2, start[some] + many[some] // 2
    medians[some] = (values[order[low]] + values[order[high]]) / 2
    return medians


def _class_speed(name: str, kmh: FloatArray, metres: FloatArray, ratio: FloatArray, least: int) -> ClassSpeed:
    return ClassSpeed(
        highway=name,
        passes=len(kmh),
        km=float(metres.sum()) / 1000,
        kmh=quantile(kmh, metres, 0.5),
        low_kmh=quantile(kmh, metres, LOW),
        high_kmh=quantile(kmh, metres, HIGH),
        ratio=quantile(ratio, metres, 0.5),
        enough=len(kmh) >= least,
    )


def quantile(values: FloatArray, weight: FloatArray, share: float) -> float:
    """Return the smallest value up to which lies at least this share of the weight."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    return float(values[order[np.searchsorted(reached, share * reached[-1] * (1 - 1e-12))]])
