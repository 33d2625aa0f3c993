"""Compile our own engines once, on a handful of demands."""

from __future__ import annotations

from functools import cache

import numpy as np

from optimiser.hubs.siting.capacitated import moves
from optimiser.hubs.siting.capacitated.posed import Posed
from optimiser.hubs.siting.capacitated.search import begun, fixed, root
from optimiser.hubs.siting.core import Core
from optimiser.hubs.siting.lagrange.search import search


@cache
def warm() -> None:
    """Compile every kernel that is not compiled yet, and keep it for later runs."""
    g, n, m = np.random.default_rng(1), 12, 6
    cost = g.integers(1, 9, (n, m)).astype(np.float64)
    order = np.argsort(cost, axis=1, kind="stable")
    posed = Core(
        start=np.arange(n + 1, dtype=np.int64) * m, site=order.ravel().astype(np.int32),
        cost=np.take_along_axis(cost, order, 1).ravel(), far=np.full(n, 20.0), fixed=np.zeros(m),
        status=np.zeros(m, np.int8), most=2, constant=0.0, step=1.0, forbidden=False,
    )  # fmt: skip
    search(posed, late=lambda: False, steps=20)
    many = Posed(
        cost=cost, load=g.integers(1, 4, n).astype(np.float64), room=np.full(m, 14.0), fixed=np.full(m, 5.0),
        status=np.zeros(m, np.int8), most=m, single=True, constant=0.0, step=1.0,
    )  # fmt: skip
    state = begun(many, 1)
    moves.worth(state.town, state.plan)  # what too full a plan is worth is asked only where no other is found
    root(state, lambda: False, 6, lambda _: None)
    fixed(state)
