"""From what the timing pass found to the round as it is told: every time as the judges work it out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimiser.rounds.clock import to_s
from optimiser.rounds.compiled import inner, kernel
from optimiser.rounds.flat import BREAK_FIRST, BREAK_RESETS, FREE, ITEMS, PERIODS, RELEASE, REST_OF
from optimiser.rounds.kinds import Kind
from optimiser.rounds.labels import BREAK, REST, STOP, TIP
from optimiser.rounds.legs import drive
from optimiser.rounds.plan import Act, Round, Visit
from optimiser.rounds.terms import HOME, WORK
from optimiser.rounds.ways import Ints

# Columns of a story: what was done, at which item, site or break, how, where, in which span, for how long.
DID, AT, HOW, WHERE, FROM, UNTIL, FOR = range(7)
STILL, MOVED, WAITED = range(3)  # columns of what leads to an action: does it move, to which item, from when on


def told(vehicle: str, names: Sequence[str], kind: Kind, w: Ints, start_ms: int, story: Ints) -> Round:
    """Return the round of a story (see ``search.py``) that begins at ``start_ms``; ``names`` are those of its items."""
    arrives, begins, end = clocked(w, story, start_ms)
    rows = zip(story.tolist(), arrives.tolist(), begins.tolist(), strict=True)
    return Round(
        vehicle=vehicle,
        start_s=to_s(start_ms),
        end_s=to_s(end),
        visits=tuple(_visit(names, kind, row, arrive, begin) for row, arrive, begin in rows),
    )


def _visit(names: Sequence[str], kind: Kind, row: Sequence[int], arrive: int, begin: int) -> Visit:
    did, at = row[DID], row[AT]
    if did == STOP:
        act, name = Act.STOP, names[at]
    elif did == TIP:
        act, name = Act.TIP, kind.sites[at].id
    else:
        rest = kind.vehicle.driving_rest
        act, name = Act.BREAK, rest.id if did == REST and rest is not None else kind.rests[at].id
    end = begin + row[FOR]
    return Visit(act=act, id=name, mode=row[HOW], arrive_s=arrive / 1000.0, start_s=begin / 1000.0, end_s=end / 1000.0)


@kernel
def clocked(w: Ints, story: Ints, start: int) -> tuple[Ints, Ints, int]:
    """Return when each action is arrived at and begins, as early as can be from the start on, and the end.

    Where work gathers before a rest is due, rests are put off as far as the end of the round allows; not with periods
    of the day.
    """
    ways = _ways(w, story)
    put_off = np.zeros(len(story), dtype=np.int64)
    arrives, begins, end = _forward(w, story, ways, start, put_off)
    if w[REST_OF] == WORK and w[PERIODS] == 1:
        _backward(w, story, ways, end, put_off)
        arrives, begins, end = _forward(w, story, ways, start, put_off)
    return arrives, begins, end


@inner
def _ways(w: Ints, story: Ints) -> Ints:
    """Return what leads to each action: the first leg of a trip waits for the latest release of the trip's stops."""
    ways = np.zeros((len(story), 3), dtype=np.int64)
    first, item = -1, -1
    for n in range(len(story)):
        act, at = story[n, DID], story[n, AT]
        if act == STOP or (act == TIP and not w[FREE]):
            item += 1
        ways[n, MOVED] = item
        if act == REST or (act == BREAK and w[w[BREAK_FIRST] + at] == w[w[BREAK_FIRST] + at + 1]):
            ways[n, STILL] = 1
        elif first < 0:
            first = n
        if act == STOP:
            ways[first, WAITED] = max(ways[first, WAITED], w[w[RELEASE] + item])
        if act == TIP:
            first = -1
    return ways


@inner
def _forward(w: Ints, story: Ints, ways: Ints, start: int, put_off: Ints) -> tuple[Ints, Ints, int]:
    """Return arrivals, begins and the end, as early as can be but as put off."""
    arrives, begins = np.empty(len(story), dtype=np.int64), np.empty(len(story), dtype=np.int64)
    now, here = start, HOME
    for n in range(len(story)):
        if not ways[n, STILL]:
            now = max(now, ways[n, WAITED])
            now += drive(w, ways[n, MOVED], here, story[n, WHERE], now)[0]
            here = story[n, WHERE]
        arrives[n] = now
        begins[n] = max(now, story[n, FROM], put_off[n])
        now = begins[n] + story[n, FOR]
    return arrives, begins, now + drive(w, 0, here, HOME, now)[0]


@inner
def _backward(w: Ints, story: Ints, ways: Ints, end: int, put_off: Ints) -> None:
    """Write the latest begin of each rest that begins a new stretch of work, that the round may end then."""
    there, by = HOME, end
    item = w[ITEMS]
    for n in range(len(story) - 1, -1, -1):
        if n + 1 == len(story) or not ways[n + 1, STILL]:
            by -= drive(w, item, story[n, WHERE], there, 0)[0]
        by = min(by - story[n, FOR], story[n, UNTIL])
        there, item = story[n, WHERE], ways[n, MOVED]
        if story[n, DID] == REST or (story[n, DID] == BREAK and w[w[BREAK_RESETS] + story[n, AT]]):
            put_off[n] = by
