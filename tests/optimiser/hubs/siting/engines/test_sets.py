from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog

from optimiser.hubs.siting.capacitated.posed import Posed
from optimiser.hubs.siting.engines.sets import improved


def made_up(seed: int, *, n: int = 12, m: int = 7, most: int = 3, fixed: float = 0.0) -> Posed:
    g = np.random.default_rng(seed)
    load = g.integers(1, 5, n).astype(np.float64)
    return Posed(
        cost=g.integers(1, 60, (n, m)).astype(np.float64), load=load, room=np.full(m, 1.3 * load.sum() / most),
        fixed=np.round(g.uniform(0, fixed, m)), status=np.zeros(m, np.int8), most=most, single=False, constant=0.0,
        step=0.0,
    )  # fmt: skip


def best_of_all(posed: Posed) -> float:
    n, m = posed.cost.shape
    found = []
    for opened in (s for k in range(1, posed.most + 1) for s in combinations(range(m), k)):
        cost = posed.cost[:, opened]
        served = np.kron(np.eye(n), np.ones(len(opened)))
        held = np.kron(posed.load, np.eye(len(opened)))
        flows = linprog(cost.ravel(), A_eq=served, b_eq=np.ones(n), A_ub=held, b_ub=posed.room[list(opened)])
        if flows.status == 0:
            found.append(flows.fun + posed.fixed[list(opened)].sum())
    return min(found)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("fixed", [0.0, 40.0])
def test_exchanges_from_any_set_end_near_the_best_with_true_costs(seed: int, fixed: float) -> None:
    posed = made_up(seed, fixed=fixed)
    start = np.arange(7) < posed.most
    found = improved(posed, (start,), end=time.monotonic() + 60, seed=1)
    assert found is not None
    assert found.row is not None
    assert found.column is not None
    assert found.share is not None
    assert found.is_open is not None
    best = best_of_all(posed)
    assert best - 1e-6 <= found.cost <= 1.1 * best  # a search, no proof
    assert np.bincount(found.row, weights=found.share, minlength=12) == pytest.approx(np.ones(12))
    held = np.bincount(found.column, weights=found.share * posed.load[found.row], minlength=7)
    assert (held <= np.where(found.is_open, posed.room, 0.0) * (1 + 1e-6)).all()
    assert found.is_open.sum() <= posed.most


def test_a_set_without_room_is_no_plan_and_what_must_be_open_stays() -> None:
    posed = made_up(1)
    assert improved(posed, (np.arange(7) < 1,), end=time.monotonic() + 60, seed=1, rounds=0) is None
    must = (np.arange(7) == 6).astype(np.int8)
    found = improved(replace(posed, status=must), (np.arange(7) > 3,), end=time.monotonic() + 60, seed=1)
    assert found is not None
    assert found.is_open is not None
    assert found.is_open[6]
