"""Bounds with a site or a pair forced hold: the program with it forced costs no less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimiser.hubs.siting.capacitated import climb
from optimiser.hubs.siting.capacitated.posed import Posed
from optimiser.hubs.siting.capacitated.search import begun, climbed, roamed, root
from optimiser.hubs.siting.core import CLOSED, OPEN
from optimiser.hubs.siting.engines import rest


def made_up(seed: int, *, most: int = 5, single: bool = True, n: int = 10, m: int = 5) -> Posed:
    g = np.random.default_rng(seed)
    return Posed(
        cost=g.integers(1, 40, (n, m)).astype(float), load=g.integers(1, 9, n).astype(float),
        room=g.integers(18, 30, m).astype(float), fixed=g.integers(5, 50, m).astype(float),
        status=np.zeros(m, np.int8), most=most, single=single, constant=0.0, step=0.0,
    )  # fmt: skip


def least(posed: Posed, usable: np.ndarray | None = None) -> float:
    every = np.ones(posed.cost.shape, dtype=bool) if usable is None else usable
    return rest.solve(posed, posed.status, every, seconds=60.0, seed=1).cost


@pytest.mark.parametrize("most", [3, 5])
@pytest.mark.parametrize("single", [False, True])
def test_bounds_with_something_forced_hold(most: int, single: bool) -> None:
    for seed in range(2):
        posed = made_up(seed, most=most, single=single)
        state = begun(posed, 1)
        roamed(state)
        for _ in range(6):
            climbed(state, exact=single)
        n, m = posed.cost.shape
        site, pair, forced = np.empty(m), np.empty((m, n)), np.zeros(m, dtype=bool)
        bound = climb.reduced(state.sites, state.desk, state.u, single, site, pair, forced)
        assert bound <= least(posed) + 1e-6
        for j in range(m):
            status = posed.status.copy()
            status[j] = CLOSED if forced[j] else OPEN
            assert site[j] <= least(replace(posed, status=status)) + 1e-6
            for i in range(n if single else 0):
                usable = np.ones((n, m), dtype=bool)
                usable[i] = np.arange(m) == j
                assert pair[j, i] <= least(posed, usable) + 1e-6


def test_plans_are_nowhere_too_full_and_cost_what_is_said() -> None:
    for seed in range(6):
        posed = made_up(seed, n=25, m=8)
        posed = replace(posed, room=posed.room + 8.0)
        state = begun(posed, seed)
        root(state, lambda: False, 4, lambda _: None)
        if not np.isfinite(state.cost):
            continue
        held = np.bincount(state.site, weights=posed.load, minlength=8)
        used = np.bincount(state.site, minlength=8) > 0
        assert (held <= posed.room + 1e-6).all()
        assert state.cost == pytest.approx(posed.cost[np.arange(25), state.site].sum() + posed.fixed[used].sum())
        assert state.bound <= least(posed) + 1e-6 <= state.cost + 2e-6
