"""How a problem and a plan in the making lie in arrays.

*Nodes* are the stops (0 to n - 1), then a pool of tips, then one head for each vehicle, which is both the start and the
end of its round: rounds are rings. *Places* are ways to arrive and leave: each mode of each stop and site, and each
pair of depots. *Kinds* are vehicles alike. Money is in whole ticks (:attr:`Scene.tick` of money each), time in ms.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
U64 = NDArray[np.uint64]
U8 = NDArray[np.uint8]
Whole = Any  # a number of compiled code, where Python's and numpy's are one

NEVER = 1 << 52  # more ticks than anything costs
FAR = 1 << 30  # ticks of a leg where there is no way
ENDLESS = 1 << 30  # ms: later than any day ends

NEXT, PREV, ROUND, LEG = range(4)  # of a node's links; ROUND is -1 for a stop that is left out
AHEAD, BEHIND = range(2)  # labels from the depot up to a node, and from a node on to the depot
TIME, DURATION, EARLIEST, LATEST = range(4)  # of a label's clock; those of BEHIND come four later
STOPS, TIPS, COST, KIND, SPOT, MARK, STALE, LATE = range(8)  # of a round; LATE: of COST for waiting and overtime
NOW, BEST, COUNT, SPARE, LOGGED, TOUCHED, STALES, ABSENT, SAVED = range(9)  # of the purse
GONE, COME = range(2)  # what the log tells
AT_ROUND, AFTER, HOW, SITE, MORE = range(5)  # of a seat
PLAIN, TIP_AFTER, TIP_BEFORE, SPLIT = range(4)  # how a stop is seated


class Scene(NamedTuple):
    """What does not change.

    Parameters
    ----------
    n, heads
        Number of stops; node of the first vehicle's head.
    labelled, timed, tipped, released
        Whether rounds have labels (more than one mode, times or tips), a clock, tips, trips that wait for releases.
    cost, back, time, time_back
        By profile: ticks and ms of legs from place to place, and the same turned round. ``time`` is empty (1 x 1) if
        not timed.
    work_cost, work_time, opens, closes
        By kind and place.
    use, room
        Kind and stop to what it adds to each limit; kind to limits.
    may
        Kind and stop: whether it may serve it.
    ready
        Kind and stop: its release in ms (1 x 1 if there are none).
    prize
        By stop: ticks for leaving it out.
    near, near_cost, barred
        By stop: other stops, the nearest first; the least ticks between the two, there or back; whether hours forbid to
        go on to them (1), to come from them (2), or both (3).
    far
        By stop: ticks from depot or nearest site.
    profile, depot, starts, ends, longest, most_stops, must, fixed, wait, over, normal_end, normal_longest, day_room
        By kind: profile; depot's place; shift (overtime included); longest duration; stops; whether it ends empty;
        ticks if used; ticks a ms of waiting and of overtime; shift without overtime; room of the whole day.
    sites, site_ways
        By kind: sites that it may use (-1 ends them); by site and slot: places.
    """

    n: int
    heads: int
    labelled: int
    timed: int
    tipped: int
    released: int
    dense: int
    cost: I32
    back: I32
    time: I32
    time_back: I32
    xy: F64
    plane: F64
    work_cost: I64
    work_time: I64
    opens: I64
    closes: I64
    use: F64
    room: F64
    may: U8
    ready: I64
    prize: I64
    near: I32
    near_cost: I32
    barred: U8
    far: I64
    profile: I64
    depot: I64
    starts: I64
    ends: I64
    longest: I64
    most_stops: I64
    must: I64
    fixed: I64
    wait: F64
    over: F64
    normal_end: I64
    normal_longest: I64
    day_room: F64
    sites: I64
    site_ways: I64


class Work(NamedTuple):
    """A plan in the making.

    Parameters
    ----------
    link
        By node: next, previous, round, and ticks of the leg to the next (with labels: of the dearest, whatever modes).
    ways
        By node: places of its modes (-1 ends them); a tip's are those of its site.
    site
        By node: the site of a tip.
    money, clock, load
        Labels: by node and slot, ticks ahead and behind; times of both; by node, what is on board since the last tip
        (itself included) and from it to the next tip.
    holds, parts
        By node: the latest release of its trip up to it and from it on; by node and slot, the clock before its trip and
        in it, see :mod:`~.releases`. Both are 1 long if there are no releases.
    tour, total
        By round: see STOPS to LATE; what is picked up in all.
    memo
        By place: a leg from there, see :func:`~.split.recall`.
    """

    link: I64
    ways: I64
    site: I64
    money: I64
    clock: I64
    load: F64
    holds: I64
    parts: I64
    tour: I64
    total: F64
    spare: I64
    spare_at: I64
    empty: I64
    empties: I64
    absent: I64
    absent_at: I64
    log: I64
    touched: I64
    stale: I64
    purse: I64
    best_next: I64
    best_site: I64
    dice: U64
    out: I64
    key: F64
    buffer: I64
    value: I64
    came: I64
    gone: I64
    dump: I64
    memo: I64
    seat: I64
