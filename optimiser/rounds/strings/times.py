"""Whether one visit or two fit in time between two labels, and what waiting and overtime then cost."""

from __future__ import annotations

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner
from optimiser.rounds.strings.labels import late
from optimiser.rounds.strings.layout import DURATION, EARLIEST, I64, LATEST, TIME, Whole
from optimiser.rounds.strings.legs import ride, ride_from
from optimiser.rounds.strings.releases import held, set_out
from optimiser.rounds.strings.views import RELEASED


@inner
def in_time(s: I64, w: I64, kind: Whole, p: Whole, j: Whole, m: Whole, q: Whole, i: Whole, ready: Whole) -> Whole:
    """Return the ticks for waiting and overtime with a visit in mode ``m`` between two labels; -1 if that is late.

    ``ready`` is the release that puts off the trip, 0 if none does.
    """
    profile = of.profile(s)[kind]
    t = ride_from(s, profile, of.ways(w)[p, j], m)
    duration, earliest, latest = of.clock(w)[p, j, DURATION], of.clock(w)[p, j, EARLIEST], of.clock(w)[p, j, LATEST]
    if ready > 0:
        duration, earliest, latest = set_out(w, p, j, ready)
    whole = duration + t
    if earliest + whole > of.closes(s)[kind, m]:
        return -1
    wait = max(0, of.opens(s)[kind, m] - whole - latest)
    earliest = max(of.opens(s)[kind, m] - whole, earliest) - wait
    latest = min(of.closes(s)[kind, m] - whole, latest)
    back = ride(s, profile, m, of.ways(w)[q, i])
    whole += of.work_time(s)[kind, m] + wait + back
    if earliest + whole > of.clock(w)[q, i, 4 + LATEST]:
        return -1
    wait = max(0, of.clock(w)[q, i, 4 + EARLIEST] - whole - latest)
    earliest = max(of.clock(w)[q, i, 4 + EARLIEST] - whole, earliest) - wait
    time = of.clock(w)[p, j, TIME] + t + of.work_time(s)[kind, m] + back + of.clock(w)[q, i, 4 + TIME]
    return late(s, kind, time, whole + of.clock(w)[q, i, 4 + DURATION] + wait, earliest)


@inner
def both_in_time(
    s: I64, w: I64, kind: Whole, p: Whole, j: Whole, one: Whole, two: Whole, q: Whole, i: Whole, holds: Whole
) -> Whole:
    """Return the ticks for waiting and overtime with two visits between two labels; -1 if that is late.

    ``holds`` are the releases that the trip of ``p`` waits for, what sets out from ``one``, and what from ``two``.
    """
    profile = of.profile(s)[kind]
    duration, earliest, latest = of.clock(w)[p, j, DURATION], of.clock(w)[p, j, EARLIEST], of.clock(w)[p, j, LATEST]
    time, at = of.clock(w)[p, j, TIME], of.ways(w)[p, j]
    if s[RELEASED]:
        duration, earliest, latest = set_out(w, p, j, holds[0])
    for m, ready in ((one, holds[1]), (two, holds[2])):
        t = ride(s, profile, at, m)
        whole = duration + t
        if earliest + whole > of.closes(s)[kind, m]:
            return -1
        wait = max(0, of.opens(s)[kind, m] - whole - latest)
        earliest = max(of.opens(s)[kind, m] - whole, earliest) - wait
        latest = min(of.closes(s)[kind, m] - whole, latest)
        duration = whole + of.work_time(s)[kind, m] + wait
        time += t + of.work_time(s)[kind, m]
        if s[RELEASED]:
            duration, earliest = held(duration, earliest, latest, ready)
        at = m
    back = ride(s, profile, two, of.ways(w)[q, i])
    whole = duration + back
    if earliest + whole > of.clock(w)[q, i, 4 + LATEST]:
        return -1
    wait = max(0, of.clock(w)[q, i, 4 + EARLIEST] - whole - latest)
    earliest = max(of.clock(w)[q, i, 4 + EARLIEST] - whole, earliest) - wait
    return late(
        s, kind, time + back + of.clock(w)[q, i, 4 + TIME], whole + of.clock(w)[q, i, 4 + DURATION] + wait, earliest
    )
