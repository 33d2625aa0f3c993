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

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.kernel import kernel
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
    state: NDArray[np.int32]  # -1 after the last
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


@kernel
def viterbi(rows: Rows, reach: Reach, desk: Desk, directed: IntArray, limits: Limits) -> Found:
    """Find the likeliest candidates of a track."""
    count, width = rows.state.shape
    score, back = np.full((count, width), -np.inf), np.full((count, width), -1, np.int64)
    move = np.full((count, width, width), -np.inf, np.float32)
    previous, reason = np.full(count, -1, np.int64), np.full(count, OUTLIER, np.int8)
    begun = np.zeros(count, np.int8)
    last, first_passed, passed, why = -1, -1, 0, WHOLE
    t = 0
    while t < count or passed > 0:
        if t == count or passed > MOST_PASSED:  # nothing beyond can be reached: begin anew where it was lost
            t, last, passed, why = first_passed, -1, 0, NO_WAY
        if rows.state[t, 0] < 0:
            reason[t] = NO_STREET
            t += 1
            continue
        if last >= 0 and _silent(rows, last, t, limits):
            if passed > 0:
                t, why = first_passed, NO_WAY
            else:
                why = GAP
            last, passed = -1, 0
        if last < 0:
            score[t] = _seen(rows, t, limits)
            begun[t] = why
        elif not _step(rows, reach, desk, directed, limits, last, t, score, back, move):
            first_passed = t if passed == 0 else first_passed
            passed, reason[t] = passed + 1, OUTLIER
            t += 1
            continue
        previous[t], reason[t] = last, MATCHED
        last, passed = t, 0
        t += 1
    chosen = _traced(score, back, previous, reason)
    return Found(chosen, previous, reason, begun, _sureness(rows, directed, limits, move, previous, reason, chosen))


@kernel
def _silent(rows: Rows, last: int, t: int, limits: Limits) -> bool:
    """Return whether too much time and way lie between two observations to tell what was driven."""
    gone = math.hypot(rows.x[t] - rows.x[last], rows.y[t] - rows.y[last])
    return rows.arrive_s[t] - rows.depart_s[last] > limits.gap_s and gone > limits.gap_m


@kernel
def _seen(rows: Rows, t: int, limits: Limits) -> FloatArray:
    """Return the log-likelihood of each candidate from where it was seen alone."""
    seen = np.full(rows.state.shape[1], -np.inf)
    for j in range(len(seen)):
        if rows.state[t, j] >= 0:
            seen[j] = -0.5 * (rows.far_m[t, j] / limits.sigma_m) ** 2
    return seen


@kernel
def _step(
    rows: Rows,
    reach: Reach,
    desk: Desk,
    directed: IntArray,
    limits: Limits,
    last: int,
    t: int,
    score: FloatArray,
    back: IntArray,
    move: NDArray[np.float32],
) -> bool:
    """Go from the candidates of one observation to those of another; return whether any way leads there."""
    crow = math.hypot(rows.x[t] - rows.x[last], rows.y[t] - rows.y[last])
    time = max(rows.arrive_s[t] - rows.depart_s[last], 0.0)
    bound = min(limits.detour * crow + limits.extra_m, limits.fastest_m_s * time + limits.extra_m)
    width, best = rows.state.shape[1], score[last].max()
    seen = _seen(rows, t, limits)
    score[t], back[t], move[t] = -np.inf, -1, -np.inf
    for i in range(width):
        if rows.state[last, i] < 0 or score[last, i] < best - BEAM:
            continue
        around = _spread(rows, reach, desk, limits, last, i, t, bound)
        for j in range(width):
            way = _way(rows, desk, directed, limits, last, i, t, j, around)
            if way > bound:
                continue
            move[t, i, j] = -abs(way - crow) / limits.beta_m
            likely = score[last, i] + move[t, i, j] + seen[j]
            if likely > score[t, j]:
                score[t, j], back[t, j] = likely, i
    return bool(score[t].max() > -np.inf)


@kernel
def _spread(rows: Rows, reach: Reach, desk: Desk, limits: Limits, last: int, i: int, t: int, bound: float) -> float:
    """Search from one candidate to all of another observation; return the metres round to itself."""
    desk.round[0] += 1
    now, source = desk.round[0], int(rows.state[last, i])
    wanted, loop = 0, False
    for j in range(rows.state.shape[1]):
        state = int(rows.state[t, j])
        if state < 0:
            continue
        if state == source:
            loop |= rows.at_m[t, j] < rows.at_m[last, i] - limits.slip_m
        elif desk.wanted[state] != now:
            desk.wanted[state] = now
            wanted += 1
    return search(reach, desk, source, wanted, bound + rows.at_m[last, i], loop)[0]


@kernel
def _way(
    rows: Rows, desk: Desk, directed: IntArray, limits: Limits, last: int, i: int, t: int, j: int, around: float
) -> float:
    """Return the metres from one candidate to another after the search from the first; infinite if there is no way.

    Backwards along one and the same directed segment is the scatter of the receiver, within limits, and no way.
    """
    from_, to = int(rows.state[last, i]), int(rows.state[t, j])
    if to < 0:
        return np.inf
    ahead = rows.at_m[t, j] - rows.at_m[last, i]
    if directed[from_] == directed[to] and ahead >= -limits.slip_m:
        if from_ == to or desk.seen[to] == desk.round[0]:
            return abs(float(ahead))
        return np.inf
    if from_ == to:
        return around + float(ahead)
    if desk.seen[to] != desk.round[0] or desk.distance[to] + ahead < 0.0:
        return np.inf
    return float(desk.distance[to] + ahead)


@kernel
def _traced(score: FloatArray, back: IntArray, previous: IntArray, reason: NDArray[np.int8]) -> IntArray:
    """Return the candidate of each observation on the likeliest sequence of its piece."""
    count = len(previous)
    chosen = np.full(count, -1, np.int64)
    for t in range(count - 1, -1, -1):
        if reason[t] != MATCHED:
            continue
        if chosen[t] < 0:
            chosen[t] = np.argmax(score[t])
        if previous[t] >= 0:
            chosen[previous[t]] = back[t, chosen[t]]
    return chosen


@kernel
def _sureness(
    rows: Rows,
    directed: IntArray,
    limits: Limits,
    move: NDArray[np.float32],
    previous: IntArray,
    reason: NDArray[np.int8],
    chosen: IntArray,
) -> FloatArray:
    """Return how probable the directed segment chosen is, over all sequences (forward-backward algorithm)."""
    count, width = rows.state.shape
    both = _both_ways(rows, limits, move, previous, reason)
    sure = np.zeros(count)
    for t in range(count):
        if reason[t] != MATCHED:
            continue
        total = _sum_log(both[t])
        for j in range(width):
            if rows.state[t, j] >= 0 and directed[rows.state[t, j]] == directed[rows.state[t, chosen[t]]]:
                sure[t] += math.exp(both[t, j] - total)
    return sure


@kernel
def _both_ways(
    rows: Rows, limits: Limits, move: NDArray[np.float32], previous: IntArray, reason: NDArray[np.int8]
) -> FloatArray:
    """Return the logarithm of the weight of all sequences through each candidate."""
    count, width = rows.state.shape
    forward, backward = np.full((count, width), -np.inf), np.zeros((count, width))
    for t in range(count):
        if reason[t] == MATCHED:
            forward[t] = _seen(rows, t, limits)
            if previous[t] >= 0:
                for j in range(width):
                    forward[t, j] += _sum_log(forward[previous[t]] + move[t, :, j])
    for t in range(count - 1, -1, -1):
        if reason[t] == MATCHED and previous[t] >= 0:
            onwards = backward[t] + _seen(rows, t, limits)
            for i in range(width):
                backward[previous[t], i] = _sum_log(move[t, i] + onwards)
    return forward + backward


@kernel
def trace(
    rows: Rows, reach: Reach, desk: Desk, directed: IntArray, limits: Limits, found: Found
) -> tuple[IntArray, IntArray]:
    """Return the directed segments between each observation and the one it was come from, both ends included.

    Those of observation ``t`` are ``way[start[t]:start[t + 1]]``, none where it begins a piece or is not matched.
    """
    count = len(found.chosen)
    start, way, size = np.zeros(count + 1, np.int64), np.zeros(max(count, 16), np.int64), 0
    for t in range(count):
        last = found.previous[t]
        if found.chosen[t] >= 0 and last >= 0:
            begin = size
            from_, to = int(rows.state[last, found.chosen[last]]), int(rows.state[t, found.chosen[t]])
            ahead = rows.at_m[t, found.chosen[t]] - rows.at_m[last, found.chosen[last]]
            state, before = to, -1
            if directed[from_] == directed[to] and ahead >= -limits.slip_m:
                state = from_
            else:
                desk.round[0] += 1
                desk.wanted[to] = desk.round[0]
                before = search(reach, desk, from_, int(from_ != to), np.inf, from_ == to)[1]
            while True:
                if size == begin or way[size - 1] != directed[state] or before >= 0:
                    if size == len(way):
                        way = np.concatenate((way, np.zeros(size, np.int64)))
                    way[size] = directed[state]
                    size += 1
                if state == from_ and before < 0:
                    break
                state, before = before if before >= 0 else int(desk.parent[state]), -1
            way[begin:size] = way[begin:size][::-1].copy()
        start[t + 1] = size
    return start, way[:size]


@kernel
def _sum_log(logs: FloatArray) -> float:
    """Return the logarithm of a sum given the logarithms of its parts."""
    most = logs.max()
    if most == -np.inf:
        return -math.inf
    return float(most + math.log(np.exp(logs - most).sum()))
