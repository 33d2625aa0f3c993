"""The likeliest way through the candidates of all observations, after Newson and Krumm (2009).

Of an observation z and a candidate r at distance d from it, with the receiver's standard deviation sigma:

    log p(z | r) = - d**2 / (2 sigma**2) + constant

Of two candidates one after the other, with the metres w of the way between them through the streets and the metres g
between the two observations as the crow flies:

    log p(r -> r') = - |w - g| / beta + constant

The likeliest sequence is found as Viterbi (1967) does it; how sure each candidate is, by summing over all sequences
forwards and backwards. An observation that no way leads to is passed over as an outlier; where several in a row cannot
be reached, or too much time lies between two, the track is broken and begins anew.

Paul Newson and John Krumm: Hidden Markov Map Matching Through Noise and Sparseness. ACM SIGSPATIAL GIS 2009, 336-343.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.kernel import inner, kernel
from network.tracks.reach import Desk, Reach, search

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
MATCHED, NO_STREET, OUTLIER = 0, 1, 2
WHOLE, GAP, NO_WAY = 0, 1, 2  # why a piece begins: it is the first, too long a silence, or no way there
BEAM = 40.0  # candidates so much less likely than the best of their observation (log) are not gone on from
MOST_PASSED = 4  # observations passed over in a row


class Rows(NamedTuple):
    """Observations and their candidates, one row an observation."""

    x: FloatArray
    y: FloatArray
    arrive_s: FloatArray
    depart_s: FloatArray
    state: IntArray  # -1 after the last
    at_m: FloatArray  # along the state as it is driven
    far_m: FloatArray  # from the observation


class Limits(NamedTuple):
    """The numbers of the model, in metres, seconds and metres a second: see :class:`network.tracks.match.Manner`."""

    sigma_m: float
    beta_m: float
    slip_m: float
    detour: float
    extra_m: float
    fastest_m_s: float
    gap_s: float
    gap_m: float


class Found(NamedTuple):
    """What was found for each observation."""

    chosen: IntArray  # column of the candidate, -1 where there is none
    previous: IntArray  # the observation it was come from, -1 at the start of a piece
    reason: NDArray[np.int8]  # MATCHED, NO_STREET or OUTLIER
    begun: NDArray[np.int8]  # why a piece begins there: WHOLE, GAP, NO_WAY
    sure: FloatArray  # probability of the candidate among all


def viterbi(rows: Rows, reach: Reach, desk: Desk, directed: IntArray, limits: Limits) -> Found:
    """Find the likeliest candidates of a track."""
    count, width = rows.state.shape
    seen = np.where(rows.state >= 0, -0.5 * (rows.far_m / limits.sigma_m) ** 2, -np.inf)
    score, back = np.full((count, width), -np.inf), np.full((count, width), -1, np.int64)
    move = np.full((count, width, width), -np.inf, np.float32)
    previous, begun = np.full(count, -1, np.int64), np.zeros(count, np.int8)
    reason = np.where(rows.state[:, 0] < 0, NO_STREET, OUTLIER).astype(np.int8)
    last, why, t = -1, WHOLE, 0
    passed: list[int] = []  # no way leads to them from the last one
    while t < count or passed:
        if t == count or len(passed) > MOST_PASSED or (passed and _silent(rows, last, t, limits)):
            t, last, passed, why = passed[0], -1, [], NO_WAY  # begin anew where it was lost
        if reason[t] == NO_STREET:
            t += 1
            continue
        if last >= 0 and _silent(rows, last, t, limits):
            last, why = -1, GAP
        if last < 0:
            score[t], begun[t] = seen[t], why
        else:
            move[t] = _likely_moves(rows, reach, desk, directed, limits, last, t, score[last])
            onto = score[last][:, None] + move[t]
            back[t] = onto.argmax(axis=0)
            score[t] = onto.max(axis=0) + seen[t]
            if score[t].max() == -np.inf:
                passed.append(t)
                t += 1
                continue
        previous[t], reason[t] = last, MATCHED
        last, passed, t = t, [], t + 1
    chosen = _traced(score, back, previous, reason)
    on = np.append(directed, -1)[rows.state]
    same = (on >= 0) & (on == on[np.arange(count), chosen][:, None])
    return Found(chosen, previous, reason, begun, _sureness(seen, move, previous, reason, same))


def _silent(rows: Rows, last: int, t: int, limits: Limits) -> bool:
    """Return whether too much time and way lie between two observations to tell what was driven."""
    gone = np.hypot(rows.x[t] - rows.x[last], rows.y[t] - rows.y[last])
    return bool(rows.arrive_s[t] - rows.depart_s[last] > limits.gap_s and gone > limits.gap_m)


def _likely_moves(
    rows: Rows, reach: Reach, desk: Desk, directed: IntArray, limits: Limits, last: int, t: int, score: FloatArray
) -> FloatArray:
    """Return the log-likelihood of the ways from the candidates of one observation to those of another."""
    crow = float(np.hypot(rows.x[t] - rows.x[last], rows.y[t] - rows.y[last]))
    time = max(float(rows.arrive_s[t] - rows.depart_s[last]), 0.0)
    bound = min(limits.detour * crow, limits.fastest_m_s * time) + limits.extra_m
    metres = moves(rows, reach, desk, directed, limits.slip_m, last, t, bound, score >= score.max() - BEAM)
    return np.asarray(-np.abs(metres - crow) / limits.beta_m)


def _traced(score: FloatArray, back: IntArray, previous: IntArray, reason: NDArray[np.int8]) -> IntArray:
    """Return the candidate of each observation on the likeliest sequence of its piece."""
    chosen = np.full(len(previous), -1, np.int64)
    for t in np.flatnonzero(reason == MATCHED)[::-1]:
        if chosen[t] < 0:
            chosen[t] = score[t].argmax()
        if previous[t] >= 0:
            chosen[previous[t]] = back[t, chosen[t]]
    return chosen


def _sureness(
    seen: FloatArray, move: NDArray[np.float32], previous: IntArray, reason: NDArray[np.int8], same: NDArray[np.bool_]
) -> FloatArray:
    """Return how probable the directed segment chosen is, over all sequences (forward-backward algorithm).

    Weights are kept near 1 by dividing each observation's by their largest.
    """
    forward, backward = np.zeros(seen.shape), np.ones(seen.shape)
    likely = np.exp(seen - seen.max(axis=1, initial=-1e9)[:, None])
    matched = np.flatnonzero(reason == MATCHED)
    for t in matched.tolist():
        forward[t] = likely[t]
        if previous[t] >= 0:
            forward[t] *= forward[previous[t]] @ np.exp(move[t].astype(np.float64))
        forward[t] /= forward[t].max()
    for t in matched[::-1].tolist():
        if previous[t] >= 0:
            onwards = np.exp(move[t].astype(np.float64)) @ (backward[t] * likely[t])
            backward[previous[t]] = onwards / onwards.max()
    both = forward * backward
    total: FloatArray = both.sum(axis=1)
    shared: FloatArray = (both * same).sum(axis=1)
    return np.divide(shared, total, out=np.zeros(len(total)), where=total > 0)


@kernel
def moves(
    rows: Rows,
    reach: Reach,
    desk: Desk,
    directed: IntArray,
    slip_m: float,
    last: int,
    t: int,
    bound: float,
    alive: NDArray[np.bool_],
) -> FloatArray:
    """Return the metres from the living candidates of one observation to all of another, infinite beyond the bound."""
    width = rows.state.shape[1]
    metres = np.full((width, width), np.inf)
    for i in range(width):
        if rows.state[last, i] < 0 or not alive[i]:
            continue
        around = _spread(rows, reach, desk, slip_m, last, i, t, bound)
        for j in range(width):
            way = _way(rows, desk, directed, slip_m, last, i, t, j, around)
            if way <= bound:
                metres[i, j] = way
    return metres


@inner
def _spread(rows: Rows, reach: Reach, desk: Desk, slip_m: float, last: int, i: int, t: int, bound: float) -> float:
    """Search from one candidate to all of another observation; return the metres round to itself."""
    wanted, loop = _ask(rows, desk, slip_m, last, i, t)
    return search(reach, desk, rows.state[last, i], wanted, bound + rows.at_m[last, i], loop)[0]


@inner
def _ask(rows: Rows, desk: Desk, slip_m: float, last: int, i: int, t: int) -> tuple[int, bool]:
    """Ask for the candidates of an observation; return how many there are, and whether for the very same again."""
    desk.round[0] += 1
    now = desk.round[0]
    wanted, loop = 0, False
    for j in range(rows.state.shape[1]):
        state = rows.state[t, j]
        if state < 0:
            continue
        if state == rows.state[last, i]:
            loop |= rows.at_m[t, j] < rows.at_m[last, i] - slip_m
        elif desk.wanted[state] != now:
            desk.wanted[state] = now
            wanted += 1
    return wanted, loop


@inner
def _way(
    rows: Rows, desk: Desk, directed: IntArray, slip_m: float, last: int, i: int, t: int, j: int, around: float
) -> float:
    """Return the metres from one candidate to another after the search from the first; infinite if there is no way.

    Backwards along one and the same directed segment, within limits, the vehicle stood and its receiver was off.
    """
    from_, to = rows.state[last, i], rows.state[t, j]
    if to < 0:
        return np.inf
    ahead = rows.at_m[t, j] - rows.at_m[last, i]
    if directed[from_] == directed[to] and ahead >= -slip_m:
        if from_ == to or desk.seen[to] == desk.round[0]:
            return max(float(ahead), 0.0)
        return np.inf
    if from_ == to:
        return around + float(ahead)
    if desk.seen[to] != desk.round[0] or desk.distance[to] + ahead < 0.0:
        return np.inf
    return float(desk.distance[to] + ahead)


def trace(
    rows: Rows, reach: Reach, desk: Desk, directed: IntArray, limits: Limits, found: Found
) -> tuple[IntArray, IntArray]:
    """Return the directed segments between each observation and the one it was come from, both ends included.

    Those of observation ``t`` are ``way[start[t]:start[t + 1]]``, none where it begins a piece or is not matched.
    """
    parts, start = [np.zeros(0, np.int64)], np.zeros(len(found.chosen) + 1, np.int64)
    for t in np.flatnonzero(found.previous >= 0).tolist():
        last = found.previous[t]
        from_, to = int(rows.state[last, found.chosen[last]]), int(rows.state[t, found.chosen[t]])
        ahead = rows.at_m[t, found.chosen[t]] - rows.at_m[last, found.chosen[last]]
        along = directed[from_] == directed[to] and ahead >= -limits.slip_m
        states = [from_] if along else _states_between(reach, desk, from_, to)
        way = directed[states]
        parts.append(way[np.r_[True, way[1:] != way[:-1]]])  # without steps within a directed segment
        start[t + 1] = len(parts[-1])
    return np.cumsum(start), np.concatenate(parts)


def _states_between(reach: Reach, desk: Desk, from_: int, to: int) -> list[int]:
    """Return the states on the shortest way, both included; round and back to the same one if they are one."""
    desk.round[0] += 1
    desk.wanted[to] = desk.round[0]
    before = search(reach, desk, from_, int(from_ != to), np.inf, from_ == to)[1]
    states = [to]
    at = before if from_ == to else int(desk.parent[to])
    while at >= 0:
        states.append(at)
        at = int(desk.parent[at])
    return states[::-1]
