"""Whether one visit or two fit in time between two labels, and what waiting and overtime then cost."""

from __future__ import annotations

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner
from optimiser.rounds.strings.labels import late
from optimiser.rounds.strings.layout import DURATION, EARLIEST, I64, LATEST, TIME, Whole
from optimiser.rounds.strings.legs import ride, ride_from


@inner
def in_time(s: I64, w: I64, kind: Whole, p: Whole, j: Whole, m: Whole, q: Whole, i: Whole) -> Whole:
    """Return the ticks for waiting and overtime with a visit in mode ``m`` between two labels; -1 if that is late."""
    profile = of.profile(s)[kind]
    t = ride_from(s, profile, of.ways(w)[p, j], m)
    whole = of.clock(w)[p, j, DURATION] + t
    if of.clock(w)[p, j, EARLIEST] + whole > of.closes(s)[kind, m]:
        return -1
    wait = max(0, of.opens(s)[kind, m] - whole - of.clock(w)[p, j, LATEST])
    earliest = max(of.opens(s)[kind, m] - whole, of.clock(w)[p, j, EARLIEST]) - wait
    latest = min(of.closes(s)[kind, m] - whole, of.clock(w)[p, j, LATEST])
    back = ride(s, profile, m, of.ways(w)[q, i])
    whole += of.work_time(s)[kind, m] + wait + back
    if earliest + whole > of.clock(w)[q, i, 4 + LATEST]:
        return -1
    wait = max(0, of.clock(w)[q, i, 4 + EARLIEST] - whole - latest)
    earliest = max(of.clock(w)[q, i, 4 + EARLIEST] - whole, earliest) - wait
    time = of.clock(w)[p, j, TIME] + t + of.work_time(s)[kind, m] + back + of.clock(w)[q, i, 4 + TIME]
    return late(s, kind, time, whole + of.clock(w)[q, i, 4 + DURATION] + wait, earliest)


@inner
def both_in_time(s: I64, w: I64, kind: Whole, p: Whole, j: Whole, one: Whole, two: Whole, q: Whole, i: Whole) -> Whole:
    """Return the ticks for waiting and overtime with two visits between two labels; -1 if that is late."""
    profile = of.profile(s)[kind]
    duration, earliest, latest = of.clock(w)[p, j, DURATION], of.clock(w)[p, j, EARLIEST], of.clock(w)[p, j, LATEST]
    time, at = of.clock(w)[p, j, TIME], of.ways(w)[p, j]
    for m in (one, two):
        t = ride(s, profile, at, m)
        whole = duration + t
        if earliest + whole > of.closes(s)[kind, m]:
            return -1
        wait = max(0, of.opens(s)[kind, m] - whole - latest)
        earliest = max(of.opens(s)[kind, m] - whole, earliest) - wait
        latest = min(of.closes(s)[kind, m] - whole, latest)
        duration = whole + of.work_time(s)[kind, m] + wait
        time += t + of.work_time(s)[kind, m]
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
