"""One kernel that asks the inner functions of the search what Python cannot call: compiled once for all tests."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import kernel
from optimiser.rounds.strings.labels import relabel
from optimiser.rounds.strings.layout import COST, I64, KIND, MORE, NEVER, NEXT, STOPS, Whole, Work
from optimiser.rounds.strings.plain import plain_seat
from optimiser.rounds.strings.prices import between, with_tip
from optimiser.rounds.strings.scene import Stage
from optimiser.rounds.strings.seats import seat
from optimiser.rounds.strings.split import rewrite, split_with
from optimiser.rounds.strings.tails import joined
from optimiser.rounds.strings.views import LABELLED, table

SEAT, PLACE_TIPS, REWRITE, BETWEEN, TIP_FIRST, TIP_LAST, JOIN = range(7)


@kernel
def ask(s: I64, w: I64, what: Whole, k: Whole, p: Whole, c: Whole) -> Whole:
    """Do one thing with round ``k``.

    Seat stop ``c`` beside ``p`` neighbours; place the tips anew; place and write them; price ``c`` after ``p``, alone,
    with a tip at the first site before it or after it; or price what leads up to ``p`` and on from ``c``.
    """
    if what == SEAT:
        if s[LABELLED]:
            seat(s, w, c, p)
        else:
            plain_seat(s, w, c, p)
        return of.seat(w)[MORE]
    never = np.int64(NEVER)
    if what == BETWEEN:
        return between(s, w, c, p, of.link(w)[p, NEXT], k, never)
    if what in (TIP_FIRST, TIP_LAST):
        return with_tip(s, w, c, p, of.link(w)[p, NEXT], k, np.int64(0), np.int64(what == TIP_FIRST), never)
    if what == JOIN:
        return joined(s, w, of.tour(w)[k, KIND], p, c)
    found = split_with(s, w, k, p, c, never)
    if what == REWRITE and of.tour(w)[k, STOPS] > 0:
        rewrite(s, w, k)
        relabel(s, w, k)
        return of.tour(w)[k, COST]
    return found


def asked(stage: Stage, work: Work, what: int, k: int, p: int, c: int) -> int:
    """Return what the kernel says."""
    return int(ask(table(stage.scene), table(work), what, k, p, c))
