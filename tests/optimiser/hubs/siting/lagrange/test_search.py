from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from optimiser.hubs.siting.core import Core
from optimiser.hubs.siting.lagrange import swap
from optimiser.hubs.siting.lagrange.climb import BOUND, begun, climb
from optimiser.hubs.siting.lagrange.search import search
from optimiser.hubs.siting.lagrange.state import desk, first_state, fixable, shrunk_state
from optimiser.hubs.siting.problem import Floats


def made_up(seed: int, *, n: int = 40, m: int = 12, most: int = 3, fixed: float = 0.0, whole: bool = True) -> Core:
    g = np.random.default_rng(seed)
    cost = g.integers(1, 100, (n, m)).astype(float) if whole else g.uniform(1, 100, (n, m))
    order = np.argsort(cost, axis=1, kind="stable")
    return Core(
        start=np.arange(n + 1, dtype=np.int64) * m,
        site=order.ravel().astype(np.int32),
        cost=np.take_along_axis(cost, order, 1).ravel(),
        far=np.full(n, 120.0),
        fixed=np.round(g.uniform(0, fixed, m)),
        status=np.zeros(m, np.int8),
        most=most,
        constant=7.0,
        step=1.0 if whole else 0.0,
        forbidden=False,
    )


def dense(core: Core) -> Floats:
    cost = np.full((len(core.far), len(core.fixed)), np.inf)
    cost[np.repeat(np.arange(len(core.far)), np.diff(core.start)), core.site] = core.cost
    return cost


def sum_of(core: Core, sites: tuple[int, ...]) -> float:
    nearest = np.minimum(dense(core)[:, list(sites)].min(axis=1, initial=np.inf), core.far)
    return float(nearest.sum() + core.fixed[list(sites)].sum() + core.constant)


def least(core: Core) -> float:
    sites = [j for j in range(len(core.fixed)) if core.status[j] >= 0]
    must = {j for j in sites if core.status[j] == 1}
    sets = (set_ for k in range(core.most + 1) for set_ in combinations(sites, k) if must <= set(set_))
    return min(sum_of(core, sites) for sites in sets)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("fixed", [0.0, 300.0])
@pytest.mark.parametrize("seed", range(4))
def test_the_search_finds_and_proves_the_least(seed: int, fixed: float, whole: bool) -> None:
    core = made_up(seed, fixed=fixed, whole=whole, most=12 if fixed else 3)
    found = search(core, late=lambda: False)
    wanted = least(core)
    assert found.cost == pytest.approx(wanted)
    assert found.bound == pytest.approx(wanted, rel=1e-6)
    assert found.bound <= wanted + 1e-9
    assert sum_of(core, tuple(np.flatnonzero(found.open).tolist())) == pytest.approx(found.cost)


def test_mandatory_and_excluded_sites() -> None:
    core = made_up(2)
    core.status[:4] = [1, -1, 0, -1]
    found = search(core, late=lambda: False)
    assert found.cost == pytest.approx(least(core))
    assert found.open[0]
    assert not found.open[[1, 3]].any()


@pytest.mark.parametrize("steps", range(6))
def test_a_bound_is_valid_whenever_the_search_ends(steps: int) -> None:
    for seed in range(10):
        core = made_up(seed, n=30, m=10)
        found = search(core, late=lambda: False, steps=steps)
        assert found.bound <= least(core) + 1e-9 <= found.cost + 2e-9


def test_prices_give_a_bound_and_fix_nothing_of_the_best_plan() -> None:
    for seed in range(10):
        core = made_up(seed, whole=False)
        state = first_state(core)
        wanted = least(core) - core.constant
        ascent, m = begun(state.u * 0.3, 1.0), len(state.site)
        found, share, made = np.zeros(m, np.bool_), np.zeros(m), np.zeros(m)
        climb(state.rows, state.columns, 3, ascent, state.u, wanted, np.inf, 200, 25, share, found, made)
        bound = float(ascent.memo[BOUND])
        assert bound <= wanted + 1e-9
        assert bound > 0.8 * wanted  # random costs have a wide gap
        status = fixable(made, 3, bound, wanted + 1e-6)
        best = min(combinations(range(12), 3), key=lambda sites: sum_of(core, sites))
        assert not (status[list(best)] == -1).any()
        assert set(np.flatnonzero(status == 1).tolist()) <= set(best)


def test_an_exchange_keeps_its_tables() -> None:
    for seed in range(5):
        core = made_up(seed, fixed=200.0, most=12, whole=False)
        state = first_state(core)
        chosen = swap.greedy(state.rows, state.columns, state.most)
        cost = swap.exchange(state.rows, state.columns, desk(state), 12, chosen, 30, seed, np.ones(12))
        sites = tuple(np.flatnonzero(chosen).tolist())
        assert cost + core.constant == pytest.approx(sum_of(core, sites))
        for out in sites:  # no single change is better
            rest = tuple(j for j in sites if j != out)
            assert sum_of(core, rest) >= cost + core.constant - 1e-6
            assert min(sum_of(core, (*rest, j)) for j in range(12) if j not in sites) >= cost + core.constant - 1e-6


def test_what_is_left_is_the_same_problem() -> None:
    core = made_up(1)
    status = np.zeros(12, np.int8)
    status[[2, 5]], status[[0, 7]] = 1, -1
    small = shrunk_state(first_state(core), status)
    for j in (1, 3, 9):
        chosen = int(np.flatnonzero(small.site == j)[0])
        cost = np.full(len(small.row), np.inf)
        mine = small.rows.site == chosen
        cost[np.repeat(np.arange(len(small.row)), np.diff(small.rows.start))[mine]] = small.rows.cost[mine]
        total = float(np.minimum(cost, small.rows.far).sum()) + small.constant + core.constant
        assert total == pytest.approx(sum_of(core, (2, 5, j)))


def test_the_same_seed_and_steps_give_the_same_answer() -> None:
    core = made_up(3, n=200, m=60, most=8)
    first, second = (search(core, late=lambda: False, steps=9, seed=5) for _ in range(2))
    assert (first.open == second.open).all()
    assert first.bound == second.bound


def test_a_plan_that_costs_nothing_is_proven() -> None:
    core = replace(made_up(1), cost=np.zeros(480), constant=0.0, step=0.0)
    found = search(core, late=lambda: False)
    assert (found.cost, found.bound) == (0.0, 0.0)
