"""Vehicles that drive through a network while a receiver writes down where it thinks it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from network.geometry import METRES_PER_DEGREE
from network.lines import points_at
from network.tracks.driven import Driven
from network.tracks.track import Track
from network.weigh import Weights


@dataclass(frozen=True, kw_only=True)
class Trip:
    """What was really driven: directed segments, each from its start (but the first) to its end (but the last)."""

    directed: NDArray[np.int64]
    from_m: NDArray[np.float64]
    to_m: NDArray[np.float64]
    from_s: NDArray[np.float64]
    to_s: NDArray[np.float64]

    @property
    def metres(self) -> float:
        """How far it is."""
        return float((self.to_m - self.from_m).sum())


def trip(
    weights: Weights, random: np.random.Generator, *, least_m: float = 2000.0, states: list[int] | None = None
) -> Trip:
    """Drive the fastest way from somewhere to somewhere at least so far, or along the states given."""
    graph = weights.graph
    if states is None:
        states = way(weights, random, least_m)
    directed = graph.directed[states]
    keep = np.r_[True, directed[1:] != directed[:-1]]  # no steps without length
    at = np.array(states)[keep]
    directed = directed[keep]
    length = graph.network.length_m[directed >> 1]
    from_m, to_m = np.zeros(len(at)), length.copy()
    from_m[0], to_m[-1] = 0.3 * length[0], 0.7 * length[-1]
    took = weights.ms[at] / 1000 * np.divide(to_m - from_m, length, out=np.zeros(len(at)), where=length > 0)
    end = np.cumsum(took)
    return Trip(directed=directed, from_m=from_m, to_m=to_m, from_s=end - took, to_s=end)


def way(weights: Weights, random: np.random.Generator, least_m: float) -> list[int]:
    """Return the states of a fastest way between random ends in the strongest part."""
    strong = np.flatnonzero(weights.arrive & weights.leave)
    ms, _ = weights.along()
    arcs = weights.arcs(np.maximum(ms, 1))
    while True:
        source = int(random.choice(strong))
        before = dijkstra(arcs, indices=np.array([source]), return_predecessors=True)[1][0]
        for target in random.choice(strong, 20):
            states = [int(target)]
            while before[states[-1]] >= 0:
                states.append(int(before[states[-1]]))
            if states[-1] == source and weights.dm[states].sum() / 10 >= least_m:
                return states[::-1]


def receive(
    weights: Weights, driven: Trip, random: np.random.Generator, *, every_s: float, noise_m: float, start_s: float = 0.0
) -> tuple[Track, NDArray[np.int64]]:
    """Return what a receiver writes down, and the directed segment it really was on."""
    network = weights.graph.network
    time = np.arange(0.0, driven.to_s[-1], every_s)
    row = np.minimum(np.searchsorted(driven.to_s, time, side="right"), len(driven.to_s) - 1)
    took = driven.to_s[row] - driven.from_s[row]
    share = np.divide(time - driven.from_s[row], took, out=np.zeros(len(time)), where=took > 0)
    along = driven.from_m[row] + share * (driven.to_m[row] - driven.from_m[row])
    segment = driven.directed[row] >> 1
    along = np.where(driven.directed[row] & 1, network.length_m[segment] - along, along)
    lon, lat = points_at(network, segment.astype(np.int64), along).T
    noise = random.normal(0, noise_m, (2, len(time))) / METRES_PER_DEGREE
    track = Track(
        id="t",
        time_s=start_s + time,
        lon=lon + noise[0] / np.cos(np.radians(lat)),
        lat=lat + noise[1],
        row=np.arange(len(time)),
    )
    return track, driven.directed[row]


def agreement(driven: Trip, found: Driven) -> tuple[float, float]:
    """Return the share of the metres driven that were found, in their order, and of those found that were driven.

    Both rest on the longest common way: the same directed segments in the same order, by the metres both cover.
    """
    a, b = driven, found
    best = np.zeros(len(b.directed) + 1)
    for k in range(len(a.directed)):
        overlap = np.where(
            b.directed == a.directed[k],
            np.maximum(np.minimum(b.to_m, a.to_m[k]) - np.maximum(b.from_m, a.from_m[k]), 0.0),
            0.0,
        )
        row = np.maximum(best[1:], best[:-1] + overlap)
        best[1:] = np.maximum.accumulate(row)
    common = float(best[-1])
    return common / driven.metres, common / max(float((found.to_m - found.from_m).sum()), 1e-9)
