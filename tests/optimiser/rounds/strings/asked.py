"""One kernel that asks the inner functions of the search what Python cannot call: compiled once for all tests."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import kernel
from optimiser.rounds.strings.labels import relabel
from optimiser.rounds.strings.layout import COST, I64, MORE, NEVER, STOPS, Whole, Work
from optimiser.rounds.strings.plain import plain_seat
from optimiser.rounds.strings.scene import Stage
from optimiser.rounds.strings.seats import seat
from optimiser.rounds.strings.split import rewrite, split_with
from optimiser.rounds.strings.views import LABELLED, table

SEAT, PLACE_TIPS, REWRITE = range(3)


@kernel
def ask(s: I64, w: I64, what: Whole, k: Whole, p: Whole, c: Whole) -> Whole:
    """Do one thing: seat stop ``c`` beside ``p`` neighbours; place the tips of ``k`` anew; place and write them."""
    if what == SEAT:
        if s[LABELLED]:
            seat(s, w, c, p)
        else:
            plain_seat(s, w, c, p)
        return of.seat(w)[MORE]
    found = split_with(s, w, k, p, c, np.int64(NEVER))
    if what == REWRITE and of.tour(w)[k, STOPS] > 0:
        rewrite(s, w, k)
        relabel(s, w, k)
        return of.tour(w)[k, COST]
    return found


def asked(stage: Stage, work: Work, what: int, k: int, p: int, c: int) -> int:
    """Return what the kernel says."""
    return int(ask(table(stage.scene), table(work), what, k, p, c))
