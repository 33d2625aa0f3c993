"""One order of items as the flat arrays that the compiled pass reads: places, legs, loads, releases.

Places from ``len(terms.work)`` on are the ways of the items, one item after the other. Legs are only looked up where
they can be driven: from item to item, and between items and fixed places.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.clock import FOREVER_MS
from optimiser.rounds.compiled import kernel
from optimiser.rounds.kinds import Kind
from optimiser.rounds.nodes import taken
from optimiser.rounds.tables import Tables
from optimiser.rounds.terms import Terms, fixed_ways
from optimiser.rounds.ways import Floats, Ints
from optimiser.travel import UNREACHABLE

NO_WAY_MS = 2 * FOREVER_MS


class Course(NamedTuple):
    """One order of items. ``first[i]`` is the first place of item ``i``; ``site[i]`` its site, -1 for a stop.

    ``legs_ms`` and ``legs_dm`` have a row for each period, and in it all legs: among fixed places, from items to fixed
    places, the other way, and from place ``p`` of an item to those of the next from ``step_first[p]`` on. ``waste``,
    ``parcels``, ``held``, ``brought``, ``fees`` and ``unsold`` are sums over the items before; ``goods`` is by item.
    ``levels`` are the releases that the trip that begins with item ``i`` may wait for, from ``level_first[i]`` on;
    ``later[i]`` is the latest release from item ``i`` on.
    """

    first: Ints
    work: Ints
    site: Ints
    span_first: Ints
    spans: Ints
    legs_ms: Ints
    legs_dm: Ints
    step_first: Ints
    waste: Floats
    parcels: Floats
    goods: Floats
    held: Ints
    brought: Ints
    fees: Floats
    unsold: Floats
    release: Ints
    later: Ints
    level_first: Ints
    levels: Ints
    heavy: bool  # goods are delivered: loads must be looked at back to where they were taken on
    weigh: bool
    free: bool


def course(known: Tables, kind: Kind, held: Terms, order: Ints, *, free: bool, weigh: bool) -> Course:
    """Return the course of these nodes: positions of stops, or after them those of sites."""
    stops = len(known.stop_at)
    begins, ways = taken(kind.nodes.way_first, kind.nodes.ways, order)
    span_first, spans = taken(kind.nodes.span_first, kind.nodes.spans, order)
    legs_ms, legs_dm, step_first = _legs(kind, begins, ways)
    at = np.flatnonzero(order < stops)
    picks = order[at]
    scales, count = kind.scales, len(order)
    goods = np.zeros((count, *scales.goods.shape[1:]))
    goods[at] = scales.goods[picks]
    release = np.zeros(count, dtype=np.int64)
    release[at] = known.release_ms[picks]
    site = np.full(count, -1, dtype=np.int64)
    site[order >= stops] = kind.site_at[order[order >= stops] - stops]
    level_first, levels = _levels(release, site, free=free)
    return Course(
        first=begins + len(held.work),
        work=np.concatenate((held.work, ways[:, 2:])),
        site=site,
        span_first=span_first,
        spans=spans,
        legs_ms=legs_ms,
        legs_dm=legs_dm,
        step_first=step_first,
        waste=_running(scales.waste, picks, at, count),
        parcels=_running(scales.parcels, picks, at, count),
        goods=goods,
        held=_running(kind.holds, picks, at, count),
        brought=_running(kind.brings, picks, at, count),
        fees=_running(kind.fees, picks, at, count),
        unsold=_running(kind.unsold, picks, at, count),
        release=release,
        later=np.append(np.maximum.accumulate(release[::-1])[::-1], 0),
        level_first=level_first,
        levels=levels,
        heavy=weigh and bool(kind.brings[picks].any()),
        weigh=weigh,
        free=free,
    )


def _running(table: NDArray[Any], picks: Ints, at: Ints, count: int) -> NDArray[Any]:
    """Return sums over the items before each item; tips add nothing."""
    whole = np.int64 if table.dtype == np.bool_ else table.dtype
    total: NDArray[Any] = np.zeros((count + 1, *table.shape[1:]), dtype=whole)
    total[at + 1] = table[picks]
    return np.cumsum(total, axis=0, out=total)


def _levels(release: Ints, site: Ints, *, free: bool) -> tuple[Ints, Ints]:
    """Return the releases that a trip that begins with each item, or with the way home, may wait for.

    With free tips the trip ends anywhere, so every running maximum; with listed tips that of the whole trip.
    """
    count = len(release)
    if not release.any():
        return np.arange(count + 2), np.zeros(count + 1, dtype=np.int64)
    found: list[list[int]] = []
    for i in range(count):
        ends = np.flatnonzero(site[i:] >= 0)
        trip = release[i:] if free or not len(ends) else release[i : i + ends[0]]
        highest = np.maximum.accumulate(trip)
        found.append(np.unique(highest).tolist() if free else [int(trip.max(initial=0))])
    found.append([0])
    return np.cumsum([0, *map(len, found)]), np.array([level for levels in found for level in levels], dtype=np.int64)


def _legs(kind: Kind, begins: Ints, ways: Ints) -> tuple[Ints, Ints, Ints]:
    """Return ms and dm of all legs of a course in each period, and where the steps from each place begin."""
    fixed = fixed_ways(kind)
    rows = np.array([kind.start_row, *(way.row for way in fixed)], dtype=np.int64)
    cols = np.array([kind.end_column, *(way.column for way in fixed)], dtype=np.int64)
    count, places = len(rows), len(ways)
    widths = np.diff(begins)
    step_first = np.zeros(places + 1, dtype=np.int64)
    np.cumsum(np.repeat(np.append(widths[1:], 0)[: len(widths)], widths), out=step_first[1:])
    pairs = np.empty((2, count * count + 2 * count * places + step_first[-1]), dtype=np.int64)
    _fill_pairs(pairs, rows, cols, ways, begins)
    legs_ms, legs_dm = np.empty((2, len(kind.travels), pairs.shape[1]), dtype=np.int64)
    for t, (travel, row_of, col_of) in enumerate(kind.travels):
        ms, dm = travel.legs(
            pairs[0] if row_of is None else row_of[pairs[0]], pairs[1] if col_of is None else col_of[pairs[1]]
        )
        cut_off = (ms >= UNREACHABLE) | (dm >= UNREACHABLE)
        legs_ms[t], legs_dm[t] = ms, dm
        legs_ms[t, cut_off], legs_dm[t, cut_off] = NO_WAY_MS, 0
    return legs_ms, legs_dm, step_first


@kernel
def _fill_pairs(pairs: Ints, rows: Ints, cols: Ints, ways: Ints, begins: Ints) -> None:
    """Fill in row and column of every leg: among fixed places, out of items, into items, from item to item."""
    n = 0
    for a in range(len(rows)):
        for b in range(len(cols)):
            pairs[0, n], pairs[1, n] = rows[a], cols[b]
            n += 1
    for p in range(len(ways)):
        for b in range(len(cols)):
            pairs[0, n], pairs[1, n] = ways[p, 1], cols[b]
            n += 1
    for a in range(len(rows)):
        for p in range(len(ways)):
            pairs[0, n], pairs[1, n] = rows[a], ways[p, 0]
            n += 1
    for i in range(len(begins) - 2):
        for p in range(begins[i], begins[i + 1]):
            for q in range(begins[i + 1], begins[i + 2]):
                pairs[0, n], pairs[1, n] = ways[p, 1], ways[q, 0]
                n += 1
