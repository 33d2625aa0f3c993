"""Sparse arcs from dense distances or from lists of pairs, and the same arcs column by column."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimiser.hubs.siting.problem import Arcs, Floats, Ints, Sites


def from_matrix(distance: Floats, reach: float = np.inf, cost: Floats | None = None) -> Arcs:
    """Return the arcs of a dense matrix (demand by candidate) that are finite and within reach."""
    row, site = np.nonzero(np.isfinite(distance) & (distance <= reach))
    start = np.zeros(len(distance) + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=len(distance)), out=start[1:])
    money = None if cost is None else np.ascontiguousarray(cost[row, site], dtype=np.float64)
    near = np.ascontiguousarray(distance[row, site], dtype=np.float64)
    return Arcs(start=start, site=site.astype(np.int32), distance=near, cost=money)


def from_pairs(size: int, row: Ints, site: Ints, distance: Floats, cost: Floats | None = None) -> Arcs:
    """Return the arcs of a list of pairs; ``size`` is the number of demands."""
    order = np.lexsort((distance, row))
    start = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=size), out=start[1:])
    return Arcs(
        start=start,
        site=site[order].astype(np.int32),
        distance=np.ascontiguousarray(distance[order], dtype=np.float64),
        cost=None if cost is None else np.ascontiguousarray(cost[order], dtype=np.float64),
    )


class Columns(NamedTuple):
    """Arcs by candidate: demand and cost of those of candidate ``j`` lie from ``start[j]`` to ``start[j + 1]``."""

    start: Ints
    row: NDArray[np.int32]
    cost: Floats


def columns(start: Ints, site: Sites, cost: Floats, sites: int) -> Columns:
    """Return rows of arcs as columns, demand rising in each."""
    row = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    order = np.argsort(site, kind="stable")
    first = np.zeros(sites + 1, dtype=np.int64)
    np.cumsum(np.bincount(site, minlength=sites), out=first[1:])
    return Columns(first, row[order], cost[order])
