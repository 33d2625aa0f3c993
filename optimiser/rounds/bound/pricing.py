"""Trips that the prices of the master make worth their while, and how much any trip could be worth.

Four efforts, each slower and surer than the one before: routes remembered roughly, then all ng-routes. What no trip can
be cheaper than is known in any case from :func:`~optimiser.rounds.bound.paths.completion`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.bound.cuts import Cutting, priced_cuts, with_cuts
from optimiser.rounds.bound.labels import Found
from optimiser.rounds.bound.master import Master, Path, reduced
from optimiser.rounds.bound.paths import completion, least, trips, varied

Floats = NDArray[np.float64]
WORTH = -1e-7  # a reduced cost above this is rounding
MOST_LABELS, MOST_EFFORT = 600_000, 300_000_000  # that a search may take: about a second
FEW = 24  # rows tried after each in a rough search
MOST_TRIPS = 150  # that one search adds
OFTEN = 6  # trips with the same stop that one search adds, at least one stop apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Trips of a kind below nothing, the cheapest first, and what no trip of it can be cheaper than."""

    paths: tuple[Path, ...]
    cheapest: float
    complete: bool = True


def offer(of: Master, cutting: Cutting, kind: int, price: Floats, *, rough: bool) -> Offer:
    """Return the trips of a kind that are worth their while.

    Parameters
    ----------
    rough
        Fast: may miss trips, and ``cheapest`` is then that of a weaker relaxation.
    """
    scene = of.scenes[kind]
    if not scene.rows:
        return Offer(paths=(), cheapest=0.0)
    net = scene.net._replace(near=cutting.near[kind])
    matrix = with_cuts(cutting, kind, scene, reduced(of, kind, price), price)
    rest = completion(matrix, net.stop_of, net.use, net.cap)
    lowest = float(least(matrix, net.use, net.cap, rest.first))
    if lowest >= WORTH:
        return Offer(paths=(), cheapest=lowest)
    after = _after(matrix, scene.rows, rough=rough)
    found = trips(matrix, net, rest, priced_cuts(cutting, scene, price), after, rough, WORTH, MOST_LABELS, MOST_EFFORT)
    if not rough and found.complete:
        lowest = min(float(found.cost.min(initial=0.0)), 0.0)
    return Offer(paths=_paths(found, net.stop_of), cheapest=lowest, complete=rough or found.complete)


def _after(matrix: Floats, rows: int, *, rough: bool) -> NDArray[np.int32]:
    """Return the rows to try after each: all of them, or those that seem best."""
    if not rough or rows <= FEW:
        return np.broadcast_to(np.arange(rows, dtype=np.int32), (rows, rows)).copy()
    return np.argpartition(matrix[:rows, :rows], FEW, axis=1)[:, :FEW].astype(np.int32)


def _paths(found: Found, stop_of: NDArray[np.int32]) -> tuple[Path, ...]:
    """Return cheap trips that differ in what they serve."""
    ends = np.flatnonzero(found.sink >= 0)
    ends = ends[np.argsort(found.cost[ends], kind="stable")]
    paths = []
    for end in varied(found, ends, stop_of, MOST_TRIPS, OFTEN).tolist():
        rows, label = [len(stop_of) + int(found.sink[end])], end
        while label >= 0:
            rows.append(int(found.row[label]))
            label = int(found.before[label])
        rows.append(len(stop_of) - 1 - label)
        paths.append(np.array(rows[::-1], dtype=np.int64))
    return tuple(paths)
