"""Set covering: needless rows and columns, the time it has, and what it says when the time is short."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array

from optimiser.hubs.siting.answer import Task
from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.engines import cover
from optimiser.hubs.siting.problem import Aim, Candidate, Demand, SitingProblem
from optimiser.hubs.siting.solve import solve
from optimiser.result import Budget, Status
from tests.optimiser.hubs.siting.made_up import problem


def drawn(seed: int) -> tuple[csr_array, np.ndarray]:
    """Return who is reached by whom, everybody by somebody, and prices."""
    g = np.random.default_rng(seed)
    reach = g.random((9, 7)) < 0.3
    reach[np.arange(9), g.integers(0, 7, 9)] = True
    return csr_array(reach.astype(np.float64)), g.integers(1, 6, 7).astype(np.float64)


def cheapest(reach: csr_array, price: np.ndarray, most: int) -> float:
    """Return the least price over every set of candidates."""
    dense = reach.toarray() > 0
    sets = (list(some) for k in range(most + 1) for some in combinations(range(len(price)), k))
    return min((float(price[some].sum()) for some in sets if dense[:, some].any(axis=1).all()), default=np.inf)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("most", [2, 7])
def test_the_cheapest_covering_is_found(seed: int, most: int) -> None:
    reach, price = drawn(seed)
    found = cover.covered(reach, price, np.zeros(7, np.int8), most, Task())
    wanted = cheapest(reach, price, most)
    assert found.proven
    if np.isinf(wanted):
        assert found.chosen is None
        return
    assert found.chosen is not None
    assert price[found.chosen].sum() == pytest.approx(wanted)
    assert found.bound == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_enough_is_asked_and_not_more(seed: int) -> None:
    reach, price = drawn(seed)
    least = cheapest(reach, price, 7)
    status = np.zeros(7, np.int8)
    found = cover.covered(reach, price, status, 7, Task(), enough=least)
    assert found.chosen is not None
    assert price[found.chosen].sum() <= least + 1e-6
    short = cover.covered(reach, price, status, 7, Task(), enough=least - 1)
    assert (short.chosen, short.proven) == (None, True)


def test_who_is_given_or_barred_stays_so() -> None:
    reach, price = drawn(3)
    status = np.zeros(7, np.int8)
    dearest = int(price.argmax())
    status[dearest] = 1
    found = cover.covered(reach, price, status, 7, Task())
    assert found.chosen is not None
    assert found.chosen[dearest]
    barred = csr_array((reach.toarray() > 0)[:, [0]].astype(np.float64))
    assert cover.covered(barred, price[:1], np.array([-1], np.int8), 1, Task()).proven


def test_what_is_needless_is_taken_out() -> None:
    reach = csr_array(np.array([[1.0, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1], [0, 0, 1, 1]]))
    rows, columns = cover._needed(reach, np.array([1.0, 1.0, 1.0, 2.0]))
    assert rows.tolist() in ([0, 2], [0, 3])  # whoever reaches the first reaches the second; two are alike
    assert sorted(columns.tolist()) in ([0, 2], [1, 2])  # one of two alike, and the last costs more and reaches less


def test_there_is_a_plan_however_short_the_time() -> None:
    place = np.random.default_rng(1).uniform(0, 100, (1500, 2))
    way = np.sqrt(((place[:, None] - place[None]) ** 2).sum(axis=2))
    posed = SitingProblem(
        demand=Demand(ids=tuple(map(str, range(1500))), weight=np.ones(1500)),
        candidates=tuple(Candidate(id=str(j)) for j in range(1500)),
        arcs=from_matrix(way, 8.0),
        aim=Aim.COVER,
    )
    result = solve(posed, engine="cover", budget=Budget(seconds=0.05))
    assert result.status is Status.FEASIBLE
    assert result.price is not None
    assert result.price.objective < 150  # every one of them: 1500
    assert result.notes == ()


def test_the_time_is_given_on_with_a_rest_for_the_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Task] = []

    def kept(*args: object, **more: object) -> cover.Found:
        given.append(next(arg for arg in args if isinstance(arg, Task)))
        return real(*args, **more)  # type: ignore[arg-type]

    real = cover.covered
    monkeypatch.setattr(cover, "covered", kept)
    deadline = time.monotonic() + 100.0
    cover.solve(problem(0, Aim.COVER, unserved=None, at_most=None), Task(deadline=deadline))
    assert given[0].deadline is not None
    assert given[0].deadline < deadline - 4.0


def test_the_others_are_covered_where_not_all_can_be() -> None:
    posed = problem(1, Aim.COVER, unserved=None, at_most=None)
    distance = np.full((12, 6), 3.0)
    distance[4] = 50.0
    result = solve(replace(posed, arcs=from_matrix(distance, 10.0), decay=None), budget=Budget(seconds=20))
    assert result.status is Status.INFEASIBLE
    assert result.plan is not None
    assert set(range(12)) - set(result.plan.row.tolist()) == {4}
    assert "Not everybody can be served" in result.notes[-1]
