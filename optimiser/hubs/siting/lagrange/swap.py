"""Plans that get better: sites open, close and change places (Resende and Werneck 2007, EJOR 174, 54-68).

For each closed site f ``gain[f]`` is what demand saves if it opens, for each open one (in slot s) ``loss[s]`` what
demand pays if it closes, and ``extra[f, s]`` what both at once save beside that:

    change of cost, f for s  =  fixed[f] - gain[f] - fixed[s] + loss[s] - extra[f, s].

A change touches the demand that comes to f or leaves s, and only its part of the three tables.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimiser.hubs.compiled import kernel, plain
from optimiser.hubs.siting.lagrange.rows import I32, Bools, Columns, Rows
from optimiser.hubs.siting.problem import Floats

LEAST = 1e-9  # relative: a change that saves less is rounding


class Desk(NamedTuple):
    """What the exchange works on: nearest and second open site of each demand and their costs, slots, tables."""

    one: I32
    two: I32
    first: Floats
    second: Floats
    slot: I32  # of each site, -1 if closed
    held: I32  # site of each slot, -1 if free
    gain: Floats
    loss: Floats
    extra: Floats  # site by slot
    leave: Floats  # what closing each slot costs, while the best change is looked for


@plain
def _look(rows: Rows, desk: Desk, i: int) -> None:
    """Find the two cheapest open sites of a demand."""
    one, two = -1, -1
    first = second = rows.far[i]
    for t in range(rows.start[i], rows.start[i + 1]):
        j = rows.site[t]
        if desk.slot[j] >= 0:
            if one < 0:
                one, first = j, rows.cost[t]
            else:
                two, second = j, rows.cost[t]
                break
    desk.one[i], desk.two[i], desk.first[i], desk.second[i] = one, two, first, second


@plain
def _tell(rows: Rows, desk: Desk, i: int, sign: float, width: int) -> None:
    """Add (or take back) what a demand has to say to the tables."""
    one, first, second = desk.one[i], desk.first[i], desk.second[i]
    s = -1
    if one >= 0:
        s = desk.slot[one]
        desk.loss[s] += sign * (second - first)
    for t in range(rows.start[i], rows.start[i + 1]):
        c = rows.cost[t]
        if c >= second:
            break
        j = rows.site[t]
        if c < first:
            desk.gain[j] += sign * (first - c)
            if s >= 0:
                desk.extra[j * width + s] += sign * (second - first)
        elif s >= 0:
            desk.extra[j * width + s] += sign * (second - c)


@plain
def _seat(rows: Rows, desk: Desk, chosen: Bools) -> float:
    """Set everything anew for a set of sites; return what it costs."""
    desk.slot.fill(-1)
    desk.held.fill(-1)
    desk.gain.fill(0.0)
    desk.loss.fill(0.0)
    desk.extra.fill(0.0)
    width, s, total = len(desk.held), 0, 0.0
    for j in range(len(chosen)):
        if chosen[j]:
            desk.slot[j], desk.held[s] = s, j
            s += 1
            total += rows.fixed[j]
    for i in range(len(rows.far)):
        _look(rows, desk, i)
        _tell(rows, desk, i, 1.0, width)
        total += desk.first[i]
    return total


@plain
def _best(rows: Rows, desk: Desk, room: bool) -> tuple[float, int, int]:
    """Return the change of least cost: which site opens (-1: none) and which slot closes (-1: none)."""
    width, least, opens, closes = len(desk.held), 0.0, -1, -1
    leave = desk.leave
    for s in range(width):
        leave[s] = np.inf
        if desk.held[s] >= 0:
            leave[s] = desk.loss[s] - rows.fixed[desk.held[s]]
            if leave[s] < least:
                least, opens, closes = leave[s], -1, s
    for f in range(len(rows.fixed)):
        if desk.slot[f] >= 0:
            continue
        come = rows.fixed[f] - desk.gain[f]
        if room and come < least:
            least, opens, closes = come, f, -1
        for s in range(width):
            change = come + leave[s] - desk.extra[f * width + s]
            if change < least:
                least, opens, closes = change, f, s
    return least, opens, closes


@plain
def _leave(rows: Rows, columns: Columns, desk: Desk, opens: int, gone: int, marked: Bools) -> None:
    """Mark whom a change touches, and take back what they say."""
    width = len(desk.held)
    if gone >= 0:
        for t in range(columns.start[gone], columns.start[gone + 1]):
            i = columns.row[t]
            if desk.one[i] == gone or desk.two[i] == gone:
                marked[i] = True
                _tell(rows, desk, i, -1.0, width)
    if opens >= 0:
        for t in range(columns.start[opens], columns.start[opens + 1]):
            i = columns.row[t]
            if columns.cost[t] < desk.second[i] and not marked[i]:
                marked[i] = True
                _tell(rows, desk, i, -1.0, width)


@plain
def _change(rows: Rows, columns: Columns, desk: Desk, opens: int, closes: int, marked: Bools) -> None:
    """Open a site (-1: none) and close a slot (-1: none)."""
    gone = desk.held[closes] if closes >= 0 else -1
    _leave(rows, columns, desk, opens, gone, marked)
    if closes >= 0:
        desk.slot[gone], desk.held[closes] = -1, -1
    if opens >= 0:
        s = 0
        while desk.held[s] >= 0:
            s += 1
        desk.slot[opens], desk.held[s] = s, opens
    for j in (gone, opens):
        if j < 0:
            continue
        for t in range(columns.start[j], columns.start[j + 1]):
            i = columns.row[t]
            if marked[i]:
                marked[i] = False
                _look(rows, desk, i)
                _tell(rows, desk, i, 1.0, len(desk.held))


@plain
def _descend(rows: Rows, columns: Columns, desk: Desk, most: int, marked: Bools) -> None:
    """Make the best change until none is left."""
    count = 0
    for s in range(len(desk.held)):
        count += desk.held[s] >= 0
    while True:
        size = 0.0
        for i in range(len(rows.far)):
            size += desk.first[i]
        least, opens, closes = _best(rows, desk, count < most and count < len(desk.held))
        if least >= -LEAST * (1.0 + size):
            return
        _change(rows, columns, desk, opens, closes, marked)
        count += (opens >= 0) - (closes >= 0)


@plain
def _sum(rows: Rows, desk: Desk) -> float:
    total = 0.0
    for s in range(len(desk.held)):
        if desk.held[s] >= 0:
            total += rows.fixed[desk.held[s]]
    for i in range(len(rows.far)):
        total += desk.first[i]
    return total


@plain
def _shaken(rows: Rows, columns: Columns, desk: Desk, height: Floats, marked: Bools) -> None:
    """Exchange a few sites by chance: one comes in, of three the one that is missed least goes."""
    width, m = len(desk.held), len(height)
    for _ in range(1 + int(np.random.random() * 4)):  # noqa: NPY002 - as above
        f, mark = 0, np.random.random() * height[m - 1]  # noqa: NPY002 - as above
        while f < m - 1 and height[f] < mark:
            f += 1
        if desk.slot[f] >= 0:
            continue
        closes, best = -1, np.inf
        for _ in range(3):
            s = int(np.random.random() * width)  # noqa: NPY002 - as above
            if desk.held[s] >= 0:
                change = desk.loss[s] - rows.fixed[desk.held[s]] - desk.extra[f * width + s]
                if change < best:
                    best, closes = change, s
        if closes >= 0:
            _change(rows, columns, desk, f, closes, marked)


@kernel
def exchange(
    rows: Rows, columns: Columns, desk: Desk, most: int, chosen: Bools, rounds: int, seed: int, weight: Floats
) -> float:
    """Improve a set of sites in place by best changes, then ``rounds`` times from a few exchanges by chance.

    What is not worse is kept. ``weight`` says how likely each closed site is to come in. Returns what the set costs.
    """
    np.random.seed(seed)  # noqa: NPY002 - compiled code has this one only
    m = len(chosen)
    marked = np.zeros(len(rows.far), np.bool_)
    height, total = np.empty(m), 0.0
    for j in range(m):
        total += weight[j] + 1e-9
        height[j] = total
    now = _seat(rows, desk, chosen)
    for done in range(rounds + 1):
        if done > 0:
            _shaken(rows, columns, desk, height, marked)
        _descend(rows, columns, desk, most, marked)
        cost = _sum(rows, desk)
        if done == 0 or cost <= now:
            now = cost
            for j in range(m):
                chosen[j] = desk.slot[j] >= 0
        else:
            _back(rows, columns, desk, chosen, marked)
        if done % 50 == 49:  # nothing may drift
            _seat(rows, desk, chosen)
    return now


@plain
def _back(rows: Rows, columns: Columns, desk: Desk, chosen: Bools, marked: Bools) -> None:
    """Return to a set of sites, change by change."""
    for j in range(len(chosen)):
        if desk.slot[j] >= 0 and not chosen[j]:
            opens = -1
            for f in range(len(chosen)):
                if chosen[f] and desk.slot[f] < 0:
                    opens = f
                    break
            _change(rows, columns, desk, opens, desk.slot[j], marked)
    for f in range(len(chosen)):
        if chosen[f] and desk.slot[f] < 0:
            _change(rows, columns, desk, f, -1, marked)


@kernel
def greedy(rows: Rows, columns: Columns, most: int) -> Bools:
    """Return sites that each saved most when they opened (Cornuejols and others 1977), looked at only when due."""
    m = len(rows.fixed)
    chosen, paid = np.zeros(m, np.bool_), rows.far.copy()
    saved, looked = np.full(m, np.inf), np.full(m, -1)
    for done in range(most):
        while True:
            f = np.argmax(saved)
            if looked[f] == done:
                break
            total = -rows.fixed[f]
            for t in range(columns.start[f], columns.start[f + 1]):
                total += max(0.0, paid[columns.row[t]] - columns.cost[t])
            saved[f], looked[f] = total, done
        if saved[f] <= 0.0:
            break
        chosen[f], saved[f] = True, -np.inf
        for t in range(columns.start[f], columns.start[f + 1]):
            i = columns.row[t]
            paid[i] = min(paid[i], columns.cost[t])
    return chosen
