"""A plan in the making, in arrays: empty, from rounds, and back to rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

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

LOG = 20_000


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
    idle = np.full((kinds, max(rounds, 1)), -1, dtype=np.int64)
    empties = np.zeros(kinds, dtype=np.int64)
    for k in range(rounds - 1, -1, -1):
        kind = stage.kind_of[k]
        tour[k, SPOT] = empties[kind]
        idle[kind, empties[kind]] = k
        empties[kind] += 1
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
        tour=tour,
        total=np.zeros((rounds, limits)),
        spare=np.arange(s.n, s.n + stage.pool, dtype=np.int64),
        spare_at=np.arange(stage.pool, dtype=np.int64),
        empty=idle,
        empties=empties,
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
    relabel_all(table(s), table(work))
    return work


def best_rounds(stage: Stage, work: Work) -> list[tuple[str, list[int]]]:
    """Return who goes where in the best plan: stops, and sites as ``-1 - site``."""
    found = []
    for k, vehicle in enumerate(stage.vehicles):
        head = stage.scene.heads + k
        visits, v = [], int(work.best_next[head])
        while v != head:
            visits.append(v if v < stage.scene.n else -1 - int(work.best_site[v]))
            v = int(work.best_next[v])
        if visits:
            found.append((vehicle, visits))
    return found


def load(stage: Stage, work: Work, rounds: Iterable[tuple[str, Sequence[int]]]) -> None:
    """Fill an empty plan with rounds: vehicles and their stops, and sites as ``-1 - site``.

    Rounds that cannot be in time as the search sees them are left out with their stops.
    """
    at = {vehicle: k for k, vehicle in enumerate(stage.vehicles)}
    laid = {at[vehicle]: list(visits) for vehicle, visits in rounds if any(visit >= 0 for visit in visits)}
    for k, visits in laid.items():
        _lay(stage, work, k, visits)
    _list_absent(stage, work)
    relabel_all(table(stage.scene), table(work))
    late = [k for k in laid if work.tour[k, COST] >= NEVER]
    if late:
        fresh = empty(stage, 0)
        fresh.dice[:] = work.dice
        for into, array in zip(work, fresh, strict=True):
            into[...] = array
        load(stage, work, [(stage.vehicles[k], visits) for k, visits in laid.items() if k not in late])


def _list_absent(stage: Stage, work: Work) -> None:
    out = np.flatnonzero(work.link[: stage.scene.n, ROUND] < 0)
    work.absent_at[:] = -1
    work.absent[: len(out)], work.absent_at[out] = out, np.arange(len(out))
    work.purse[ABSENT] = len(out)


def _lay(stage: Stage, work: Work, k: int, visits: Sequence[int]) -> None:
    s, kind = stage.scene, int(work.tour[k, KIND])
    last = s.heads + k
    for visit in visits:
        v = visit
        if visit < 0:
            work.purse[SPARE] -= 1
            v = int(work.spare[work.purse[SPARE]])
            work.site[v] = -1 - visit
            work.ways[v] = s.site_ways[-1 - visit]
            work.tour[k, TIPS] += 1
        else:
            work.tour[k, STOPS] += 1
            work.total[k] += s.use[kind, v]
        work.link[last, NEXT], work.link[v, PREV], work.link[v, ROUND] = v, last, k
        last = v
    work.link[last, NEXT], work.link[s.heads + k, PREV] = s.heads + k, last
    if work.tour[k, STOPS]:
        work.empties[kind] -= 1
        other = work.empty[kind, work.empties[kind]]
        work.empty[kind, work.tour[k, SPOT]] = other
        work.tour[other, SPOT] = work.tour[k, SPOT]
