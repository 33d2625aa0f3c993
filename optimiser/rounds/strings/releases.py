"""Releases: a trip sets out no sooner than all that it serves is ready.

A departure not sooner than r is a visit that takes no time, with the window [r, oo); after a segment (D, E, L), see
:mod:`~optimiser.rounds.strings.labels`, it makes

    (D, E, L) + r = (D + x, max(r - D, E) - x, L)    with x = max(0, r - D - L).

The clock of a round is then, for trips 1, 2 ... with the latest release r of each (+ joins segments, too)

    start + r(1) + trip 1 and its tip + r(2) + trip 2 and its tip + ... + home

What changes a trip changes its release, however far ahead in the trip its departure is. So of the clock up to node v in
a mode two parts are kept: ``outset``, all before the departure of its trip, and ``inner``, from there up to v (with v).
Of each node is kept what ``holds`` its trip: the latest release up to v and from v on. With release r of the whole trip

    AHEAD(v, r) = outset(v) + r + inner(v)                                                            (:func:`set_out`)

The label AHEAD is that with the release of the trip as it is. Of a tip or head it is the departure of the trip after
it: outset + r, the inner part being empty. The label BEHIND(v) has the releases of all trips that set out from v on,
and not that of the trip that v is in. Hence

    c between p and q       AHEAD(p, max(holds ahead of p, of c, holds behind q)) + c + BEHIND(q)
    c and a tip t after it  AHEAD(p, max(holds ahead of p, of c)) + c + t + [holds behind q] + BEHIND(q)
    a tip t before c        AHEAD(p, holds ahead of p) + t + [max(of c, holds behind q)] + c + BEHIND(q)
    u and on from v         AHEAD(u, max(holds ahead of u, holds behind v)) + BEHIND(v)

where what ends or begins a trip holds nothing on that side. If c is ready sooner than its trip anyway, the label AHEAD
is right as it is.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner, small
from optimiser.rounds.strings.layout import (
    AHEAD,
    BEHIND,
    DURATION,
    EARLIEST,
    ENDLESS,
    I64,
    KIND,
    LATEST,
    NEVER,
    NEXT,
    PREV,
    Whole,
)
from optimiser.rounds.strings.views import HEADS, RELEASED, N

INNER = 3  # where the three numbers of the inner part begin, after those of the outset


@small
def held(duration: Whole, earliest: Whole, latest: Whole, ready: Whole) -> tuple[Whole, Whole]:
    """Return duration and earliest start of a segment after which nothing goes on sooner than ``ready``."""
    wait = max(np.int64(0), ready - duration - latest)
    return duration + wait, max(ready - duration, earliest) - wait


@inner
def set_out(w: I64, p: Whole, j: Whole, ready: Whole) -> tuple[Whole, Whole, Whole]:
    """Return the clock up to node ``p`` in its mode ``j`` if its trip sets out no sooner than ``ready``.

    It starts at ``NEVER`` at the earliest if that is too late.
    """
    part = of.parts(w)
    latest = part[p, j, LATEST - 1]
    duration, earliest = held(part[p, j, DURATION - 1], part[p, j, EARLIEST - 1], latest, ready)
    if earliest + duration > part[p, j, INNER + LATEST - 1]:
        return duration, np.int64(NEVER), latest
    wait = max(np.int64(0), part[p, j, INNER + EARLIEST - 1] - duration - latest)
    return (
        duration + part[p, j, INNER + DURATION - 1] + wait,
        max(part[p, j, INNER + EARLIEST - 1] - duration, earliest) - wait,
        min(part[p, j, INNER + LATEST - 1] - duration, latest),
    )


@small
def up_to(s: I64, w: I64, p: Whole, j: Whole, q: Whole) -> tuple[Whole, Whole, Whole]:
    """Return the clock up to node ``p`` in its mode ``j`` if its trip goes on with ``q`` of another round."""
    if s[RELEASED]:
        return set_out(w, p, j, max(of.holds(w)[p, AHEAD], of.holds(w)[q, BEHIND]))
    return of.clock(w)[p, j, DURATION], of.clock(w)[p, j, EARLIEST], of.clock(w)[p, j, LATEST]


@small
def later(s: I64, w: I64, kind: Whole, c: Whole, p: Whole, q: Whole) -> Whole:
    """Return the release of stop ``c`` if it puts off the trip that it joins between ``p`` and ``q``, otherwise 0."""
    ready = of.ready(s)[kind, c]
    return ready if ready > max(of.holds(w)[p, AHEAD], of.holds(w)[q, BEHIND]) else np.int64(0)


@small
def two_trips(s: I64, w: I64, kind: Whole, c: Whole, p: Whole, q: Whole, first: Whole) -> tuple[Whole, Whole, Whole]:
    """Return until when one waits before the trip of ``p``, after the first of ``c`` and a tip, and after the other.

    The tip is ``first``, or ``c`` is; nobody waits after ``c``.
    """
    if not s[RELEASED]:
        return np.int64(0), np.int64(0), np.int64(0)
    ready, ahead, behind = of.ready(s)[kind, c], of.holds(w)[p, AHEAD], of.holds(w)[q, BEHIND]
    if first:
        return ahead, max(ready, behind), np.int64(0)
    return max(ready, ahead), np.int64(0), behind


@inner
def begin(w: I64, head: Whole) -> None:
    """Keep the parts of a head that has just been labelled as that of a round without stops."""
    depart_from(w, head, np.int64(0))
    of.holds(w)[head, AHEAD] = 0
    of.holds(w)[head, BEHIND] = 0


@inner
def depart_from(w: I64, v: Whole, j: Whole) -> None:
    """Let the trip after ``v`` begin with its label AHEAD in mode ``j``, whatever that trip waits for."""
    part, clock = of.parts(w), of.clock(w)
    part[v, j, DURATION - 1], part[v, j, EARLIEST - 1] = clock[v, j, DURATION], clock[v, j, EARLIEST]
    part[v, j, LATEST - 1] = clock[v, j, LATEST]
    part[v, j, INNER + DURATION - 1], part[v, j, INNER + EARLIEST - 1] = 0, 0
    part[v, j, INNER + LATEST - 1] = ENDLESS


@inner
def keep_parts(s: I64, w: I64, kind: Whole, p: Whole, at: Whole, v: Whole, i: Whole, took: Whole) -> None:
    """Keep the parts of stop or tip ``v`` in mode ``i``, ``took`` ms after node ``p`` in mode ``at``."""
    if v >= s[N]:
        depart_from(w, v, i)
        return
    part, m = of.parts(w), of.ways(w)[v, i]
    for x in range(INNER):
        part[v, i, x] = part[p, at, x]
    latest = part[p, at, INNER + LATEST - 1]
    whole = part[p, at, INNER + DURATION - 1] + took
    wait = max(np.int64(0), of.opens(s)[kind, m] - whole - latest)
    part[v, i, INNER + DURATION - 1] = whole + of.work_time(s)[kind, m] + wait
    part[v, i, INNER + EARLIEST - 1] = max(of.opens(s)[kind, m] - whole, part[p, at, INNER + EARLIEST - 1]) - wait
    part[v, i, INNER + LATEST - 1] = min(of.closes(s)[kind, m] - whole, latest)


@inner
def put_off(w: I64, v: Whole) -> None:
    """Let the labels AHEAD of tip or head ``v`` wait for what the trip after it serves."""
    part, clock, ready = of.parts(w), of.clock(w), of.holds(w)[of.link(w)[v, NEXT], BEHIND]
    for j in range(of.ways(w).shape[1]):
        if of.ways(w)[v, j] < 0:
            break
        clock[v, j, DURATION], clock[v, j, EARLIEST] = held(
            part[v, j, DURATION - 1], part[v, j, EARLIEST - 1], part[v, j, LATEST - 1], ready
        )


@inner
def hold_trips(s: I64, w: I64, k: Whole, first: Whole) -> Whole:
    """Find what the trips of round ``k`` wait for; return the first node that changes if ``first`` is new."""
    link, holds, ready, head, stops = of.link(w), of.holds(w), of.ready(s), s[HEADS] + k, s[N]
    kind = of.tour(w)[k, KIND]
    for side, way in ((AHEAD, NEXT), (BEHIND, PREV)):
        latest, v = np.int64(0), link[head, way]
        while v != head:
            latest = max(latest, ready[kind, v]) if v < stops else np.int64(0)
            holds[v, side] = latest
            v = link[v, way]
    v = link[first, PREV]
    while v < stops:
        v = link[v, PREV]
    put_off(w, v)
    return link[v, NEXT]


@inner
def hold_split(s: I64, w: I64, kind: Whole, m: Whole) -> None:
    """Write into ``value[j]`` what the trip waits for that begins after the ``j``-th of the stops in ``out``.

    ``buffer`` tells where trips end, see :func:`~optimiser.rounds.strings.split.marked`.
    """
    out, here, value, ready = of.out(w), of.buffer(w), of.value(w), of.ready(s)
    latest = np.int64(0)
    for j in range(m, 0, -1):
        if here[j]:
            value[j], latest = latest, np.int64(0)
        latest = max(latest, ready[kind, out[j - 1, 0]])
    value[0] = latest
