"""Whether there is room on board, up to the next tip and in the whole day."""

from __future__ import annotations

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import small
from optimiser.rounds.strings.layout import AHEAD, BEHIND, I64, KIND, STOPS, Whole
from optimiser.rounds.strings.views import N


@small
def has_room(s: I64, w: I64, c: Whole, p: Whole, q: Whole, kind: Whole) -> bool:
    """Return whether what lies between two tips has room for stop ``c``; ``p`` and ``q`` are beside it."""
    for x in range(of.room(s).shape[1]):
        load = of.use(s)[kind, c, x]
        if p < s[N]:
            load += of.load(w)[p, AHEAD, x]
        if q < s[N]:
            load += of.load(w)[q, BEHIND, x]
        if load > of.room(s)[kind, x]:
            return False
    return True


@small
def part_has_room(s: I64, w: I64, c: Whole, p: Whole, side: Whole, kind: Whole) -> bool:
    """Return whether ``c`` has room with what is before ``p`` (AHEAD) or from ``p`` on (BEHIND), up to a tip."""
    for x in range(of.room(s).shape[1]):
        load = of.use(s)[kind, c, x]
        if p < s[N]:
            load += of.load(w)[p, side, x]
        if load > of.room(s)[kind, x]:
            return False
    return True


@small
def day_has_room(s: I64, w: I64, c: Whole, k: Whole) -> bool:
    """Return whether the vehicle may take stop ``c`` at all: skills, number of stops, load of the day."""
    kind = of.tour(w)[k, KIND]
    if of.may(s)[kind, c] == 0 or of.tour(w)[k, STOPS] >= of.most_stops(s)[kind]:
        return False
    for x in range(of.day_room(s).shape[1]):
        if of.total(w)[k, x] + of.use(s)[kind, c, x] > of.day_room(s)[kind, x]:
            return False
    return True
