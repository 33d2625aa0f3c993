"""Rows and columns of a minimisation in the making, and how it shrinks as sites are fixed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimiser.hubs.compiled import inner, kernel, plain
from optimiser.hubs.siting.problem import Floats, Ints

I32 = NDArray[np.int32]
I8 = NDArray[np.int8]
Bools = NDArray[np.bool_]


class Rows(NamedTuple):
    """Arcs by demand in rising cost, what is paid for a demand without one of them, what each site costs."""

    start: Ints
    site: I32
    cost: Floats
    far: Floats
    fixed: Floats


class Columns(NamedTuple):
    """The same arcs by site, demand rising."""

    start: Ints
    row: I32
    cost: Floats


class Shrunk(NamedTuple):
    """What is left: ``row`` and ``site`` lead back, ``constant`` is paid in any case."""

    rows: Rows
    row: I32
    site: I32
    constant: float


@plain
def _counted(rows: Rows, status: I8, limit: Floats, count: Ints) -> None:
    """Write what each demand pays at most, and how many arcs to free sites it has below that."""
    for i in range(len(limit)):
        most, arcs = rows.far[i], 0
        for t in range(rows.start[i], rows.start[i + 1]):
            s = status[rows.site[t]]
            if rows.cost[t] >= most:
                break
            if s == 1:
                most = rows.cost[t]
                break
            arcs += s == 0
        limit[i], count[i] = most, arcs


@plain
def _filled(rows: Rows, status: I8, at: I32, count: Ints, limit: Floats, small: Rows, row: I32) -> None:
    """Write the arcs that are left."""
    k, e = 0, 0
    for i in range(len(limit)):
        if count[i] == 0:
            continue
        left, t = count[i], rows.start[i]
        while left > 0:
            if status[rows.site[t]] == 0:
                small.site[e] = at[rows.site[t]]
                small.cost[e] = rows.cost[t]
                e += 1
                left -= 1
            t += 1
        row[k] = i
        small.far[k] = limit[i]
        k += 1
        small.start[k] = e


@inner
def shrunk(rows: Rows, status: I8) -> Shrunk:
    """Return what is left to decide: sites fixed open (1) become what their demand pays at most, closed (-1) go."""
    n, m = len(rows.far), len(rows.fixed)
    at, back, kept = np.full(m, -1, np.int32), np.empty(m, np.int32), np.empty(m)
    sites, constant = 0, 0.0
    for j in range(m):
        if status[j] == 0:
            at[j], back[sites], kept[sites] = sites, j, rows.fixed[j]
            sites += 1
        elif status[j] == 1:
            constant += rows.fixed[j]
    limit, count = np.empty(n), np.empty(n, np.int64)
    _counted(rows, status, limit, count)
    left, arcs = 0, 0
    for i in range(n):
        left += count[i] > 0
        arcs += count[i]
        if count[i] == 0:
            constant += limit[i]
    small = Rows(np.zeros(left + 1, np.int64), np.empty(arcs, np.int32), np.empty(arcs), np.empty(left), kept[:sites])
    row = np.empty(left, np.int32)
    _filled(rows, status, at, count, limit, small, row)
    return Shrunk(small, row, back[:sites], constant)


@inner
def turned(rows: Rows) -> Columns:
    """Return the arcs by site."""
    start, site, cost, far, fixed = rows
    n, m = len(far), len(fixed)
    first = np.zeros(m + 1, np.int64)
    for t in range(len(site)):
        first[site[t] + 1] += 1
    for j in range(m):
        first[j + 1] += first[j]
    at = first[:m].copy()
    row, paid = np.empty(len(site), np.int32), np.empty(len(site))
    for i in range(n):
        for t in range(start[i], start[i + 1]):
            k = at[site[t]]
            row[k] = i
            paid[k] = cost[t]
            at[site[t]] = k + 1
    return Columns(first, row, paid)


@kernel
def shrink(rows: Rows, status: I8) -> tuple[Shrunk, Columns]:
    """Return :func:`shrunk` and its columns to Python."""
    small = shrunk(rows, status)
    return small, turned(small.rows)


@plain
def smallest(numbers: Floats, k: int) -> float:
    """Return the number that is ``k``-th (from 0) in rising order; the array is left in another order (Hoare)."""
    low, high = 0, len(numbers) - 1
    while low < high:
        middle = numbers[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while numbers[i] < middle:
                i += 1
            while numbers[j] > middle:
                j -= 1
            if i <= j:
                numbers[i], numbers[j] = numbers[j], numbers[i]
                i += 1
                j -= 1
        if k <= j:
            high = j
        elif k >= i:
            low = i
        else:
            break
    return float(numbers[k])
