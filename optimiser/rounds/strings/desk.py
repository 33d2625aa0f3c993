"""A plan in the making, in arrays: empty, from rounds, and back to rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.strings.anneal import relabel_all
from optimiser.rounds.strings.layout import (
    ABSENT,
    BEST,
    COST,
    KIND,
    NEVER,
    NEXT,
    PREV,
    ROUND,
    SPARE,
    SPOT,
    STOPS,
    TIPS,
    Work,
)
from optimiser.rounds.strings.scene import Stage
from optimiser.rounds.strings.views import table

Ints = NDArray[np.int64]
LOG = 20_000


class Laid(NamedTuple):
    """Rounds one after the other: visits (stops, and sites as ``-1 - site``), and where each round's begin."""

    visits: Ints
    first: Ints


def empty(stage: Stage, seed: int) -> Work:
    """Return a plan in which all stops are left out."""
    s = stage.scene
    rounds, slots, limits, kinds = len(stage.vehicles), stage.ways.shape[1], s.room.shape[1], len(s.profile)
    size = s.heads + rounds
    link = np.full((size, 4), -1, dtype=np.int64)
    heads = np.arange(s.heads, size)
    link[heads, NEXT] = link[heads, PREV] = heads
    link[heads, ROUND] = np.arange(rounds)
    tour = np.zeros((rounds, 8), dtype=np.int64)
    tour[:, KIND] = stage.kind_of
    purse = np.zeros(16, dtype=np.int64)
    purse[SPARE], purse[ABSENT], purse[BEST] = stage.pool, s.n, NEVER
    stops = np.arange(s.n, dtype=np.int64)
    work = Work(
        link=link,
        ways=stage.ways.astype(np.int64),
        site=np.zeros(size, dtype=np.int64),
        money=np.zeros((size, slots, 2), dtype=np.int64),
        clock=np.zeros((size, slots, 8), dtype=np.int64),
        load=np.zeros((size, 2, limits)),
        holds=np.zeros((size if s.released else 1, 2), dtype=np.int64),
        parts=np.zeros((size if s.released else 1, slots, 6), dtype=np.int64),
        tour=tour,
        total=np.zeros((rounds, limits)),
        spare=np.arange(s.n, s.n + stage.pool, dtype=np.int64),
        spare_at=np.arange(stage.pool, dtype=np.int64),
        empty=np.full((kinds, max(rounds, 1)), -1, dtype=np.int64),
        empties=np.zeros(kinds, dtype=np.int64),
        absent=stops.copy(),
        absent_at=stops.copy(),
        log=np.zeros((LOG + 2 * s.n, 5), dtype=np.int64),
        touched=np.zeros(rounds + 1, dtype=np.int64),
        stale=np.zeros(rounds + 1, dtype=np.int64),
        purse=purse,
        best_next=link[:, NEXT].copy(),
        best_site=np.zeros(size, dtype=np.int64),
        dice=np.array([(seed + 1) * 0x9E3779B97F4A7C15 % (1 << 64)], dtype=np.uint64),
        out=np.zeros((s.n + 2, 2), dtype=np.int64),
        key=np.zeros(s.n + limits + 2),
        buffer=np.zeros(s.n + 2, dtype=np.int64),
        value=np.zeros(s.n + 2, dtype=np.int64),
        came=np.zeros(s.n + 2, dtype=np.int64),
        gone=np.zeros(s.n + 2, dtype=np.int64),
        dump=np.zeros((s.n + 2, 2), dtype=np.int64),
        memo=np.full((s.work_cost.shape[1] if s.tipped else 1, 8), -1, dtype=np.int64),
        seat=np.zeros(32, dtype=np.int64),
    )
    _list_idle(stage, work)
    relabel_all(table(s), table(work))
    return work


def best_rounds(stage: Stage, work: Work) -> list[tuple[str, list[int]]]:
    """Return who goes where in the best plan: stops, and sites as ``-1 - site``."""
    laid = rings(stage, work.best_next, work.best_site)
    visits, first = laid.visits.tolist(), laid.first.tolist()
    return [
        (vehicle, visits[first[k] : first[k + 1]])
        for k, vehicle in enumerate(stage.vehicles)
        if first[k + 1] > first[k]
    ]


def rings(stage: Stage, following: Ints, site: Ints) -> Laid:
    """Return the rounds that links and sites of nodes tell of."""
    after, visits, first = following.tolist(), [], [0]
    for head in range(stage.scene.heads, len(after)):
        v = after[head]
        while v != head:
            visits.append(v)
            v = after[v]
        first.append(len(visits))
    nodes = np.array(visits, dtype=np.int64)
    return Laid(visits=np.where(nodes < stage.scene.n, nodes, -1 - site[nodes]), first=np.array(first, dtype=np.int64))


def load(stage: Stage, work: Work, rounds: Iterable[tuple[str, Sequence[int]]]) -> None:
    """Fill an empty plan with rounds: vehicles and their stops, and sites as ``-1 - site``.

    Rounds that cannot be in time as the search sees them are left out with their stops.
    """
    at = {vehicle: k for k, vehicle in enumerate(stage.vehicles)}
    held = {at[vehicle]: visits for vehicle, visits in rounds if any(visit >= 0 for visit in visits)}
    lengths = np.array([len(held.get(k, ())) for k in range(len(stage.vehicles))], dtype=np.int64)
    visits = np.array([visit for k in sorted(held) for visit in held[k]], dtype=np.int64)
    lay(stage, work, Laid(visits=visits, first=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)))
    late = {k for k in held if work.tour[k, COST] >= NEVER}
    if late:
        clear(stage, work)
        load(stage, work, [(stage.vehicles[k], visits) for k, visits in held.items() if k not in late])


def clear(stage: Stage, work: Work) -> None:
    """Leave all stops out again; random numbers go on."""
    fresh = empty(stage, 0)
    fresh.dice[:] = work.dice
    for into, array in zip(work, fresh, strict=True):
        into[...] = array


def lay(stage: Stage, work: Work, laid: Laid) -> None:
    """Fill an empty plan with rounds, work out what they cost, and keep them as the best plan.

    Without arrays of legs what they cost stays open.
    """
    s, visits = stage.scene, laid.visits
    lengths = np.diff(laid.first)
    busy, tips = lengths > 0, visits < 0
    used, at = int(tips.sum()), np.repeat(np.arange(len(lengths)), lengths)
    heads, first, last = s.heads + np.flatnonzero(busy), laid.first[:-1][busy], laid.first[1:][busy] - 1
    nodes = visits.copy()
    nodes[tips] = np.arange(s.heads - used, s.heads)  # the last of the pool, which are those in use
    work.purse[SPARE] -= used
    work.site[nodes[tips]] = -1 - visits[tips]
    work.ways[nodes[tips]] = s.site_ways[-1 - visits[tips]]
    work.link[nodes, ROUND] = at
    after, before = np.roll(nodes, -1), np.roll(nodes, 1)
    after[last], before[first] = heads, heads
    work.link[nodes, NEXT], work.link[nodes, PREV] = after, before
    work.link[heads, NEXT], work.link[heads, PREV] = nodes[first], nodes[last]
    stops, served = visits[~tips], at[~tips]
    work.tour[:, STOPS] = np.bincount(served, minlength=len(lengths))
    work.tour[:, TIPS] = np.bincount(at[tips], minlength=len(lengths))
    for x in range(work.total.shape[1]):
        put = s.use[stage.kind_of[served], stops, x]
        work.total[:, x] = np.bincount(served, weights=put, minlength=len(lengths))
    _list_idle(stage, work)
    _list_absent(stage, work)
    if stage.wide:
        work.best_next[:], work.best_site[:] = work.link[:, NEXT], work.site
        work.purse[BEST] = NEVER
    else:
        relabel_all(table(s), table(work))


def _list_idle(stage: Stage, work: Work) -> None:
    """List the vehicles without work, the first of each kind last: those are taken first."""
    work.empty[:] = -1
    for kind in range(len(work.empties)):
        idle = np.flatnonzero((stage.kind_of == kind) & (work.tour[:, STOPS] == 0))[::-1]
        work.empty[kind, : len(idle)], work.empties[kind] = idle, len(idle)
        work.tour[idle, SPOT] = np.arange(len(idle))


def _list_absent(stage: Stage, work: Work) -> None:
    out = np.flatnonzero(work.link[: stage.scene.n, ROUND] < 0)
    work.absent_at[:] = -1
    work.absent[: len(out)], work.absent_at[out] = out, np.arange(len(out))
    work.purse[ABSENT] = len(out)
