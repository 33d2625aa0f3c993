"""Branch and bound without any help at its leaves still proves what the whole program says."""

from __future__ import annotations

import numpy as np
import pytest

from optimiser.hubs.siting.capacitated.branch import branched
from optimiser.hubs.siting.capacitated.posed import I8, Bools
from optimiser.hubs.siting.capacitated.search import begun, root
from optimiser.hubs.siting.core import FREE
from optimiser.hubs.siting.engines import rest
from tests.optimiser.hubs.siting.capacitated.test_search import least, made_up


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("most", [4, 7])
def test_nodes_raise_the_bound_to_the_least_plan(most: int, single: bool) -> None:
    for seed in range(4):
        posed = made_up(seed, n=16, m=7, most=most, single=single)
        wanted = least(posed)
        if not np.isfinite(wanted):
            continue
        state = begun(posed, 1)
        root(state, lambda: False, 2, lambda _: None)
        state.cost = wanted + 1.0  # of a plan that is nearly the best

        def leaf(status: I8, usable: Bools) -> float | None:
            if (status == FREE).any():
                return None
            return rest.solve(posed, status, usable, seconds=60.0, seed=1).bound  # noqa: B023

        branched(state, posed.status, leaf, lambda: False)
        assert state.bound == pytest.approx(wanted, rel=1e-6)


def test_every_node_leaves_a_valid_bound() -> None:
    posed = made_up(3, n=16, m=7)
    wanted = least(posed)
    before = -np.inf
    for nodes in (0, 1, 2, 5, 20):
        state = begun(posed, 1)
        root(state, lambda: False, 2, lambda _: None)
        state.cost = wanted + 5.0
        branched(state, posed.status, lambda _status, _usable: None, lambda: False, nodes)
        assert state.bound <= wanted + 1e-6
        assert state.bound >= before - 1e-6
        before = state.bound
