"""Given the open hubs: who goes where, what is left, and why."""

from __future__ import annotations

import numpy as np

from optimiser.hubs.arrays import NOBODY, Bools, Floats, Positions, Shares, capacity, kg_per_day, tally, within_reach
from optimiser.hubs.plan import Assignment, HubPlan, LeftOut
from optimiser.hubs.problem import HubProblem
from optimiser.hubs.values import Values

SMALLEST = 1e-7  # a share below this is rounding, not people


def fill(problem: HubProblem, values: Values, is_open: Bools, begun: Shares = NOBODY) -> Shares:
    """Send everybody who is left to the best open hub that has room, nearest first.

    Best is the least unit cost, then the shortest way, then the first in the list. Who meets a full hub turns to the
    next; whoever stands on the edge of a capacity is split. Each pass fills a hub or finishes, so there are at most
    as many passes as hubs. Without capacities one pass gives the best assignment; with them it is a good first plan.
    """
    kg = kg_per_day(problem)
    parts = [begun]
    left = np.clip(1.0 - tally(begun.row, begun.share, len(kg)), 0.0, 1.0)
    taken = tally(begun.column, kg[begun.row] * begun.share, len(is_open))
    room = np.where(is_open, capacity(problem) - taken, 0.0)
    full = room <= SMALLEST * np.maximum(1.0, taken)
    while True:
        who, where = _choose(problem, values, is_open, full, left, kg)
        if not len(who):
            return _merged(parts)
        take = _accept(problem.distance_m[who, where], where, left[who] * kg[who], room)
        share = np.where(kg[who] > 0, left[who] * take, left[who])
        parts.append(Shares(row=who, column=where, share=share))
        left[who] -= share
        left[left < SMALLEST] = 0.0
        room -= tally(where, kg[who] * share, len(room))
        full |= np.isin(np.arange(len(full)), where[take < 1.0])


def _choose(
    problem: HubProblem, values: Values, is_open: Bools, full: Bools, left: Floats, kg: Floats
) -> tuple[Positions, Positions]:
    """Return who is left and has a hub to go to, and the best one; who brings nothing fits anywhere."""
    who, hubs = np.flatnonzero(left > 0), np.flatnonzero(is_open)
    if not len(who) or not len(hubs):
        return who[:0], hubs[:0]
    grid = np.ix_(who, hubs)
    unit = np.where(full[hubs][None, :] & (kg[who] > 0)[:, None], np.inf, values.unit[grid])
    least = unit.min(axis=1)
    tied = np.isfinite(unit) & (unit <= least[:, None])
    where = hubs[np.argmin(np.where(tied, problem.distance_m[grid], np.inf), axis=1)]
    able = np.isfinite(least)
    return who[able], where[able]


def _accept(distance_m: Floats, where: Positions, kg: Floats, room: Floats) -> Floats:
    """Return which part of each load its hub takes when the nearest come first."""
    order = np.lexsort((distance_m, where))
    hub, load = where[order], kg[order]
    after = np.cumsum(load)
    first = np.r_[True, hub[1:] != hub[:-1]]
    before_hub = np.repeat((after - load)[first], np.diff(np.r_[np.flatnonzero(first), len(hub)]))
    fits = np.clip(room[hub] - (after - load - before_hub), 0.0, load)
    part = np.ones(len(kg))
    part[order] = np.divide(fits, load, out=np.ones(len(kg)), where=load > 0)
    return part


def _merged(parts: list[Shares]) -> Shares:
    """Return one entry per pair, in the order of demand and candidates."""
    row = np.concatenate([part.row for part in parts])
    column = np.concatenate([part.column for part in parts])
    share = np.concatenate([part.share for part in parts])
    width = int(column.max()) + 1 if len(column) else 1
    pair, back = np.unique(row * width + column, return_inverse=True)
    total: Floats = tally(back, share, len(pair))
    kept = total > SMALLEST
    pair, total = pair[kept], total[kept]
    return Shares(row=pair // width, column=pair % width, share=total)


def to_plan(problem: HubProblem, values: Values, is_open: Bools, sent: Shares) -> HubPlan:
    """Write positions as a plan, with the reason for everybody who is left out."""
    served = tally(sent.row, sent.share, len(problem.demand))
    near = within_reach(problem)
    reachable, reachable_open = near.sum(axis=1) > 0, near[:, is_open].sum(axis=1) > 0
    worth = np.isfinite(values.unit[:, is_open]).sum(axis=1) > 0
    left_out = tuple(
        LeftOut(
            demand=problem.demand[k].id,
            share=float(1.0 - served[k]),
            reason=_reason(bool(reachable[k]), bool(reachable_open[k]), bool(worth[k])),
        )
        for k in np.flatnonzero(served < 1.0 - SMALLEST)
    )
    return HubPlan(
        open=tuple(c.id for c, opened in zip(problem.candidates, is_open, strict=True) if opened),
        assignments=tuple(
            Assignment(demand=problem.demand[i].id, hub=problem.candidates[j].id, share=float(share))
            for i, j, share in zip(sent.row, sent.column, sent.share, strict=True)
        ),
        left_out=left_out,
    )


def _reason(reachable: bool, reachable_open: bool, worth: bool) -> str:
    if not reachable:
        return "out-of-reach"
    if not reachable_open:
        return "not-chosen"
    return "full" if worth else "not-worth-it"
